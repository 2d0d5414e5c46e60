"""Every kind of question on the screen: by keyboard, without scripts, wrong, dark, on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

import inspecting
import street_party
from applications import by_post, send
from browsing import DESKTOP, NARROW, PHONE, Person
from own_stage import Stage
from street_party import TOWN, fill_in, pictures, walk, with_map, without_scripts

if TYPE_CHECKING:
    from playwright.sync_api import Locator

Seat = Callable[..., Person]


@pytest.fixture(scope="module")
def offered(stage: Stage) -> Iterator[Stage]:
    """Let the town offer the blueprint with every kind of question."""
    street_party.offer(stage)
    return stage


@pytest.fixture
def applicant(offered: Stage, person: Seat) -> Callable[..., Person]:
    """Give a function that seats somebody who has just begun."""

    def seat(*, mute: bool = False, **options: object) -> Person:
        someone = with_map(person(TOWN, **options))
        if mute:
            without_scripts(someone)
        street_party.begin(someone)
        return someone

    return seat


def test_every_kind_is_filled_in_with_scripts_and_sent(applicant: Seat) -> None:
    someone = applicant()

    def look(page: str) -> None:
        someone.inspect()
        someone.inspect_narrow()
        pictures(someone, page)

    walk(someone, to="kontakt", at_page=look)
    by_post(someone)
    for words in ("Brückengasse 3 a", "Mai 1961", "Waffeln", "KS-AB 123", "DE02 1203", "12,50"):
        assert words in someone.text, words
    someone.inspect()
    number, _ = send(someone)
    assert number


def test_every_kind_is_filled_in_without_scripts_and_sent(applicant: Seat) -> None:
    someone = applicant(java_script_enabled=False, viewport=PHONE, has_touch=True, is_mobile=True)
    walk(someone, to="kontakt")
    by_post(someone)
    assert "Waffeln" in someone.text
    number, _ = send(someone)
    assert number


def test_every_kind_reads_well_without_scripts(applicant: Seat) -> None:
    someone = applicant(mute=True)

    def look(_page: str) -> None:
        someone.inspect()
        someone.inspect_narrow()

    walk(someone, to="kontakt", at_page=look)


@pytest.mark.parametrize("scheme", inspecting.one_of("dark", "light"))
def test_wrong_answers_are_told_at_their_part(applicant: Seat, scheme: str) -> None:
    someone = applicant(color_scheme=scheme)
    wrong = {
        "erreichbar": {"anschrift-plz": "5171", "email": "nein", "telefon": "abc"},
        "fest": {"tag": "31.2.2027", "beginn": "25:99", "erstmals": "gestern", "gaeste": "viele"},
        "angebot": {"standgeld": "umsonst", "staende-0-breite": "breit"},
        "kaution": {"iban": "DE00", "steuer_id": "1", "kennzeichen": "?"},
    }
    for page in street_party.PAGES:
        someone.fill_in(wrong.get(page, {}))
        someone.onward()
        if someone.path.endswith(page):
            _errors_lead_to_their_inputs(someone)
            someone.inspect()
            someone.inspect_narrow()
            if scheme == "light" and page in wrong:
                pictures(someone, f"{page}-fehler")
            walk_one(someone, page)


def walk_one(someone: Person, page: str) -> None:
    fill_in(someone, page)
    someone.onward()
    assert not someone.path.endswith(page), someone.text


def _errors_lead_to_their_inputs(someone: Person) -> None:
    links = someone.page.locator("#fehler a")
    assert links.count() > 0, someone.text
    for link in links.all():
        target = urlsplit(link.get_attribute("href") or "").fragment
        assert someone.page.locator(f"#{target}").count() == 1, f"{someone.path}: #{target}"
    assert someone.page.evaluate("() => document.activeElement.id") == "fehler"


def test_a_code_is_looked_up_by_keyboard_alone(applicant: Seat) -> None:
    someone = applicant()
    walk(someone, to="angebot")
    keys = someone.page.keyboard
    box = someone.page.get_by_role("combobox", name="Was wird vor allem verkauft?")
    box.focus()
    keys.type("kaese")
    someone.page.get_by_role("option", name="Käse vom Hof").wait_for()
    someone.inspect()
    assert box.get_attribute("aria-expanded") == "true"
    keys.press("ArrowDown")
    chosen = box.get_attribute("aria-activedescendant")
    assert someone.page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    keys.press("ArrowDown")
    keys.press("Enter")
    assert someone.path.endswith("/angebot"), "choosing does not send the page"
    assert box.input_value() == "Käse vom Hof" or box.input_value() == "Grillkäse"
    assert box.get_attribute("aria-expanded") == "false"
    assert someone.page.locator('input[type=hidden][name="ware"]').input_value()
    box.fill("Xylophon")
    someone.page.get_by_text("Dazu finden wir nichts").first.wait_for()
    keys.press("Escape")
    assert someone.page.locator('input[type=hidden][name="ware"]').input_value() == ""


def _type_and_go_on(someone: Person, typed: str, seen: str) -> Locator:
    """Type into the list of countries and leave it by Tab as soon as it offers a country."""
    walk(someone, to="erreichbar")
    box = someone.page.get_by_role("combobox", name="In welchem Land")
    box.focus()
    someone.page.keyboard.type(typed)
    someone.page.get_by_role("option", name=seen).wait_for()
    someone.page.keyboard.press("Tab")
    return box


def test_a_country_typed_to_its_end_is_chosen(applicant: Seat) -> None:
    someone = applicant()
    box = _type_and_go_on(someone, "osterreich", "Österreich")
    assert box.input_value() == "Österreich"
    assert someone.page.locator('select[name="herkunft"]').input_value() == "AT"


def test_who_goes_on_while_a_long_list_is_open_sees_where_the_focus_is(applicant: Seat) -> None:
    someone = applicant()
    _type_and_go_on(someone, "a", "Australien")
    focused = someone.page.evaluate("() => document.activeElement.tagName")
    assert focused in {"INPUT", "SELECT", "TEXTAREA", "BUTTON", "A", "SUMMARY"}, focused
    assert someone.page.evaluate("() => document.activeElement.getClientRects().length")


def test_a_street_is_suggested_and_fills_in_the_town(applicant: Seat) -> None:
    someone = applicant()
    walk(someone, to="erreichbar")
    box = someone.page.get_by_role("combobox", name="Straße")
    box.focus()
    someone.page.keyboard.type("bruckeng")
    someone.page.get_by_role("option", name="Brückengasse, 05171 Mühlbrück").wait_for()
    someone.page.keyboard.press("ArrowDown")
    someone.inspect()
    someone.page.keyboard.press("Enter")
    assert someone.field("anschrift-strasse").input_value() == "Brückengasse"
    assert someone.field("anschrift-plz").input_value() == "05171"
    assert someone.field("anschrift-ort").input_value() == "Mühlbrück"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_misspelled_street_is_asked_about_once_and_never_forced(
    applicant: Seat, scripts: bool
) -> None:
    someone = applicant(mute=not scripts)
    walk(someone, to="erreichbar")
    fill_in(someone, "erreichbar")
    someone.field("anschrift-strasse").fill("Brukengasse")
    someone.page.keyboard.press("Escape")
    someone.onward()
    assert someone.path.endswith("/erreichbar")
    assert "Meinten Sie eine dieser Straßen?" in someone.text
    someone.inspect()
    someone.inspect_narrow()
    if scripts:
        pictures(someone, "strasse-frage")
        someone.onward()
    else:
        someone.page.get_by_label("Brückengasse, 05171 Mühlbrück").check()
        someone.onward()
    someone.at("/fest")
    someone.page.go_back()
    someone.go(someone.path.replace("/fest", "/erreichbar"))
    kept = someone.field("anschrift-strasse").input_value()
    assert kept == ("Brukengasse" if scripts else "Brückengasse")


@pytest.mark.parametrize("scripts", [True, False])
def test_rows_of_a_table_are_added_and_removed(applicant: Seat, scripts: bool) -> None:
    someone = applicant(mute=not scripts)
    walk(someone, to="angebot")
    add = someone.page.get_by_role("button", name="Zeile hinzufügen")
    for row, what in enumerate(("Waffeln", "Bücher", "Blumen")):
        if row:
            add.click()
            someone.field(f"staende-{row}-was").wait_for()
            _goes_on_typing_at(someone, f"feld-staende-{row}-was", at_once=scripts)
        someone.fill_in({f"staende-{row}-was": what, f"staende-{row}-breite": "2"})
    someone.inspect()
    someone.inspect_narrow()
    with someone.page.expect_navigation():
        someone.page.get_by_role("button", name="Entfernen: Zeile 2").click()
    assert someone.field("staende-0-was").input_value() == "Waffeln"
    assert someone.field("staende-1-was").input_value() == "Blumen"
    assert someone.page.locator('[name="staende-2-was"]').count() in (0, 1)
    assert "Bücher" not in someone.page.content()
    someone.page.keyboard.press("Tab")
    assert someone.page.evaluate("() => document.activeElement.closest('.dw-rows, fieldset')")


def _goes_on_typing_at(someone: Person, name: str, *, at_once: bool) -> None:
    """Whoever hears the page stands in the new row; without scripts Tab leads into the table."""
    focus = "() => document.activeElement.id"
    if at_once:
        assert someone.page.evaluate(focus) == name
        return
    someone.page.keyboard.press("Tab")
    assert someone.page.evaluate(focus).startswith(name.partition("-was")[0][:-2])


def test_a_full_table_takes_no_further_row(applicant: Seat) -> None:
    someone = applicant()
    walk(someone, to="angebot")
    add = someone.page.get_by_role("button", name="Zeile hinzufügen")
    for _ in range(5):
        add.click()
    assert someone.page.locator(".dw-rows tbody tr").count() == 6
    assert not add.is_visible()


def test_a_place_is_shown_on_the_map_by_keyboard_and_by_pointing(applicant: Seat) -> None:
    someone = applicant()
    walk(someone, to="ort")
    page = someone.page
    point, line, area = page.locator(".dw-map").all()
    view = point.get_by_role("application")
    view.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    point.get_by_role("button", name="Hier setzen").press("Enter")
    assert someone.field("buehne-geometry").input_value().startswith("54.")
    assert "1 Punkt ist gesetzt" in point.inner_text()
    for at in ((100, 100), (200, 150), (300, 120)):
        for box in (line, area):
            box.get_by_role("application").click(position={"x": at[0], "y": at[1]})
    line.get_by_role("button", name="Letzten Punkt zurücknehmen").click()
    assert len(someone.field("sperrung-geometry").input_value().split("\n")) == 2
    assert len(someone.field("flaeche-geometry").input_value().split("\n")) == 3
    someone.inspect()
    someone.inspect_narrow()
    pictures(someone, "ort-karte")
    someone.onward()
    someone.at("/angebot")
    page.go_back()
    someone.go(someone.path.replace("/angebot", "/ort"))
    assert someone.field("buehne-geometry").input_value().startswith("54.")


def test_a_place_is_told_by_coordinates_without_a_map(applicant: Seat) -> None:
    someone = applicant(java_script_enabled=False)
    walk(someone, to="ort")
    assert not someone.page.locator(".dw-map").first.is_visible()
    someone.page.locator("details.dw-coordinates summary").first.click()
    someone.fill_in({"buehne-geometry": "54,145 12,315"})
    someone.onward()
    someone.at("/angebot")


def test_pictures_of_the_map_come_only_to_pages_with_one(applicant: Seat) -> None:
    someone = applicant()
    plain = someone.page.reload()
    assert plain is not None
    assert "karten" not in plain.headers["content-security-policy"]
    walk(someone, to="ort")
    mapped = someone.page.reload()
    assert mapped is not None
    assert (
        "img-src 'self' http://karten.localhost data:" in mapped.headers["content-security-policy"]
    )


def test_in_the_garden_nobody_needs_to_apply(applicant: Seat) -> None:
    someone = applicant()
    someone.fill_in({"oeffentlich": "false"})
    someone.onward()
    assert "Sie müssen das Fest nicht anmelden" in someone.text
    someone.inspect()


@pytest.mark.parametrize(
    "size", inspecting.one_of(NARROW, DESKTOP), ids=lambda size: str(size["width"])
)
def test_every_page_reads_well_in_the_dark_and_in_english(
    applicant: Seat, size: dict[str, int]
) -> None:
    someone = applicant(color_scheme="dark", viewport=size)

    def look(_page: str) -> None:
        here = someone.page.url
        someone.page.goto(here.split("#")[0] + "?lang=en")
        someone.inspect()
        someone.page.goto(here.split("#")[0] + "?lang=de")
        fill_in(someone, here.split("#")[0].rsplit("/", 1)[-1])

    walk(someone, to="kontakt", at_page=look)
