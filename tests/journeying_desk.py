"""A case that somebody decides: corrected by the applicant, archived, and handed over.

Every step may be repeated, as in `journeying`. As a program (`python -m journeying_desk AUTHORITY
MEMORY PAYMENTS MAILBOX OTHER`) it is what a crash test kills.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from journeying import Journey, Peers, live_through, pages

CLERK = UUID("01900000-0000-7000-8000-00000000000c")
NEW_NAME = "Ayşe Gül"


class DeskJourney(Journey):
    """The same applicant, in a house that lies in no zone; the case goes to another authority."""

    def __init__(self, authority_id: UUID, memory: Path, peers: Peers, other_id: UUID) -> None:
        super().__init__(authority_id, memory, peers)
        self.other_id = other_id

    def answers(self) -> dict[str, dict[str, str]]:
        found = pages()
        found["wohnung"] |= {"strasse": "Lindenallee", "hausnummer": "160"}
        found["zone"] |= {"zone_wunsch": "C"}
        return found

    def play(self) -> UUID:
        from dienstweg.authorities import scope
        from dienstweg.blueprint.process import Submitted
        from dienstweg.cases import queries as cases
        from dienstweg.processes import actions as processes
        from dienstweg.records import actions as records

        with scope.enter(scope.of(self.authority_id)):
            case_id, secret = self._begun()
            self._fill_in(case_id, secret)
            self._submit(case_id, secret)
            processes.go_on(case_id=case_id, event=Submitted())
            live_through(timedelta(minutes=5))
            if cases.case(case_id).moved_to is None:
                self._pay(case_id)
                live_through(timedelta(hours=1))
                self._correct(case_id)
                live_through(timedelta(hours=1))
                records.order(case_id=case_id, account_id=CLERK, key="once")
                live_through(timedelta(hours=1))
                processes.order(case_id=case_id, to=self.other_id, account_id=CLERK)
            live_through(timedelta(hours=2))
        return case_id

    def _correct(self, case_id: UUID) -> None:
        from dienstweg.assistants import actions as assistants
        from dienstweg.assistants import queries as drafts
        from dienstweg.blueprint import pages as blueprint
        from dienstweg.cases import actions, queries
        from dienstweg.kernel import clock
        from dienstweg.offers import queries as offers

        if queries.application(case_id, key=queries.key(case_id)).version > 1:
            return
        draft_id = actions.offer_correction(case_id=case_id)
        secret = drafts.correction_secret(draft_id)
        person = {**self.answers()["person"], "vorname": NEW_NAME}
        answered = assistants.answer(
            draft_id=draft_id,
            secret=secret,
            page="person",
            posted={name: [value] for name, value in person.items()},
            version=drafts.opened(draft_id, secret).version,
        )
        assert not answered.problems, answered.problems
        draft = drafts.opened(draft_id, secret)
        data = blueprint.application(
            offers.release(draft.digest), dict(draft.answers), today=clock.today()
        )
        actions.answer_correction(draft=draft, application=data, declaration={"confirmed": True})


def main() -> None:
    """Play in a process of its own, which may be killed."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dienstweg.config.settings")
    django.setup()
    authority, memory, payments, mailbox, other = sys.argv[1:]
    peers = Peers(payments, mailbox)
    DeskJourney(UUID(authority), Path(memory), peers, UUID(other)).play()


if __name__ == "__main__":
    main()
