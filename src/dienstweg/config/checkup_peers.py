"""Checks of the foreign systems: does each connection and payment account answer?"""

from collections.abc import Iterator

from dienstweg.config.finding import Finding, fine, warning


def connections() -> Iterator[Finding]:
    """Ask every connection and payment account of every authority whether it works."""
    from dienstweg.authorities import queries as authorities
    from dienstweg.authorities import scope
    from dienstweg.deliveries import actions as deliveries
    from dienstweg.payments import actions as payments

    for card in authorities.all_cards():
        with scope.enter(scope.of(card.id)):
            found = [*deliveries.check_all(), *payments.check_all()]
        for slug, problems in found:
            for problem in problems:
                yield warning(
                    f"{card.slug}, {slug}: {problem}",
                    "Ist das fremde System gestartet und erreichbar? Stimmen die Optionen?",
                )
            if not problems:
                yield fine(f"{card.slug}, {slug}: antwortet.")
