"""A letter comes in: a caseworker writes it down, everybody sees that it came on paper."""

import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

import neighbourhood
from dienstweg.accounts import actions as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.cases.models import Reading
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from journeying import picture
from neighbourhood import with_codes

pytestmark = pytest.mark.django_db
PASSWORD = "ein-langes-Kennwort-fuer-Tests"


class Letters:
    """A caseworker with a case, and the form for one of its parties."""

    def __init__(self, authority: UUID, case_id: UUID) -> None:
        self.authority, self.case_id = authority, case_id
        accounts.add_staff(
            email="kim@example.org",
            name="Kim Huber",
            password=PASSWORD,
            authority_slugs=[authorities.card(authority).slug],
            role="sachbearbeitung",
        )
        self.client = Client(headers={"host": "localhost", "accept-language": "de"})
        self.client.post(
            "/arbeitsplatz/anmelden", {"email": "kim@example.org", "passwort": PASSWORD}
        )

    def party(self, role: str) -> queries.PartyCard:
        with scope.enter(scope.of(self.authority)):
            found = queries.parties(self.case_id, key=queries.key(self.case_id))
        return next(one for one in found if one.role == role)

    def get(self, part: str = "") -> str:
        answer = self.client.get(f"/arbeitsplatz/vorgaenge/{self.case_id}{part}")
        assert answer.status_code == 200, part
        return str(answer.content.decode())

    def form(self, role: str) -> str:
        return self.get(f"/beteiligte/{self.party(role).id}/papier")

    def choice(self, role: str, label: str) -> str:
        """Return the value behind a label of the form."""
        for value, text in re.findall(
            r'name="was" value="([^"]*)".*?<label[^>]*>([^<]*)</label>', self.form(role)
        ):
            if text == label:
                return str(value)
        raise AssertionError(label)

    def post(self, role: str, **changed: Any) -> HttpResponse:
        scan = SimpleUploadedFile("Brief.png", picture(), "image/png")
        fields = {"eingegangen": clock.today().isoformat(), "datei": scan}
        fields |= {"handlung": str(new_id()), **changed}
        place = f"/arbeitsplatz/vorgaenge/{self.case_id}/beteiligte/{self.party(role).id}/papier"
        answer: HttpResponse = self.client.post(
            place, {name: value for name, value in fields.items() if value is not None}
        )
        return answer


@pytest.fixture
def letters(authority: UUID, settings: Any, tmp_path: Any) -> Any:
    settings.DIENSTWEG_STRICT_WORDS = True
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    with scope.enter(scope.of(authority)):
        case_id = neighbourhood.given_case()
        actions.sign(case_id=case_id, key="u", parties=["bauherr", "statiker"], order="parallel")
        actions.invite(case_id=case_id, key="n", party="nachbar")
        with_codes(case_id)
    yield Letters(authority, case_id)
    offers.forget()


def test_an_answer_by_letter_is_written_down_and_shown_as_such(letters: Letters) -> None:
    was = letters.choice("nachbar", "Zustimmung: hat Einwände")
    refused = letters.post("nachbar", was=was, worte=" ")
    assert refused.status_code == 422
    assert "Bitte schreiben Sie ab" in refused.content.decode()
    act = str(new_id())
    for _ in range(2):
        answer = letters.post("nachbar", was=was, worte="Zu nah am Zaun.", handlung=act)
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith("?getan=paper")
    seen = letters.get("/beteiligte?getan=paper")
    assert "Eingetragen. Der Vorgang geht weiter." in seen
    assert "Zu nah am Zaun." in seen
    assert (
        f"Auf Papier, eingegangen am {clock.today():%d.%m.%Y}, eingetragen von Kim Huber." in seen
    )
    assert "hat Einwände (auf Papier)" in letters.get()
    assert f"Antwort, eingegangen am {clock.today():%d.%m.%Y} · Kim Huber" in letters.get()
    assert "eingetragen von Kim Huber" in letters.get("/drucken")
    (place,) = set(re.findall(r"/beteiligte/papier/[0-9a-f-]+", seen))
    scan = letters.client.get(f"/arbeitsplatz/vorgaenge/{letters.case_id}{place}")
    assert io.BytesIO(scan.content).read(4) == b"\x89PNG"
    with scope.enter(scope.of(letters.authority)):
        assert "proof" in set(Reading.objects.values_list("purpose", flat=True))
    assert "ist gerade nach nichts gefragt" not in letters.form("nachbar"), "documents may follow"


def test_a_proof_and_then_a_signature_come_on_paper(letters: Letters) -> None:
    sign = letters.choice("statiker", "Unterschrift unter Fassung 1: unterschrieben")
    early = letters.post("statiker", was=sign)
    assert early.status_code == 422
    assert "fehlt noch der Nachweis" in early.content.decode()
    assert letters.post("statiker", was="file").status_code == 302
    assert letters.post("statiker", was=sign, name="Stefan Statiker").status_code == 302
    seen = letters.get("/beteiligte")
    assert seen.count("eingetragen von Kim Huber") == 2
    assert "unterschrieben" in seen


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"was": "gibt-es-nicht"}, "Bitte wählen Sie aus"),
        ({"eingegangen": "gestern"}, "Bitte geben Sie den Tag an"),
        ({"eingegangen": "tomorrow"}, "Bitte geben Sie den Tag an"),
        ({"datei": None}, "Bitte wählen Sie den Scan"),
        ({"datei": SimpleUploadedFile("a.exe", b"MZ\x90\x00")}, "Datei"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_lost(
    letters: Letters, changed: dict[str, Any], words: str
) -> None:
    if changed.get("eingegangen") == "tomorrow":
        changed = {"eingegangen": (clock.today() + timedelta(days=1)).isoformat()}
    given = {"was": letters.choice("nachbar", "Zustimmung: hat Einwände"), "worte": "Zu nah."}
    answer = letters.post("nachbar", **(given | changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Zu nah." in answer.content.decode()
    with scope.enter(scope.of(letters.authority)):
        assert queries.papers(letters.case_id) == {}


def test_a_party_of_another_case_is_none_of_this(letters: Letters) -> None:
    with scope.enter(scope.of(letters.authority)):
        other = neighbourhood.given_case()
        actions.invite(case_id=other, key="n", party="nachbar")
        stranger = queries.parties(other, key=queries.key(other))[0]
    place = f"/arbeitsplatz/vorgaenge/{letters.case_id}/beteiligte/{stranger.id}/papier"
    assert letters.client.get(place).status_code == 404
    scan = f"/arbeitsplatz/vorgaenge/{letters.case_id}/beteiligte/papier/{new_id()}"
    assert letters.client.get(scan).status_code == 404
