"""Every shipped assistant, walked to its application: by keyboard alone, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from applications import by_post, send
from browsing import PHONE, Person
from keyboard import Keyboard
from walking import SHIPPED, offered, through, typed, walk_of


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_by_keyboard_alone(person: Callable[..., Person], folder: Path) -> None:
    someone = offered(person, folder.name)
    keys, walk = Keyboard(someone), walk_of(folder)

    def answer(_someone: Person, name: str, text: str) -> None:
        keys.clear(name)
        keys.answer(name, text)

    keys.press('form[action$="/beginnen"] button[type=submit]')
    pages = through(someone, walk, answer=answer, press=keys.press)
    assert len(pages) > 2
    keys.answer("weg", "post")
    keys.press("main form .dw-actions button")
    someone.at("/zusammenfassung")
    keys.answer("bestaetigt", "ja")
    keys.press('form[action$="/absenden"] .dw-actions button')
    someone.at("/abgeschickt")
    assert len(someone.page.locator(".dw-code").first.inner_text()) > 8


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_without_scripts(person: Callable[..., Person], folder: Path) -> None:
    someone = offered(
        person,
        folder.name,
        viewport=PHONE,
        java_script_enabled=False,
        has_touch=True,
        is_mobile=True,
    )

    def press(selector: str) -> None:
        with someone.page.expect_navigation():
            someone.page.locator(f"main :is(.dw-actions, form > div) {selector}").first.click()

    with someone.page.expect_navigation():
        someone.page.locator('form[action$="/beginnen"] button[type=submit]').click()
    through(
        someone,
        walk_of(folder),
        answer=typed,
        press=press,
    )
    by_post(someone)
    number, code = send(someone)
    assert number
    assert code
