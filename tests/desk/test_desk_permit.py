"""A building permit at the desk: printed whole, and looked at before many are decided at once."""

import html
import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

import building_permit
from dienstweg.accounts import actions as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint.pdftext import text_of
from dienstweg.cases import queries as cases
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offered
from working import work

pytestmark = pytest.mark.django_db

WORD = "ein-langes-Kennwort-fuer-Tests"


@pytest.fixture
def case_id(authority: UUID, settings: Any, tmp_path: Any) -> Any:
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.DIENSTWEG_STRICT_WORDS = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    authorities.forget()
    offered.forget()
    with scope.enter(scope.of(authority)):
        yield building_permit.given_case()
    offered.forget()


@pytest.fixture
def clerk(authority: UUID, settings: Any) -> Client:
    accounts.add_staff(
        email="huber@kranichsee.example",
        name="A. Huber",
        password=WORD,
        authority_slugs=[authorities.card(authority).slug],
        role="bauaufsicht",
    )
    client = Client(headers={"host": settings.DIENSTWEG_NETWORK_HOST})
    posted = {"email": "huber@kranichsee.example", "passwort": WORD}
    client.post("/arbeitsplatz/anmelden", posted)
    return client


def printed(clerk: Client, case_id: UUID) -> str:
    answer = clerk.get(f"/arbeitsplatz/vorgaenge/{case_id}/drucken")
    assert answer.status_code == 200
    words = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(html.unescape(words).split())


def test_a_printed_building_permit_lacks_nothing(case_id: UUID, clerk: Client) -> None:
    before = printed(clerk, case_id)
    assert "noch nicht unterschrieben" in before
    assert "Beteiligte" in before
    building_permit.grant(case_id)
    seen = printed(clerk, case_id)
    for words in (
        "Über den Bauantrag entscheiden",
        "Das Vorhaben hält die Vorschriften ein.",
        "Der Zaun bleibt stehen.",
        "Thi Mai Nguyễn (Entwurfsverfasserin oder Entwurfsverfasser)",
        "Unterschrift unter Fassung 1: unterschrieben",
        "Kammerausweis.png",
        "Zustimmung: hat Einwände",
        "Der Carport steht zu nah an meinem Zaun.",
        "§ 69 Absatz 1 Musterbauordnung",
        "2.100,00 € · fällig",
        "Kopie Ihres",
        "(PDF)",
        "zustimmung.png",
    ):
        assert words in seen, words


def test_each_decision_of_many_is_looked_at_before_it_is_taken(
    case_id: UUID, clerk: Client
) -> None:
    building_permit.hand_in_and_sign(case_id)
    key = cases.key(case_id)
    (task,) = cases.tasks(case_id, key=key)
    form = {
        "tun": "entscheiden",
        "aufgabe": [str(task.card.id)],
        "ergebnis": "vollstaendig",
        "begruendung": "Alles da.",
        "handlung": str(new_id()),
    }
    page = clerk.post("/arbeitsplatz/auswahl", form).content.decode()
    (there,) = re.findall(r'formaction="([^"]*)"', page)
    assert f'aria-label="Vorschau des Bescheids zu {task.card.number}"' in page
    answer = clerk.post(there, form)
    assert answer.status_code == 302
    work("documents")
    seen = clerk.get(answer.headers["Location"])
    assert seen.headers["Content-Type"] == "application/pdf"
    text = text_of(seen.content)
    assert "ENTWURF" in text
    assert task.card.number in text
    (after,) = cases.tasks(case_id, key=key)
    assert after.card.state == "open"
