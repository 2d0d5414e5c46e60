"""Every state of every page for everybody: axe-core, the frame, no sideways scrolling.

A few of the walks are part of every test run; ``ACCESSIBILITY=full`` (``make accessibility``) walks
in every language and every way of looking: wide, narrow, light, dark, at 400 % zoom, and in forced
colours.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import inspecting
import street_party
from applications import begin, fill_in, send, submitted, unclear_zone
from browsing import DESKTOP, NARROW, Person
from own_stage import Stage
from walking import SHIPPED, Walk, covering, offered, place_of, through, typed, walk_of

VIEWS: dict[str, dict[str, Any]] = {
    "1280-light": {"viewport": DESKTOP, "color_scheme": "light"},
    "320-dark": {"viewport": NARROW, "color_scheme": "dark"},
}
USUAL = [("de", "1280-light"), ("en", "320-dark")]
EVERY = [(lang, "1280-light") for lang in ("de", "en")]
"""In a full run each state is seen in all `inspecting.LOOKS` anyway."""
WALKS = EVERY if inspecting.FULL else USUAL
ASSISTANTS = (
    [(walk, folder) for walk in EVERY for folder in SHIPPED]
    if inspecting.FULL
    else [(view, SHIPPED[number]) for number, view in enumerate(USUAL)]
)
"""In usual runs two of the assistants, each in one view; field types have tests of their own."""
PUBLIC = (
    "/",
    "/suche?suche=hund",
    "/suche?suche=xylophon",
    "/leistungen/hundesteuer-anmeldung",
    "/fortsetzen",
    "/vorgang",
    "/code-vergessen",
    "/impressum",
    "/datenschutz",
    "/barrierefreiheit",
    "/hilfe",
    "/rueckmeldung",
    "/rueckmeldung/danke",
    "/leistungen/hundesteuer-anmeldung/papier",
    "/beteiligt",
    "/beteiligt/neuer-link",
    "/pruefen",
    "/pruefen/7F3K-9M2Q-4XBC-0000",
)
FORMS = ("/fortsetzen", "/vorgang", "/code-vergessen", "/rueckmeldung", "/beteiligt")
"""Pages outside the assistant that can be sent empty, and say what is missing."""
ASTRAY = ("/gibt-es-nicht", "/leistungen/gibt-es-nicht/beginnen", "/vorgang/MUE-0000-0000-000")
DESK = (
    "/arbeitsplatz/",
    "/arbeitsplatz/vorgaenge",
    "/arbeitsplatz/post",
    "/arbeitsplatz/anbindungen",
    "/arbeitsplatz/fristen",
    "/arbeitsplatz/stoerungen",
    "/arbeitsplatz/erstattungen",
    "/arbeitsplatz/?liste=frei&frist=ohne&ansicht=",
    "/arbeitsplatz/teams",
    "/arbeitsplatz/abwesenheit",
)
ASTRAY_AT_THE_DESK = (
    "/arbeitsplatz/vorgaenge?suche=MUE-0000-0000-000",
    "/arbeitsplatz/vorgaenge?suche=a",
    "/arbeitsplatz/?liste=freigabe",
    "/arbeitsplatz/?leistung=gibt-es-nicht",
)
OF_A_CASE = ("akte", "drucken", "nachfordern", "beteiligte", "abgeben")
LANGUAGE = {"de": "de-DE", "en": "en-GB"}


@pytest.fixture(params=WALKS, ids="-".join)
def walker(request: pytest.FixtureRequest, person: Callable[..., Person]) -> Callable[..., Person]:
    return _seated(person, *request.param)


def _seated(person: Callable[..., Person], lang: str, view: str) -> Callable[..., Person]:
    def seat(town: str) -> Person:
        return person(town, locale=LANGUAGE[lang], **VIEWS[view])

    return seat


def test_the_public_pages(walker: Callable[..., Person]) -> None:
    someone = walker("muehlbrueck")
    for path in (*PUBLIC, *ASTRAY):
        someone.go(path)
        someone.inspect()
    lost = walker("nirgendwo")
    lost.go("/")
    lost.inspect()
    network = walker("")
    network.go("/")
    network.inspect()


def test_forms_that_are_sent_empty(walker: Callable[..., Person]) -> None:
    someone = walker("muehlbrueck")
    for path in FORMS:
        someone.go(path)
        with someone.page.expect_navigation():
            someone.page.locator("main form[method=post] button[type=submit]").last.click()
        assert someone.page.locator("#fehler").count() == 1, path
        someone.inspect()


def test_the_pages_of_accounts(walker: Callable[..., Person]) -> None:
    someone = walker("")
    address = f"konto-{uuid4()}@example.org"
    for path in ("anmelden", "passwort-vergessen", "anlegen"):
        someone.go(f"/konto/{path}")
        someone.inspect()
        someone.onward()
        someone.inspect()
    someone.fill_in({"email": address, "passwort": "Regenbogen-Fahrrad-47"})
    someone.onward()
    someone.inspect()
    someone.fill_in({"code": someone.stage.code_sent_to(address)})
    someone.onward()
    someone.inspect()
    for path in ("angaben", "email", "passwort", "loeschen"):
        someone.go(f"/konto/{path}")
        someone.inspect()
        if path != "angaben":
            someone.onward()
            assert someone.page.locator("#fehler").count() == 1, path
            someone.inspect()
    someone.go("/konto/email")
    someone.fill_in({"email": f"neu-{address}", "passwort": "Regenbogen-Fahrrad-47"})
    someone.onward()
    someone.at("/email/code")
    someone.inspect()


def test_a_forgotten_password(walker: Callable[..., Person]) -> None:
    someone = walker("")
    someone.go("/konto/passwort-vergessen")
    someone.fill_in({"email": f"niemand-{uuid4()}@example.org"})
    someone.onward()
    someone.at("/passwort-vergessen/code")
    someone.inspect()
    someone.onward()
    assert someone.page.locator("#fehler").count() == 1
    someone.inspect()


@pytest.mark.parametrize(
    ("view", "folder"),
    ASSISTANTS,
    ids=lambda one: one.name if isinstance(one, Path) else "-".join(one),
)
def test_every_page_of_every_assistant(
    person: Callable[..., Person], view: tuple[str, str], folder: Path
) -> None:
    """Each page as it comes, sent empty with all its errors, and filled in."""
    someone, looked = offered(_seated(person, *view), folder.name), set[str]()
    for walk in covering(folder) if inspecting.FULL else [walk_of(folder)]:
        begin(someone, folder.name)
        _each_page(someone, walk, looked)
        someone.inspect()
        for page in walk.pages:
            inspecting.note(how="axe", service=folder.name, page=page)


def _each_page(someone: Person, walk: Walk, looked: set[str]) -> None:
    def press(selector: str) -> None:
        with someone.page.expect_navigation():
            someone.page.locator(f"main :is(.dw-actions, form > div) {selector}").first.click()

    def arriving(page: str) -> None:
        if page in looked:
            return
        someone.inspect()
        press("button[value=weiter]")
        if place_of(someone) == page:
            someone.inspect()
        else:
            someone.page.go_back()

    def at_page(page: str) -> None:
        if page not in looked:
            someone.inspect()
        looked.add(page)

    through(someone, walk, answer=typed, press=press, arriving=arriving, at_page=at_page)


@pytest.mark.skipif(not inspecting.FULL, reason="test_field_types.py looks at them in usual runs")
def test_every_kind_of_question(walker: Callable[..., Person], stage: Stage) -> None:
    """Empty, wrong and filled in; what is chosen by its German name is chosen in German."""
    street_party.offer(stage)
    someone = street_party.with_map(walker(street_party.TOWN))
    street_party.begin(someone)
    lang = someone.page.evaluate("document.documentElement.lang")

    def look(page: str) -> None:
        someone.inspect()
        someone.page.goto(f"{someone.page.url.partition('?')[0]}?lang={lang}")
        someone.onward()
        if someone.path.endswith(f"/{page}"):
            someone.inspect()
        else:
            someone.page.go_back()
        someone.page.goto(f"{someone.page.url.partition('?')[0]}?lang=de")
        street_party.fill_in(someone, page)

    someone.page.goto(f"{someone.page.url}?lang=de")
    street_party.walk(someone, to="kontakt", at_page=look)


def test_an_assistant_that_ends_early(walker: Callable[..., Person], stage: Stage) -> None:
    street_party.offer(stage)
    someone = walker(street_party.TOWN)
    street_party.begin(someone)
    someone.fill_in({"oeffentlich": "false"})
    someone.onward()
    someone.inspect()


def test_how_a_draft_goes_elsewhere(walker: Callable[..., Person]) -> None:
    someone = walker("muehlbrueck")
    someone.go("/leistungen/bewohnerparkausweis/beginnen?zone=C&dauer=1")
    someone.inspect()
    begin(someone, "bewohnerparkausweis")
    draft = someone.path.rsplit("/", 1)[0]
    for path in ("pause", "entwurf/frueherer"):
        someone.go(f"{draft}/{path}")
        someone.inspect()
    someone.go(f"{draft}/pause")
    for address in ("keine", "aenne@beispiel.example"):
        someone.fill_in({"email": address})
        someone.onward()
        someone.inspect()
    someone.fill_in({"code": "000000"})
    someone.onward()
    someone.inspect()


def test_the_assistant_empty_wrong_and_filled(walker: Callable[..., Person]) -> None:
    someone = walker("muehlbrueck")
    seen: set[str] = set()

    def look(page: str) -> None:
        if page not in seen:
            someone.inspect()
        seen.add(page)

    begin(someone, "bewohnerparkausweis")
    someone.inspect()
    someone.onward()
    someone.inspect()
    fill_in(someone, unclear_zone(), at_page=look)
    assert len(seen) == 7
    someone.inspect()
    someone.onward()
    someone.inspect()
    someone.fill_in({"weg": "email", "email": "aenne@beispiel.example"})
    someone.onward()
    someone.at("/kontakt/code")
    someone.inspect()
    someone.go(someone.path.removesuffix("/code"))
    someone.fill_in({"weg": "post"})
    someone.onward()
    someone.inspect()
    send(someone)
    someone.inspect()
    someone.page.locator('main a[href^="/vorgang/"]:not([href*="/dokument/"])').first.click()
    someone.page.wait_for_url("**/vorgang/**")
    someone.inspect()
    someone.page.locator('main a[href$="/zuruecknehmen"]').click()
    someone.at("/zuruecknehmen")
    someone.inspect()


def test_repeated_groups_and_the_pause(walker: Callable[..., Person]) -> None:
    someone = walker("muehlbrueck")
    begin(someone, "hundesteuer-anmeldung")
    draft = someone.path.rsplit("/", 1)[0]
    someone.go(f"{draft}/hunde")
    someone.inspect()
    someone.page.locator('button[name="hinzufuegen"]').click()
    someone.page.wait_for_url("**/hunde/0")
    someone.fill_in({"rasse": "alano", "mischling": "true"})
    someone.onward()
    someone.inspect()
    someone.go(f"{draft}/hunde")
    someone.inspect()
    someone.go(f"{draft}/pause")
    someone.inspect()
    someone.go(f"{draft}/papier")
    someone.inspect()
    someone.page.locator('main form[action$="/papier"] button').click()
    someone.page.locator('main a[href$="/papier.pdf"]').wait_for()
    someone.inspect()
    someone.go(f"{draft}/verwerfen")
    someone.inspect()


def test_the_desk(walker: Callable[..., Person], person: Callable[..., Person]) -> None:
    # A case of this test's own: which tests share an installation is for xdist to say.
    number, _ = submitted(person("muehlbrueck"), unclear_zone())
    worker = walker("")
    worker.go("/arbeitsplatz/anmelden")
    worker.inspect()
    worker.fill_in({"email": "verkehr@muehlbrueck.example", "passwort": "demo-muehlbrueck-verkehr"})
    worker.page.locator("main button[type=submit]").click()
    worker.at("/arbeitsplatz/")
    for path in DESK:
        worker.go(path)
        worker.inspect()
    for path in ASTRAY_AT_THE_DESK:
        worker.go(path)
        worker.inspect()
    worker.go("/arbeitsplatz/vorgaenge")
    worker.page.locator("tbody a", has_text=number).click()
    worker.page.wait_for_url("**/vorgaenge/*-*")
    worker.inspect()
    case = worker.path
    for path in OF_A_CASE:
        worker.go(f"{case}/{path}")
        worker.inspect()


def test_maintenance(walker: Callable[..., Person]) -> None:
    someone = walker("muehlbrueck")
    closed = Path(someone.stage.environment["DIENSTWEG_VAR"]) / "maintenance"
    closed.touch()
    try:
        someone.go("/")
        someone.inspect()
    finally:
        closed.unlink()


@pytest.mark.parametrize(
    "fault",
    [
        "document.documentElement.lang = ''",
        "document.title = ''",
        "document.querySelector('main label').remove()",
        "document.querySelector('h1').outerHTML = '<h4>?</h4>'",
        "document.querySelector('main').append(new Image(20, 20))",
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<hr width=3000>')",
    ],
)
def test_the_inspection_finds_what_is_wrong(person: Callable[..., Person], fault: str) -> None:
    someone = person("muehlbrueck")
    someone.go("/suche?suche=hund")
    someone.inspect()
    someone.page.evaluate(f"() => {{ {fault}; }}")
    with pytest.raises(AssertionError):
        someone.inspect()


def test_the_browser_tells_of_what_the_policy_stops(person: Callable[..., Person]) -> None:
    someone = person("muehlbrueck")
    someone.go("/")
    someone.page.evaluate(
        "() => { document.head.insertAdjacentHTML('beforeend', '<style>p{color:red}</style>');"
        " const image = new Image(); image.src = 'http://example.org/x.png'; }"
    )
    someone.page.wait_for_timeout(300)
    assert any("Content Security Policy" in one for one in someone.troubles)
    someone.troubles.clear()
