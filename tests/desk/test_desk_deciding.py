"""A caseworker decides: fields, text modules, reason, the look before, and what comes out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

import decided_blueprint
from dienstweg.accounts import actions as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import archive, process
from dienstweg.blueprint.pdftext import text_of
from dienstweg.cases import queries as cases
from dienstweg.cases.models import Case, Reading, Task
from dienstweg.documents import queries as documents
from dienstweg.documents.models import Document, Preview
from dienstweg.events.job import known_jobs
from dienstweg.kernel.references import new_id
from dienstweg.offers import actions as offers
from dienstweg.offers.models import Offer
from dienstweg.processes import actions as processes
from seeding import given_draft, submit
from working import live_through, work

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """A clerk at the page of a case with a task."""

    client: Client
    case_id: UUID
    task_id: UUID

    def page(self) -> str:
        answer = self.client.get(f"/arbeitsplatz/vorgaenge/{self.case_id}")
        assert answer.status_code == 200
        return answer.content.decode()

    def decides(self, **typed: Any) -> Any:
        return self._posts("entscheiden", typed)

    def looks(self, **typed: Any) -> Any:
        return self._posts("vorschau", typed)

    def _posts(self, what: str, typed: dict[str, Any]) -> Any:
        given = {name.replace("__", "-"): value for name, value in typed.items()}
        form = {"handlung": str(new_id()), "fassung": "1", **given}
        return self.client.post(f"/arbeitsplatz/aufgaben/{self.task_id}/{what}", form)

    def task(self) -> Any:
        return cases.task(self.task_id)


@pytest.fixture
def desk(authority: UUID, tmp_path: Any, settings: Any) -> Iterator[Desk]:
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.DIENSTWEG_STRICT_WORDS = True
    known_jobs()
    authorities.forget()
    word = "ein-langes-Kennwort-fuer-Tests"
    accounts.add_staff(
        email="huber@kranichsee.example",
        name="A. Huber",
        password=word,
        authority_slugs=[authorities.card(authority).slug],
        role="sachbearbeitung",
    )
    client = Client(headers={"host": settings.DIENSTWEG_NETWORK_HOST})
    signed_in = client.post(
        "/arbeitsplatz/anmelden", {"email": "huber@kranichsee.example", "passwort": word}
    )
    assert signed_in.status_code == 302
    with scope.enter(scope.of(authority)):
        packed = archive.pack(decided_blueprint.files())
        offer_id = offers.go_live(archive=packed, settings={})
        given = submit(given_draft(offer_id), name="Änne Ödegård")
        digest = Offer.objects.get(id=offer_id).digest
        Case.objects.filter(id=given.case_id).update(digest=digest)
        processes.go_on(case_id=given.case_id, event=process.Submitted())
        task = Task.objects.get(case_id=given.case_id)
        yield Desk(client, given.case_id, task.id)


def test_the_panel_offers_fields_modules_and_says_when_a_reason_is_needed(desk: Desk) -> None:
    page = desk.page()
    for part in (
        "Gültig bis",
        "Anzahl",
        "Der Hof von Änne Ödegård ist frei zu halten.",
        "Nur bei: Bewilligen",
        "Nötig ist sie bei: Ablehnen",
        "Vorschau ansehen",
    ):
        assert part in page


def test_what_is_chosen_edited_and_filled_in_stands_in_the_decision(desk: Desk) -> None:
    answer = desk.decides(
        ergebnis="granted",
        frist="31.12.2027",
        zahl="3",
        baustein=["hof", "ablehnung"],
        baustein__hof="Der Hof bleibt *immer* frei.",
        baustein__ablehnung="Das passt nicht zum Ergebnis.",
        **{"baustein__frist-setzen": "Nicht angekreuzt."},
        baustein__frei="Ein eigener Satz.",
    )
    assert answer.status_code == 302
    assert desk.task().data == {
        "frist": "2027-12-31",
        "zahl": 3,
        "modules": [
            {"id": "hof", "text": "Der Hof bleibt *immer* frei."},
            {"id": "frei", "text": "Ein eigener Satz."},
        ],
    }
    assert "Hof" in desk.page()
    live_through(timedelta(minutes=3), "cases", "processes", "documents")
    row = Document.objects.get(case_id=desk.case_id, template="bescheid")
    text = text_of(documents.content(row.id, case_id=desk.case_id)[1])
    assert "Der Hof bleibt *immer* frei. Ein eigener Satz." in text
    assert "gültig bis 31. Dezember 2027" in text
    assert "Das passt nicht" not in text
    assert "Nicht angekreuzt" not in text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"ergebnis": "nie"}, "Bitte wählen Sie ein Ergebnis"),
        ({"ergebnis": "granted"}, "Bitte prüfen Sie die Angaben zur Entscheidung"),
        ({"ergebnis": "granted", "frist": "x", "zahl": "2"}, "Bitte prüfen Sie die Angaben"),
        ({"ergebnis": "refused", "frist": "1.1.2027"}, "Bitte begründen Sie"),
        ({"ergebnis": "granted", "frist": "1.1.2027", "begruendung": "x" * 5001}, "zu lang"),
        (
            {"ergebnis": "granted", "frist": "1.1.2027", "baustein": "hof",
             "baustein__hof": "x" * 5001},
            "zu lang",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_shown_again_as_typed(
    desk: Desk, typed: dict[str, Any], told: str
) -> None:
    answer = desk.decides(
        **{"baustein": "hof", "baustein__hof": "Mein Wortlaut.", "baustein__frei": "Frei.", **typed}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "Frei." in page
    if "baustein" not in typed:
        assert "Mein Wortlaut." in page
    if typed["ergebnis"] != "nie":
        assert (
            f'value="{typed["ergebnis"]}" id="e-1-{1 + (typed["ergebnis"] == "refused")}"' in page
        )
    assert desk.task().card.state == "open"


def test_the_look_before_decides_nothing_and_is_a_draft(desk: Desk) -> None:
    ordered = desk.looks(
        ergebnis="granted",
        frist="31.12.2027",
        baustein="hof",
        baustein__hof="Der Hof bleibt frei.",
        begruendung="Weil es passt.",
    )
    assert ordered.status_code == 302
    there = ordered.headers["Location"]
    waits = desk.client.get(there)
    assert "wird gerade erstellt" in waits.content.decode()
    assert '<meta http-equiv="refresh" content="2">' in waits.content.decode()
    work("documents")
    shown = desk.client.get(there)
    assert shown.headers["Content-Type"] == "application/pdf"
    assert shown.headers["Cache-Control"] == "no-store"
    text = text_of(shown.content)
    for part in ("ENTWURF", "Der Hof bleibt frei.", "Weil es passt.", "31. Dezember 2027"):
        assert part in text
    assert desk.task().card.state == "open"
    assert not Document.objects.filter(case_id=desk.case_id, template="bescheid").exists()
    seen = Reading.objects.filter(case_id=desk.case_id, purpose="preview").count()
    assert seen == 2, "when it was ordered, and when it was looked at"


def test_where_nothing_is_written_there_is_nothing_to_look_at(desk: Desk) -> None:
    told = desk.looks(ergebnis="refused", frist="1.1.2027", begruendung="Nein.")
    assert "schreibt der Ablauf kein Dokument" in told.content.decode()
    missing = desk.looks(ergebnis="granted")
    assert missing.status_code == 422
    assert "Für eine Vorschau fehlt noch etwas" in missing.content.decode()
    assert not Preview.objects.exists()


def test_a_preview_of_nobody_or_somebody_else_is_not_shown(desk: Desk) -> None:
    there = f"/arbeitsplatz/vorgaenge/{desk.case_id}/vorschau/{new_id()}"
    assert desk.client.get(there).status_code == 404
    assert Client(headers={"host": "netz.example"}).get(there).status_code in {302, 400, 404}
