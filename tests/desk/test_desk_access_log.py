"""Whatever the desk shows of a case, that it was read is written down: for every address there is.

A new address with a case, a task or a thing of a case in it is walked by itself; one that writes
nothing down fails here.
"""

import io
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from PIL import Image

import decided_blueprint
import neighbourhood
import opinion_blueprint
from amending import replaced
from deskwork import Clerk
from dienstweg.authorities import scope
from dienstweg.blueprint import archive, process
from dienstweg.cases import actions, queries
from dienstweg.cases.models import Case, Note, Task
from dienstweg.documents import actions as documents
from dienstweg.documents.models import Document
from dienstweg.events.job import known_jobs
from dienstweg.files import actions as files
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from dienstweg.offers.models import Offer
from dienstweg.processes import actions as processes
from dienstweg.records import actions as records
from dienstweg.records import queries as archives
from hostile.addresses import NETWORK, TABLE, routes
from hostile.ground import undone
from seeding import BY_MAIL, given_draft
from working import work

pytestmark = pytest.mark.django_db
LISTED = frozenset(
    {
        "arbeitsplatz/post/<uuid:message_id>/erledigt",
        "arbeitsplatz/erstattungen/<uuid:refund_id>/erledigt",
        "arbeitsplatz/zahlungen/<uuid:payment_id>/geklaert",
        "arbeitsplatz/uebergaben/<uuid:delivery_id>/nochmal",
    }
)
"""Acts on a line of a list: they lead back to it, and show nothing of a case."""
OWN = ("team_id", "view_id", "account_id", "absence_id")
"""What belongs to the desk itself, and not to a case."""
WALKED = sorted(
    one
    for one in routes(NETWORK)
    if one.startswith("arbeitsplatz/")
    and "<uuid:" in one
    and not any(f"<uuid:{name}>" in one for name in OWN)
    and one not in LISTED
)
ACTS = sorted(
    one
    for one in WALKED
    if one.rsplit("/", 1)[1]
    in {"zuruecknehmen", "zuteilen", "eigene-person", "verschickt", "erinnern", "weiter", "entwurf"}
)
"""These only do something and lead to the page of the case, which writes it down."""
BODIES: tuple[Mapping[str, str], ...] = (
    {},
    {"ergebnis": "nie", "notiz": "x" * 5000, "schritt": "senden", "abgeben": "1", "name": ""},
    {"ergebnis": "granted", "frist": "1.1.2030", "notiz": "Gut.", "vorschau": "1", "name": "Kim",
     "email": "keine", "rolle": "gutachter", "eingang": "widerspruch", "fassung": "1"},
)  # fmt: skip
ROOMS = ("cases", "processes", "documents", "records", "files")


