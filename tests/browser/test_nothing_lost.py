"""Nothing is lost: fields saved as they are left, a cut network, other devices, other releases."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from applications import begin
from browsing import Person

SERVICE = "verlustprobe"


@pytest.fixture
def someone(person: Callable[..., Person]) -> Person:
    return person("muehlbrueck")


def state(someone: Person, words: str) -> None:
    """Wait until the page says so below the form."""
    someone.page.locator("[data-autosave-state]", has_text=re.compile(words)).wait_for()


def test_each_field_is_saved_as_it_is_left_and_said_so(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    someone.field("vorname").fill("Ayşe")
    someone.field("nachname").focus()
    state(someone, r"Gespeichert um \d\d:\d\d")
    assert someone.page.locator("[data-autosave-state]").get_attribute("role") == "status"
    someone.inspect()
    someone.field("nachname").fill("Öztürk")
    someone.field("geburtsdatum").fill("31.2.1984")
    someone.page.reload()
    someone.page.wait_for_timeout(500)
    someone.page.reload()
    assert someone.field("vorname").input_value() == "Ayşe"
    assert someone.field("nachname").input_value() == "Öztürk"
    assert someone.field("geburtsdatum").input_value() == "31.2.1984", "kept as it was typed"


def test_a_cut_network_loses_nothing_and_posts_nothing_twice(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    answers: list[int] = []
    someone.page.on(
        "response",
        lambda got: answers.append(got.status) if got.request.method == "POST" else None,
    )
    someone.context.set_offline(True)
    someone.field("vorname").fill("Ayşe")
    someone.field("nachname").focus()
    state(someone, "Nicht gespeichert – wir versuchen es weiter")
    assert answers == []
    someone.inspect()
    someone.context.set_offline(False)
    state(someone, "Gespeichert um")
    someone.page.wait_for_timeout(1500)
    assert answers == [200], "once, when the network was back"
    someone.troubles = [one for one in someone.troubles if "ERR_INTERNET_DISCONNECTED" not in one]
    someone.page.reload()
    assert someone.field("vorname").input_value() == "Ayşe"


def test_leaving_while_a_save_is_under_way_keeps_the_newest_words(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    page = someone.page.url
    someone.field("vorname").fill("Erst")
    someone.field("nachname").focus()
    someone.field("vorname").fill("Dann")
    someone.page.goto(someone.stage.address("muehlbrueck", "/hilfe"))
    someone.page.wait_for_timeout(1000)
    someone.page.goto(page)
    assert someone.field("vorname").input_value() == "Dann"


def test_two_windows_are_told_apart_while_typing(someone: Person) -> None:
    begin(someone, "bewohnerparkausweis")
    other = someone.context.new_page()
    other.goto(someone.page.url)
    other.locator('[name="vorname"]').fill("Fatma")
    other.locator('[name="nachname"]').focus()
    other.locator("[data-autosave-state]", has_text="Gespeichert um").wait_for()
    someone.field("vorname").fill("Ayşe")
    someone.field("nachname").focus()
    state(someone, "in einem anderen Fenster geändert")
    someone.onward()
    assert "Fatma" in someone.page.locator(".kern-alert--warning").inner_text()
    assert someone.field("vorname").input_value() == "Ayşe"


def test_a_mailed_link_opens_the_draft_on_another_device(person: Callable[..., Person]) -> None:
    one, two = person("muehlbrueck"), person("muehlbrueck")
    address = f"link-{time.time_ns()}@example.org"
    begin(one, "bewohnerparkausweis")
    one.fill_in({"vorname": "Ayşe"})
    one.press("Speichern und später weitermachen")
    one.at("/pause")
    one.inspect_narrow()
    one.fill_in({"email": address})
    one.press("Link schicken")
    one.at("/entwurf/link/code")
    one.inspect()
    one.fill_in({"code": one.stage.code_sent_to(address)})
    one.press("Bestätigen")
    one.at("/entwurf/link/verschickt")
    one.inspect()
    link = _link(one, address)
    two.page.goto(link)
    assert "#" not in two.page.url, "the address bar shows no code"
    two.inspect()
    two.press("Antrag öffnen")
    two.page.wait_for_url("**/antrag/**")
    assert two.field("vorname").input_value() == "Ayşe"


def _link(someone: Person, address: str) -> str:
    for _ in range(200):
        for text in someone.stage.mails(address):
            if found := re.search(r"http\S+#\S+", text):
                return found[0]
        time.sleep(0.1)
    raise AssertionError("no e-mail with a link")


@pytest.mark.parametrize("scripts", [True, False])
def test_why_something_is_asked_is_told_on_request(
    person: Callable[..., Person], scripts: bool
) -> None:
    someone = person("muehlbrueck", java_script_enabled=scripts)
    begin(someone, "bewohnerparkausweis")
    asked = someone.page.locator("details.dw-purpose", has_text="Warum fragen wir das?")
    assert asked.count() >= 1
    first = asked.first
    told = first.locator("p").first
    assert not told.is_visible(), "nobody has to read it"
    first.locator("summary").focus()
    someone.page.keyboard.press("Enter")
    told.wait_for()
    assert len(told.inner_text()) > 20
    if scripts:
        someone.inspect()
    someone.page.keyboard.press("Enter")
    told.wait_for(state="hidden")


def test_a_session_warns_before_it_ends_and_goes_on(someone: Person) -> None:
    someone.page.clock.install()
    someone.go("/leistungen/bewohnerparkausweis")
    someone.page.get_by_role("checkbox").check()
    someone.inspect()
    someone.page.locator('form[action$="/beginnen"] button').click()
    someone.at("/pause")
    someone.follow("Jetzt weitermachen")
    someone.at("/person")
    dialog = someone.page.get_by_role("alertdialog")
    someone.page.clock.fast_forward("24:00")
    assert dialog.count() == 0
    someone.page.clock.fast_forward("01:10")
    dialog.wait_for()
    assert "in 5 Minuten geschlossen" in dialog.inner_text()
    assert someone.page.evaluate("document.activeElement.closest('dialog') !== null")
    someone.inspect()
    someone.page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    someone.page.clock.fast_forward("20:00")
    assert dialog.count() == 0, "it begins anew"
    someone.page.clock.fast_forward("05:10")
    dialog.wait_for()


def test_without_script_the_page_says_until_when_it_is_kept(
    person: Callable[..., Person],
) -> None:
    someone = person("muehlbrueck", java_script_enabled=False)
    begin(someone, "bewohnerparkausweis")
    assert "Ihr Entwurf ist bis zum" in someone.text
    someone.go("/leistungen/bewohnerparkausweis")
    someone.page.locator('[name="geraet"]').check()
    someone.page.locator('form[action$="/beginnen"] button').click()
    someone.at("/pause")
    assert "30 Minuten ohne Eingabe" in someone.text


def test_a_draft_of_a_withdrawn_release_is_carried_over(someone: Person, tmp_path: Path) -> None:
    offer(someone, tmp_path, "1.0.0")
    begin(someone, SERVICE)
    someone.fill_in({"vorname": "Ayşe", "nachname": "Öztürk", "geburtsdatum": "1.2.1990"})
    someone.onward()
    someone.fill_in({"zweck": "anderes"})
    someone.onward()
    someone.fill_in({"erklaerung": "Für den Sportverein"})
    someone.onward()
    at = someone.page.url
    offer(someone, tmp_path, "2.0.0")
    someone.page.reload()
    assert someone.heading != "Für diesen Antrag gibt es eine neue Fassung"
    someone.stage.dienstweg(
        *("offer", "withdraw", "--authority", "muehlbrueck", "--slug", SERVICE),
        *("--version", "1.0.0", "--reason", "Der Nachname stand nicht im Bescheid."),
    )
    someone.page.wait_for_timeout(2500)
    someone.page.goto(at)
    assert someone.heading == "Für diesen Antrag gibt es eine neue Fassung"
    assert "Der Nachname stand nicht im Bescheid." in someone.text
    assert "Für den Sportverein" in someone.text
    someone.inspect_narrow()
    someone.press("Angaben übernehmen und weitermachen")
    someone.page.wait_for_url(lambda url: "neue-fassung" not in url)
    someone.go(f"{'/'.join(someone.path.split('/')[:3])}/person")
    assert someone.field("vorname").input_value() == "Ayşe"
    assert someone.field("geburtsdatum").input_value() == "1.2.1990"


def offer(someone: Person, folder: Path, version: str) -> None:
    """Offer a small service of this test's own, in a version of it."""
    from dienstweg.blueprint import scaffold

    here = folder / version
    for name, content in scaffold.new(SERVICE).items():
        place = here / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if name == "blueprint.yaml":
            content = content.replace(b"version: 0.1.0", f"version: {version}".encode())  # noqa: PLW2901 - the version wanted
        place.write_bytes(content)
    someone.stage.dienstweg(
        *("offer", "add", "--authority", "muehlbrueck", "--blueprint", str(here)),
        *("--slug", SERVICE),
    )
    someone.page.wait_for_timeout(2500)
