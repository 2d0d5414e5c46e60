"""A group in a group, entries on several screens: walked with scripts, errors and all.

The blueprint is the one of dogs and their vaccinations (`structured_blueprint`), with `new_leaf`;
without scripts it is walked in `tests/portal/test_portal_leaves.py` and `test_portal_structure.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

import structured_blueprint
from applications import by_post, send
from browsing import Person
from own_stage import Stage

SLUG, TOWN = "hundeprobe", "sankt-wendelin"
LANDS_LATE = 40
"""Tries, half a second apart, until the running web processes have heard of a new offer."""
_FOCUS = "() => document.activeElement.id || document.activeElement.tagName"


@pytest.fixture(scope="module")
def offered(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Let the town offer the blueprint."""
    folder = tmp_path_factory.mktemp("hunde")
    files = structured_blueprint.files(assistant=structured_blueprint.in_leaves())
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    stage.dienstweg(
        "offer",
        "add",
        "--authority",
        TOWN,
        "--blueprint",
        str(folder),
        "--slug",
        SLUG,
        "--connection",
        "fachverfahren",
    )
    yield stage


def press(someone: Person, selector: str) -> None:
    with someone.page.expect_navigation():
        someone.page.locator(f"main {selector}").first.click()


def onward(someone: Person, **answers: str) -> None:
    someone.fill_in(answers)
    press(someone, ".dw-actions button[value=weiter]")


def begun(person: Callable[..., Person]) -> Person:
    someone = person(TOWN)
    for _ in range(LANDS_LATE):
        someone.go(f"/leistungen/{SLUG}")
        if someone.page.locator('form[action$="/beginnen"] button').count():
            press(someone, 'form[action$="/beginnen"] button')
            return someone
        someone.page.wait_for_timeout(500)
    raise AssertionError("the new offer never appears")


def test_dogs_and_their_vaccinations(offered: Stage, person: Callable[..., Person]) -> None:
    someone = begun(person)
    onward(someone, zweck="halten")
    press(someone, "button[name=hinzufuegen]")
    _errors_on_a_screen(someone)
    _vaccinate(someone)
    someone.at("/impfungen/0")
    onward(someone)
    someone.at("/hunde")
    _second_dog_goes_again(someone)
    onward(someone)
    onward(someone, ort="haus", platz="2")
    by_post(someone)
    assert "Rex – Impfungen: tollwut" in someone.text
    assert "Mia" not in someone.text
    number, code = send(someone)
    assert number
    assert code


def _errors_on_a_screen(someone: Person) -> None:
    """The first screen of the outer entry: its own error, told at its own question."""
    assert "Teil 1 von 2" in someone.text
    onward(someone, geimpft="true")
    assert someone.page.title().startswith("Fehler:")
    assert someone.page.locator("#fehler li a").all_inner_texts() != []
    assert someone.page.evaluate(_FOCUS) == "fehler"
    someone.page.locator("#fehler li a").first.click()
    assert someone.page.evaluate(_FOCUS) == "feld-hund_name"
    someone.inspect()
    onward(someone, hund_name="Rex")
    assert "Teil 2 von 2" in someone.text
    assert someone.page.title().startswith(someone.heading)
    someone.inspect()
    onward(someone)
    someone.at("/impfungen/0")


def _vaccinate(someone: Person) -> None:
    """The nested list: left too early, an error inside, and back out through its screens."""
    onward(someone)
    assert someone.page.title().startswith("Fehler:"), "at least one vaccination"
    press(someone, "button[name=hinzufuegen]")
    someone.at("/impfungen/0/0")
    someone.inspect()
    onward(someone, stoff="tollwut", datum="31.2.2026")
    assert someone.page.title().startswith("Fehler:")
    assert someone.field("datum").input_value() == "31.2.2026"
    someone.inspect()
    onward(someone, datum="1.2.2026")
    assert "/impfungen/0/0?teil=3" in someone.page.url
    press(someone, ".dw-actions button[value=zurueck]")
    assert someone.field("datum").input_value() == "1.2.2026"
    onward(someone)
    onward(someone)


def _second_dog_goes_again(someone: Person) -> None:
    """Another dog with a vaccination is removed: asked first, told after, and the first stays."""
    press(someone, "button[name=hinzufuegen]")
    onward(someone, hund_name="Mia", geimpft="true")
    onward(someone)
    press(someone, "button[name=hinzufuegen]")
    onward(someone, stoff="staupe", datum="1.3.2026")
    assert "Teil 2 von 3" in someone.text
    onward(someone, anlass="Reise")
    onward(someone)
    onward(someone)
    someone.at("/hunde")
    press(someone, 'button[name=eintrag_entfernen][value="1"]')
    assert someone.heading == "„Mia“ entfernen?"
    someone.inspect()
    press(someone, ".dw-actions button")
    someone.at("/hunde")
    assert someone.page.evaluate(_FOCUS) == "hinweis"
    assert someone.page.locator("#hinweis").count() == 1
    assert someone.page.locator(".dw-item h2").all_inner_texts() == ["Rex"]
