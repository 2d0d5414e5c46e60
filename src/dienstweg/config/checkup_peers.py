"""Checks of the foreign systems: does each connection, payment account, scanner, seal answer?

And of the cases that wait for a person, since no job of theirs fails any more.
"""

from collections.abc import Iterator, Sequence

from dienstweg.config.finding import Finding, fine, warning


def connections() -> Iterator[Finding]:
    """Ask every connection and payment account of every authority whether it works."""
    from dienstweg.authorities import queries as authorities
    from dienstweg.authorities import scope
    from dienstweg.deliveries import actions as deliveries
    from dienstweg.deliveries import queries as connections
    from dienstweg.payments import actions as payments
    from dienstweg.payments import queries as accounts

    for card in authorities.all_cards():
        with scope.enter(scope.of(card.id)):
            for connection in connections.connections():
                problems = deliveries.check(slug=connection.slug)
                yield from _told(f"{card.slug}, Anbindung {connection.slug}", problems)
            for slug in accounts.accounts():
                yield from _told(f"{card.slug}, Bezahldienst {slug}", payments.check(slug=slug))


def scanner() -> Iterator[Finding]:
    """Say whether uploads are scanned for malware, and whether any wait for the scanner."""
    from django.conf import settings

    from dienstweg.authorities import queries as authorities
    from dienstweg.authorities import scope
    from dienstweg.files import actions as files
    from dienstweg.files import queries as stored

    waiting = 0
    for card in authorities.all_cards():
        with scope.enter(scope.of(card.id)):
            waiting += stored.waiting()
    if not settings.DIENSTWEG_SCANNER:
        yield warning(
            "Hochgeladene Dateien werden nicht auf Schadprogramme geprüft.",
            "Installieren Sie clamav-daemon und setzen Sie DIENSTWEG_SCANNER, zum Beispiel auf "
            "clamav:/run/clamav/clamd.ctl (siehe docs/uploads.md).",
        )
    else:
        yield from _told("Virenscanner", files.scanner_problems())
    if waiting:
        yield warning(
            f"{waiting} Dateien warten auf den Virenscanner.",
            "Sie werden geprüft, sobald er antwortet und ein Worker läuft. Nichts geht verloren.",
        )


def standstills() -> Iterator[Finding]:
    """Say how many cases stand still because their process cannot go on."""
    from dienstweg.authorities import queries as authorities
    from dienstweg.authorities import scope
    from dienstweg.processes import queries as processes

    for card in authorities.all_cards():
        with scope.enter(scope.of(card.id)):
            number = processes.number_stuck()
        if number:
            yield warning(
                f"{card.slug}: {number} Vorgänge stehen still, weil ihr Ablauf nicht weiterkommt.",
                "Sehen Sie nach: dienstweg case stuck. Dann: dienstweg case retry NUMMER.",
            )


def seals() -> Iterator[Finding]:
    """Ask every electronic seal whether it works, and say whether documents wait for one."""
    from dienstweg.authorities import queries as authorities
    from dienstweg.authorities import scope
    from dienstweg.documents import actions as documents
    from dienstweg.documents import queries as issued

    for card in authorities.all_cards():
        with scope.enter(scope.of(card.id)):
            for place, problems in documents.check_seals():
                yield from _told(f"{place}, Siegel", problems)
            if waiting := issued.waiting_for_seal():
                yield warning(
                    f"{card.slug}: {len(waiting)} Dokumente warten auf das elektronische Siegel.",
                    "Sie gehen von selbst hinaus, sobald es wieder da ist. Nichts geht unversiegelt"
                    " hinaus.",
                )


def _told(place: str, problems: Sequence[str]) -> Iterator[Finding]:
    if not problems:
        yield fine(f"{place}: antwortet.")
    for problem in problems:
        yield warning(
            f"{place}: {problem}",
            "Ist das fremde System gestartet und erreichbar? Stimmen die Optionen?",
        )
