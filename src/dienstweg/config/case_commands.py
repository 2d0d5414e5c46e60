"""The commands `case stuck|due|retry|move|undo-move`: for operators, when cases need help.

None of them prints what an applicant wrote.
"""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dienstweg.config import station
from dienstweg.config.errors import Trouble
from dienstweg.config.parts import Commands

if TYPE_CHECKING:
    from dienstweg.cases.queries import CaseView
    from dienstweg.processes.actions import Preview

REASONS = {
    "no-counterpart": "gibt es dort nicht; nennen Sie mit --map, wie die Stelle dort heißt",
    "other-kind": "wartet dort auf etwas anderes",
    "other-level": "steht dort in einem anderen Teil des Ablaufs",
    "under-way": "ist mittendrin und heißt oder arbeitet dort anders",
    "other-way": "ist dort auf einem anderen Weg zu erreichen",
}
"""Why a place cannot move, in words."""
STATES = {
    "running": "läuft",
    "suspended": "ruht",
    "met": "eingehalten",
    "missed": "überschritten",
    "deemed": "gilt als genehmigt",
}
"""How a legal period stands, in words."""


def register(commands: Commands) -> None:
    """Add the commands to the command line."""
    case = commands.add_parser("case", help="Vorgängen weiterhelfen, die stillstehen")
    actions = case.add_subparsers(metavar="AKTION", required=True)
    stuck = actions.add_parser("stuck", help="Vorgänge zeigen, die stillstehen")
    stuck.set_defaults(run=_stuck)
    due = actions.add_parser("due", help="zählen, wie es um gesetzliche Fristen steht")
    due.add_argument("--authority", metavar="KÜRZEL", help="nur diese Behörde")
    due.set_defaults(run=_due)
    retry = actions.add_parser("retry", help="noch einmal versuchen, was gescheitert ist")
    retry.add_argument("numbers", nargs="+", metavar="NUMMER")
    retry.set_defaults(run=_retry)
    move = actions.add_parser(
        "move",
        help="laufende Vorgänge auf eine andere Version umstellen",
        description="Zeigt zuerst nur, was geschähe. Mit --do wird umgestellt.",
    )
    move.add_argument("numbers", nargs="+", metavar="NUMMER")
    move.add_argument("--to", metavar="SHA256", help="die Version; sonst die, die jetzt gilt")
    move.add_argument(
        "--map", action="append", default=[], metavar="ALT=NEU",
        help="wie eine Stelle des Ablaufs dort heißt; ALT= gibt ein Zeitereignis auf",
    )  # fmt: skip
    move.add_argument("--do", action="store_true", help="umstellen")
    move.set_defaults(run=_move)
    undo = actions.add_parser("undo-move", help="die letzte Umstellung zurücknehmen")
    undo.add_argument("numbers", nargs="+", metavar="NUMMER")
    undo.set_defaults(run=_undo)
    for parser in (stuck, due, move):
        parser.add_argument("--json", action="store_true", help="Ausgabe für Maschinen")


def _stuck(options: argparse.Namespace) -> int:
    with _network():
        from dienstweg.processes import queries

        found = queries.stuck()
    if options.json:
        print(json.dumps([asdict(one) for one in found], default=str, indent=2))
        return 1 if found else 0
    for one in found:
        where = f" bei {one.where}" if one.where else ""
        print(f"{one.number}: {one.code}{where}, seit {one.first_at:%d.%m.%Y %H:%M} UTC")
    print(f"{len(found)} Vorgänge stehen still.")
    return 1 if found else 0


def _due(options: argparse.Namespace) -> int:
    """Print how many legal periods run, end soon and are over, by authority and service."""
    with _network():
        from dienstweg.authorities import queries as authorities

        cards = sorted(authorities.all_cards(), key=lambda card: card.slug)
        chosen = [card for card in cards if options.authority in {None, card.slug}]
        if not chosen:
            raise Trouble(f"Diese Behörde gibt es nicht: {options.authority}.")
        found = [one for card in chosen for one in _periods(card.id, card.slug)]
    if options.json:
        print(json.dumps(found, indent=2))
    for one in [] if options.json else found:
        more = f", endet bald: {one['soon']}" if one["soon"] else ""
        more += f", ohne Entscheidung: {one['overdue']}" if one["overdue"] else ""
        state = STATES[one["state"]]
        print(f"{one['authority']} {one['service']}/{one['period']} {state}: {one['number']}{more}")
    overdue = sum(one["overdue"] for one in found)
    if not options.json:
        print(f"{overdue} Fristen sind überschritten und noch ohne Entscheidung.")
    return 1 if overdue else 0


