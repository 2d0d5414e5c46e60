"""Every shipped assistant, walked to its application: by keyboard alone, and without scripts.

In usual runs as one acceptance case each does that sees most pages, in one of the two ways; with
``ACCESSIBILITY=full`` (``make accessibility``) as every case does in both, also those that end
early or with an error.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import inspecting
from applications import by_post, send
from browsing import DESKTOP, PHONE, Person
from keyboard import Keyboard
from walking import SHIPPED, Walk, covering, ended, offered, through, typed, walk_of, walks_of

EACH = [
    pytest.param(folder, walk, id=f"{folder.name}-{walk.case}")
    for folder in SHIPPED
    for walk in (walks_of(folder) if inspecting.FULL else [walk_of(folder)])
]
KEYBOARD, SCRIPTLESS = (EACH, EACH) if inspecting.FULL else (EACH[::2], EACH[1::2])
"""In usual runs one assistant goes by keyboard, the next without scripts."""
SCREENS = [(DESKTOP, *case.values) for case in KEYBOARD]
if inspecting.FULL:
    SCREENS += [(PHONE, folder, walk_of(folder)) for folder in SHIPPED]


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: path.name)
def test_no_page_is_left_out(folder: Path) -> None:
    """Fails with the name of a page that no acceptance case walks to."""
    assert covering(folder)


@pytest.mark.parametrize(
    ("size", "folder", "walk"),
    SCREENS,
    ids=lambda one: getattr(one, "name", None) or getattr(one, "case", None) or str(one["width"]),
)
def test_by_keyboard_alone(
    person: Callable[..., Person], size: dict[str, int], folder: Path, walk: Walk
) -> None:
    """Up to the page of the case; a narrow window has a keyboard, too (400 % zoom)."""
    someone = offered(person, folder.name, viewport=size)
    keys = Keyboard(someone)

    def answer(_someone: Person, name: str, text: str) -> None:
        keys.clear(name)
        keys.answer(name, text)

    keys.press('form[action$="/beginnen"] button[type=submit]')
    through(someone, walk, answer=answer, press=keys.press)
    _note("keyboard", folder, walk)
    if ended(someone, walk):
        someone.inspect()
        return
    keys.answer("weg", "post")
    keys.press("main form .dw-actions button")
    someone.at("/zusammenfassung")
    keys.answer("bestaetigt", "ja")
    keys.press('form[action$="/absenden"] .dw-actions button')
    someone.at("/abgeschickt")
    number = someone.page.locator(".dw-code").first.inner_text().strip()
    keys.press(f'main a[href="/vorgang/{number}"]')
    assert number in someone.text


@pytest.mark.parametrize(("folder", "walk"), SCRIPTLESS)
def test_without_scripts(person: Callable[..., Person], folder: Path, walk: Walk) -> None:
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
    through(someone, walk, answer=typed, press=press)
    _note("no scripts", folder, walk)
    if ended(someone, walk):
        return
    by_post(someone)
    number, code = send(someone)
    assert number
    assert code


def _note(how: str, folder: Path, walk: Walk) -> None:
    for page in walk.pages:
        inspecting.note(how=how, service=folder.name, page=page)
