"""The desk without a mouse: from the list to the case to the decision; a draft survives leaving.

The dog tax is what is decided; what a decision looks like before it is taken, the print view, the
archive and many tasks at once are looked at on the way, with their errors.
"""

from __future__ import annotations

from collections.abc import Callable

from applications import by_post, pay, send, submitted, unclear_zone
from browsing import Person
from keyboard import Keyboard
from walking import ROOT, through, typed, walk_of

Someone = Callable[..., Person]
REASON = "Der Nachweis zum Assistenzhund liegt vor."


def seated(person: Someone, name: str, secret: str) -> tuple[Person, Keyboard]:
    """Sign in by keyboard alone."""
    worker = person("")
    worker.go("/arbeitsplatz/anmelden")
    keys = Keyboard(worker)
    keys.answer("email", name)
    keys.answer("passwort", secret)
    with worker.page.expect_navigation():
        worker.page.keyboard.press("Enter")
    worker.at("/arbeitsplatz/")
    return worker, keys


def dog(person: Someone) -> str:
    """Register a dog that somebody must look at; return the number."""
    owner = person("muehlbrueck")
    walk = walk_of(ROOT / "leistungen" / "hundesteuer-anmeldung", "06")
    owner.go("/leistungen/hundesteuer-anmeldung")
    with owner.page.expect_navigation():
        owner.page.locator('form[action$="/beginnen"] button[type=submit]').click()

    def press(selector: str) -> None:
        with owner.page.expect_navigation():
            owner.page.locator(f"main :is(.dw-actions, form > div) {selector}").first.click()

    through(owner, walk, answer=typed, press=press, at_page=lambda _page: None)
    by_post(owner)
    return send(owner)[0]


def jump(worker: Person, key: str, place: str) -> None:
    """Press a single key and be where it leads, with the focus there."""
    worker.page.locator("body").press(key)
    worker.page.wait_for_function(
        "place => document.activeElement && document.activeElement.closest(place)", arg=place
    )


AT_ONCE = """
() => {
  const help = document.getElementById("tasten"), inside = help.querySelector("input");
  help.showModal();
  inside.focus();
  help.close();
  inside.dispatchEvent(new KeyboardEvent("keydown", {key: "e", bubbles: true, cancelable: true}));
  return document.activeElement.name;
}
"""
"""A key that comes before the browser has taken the focus out of the closed help."""


def test_the_dog_tax_is_decided_by_keyboard_alone(person: Someone) -> None:
    number = dog(person)
    worker, keys = seated(person, "steueramt@muehlbrueck.example", "demo-muehlbrueck-steuern")
    worker.reload_until(number)
    href = worker.page.get_by_role("link", name=number).first.get_attribute("href")
    keys.press(f'main a[href="{href}"]')
    worker.inspect()
    page = worker.page
    for key, place in (("a", "#antrag"), ("u", "#anlagen"), ("n", "#notizen"), ("e", "section")):
        jump(worker, key, place)
        page.evaluate("() => document.activeElement.blur()")
    page.locator("body").press("?")
    page.locator("dialog#tasten[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog#tasten[open]").wait_for(state="hidden")
    page.locator("body").press("e")
    keys = Keyboard(worker)
    page.evaluate("() => document.activeElement.blur()")
    assert page.evaluate(AT_ONCE) == "ergebnis"
    keys.answer("begruendung", REASON)
    page.keyboard.press("Tab")
    page.get_by_text("Entwurf gespeichert um").wait_for()
    worker.inspect()
    page.locator("h1").focus()
    with page.expect_navigation():
        page.locator("body").press("l")
    worker.at("/arbeitsplatz/")
    Keyboard(worker).press(f'main a[href="{href}"]')
    assert "Ihr Entwurf vom" in worker.text
    assert page.locator('textarea[name="begruendung"]').first.input_value() == REASON
    page.locator("body").press("e")
    keys = Keyboard(worker)
    keys.press("form[data-autosave] .dw-actions button:not([formaction])")
    assert "Bitte wählen Sie ein Ergebnis" in worker.text
    assert page.locator('textarea[name="begruendung"]').first.input_value() == REASON
    worker.inspect()
    keys = Keyboard(worker)
    keys.answer("ergebnis", "registered")
    keys.press("form[data-autosave] .dw-actions button:not([formaction])")
    assert "Entscheidung zurücknehmen" in worker.text and REASON in worker.text
    assert "Ihr Entwurf" not in worker.text
    worker.inspect()
    page.locator("h1").focus()
    with page.expect_navigation():
        page.locator("body").press("d")
    worker.at("/drucken")
    worker.inspect()


def test_what_is_made_of_a_case_is_looked_at_before_it_is_done(person: Someone) -> None:
    """Many at once, the archive, the look before a decision: each as it comes and as it refuses."""
    applicant = person("muehlbrueck")
    number, _ = submitted(applicant, unclear_zone())
    applicant.follow("Zu meinem Vorgang")
    pay(applicant)
    worker, _ = seated(person, "verkehr@muehlbrueck.example", "demo-muehlbrueck-verkehr")
    worker.reload_until(number)
    page = worker.page
    page.locator("tr", has_text=number).get_by_role("checkbox").check()
    with page.expect_navigation():
        page.locator('button[name="tun"][value="entscheiden"]').click()
    worker.inspect()
    with page.expect_navigation():
        page.locator('form[action$="/ausfuehren"] > .dw-actions button').first.click()
    assert "Bitte wählen Sie ein Ergebnis aus." in worker.text
    worker.inspect()
    worker.go("/arbeitsplatz/")
    worker.follow(number)
    case = worker.path
    page.get_by_label("Begründung").first.fill("Die Hausnummer liegt in keiner Zone.")
    shown = page.get_by_role("button", name="Vorschau ansehen").first
    shown.evaluate("one => one.removeAttribute('formtarget')")
    with page.expect_navigation():
        shown.click()
    assert "Für eine Vorschau fehlt noch etwas" in worker.text
    worker.inspect()
    worker.go(f"{case}/akte")
    worker.inspect()
    with page.expect_navigation():
        worker.press("Akte erstellen")
    worker.reload_until("Herunterladen (ZIP")
    worker.inspect()
    worker.go(case)
    assert "Ihr Entwurf vom" in worker.text, "who looks before deciding has lost nothing"
