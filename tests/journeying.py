"""One application from its first page to its end, step by step, by the rooms' own actions.

Every step may be repeated: whoever dies on the way goes on from what is stored. As a program
(`python -m journeying AUTHORITY MEMORY PAYMENTS MAILBOX`) it is what a crash test kills.
"""

import io
import json
import re
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

BLUEPRINT = Path(__file__).parents[1] / "leistungen" / "bewohnerparkausweis"
ADDRESS = "ayse@example.org"


@dataclass(frozen=True)
class Peers:
    """Where the doubles of foreign systems answer."""

    payments: str
    mailbox: str


class Journey:
    """An applicant's memory of one application, kept in a file that survives a crash."""

    def __init__(self, authority_id: UUID, memory: Path, peers: Peers) -> None:
        self.authority_id, self.memory, self.peers = authority_id, memory, peers

    def play(self) -> UUID:
        """Go on from wherever things stand to the end of the case; return its id."""
        from dienstweg.authorities import scope
        from dienstweg.blueprint.process import Submitted
        from dienstweg.processes import actions as processes

        with scope.enter(scope.of(self.authority_id)):
            draft_id, secret = self._begun()
            self._fill_in(draft_id, secret)
            self._submit(draft_id, secret)
            processes.go_on(case_id=draft_id, event=Submitted())
            live_through(timedelta(minutes=5))
            self._pay(draft_id)
            live_through(timedelta(hours=1))
        return draft_id

    def answers(self) -> dict[str, dict[str, str]]:
        """Return what the applicant answers, page by page."""
        return pages()

    def _begun(self) -> tuple[UUID, str]:
        from dienstweg.assistants import actions as assistants
        from dienstweg.offers import queries as offers

        if not self.memory.exists():
            offer = offers.live("bewohnerparkausweis")
            assert offer is not None
            begun = assistants.begin(offer_id=offer.id, lang="de")
            self.memory.write_text(json.dumps([str(begun.draft_id), begun.secret]))
        draft_id, secret = json.loads(self.memory.read_text())
        return UUID(draft_id), secret

    def _fill_in(self, draft_id: UUID, secret: str) -> None:
        from dienstweg.assistants import actions as assistants
        from dienstweg.assistants import queries as drafts
        from dienstweg.assistants.errors import AlreadySubmitted

        try:
            draft = drafts.opened(draft_id, secret)
            for page, answers in self.answers().items():
                if page == "nachweise":
                    self._upload(draft_id, secret)
                draft = drafts.opened(draft_id, secret)
                answered = assistants.answer(
                    draft_id=draft_id,
                    secret=secret,
                    page=page,
                    posted={name: [value] for name, value in answers.items()},
                    version=draft.version,
                )
                assert not answered.problems, answered.problems
            self._give_address(draft_id, secret)
        except AlreadySubmitted:
            return

    def _upload(self, draft_id: UUID, secret: str) -> None:
        """Send a file in three pieces, from where it has got to."""
        from dienstweg.assistants import actions as assistants

        content, memory = picture(), self.memory.with_suffix(".upload")
        own: dict[str, Any] = {"draft_id": draft_id, "secret": secret}
        if not memory.exists():
            card = assistants.begin_upload(
                **own, field="fahrzeugschein", name="schein.png", length=len(content)
            )
            memory.write_text(str(card.id))
        own["upload_id"] = UUID(memory.read_text())
        size = len(content) // 3 + 1
        while (card := assistants.upload(**own)).offset < len(content):
            piece = content[card.offset : card.offset + size]
            assistants.continue_upload(**own, offset=card.offset, chunks=[piece])

    def _give_address(self, draft_id: UUID, secret: str) -> None:
        from dienstweg.assistants import actions as assistants
        from dienstweg.assistants import queries as drafts

        contact = drafts.opened(draft_id, secret).contact
        if contact is not None and contact.settled:
            return
        assistants.set_contact(draft_id=draft_id, secret=secret, way="email", email=ADDRESS)
        work()
        with urllib.request.urlopen(f"{self.peers.mailbox}/_mails", timeout=10) as answer:
            newest = json.load(answer)[0]["text"]
        found = re.search(r"\b\d{3} ?\d{3}\b", newest)
        assert found is not None, newest
        code = found[0].replace(" ", "")
        assert assistants.confirm_contact(draft_id=draft_id, secret=secret, code=code)

    def _submit(self, draft_id: UUID, secret: str) -> None:
        from dienstweg.assistants import queries as drafts
        from dienstweg.assistants.errors import AlreadySubmitted
        from dienstweg.blueprint import pages as blueprint
        from dienstweg.cases import actions as cases
        from dienstweg.kernel import clock
        from dienstweg.offers import queries as offers

        try:
            draft = drafts.opened(draft_id, secret)
        except AlreadySubmitted:
            return
        release = offers.release(draft.digest)
        assert draft.contact is not None
        cases.submit(
            draft=draft,
            application=blueprint.application(release, dict(draft.answers), today=clock.today()),
            notify=draft.contact,
            declaration={"confirmed": True},
        )

    def _pay(self, case_id: UUID) -> None:
        from dienstweg.payments import actions, queries

        payment = queries.of_case(case_id)[0]
        if payment.state == "open":
            form = urllib.parse.urlencode({"do": "PAYED"}).encode()
            opener = urllib.request.build_opener(_Staying)
            opener.open(payment.pay_url, form, timeout=10).close()
        actions.ask_soon(payment_id=payment.id)