def _periods(authority_id: UUID, slug: str) -> list[dict[str, Any]]:
    """Return the counts of one authority, in its own scope: figures of another never mix in."""
    from dienstweg.offers import queries as offers
    from dienstweg.processes import queries

    with _scope(authority_id):
        return [
            {
                "authority": slug,
                "service": offers.offer(one.offer_id).slug,
                "period": one.name,
                "state": one.state,
                "number": one.number,
                "soon": one.soon,
                "overdue": one.overdue,
            }
            for one in queries.deadline_counts()
        ]


def _retry(options: argparse.Namespace) -> int:
    left = 0
    with _network():
        from dienstweg.processes import actions

        for case in _cases(options.numbers):
            with _scope(case.authority_id):
                still = actions.try_again(case_id=case.id)
            print(f"{case.number}: {'steht weiter still' if still else 'geht weiter'}")
            left += still
    return 1 if left else 0


def _move(options: argparse.Namespace) -> int:
    mapping = _mapping(options.map)
    seen: list[Preview] = []
    with _network():
        from dienstweg.processes import actions

        for case in _cases(options.numbers):
            with _scope(case.authority_id):
                digest = options.to or _live(case)
                seen.append(_previewed(case, digest, mapping))
                if options.do and seen[-1].movable:
                    actions.move(case_id=case.id, digest=digest, mapping=mapping)
    if options.json:
        print(json.dumps([asdict(one) for one in seen], default=str, indent=2))
    else:
        for one in seen:
            _print(one, done=options.do)
    return 0 if all(one.movable for one in seen) else 1


def _previewed(case: "CaseView", digest: str, mapping: dict[str, str]) -> "Preview":
    from dienstweg.library.errors import NoSuchRelease
    from dienstweg.processes import actions
    from dienstweg.processes.errors import AlreadyEnded, OtherBlueprint, SameRelease

    try:
        return actions.preview_move(case_id=case.id, digest=digest, mapping=mapping)
    except (AlreadyEnded, OtherBlueprint, SameRelease, NoSuchRelease) as refusal:
        raise Trouble(f"{case.number}: {refusal.__doc__}") from refusal


def _print(seen: "Preview", *, done: bool) -> None:
    print(f"{seen.number}: Version {seen.from_version} → {seen.to_version}")
    for point in seen.points:
        what = point.target if point.target != point.element else "bleibt"
        problem = f": {REASONS[point.reason]}" if point.reason else ""
        print(f"  {'✗' if point.reason else '✓'} {point.element} → {what or 'entfällt'}{problem}")
    for key in seen.sets:
        print(f"  + {key} beginnt neu")
    for key in seen.drops:
        print(f"  - {key} entfällt")
    if not seen.fits:
        print("  ! Der Antrag passt nicht zum Schema dieser Version.")
    if not seen.movable:
        print("  Nicht umgestellt.")
    else:
        print("  Umgestellt." if done else "  Kann umgestellt werden: mit --do.")


def _undo(options: argparse.Namespace) -> int:
    with _network():
        from dienstweg.processes import actions
        from dienstweg.processes.errors import NothingToUndo

        for case in _cases(options.numbers):
            try:
                with _scope(case.authority_id):
                    actions.undo_move(case_id=case.id)
            except NothingToUndo as refusal:
                raise Trouble(f"{case.number}: {refusal.__doc__}") from refusal
            print(f"{case.number}: zurückgestellt")
    return 0


def _mapping(given: list[str]) -> dict[str, str]:
    """Read "old=new" words; raises `Trouble`."""
    if not all("=" in one for one in given):
        raise Trouble("Schreiben Sie --map ALT=NEU, zum Beispiel --map pruefen=antrag-pruefen.")
    return {old: new for old, _, new in (one.partition("=") for one in given)}


def _cases(numbers: list[str]) -> "list[CaseView]":
    """Return the cases with these numbers; raises `Trouble` before anything is done."""
    from dienstweg.cases import queries

    found = [(number, queries.by_number(number)) for number in numbers]
    missing = [number for number, case in found if case is None]
    if missing:
        raise Trouble(f"Diese Vorgänge gibt es nicht: {', '.join(missing)}.")
    return [case for _, case in found if case is not None]


def _live(case: "CaseView") -> str:
    from dienstweg.offers import queries

    return queries.offer(case.offer_id).digest


@contextmanager
def _network() -> Iterator[None]:
    """Work in the scope of every authority: an operator helps them all."""
    with station.database():
        station.set_up_django()
        from dienstweg.authorities import queries, scope

        with scope.enter(scope.of(*(card.id for card in queries.all_cards()))):
            yield


def _scope(authority_id: UUID) -> Any:
    from dienstweg.authorities import scope

    return scope.enter(scope.of(authority_id))
