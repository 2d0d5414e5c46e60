"""Whatever is posted to a page of the assistant is kept, shown again, and sent or refused."""

import re
import unicodedata
from html import unescape
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applicant import Applicant, Page
from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from hostile import naughty
from hostile.ground import Ground, fill_in, send, undone
from hostile.test_hostile_addresses import ask
from working import work

PAGES = {
    "person": ("vorname", "nachname", "geburtsdatum"),
    "wohnung": ("wohnungsart", "begruendung", "strasse", "hausnummer", "hausnummer_zusatz", "plz"),
    "zone": ("zone_wunsch", "eigener_stellplatz"),
    "fahrzeug": ("kennzeichen", "fahrzeugart", "nutzung", "halter"),
    "ausweis": ("beginn", "dauer", "ermaessigung"),
    "nachweise": ("fahrzeugschein", "ueberlassung"),
    "gebuehr": ("gebuehr_betrag", "ende"),
}
SENSIBLE = st.sampled_from(
    ["", "ja", "true", "false", "nebenwohnung", "hauptwohnung", "Brückengasse", "12", "05171", "1",
     "2", "keine", "elektro", "ks ab 123e", "pkw", "leasing", "eigenes", "15.1.2027", "29.2.2028"]
)  # fmt: skip
TEXT = st.one_of(
    SENSIBLE,
    st.sampled_from(naughty.PLAIN),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=60),
)
BUTTONS = st.sampled_from(["weiter", "zurueck", "merken", "pause", "", "x"])


@st.composite
def posts(draw: Any) -> tuple[str, list[tuple[str, str]]]:
    """Return a page and what somebody posts to it: its fields, some twice, and others' fields."""
    page = draw(st.sampled_from(sorted(PAGES)))
    names = st.sampled_from(
        [*PAGES[page], "vorname", "__proto__", "gebuehr_betrag", "zone_kuerzel"]
    )
    pairs = draw(st.lists(st.tuples(names, TEXT), max_size=8))
    return page, [*pairs, ("weiter", draw(BUTTONS))]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(posts(), min_size=1, max_size=4))
def test_posts_are_kept_and_every_page_can_be_shown_again(ground: Ground, steps: Any) -> None:
    browser = ground.anna.browser
    base = f"/antrag/{ground.anna.draft_id}"
    with undone():
        for page, pairs in steps:
            response = ask(browser.client, "POST", f"{base}/{page}", urlencode([*pairs, NEWEST]))
            assert response.status_code in {303, 409, 422}, (page, pairs)
            if response.status_code == 422:
                assert 'class="kern-alert' in response.content.decode() or "feld-" in (
                    response.content.decode()
                )
        for page in PAGES:
            assert ask(browser.client, "GET", f"{base}/{page}").status_code in {200, 303}
        assert ask(browser.client, "GET", f"{base}/zusammenfassung").status_code in {200, 303}
        assert ask(browser.client, "POST", f"{base}/kontakt", "weg=post").status_code == 303
        sent = ask(browser.client, "POST", f"{base}/absenden", "bestaetigt=ja")
        assert sent.status_code == 303
        after = ask(browser.client, "GET", sent.headers["Location"])
        assert after.status_code in {200, 303}


NEWEST = ("version", "2147483647")


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=TEXT.filter(lambda text: len(text) <= 1_000))
def test_what_was_typed_stands_in_the_field_again(ground: Ground, text: str) -> None:
    browser = ground.anna.browser
    address = f"/antrag/{ground.anna.draft_id}/person"
    with undone():
        body = urlencode({"vorname": text, "weiter": "merken", "version": NEWEST[1]})
        ask(browser.client, "POST", address, body)
        html = browser.client.get(address).content.decode()
    shown = re.search(r'<input[^>]*name="vorname"[^>]*>', html, re.S)[0]
    value = unescape((re.search(r'value="([^"]*)"', shown) or ["", ""])[1])
    assert folded(value) == folded(text)


def folded(text: str) -> str:
    """Return a text without what a text field of one line may change: blanks and composition."""
    kept = (one for one in unicodedata.normalize("NFC", text) if one.isprintable())
    return "".join(one for one in kept if not one.isspace())


LETTERS = (
    "ÄÖÜäöüß ẞ ÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕØÙÚÛÝÞ àáâãåæçèéêëìíîïðñòóôõøùúûýþÿ "
    "ĀăĄćĈċČďĐēĕĖęĚĝĞġĢĥĦĩĪĭĮıĲĵĶķĹļĽŀŁńŅňŊōŎőŒŔŗŘśŜşŠţŤŧŨūŬůŰųŴŷŸŹżŽ "
    "ƀƃƇƒƗƠƯǅǛǨǪǬȀȘȚḃḊḠṀẀẞẠẢẤẬẸỂỊỌỘỚỢỤỦỨỰỲỴỶỸ A̋ C̀ C̄ C̆ C̈ C̕ D̂ F̀ G̀ H̄ J́ K̀ L̂ M̀ N̂ P̀ R̆ S̀ T̀ U̇ Z̀"
)


@pytest.mark.parametrize("word", LETTERS.split())
def test_names_in_latin_letters_arrive_letter_by_letter(ground: Ground, word: str) -> None:
    """DIN 91379: what a register may hold comes back from the form, composed (NFC)."""
    browser = ground.anna.browser
    address = f"/antrag/{ground.anna.draft_id}/person"
    browser.open(address)
    browser.send(vorname=word, weiter="weiter")
    again = browser.open(address).form()["fields"]["vorname"]
    assert again == [unicodedata.normalize("NFC", word)]


def test_odd_but_allowed_answers_go_through_to_the_case(ground: Ground) -> None:
    word = "Ḱ̄ḥâĺîd „Ġ“ #read <b>$x$</b> {{x}} 🐕 \\ @"[:38]
    browser = fill_odd(ground, word)
    browser.send(weg="post")
    browser.send(action="/absenden", bestaetigt="ja")
    page: Page = browser.page
    assert page.heading == "Ihr Antrag ist abgeschickt"
    case_id = UUID(browser.draft.split("/")[2])
    with scope.enter(scope.of(ground.ids["muehlbrueck"])):
        data = cases.application(case_id, key=cases.key(case_id)).data
    assert data["antragsteller"]["vorname"] == unicodedata.normalize("NFC", word)
    work("documents", "processes")
    clerk = ground.staff["verkehr@muehlbrueck"]
    html = clerk.open(f"/arbeitsplatz/vorgaenge/{case_id}").html
    assert "&lt;b&gt;$x$&lt;/b&gt;" in html
    papers = re.findall(rf"/arbeitsplatz/vorgaenge/{case_id}/dokumente/[0-9a-f-]+", html)
    assert papers, "the receipt is written whatever the name is"


def fill_odd(ground: Ground, word: str) -> Applicant:
    """Fill in the parking permit under an odd name."""
    browser = fill_in(ground.anna, "hauptwohnung")
    browser.open(f"{browser.draft}/person")
    send(browser, vorname=word)
    browser.open(f"{browser.draft}/kontakt")
    return browser