class _Staying(urllib.request.HTTPRedirectHandler):
    """Does not follow the way back: nobody answers there."""

    def http_error_303(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        return fp


def set_up(connection: dict[str, Any], secret: str, payment: dict[str, Any]) -> None:
    """Let the scope's authority offer the resident's parking permit."""
    from dienstweg.adapters.pades import test_identity
    from dienstweg.blueprint.archive import pack
    from dienstweg.blueprint.folder import read_folder
    from dienstweg.deliveries import actions as deliveries
    from dienstweg.documents import actions as documents
    from dienstweg.offers import actions as offers
    from dienstweg.payments import actions as payments

    deliveries.add_connection(
        slug="fach", kind="http", options=connection, secrets={"private_key": secret}
    )
    payments.add_account(slug="epay", kind="xbezahldienste", options=payment, secrets={})
    documents.set_seal(kind="pades", options={}, secrets=test_identity("Testbehörde"))
    settings = {"connection": "fach", "payment": "epay"}
    offers.go_live(archive=pack(read_folder(BLUEPRINT)), settings=settings)


def pages() -> dict[str, dict[str, str]]:
    """Return the answers of the pages in their order."""
    from dienstweg.kernel import clock

    begin = clock.today() + timedelta(days=20)
    return {
        "person": {
            "vorname": "Ayşe",
            "nachname": "Müller-Öztürk",
            "geburtsdatum": "27.3.1984",
        },
        "wohnung": {
            "wohnungsart": "hauptwohnung",
            "strasse": "Brückengasse",
            "hausnummer": "12",
            "plz": "05171",
            "ort": "Mühlbrück",
        },
        "zone": {"eigener_stellplatz": "false"},
        "fahrzeug": {"kennzeichen": "ks ab 123", "fahrzeugart": "pkw", "nutzung": "eigenes"},
        "ausweis": {"beginn": f"{begin:%d.%m.%Y}", "dauer": "1", "ermaessigung": "keine"},
        "nachweise": {},
        "gebuehr": {},
    }


def picture() -> bytes:
    """Return a small picture."""
    from PIL import Image

    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "PNG")
    return content.getvalue()


def work(limit: int = 5000) -> int:
    """Do the waiting jobs as a worker does: a job is gone only when it is done."""
    for done in range(limit):
        if not _do_one():
            return done
    raise AssertionError("the jobs do not come to an end")


def _do_one() -> bool:
    from django.db import connection
    from procrastinate.contrib.django import app as queue

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo'"
            " ORDER BY id LIMIT 1"
        )
        row = cursor.fetchone()
        if row is None:
            return False
        args = row[2] if isinstance(row[2], dict) else json.loads(row[2])
        queue.tasks[row[1]].func(**args)
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [row[0]])
    return True


def live_through(
    duration: timedelta, each: Callable[[datetime], None] = lambda _at: None
) -> datetime:
    """Let time pass: do what falls due at its time, after calling ``each``; return the end."""
    from dienstweg.events import actions
    from dienstweg.events.models import Due
    from dienstweg.kernel import clock

    end = clock.now() + duration
    work()
    while True:
        due = Due.objects.filter(due_at__lte=end).order_by("due_at")
        at = due.values_list("due_at", flat=True).first()
        if at is None:
            return end
        with moved_to(at):
            each(clock.now())
            actions.tick(now=clock.now())
            work()


@contextmanager
def moved_to(at: datetime) -> Iterator[None]:
    """Set the clock to ``at``, unless that has passed."""
    from dienstweg.kernel import clock

    with clock.shifted(max(at - clock.now(), timedelta())):
        yield


def main() -> None:
    """Play in a process of its own, which may be killed."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dienstweg.config.settings")
    django.setup()
    authority, memory, payments, mailbox = sys.argv[1:]
    Journey(UUID(authority), Path(memory), Peers(payments, mailbox)).play()


if __name__ == "__main__":
    main()