def picture(width: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, 9)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def place(
    authority: UUID, tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[UUID]:
    for name in ("writing.pdf_of", "previews.draft_pdf"):
        monkeypatch.setattr(f"dienstweg.documents.actions.{name}", lambda *_, **__: b"%PDF-1.7")
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.DIENSTWEG_STRICT_WORDS = True
    known_jobs()
    offered.forget()
    with scope.enter(scope.of(authority)):
        yield authority
    offered.forget()


def decided_case(clerk: Clerk) -> dict[str, UUID]:
    """Return the things of a case that is to be decided: files in two versions, a preview."""
    offer_id = offers.go_live(archive=archive.pack(decided_blueprint.files()), settings={})
    draft = given_draft(offer_id)
    old = files.take(owner_id=draft.id, key=draft.key, name="a.png", chunks=[picture(9)]).id
    data = {"name": "Änne", "haustier": False, "belege": [str(old)]}
    case_id = actions.submit(draft=draft, application=data, notify=BY_MAIL, declaration={}).case_id
    Case.objects.filter(id=case_id).update(digest=Offer.objects.get(id=offer_id).digest)
    processes.go_on(case_id=case_id, event=process.Submitted())
    replaced(case_id, picture(12))
    (new,) = (one.file_id for one in queries.attachments(case_id, key=queries.key(case_id)))
    records.order(case_id=case_id, account_id=clerk.id, key="1")
    preview_id = documents.order_preview(
        case_id=case_id, account_id=clerk.id, template="merkblatt", data={}
    )
    work(*ROOMS)
    found = archives.newest(case_id)
    assert found is not None
    return {
        "case_id": case_id,
        "task_id": Task.objects.get(case_id=case_id).id,
        "file_id": old,
        "new_id": new,
        "document_id": Document.objects.filter(case_id=case_id).earliest("id").id,
        "note_id": old_note(case_id, clerk),
        "export_id": found.id,
        "preview_id": preview_id,
        "correction_id": actions.ask_correction(
            case_id=case_id, account_id=clerk.id, key="2", documents=[("Ausweis", "")],
            subject="x", body="y",
        ),
    }  # fmt: skip


def old_note(case_id: UUID, clerk: Clerk) -> UUID:
    """Return a note that it is too late to change."""
    note_id = actions.note(case_id=case_id, account_id=clerk.id, key="1", text="Ruft an.")
    Note.objects.filter(id=note_id).update(at=clock.now() - timedelta(days=1))
    return note_id


def proposed(case_id: UUID) -> UUID:
    """Return a task for which somebody has made a proposal, to be agreed to by anna."""
    task_id = actions.ask(
        case_id=case_id, key="vier", task="pruefen", role="sachbearbeitung",
        outcomes=["granted"], approval="sachbearbeitung",
    )  # fmt: skip
    actions.decide(task_id=task_id, account_id=new_id(), outcome="granted", reason="Ja.")
    return task_id


def asked_case() -> dict[str, UUID]:
    """Return a case of a service that may be objected to."""
    offer_id = offers.go_live(archive=opinion_blueprint.packed(), settings={})
    case_id = actions.submit(
        draft=given_draft(offer_id), application={"name": "Änne"}, notify=BY_MAIL, declaration={}
    ).case_id
    Case.objects.filter(id=case_id).update(digest=Offer.objects.get(id=offer_id).digest)
    return {"case_id": case_id}


def shared_case() -> dict[str, UUID]:
    """Return the things of a case with a party who has handed something in."""
    case_id = neighbourhood.given_case()
    actions.invite(case_id=case_id, key="p", party="planer")
    (ada,) = neighbourhood.with_codes(case_id).values()
    neighbourhood.let_in(ada)
    handed = actions.hand_in(party_id=ada.id, name="plan.png", chunks=[picture(9)])
    return {"case_id": case_id, "party_id": ada.id, "file_id": handed.id}


def scanned(shared: Mapping[str, UUID], clerk: Clerk) -> UUID:
    """Return the scan of something that the party has handed in on paper."""
    paper = actions.Paper(clock.today(), clerk.id, "brief.png", [picture(9)])
    actions.hand_in_on_paper(party_id=shared["party_id"], paper=paper)
    (found,) = queries.papers(shared["case_id"]).values()
    return found.file_id


def path_of(route: str, things: Mapping[str, UUID]) -> str:
    for name, one in things.items():
        route = route.replace(f"<uuid:{name}>", str(one))
    assert "<" not in route, f"this test has no thing for {route}"
    return f"/{route}"


def asked(clerk: Clerk, method: str, path: str, body: Mapping[str, str]) -> Any:
    if method == "GET":
        return clerk.client.get(path)
    return clerk.client.post(
        path,
        urlencode({"handlung": str(new_id()), **body}),
        content_type="application/x-www-form-urlencoded",
    )


def shown_without_a_trace(clerk: Clerk, route: str, things: Mapping[str, UUID]) -> tuple[int, str]:
    """Ask for an address in all ways; return how often it showed something, and what is wrong."""
    shown, path = 0, path_of(route, things)
    for method in TABLE[route].takes.split():
        for body in BODIES if method == "POST" else BODIES[:1]:
            with undone():
                before = len(queries.readings(things["case_id"]))
                answer = asked(clerk, method, path, body)
                if answer.status_code in {301, 302, 303, 400, 403, 404}:
                    continue
                shown += 1
                if len(queries.readings(things["case_id"])) == before:
                    return shown, f"{method} {route} {answer.status_code}"
    return shown, ""


def test_every_page_about_a_case_writes_down_that_it_was_read(place: UUID) -> None:
    clerk = Clerk("anna", kranichsee="sachbearbeitung")
    decided, shared = decided_case(clerk), shared_case()
    agreeing = {**shared, "task_id": proposed(shared["case_id"])}
    special = {
        "arbeitsplatz/vorgaenge/<uuid:case_id>/beteiligte/papier/<uuid:file_id>": {
            **shared,
            "file_id": scanned(shared, clerk),
        },
        "arbeitsplatz/aufgaben/<uuid:task_id>/zustimmen": agreeing,
        "arbeitsplatz/aufgaben/<uuid:task_id>/zurueckgeben": agreeing,
        "arbeitsplatz/vorgaenge/<uuid:case_id>/nachfordern": shared,
        "arbeitsplatz/vorgaenge/<uuid:case_id>/eingang": asked_case(),
    }
    silent, unseen = [], set()
    for route in WALKED:
        things = special.get(route) or (shared if "beteiligte" in route else decided)
        shown, wrong = shown_without_a_trace(clerk, route, things)
        silent += [wrong] if wrong else []
        if not shown:
            unseen.add(route)
    assert not silent, "these show a case and do not say so in the log"
    assert unseen <= set(ACTS), f"nothing was seen of {sorted(unseen - set(ACTS))}"


def test_the_walk_would_notice_a_page_that_writes_nothing_down(
    place: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, things = Clerk("anna", kranichsee="sachbearbeitung"), shared_case()
    route = "arbeitsplatz/vorgaenge/<uuid:case_id>"
    assert shown_without_a_trace(clerk, route, things) == (1, "")
    monkeypatch.setattr("dienstweg.cases.models.Reading.save", lambda *_, **__: None)
    assert shown_without_a_trace(clerk, route, things) == (1, f"GET {route} 200")
