"""A printed case lacks nothing that a building permit can have."""

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
from dienstweg.offers import queries as offered

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
