"""The commands `offer add` and `offer withdraw`: what an authority offers, and no longer does."""

import argparse
from pathlib import Path
from uuid import UUID

from dienstweg.blueprint import folder
from dienstweg.blueprint.problems import Files, Invalid, errors
from dienstweg.config import station
from dienstweg.config.errors import Trouble
from dienstweg.config.parts import Commands


def register(commands: Commands) -> None:
    """Add the command to the command line."""
    offer = commands.add_parser("offer", help="Leistungen anbieten")
    actions = offer.add_subparsers(metavar="AKTION", required=True)
    add = actions.add_parser("add", help="Leistung aus einer Blaupause anbieten oder erneuern")
    add.add_argument("--authority", required=True, help="Kurzname der Behörde")
    add.add_argument("--blueprint", required=True, type=Path, metavar="ORDNER")
    add.add_argument("--slug", default="", help="Adresse; sonst die Kennung der Blaupause")
    add.add_argument("--connection", help="Kurzname der Anbindung ans Fachverfahren")
    add.add_argument("--payment", help="Kurzname des Zahlungskontos")
    add.set_defaults(run=_add)
    withdraw = actions.add_parser(
        "withdraw", help="Eine fehlerhafte Fassung zurückziehen: Entwürfe können wechseln"
    )
    withdraw.add_argument("--authority", required=True, help="Kurzname der Behörde")
    withdraw.add_argument("--slug", required=True, help="Adresse der Leistung")
    withdraw.add_argument("--version", default="", help="sonst die jetzige Fassung")
    withdraw.add_argument(
        "--reason", required=True, help="Grund in einem Satz; ihn lesen die Antragstellenden"
    )
    withdraw.set_defaults(run=_withdraw)


def _add(options: argparse.Namespace) -> int:
    files = _checked(options.blueprint)
    with station.database():
        station.set_up_django()
        from dienstweg.authorities import scope
        from dienstweg.blueprint.archive import pack
        from dienstweg.offers import actions, queries

        authority_id = authority_of(options.authority)
        with scope.enter(scope.of(authority_id)):
            if options.connection:
                _expect_connection(options.connection)
            given = {"connection": options.connection, "payment": options.payment}
            offer_id = actions.go_live(
                archive=pack(files),
                slug=options.slug,
                settings={name: value for name, value in given.items() if value},
            )
            print(f"Angeboten unter /leistungen/{queries.offer(offer_id).slug}")
    return 0


def _withdraw(options: argparse.Namespace) -> int:
    with station.database():
        station.set_up_django()
        from dienstweg.authorities import scope
        from dienstweg.offers import actions
        from dienstweg.offers.errors import NoSuchOffer, NoSuchVersion

        with scope.enter(scope.of(authority_of(options.authority))):
            try:
                digests = actions.withdraw_release(
                    slug=options.slug, version=options.version, reason=options.reason
                )
            except (NoSuchOffer, NoSuchVersion) as error:
                raise Trouble(str(type(error).__doc__)) from error
            print(f"Zurückgezogen: {len(digests)} Fassung(en) von {options.slug}")
    return 0


def _checked(place: Path) -> Files:
    """Return the blueprint's files; raises `Trouble` when it does not pass all its cases."""
    from dienstweg.blueprint import check

    if not place.is_dir():
        raise Trouble(f"{place} ist kein Ordner mit einer Blaupause.")
    try:
        files = folder.read_folder(place)
        wrong = len(errors(check.check(files)))
    except Invalid as invalid:
        wrong = len(invalid.problems)
    if wrong:
        raise Trouble(f"{place} hat {wrong} Fehler. Näheres: dienstweg blueprint check {place}")
    return files


def authority_of(slug: str) -> UUID:
    """Return the id of the authority with this short name; raises `Trouble` without one."""
    from dienstweg.authorities import queries

    found = next((card.id for card in queries.all_cards() if card.slug == slug), None)
    if found is None:
        raise Trouble(f"Die Behörde {slug!r} gibt es nicht.")
    return found


def _expect_connection(slug: str) -> None:
    from dienstweg.deliveries import queries

    known = [one.slug for one in queries.connections()]
    if slug not in known:
        raise Trouble(
            f"Die Anbindung {slug!r} gibt es hier nicht. Bekannt: {', '.join(known) or 'keine'}."
        )
