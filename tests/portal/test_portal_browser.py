"""The journey to a submitted application in real Chromium, on a desk and on a phone.

Every page is checked by axe-core (WCAG 2.2 AA and best practice) and for sideways scrolling, and
photographed. The pictures go to ``test-results/``, or to the folder that SCREENSHOTS names.
"""

import io
import os
import re
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest

import inspecting
from dienstweg.authorities import scope
from dienstweg.blueprint import archive, folder
from dienstweg.kernel import clock
from dienstweg.offers import actions as offers
from dienstweg.payments import actions as payments
from working import work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(os.environ.get("SCREENSHOTS", ROOT / "test-results" / "screenshots"))
RULES = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']"
WIDTHS = {"desktop": 1280, "phone": 375, "small": 320}


class Visitor:
    """A person at a browser: looks at every page, and takes a picture."""

    def __init__(self, browser, base, width_name, *, scheme="light"):
        self.name, self.width = width_name, WIDTHS[width_name]
        self.context = browser.new_context(
            viewport={"width": self.width, "height": 800}, locale="de-DE", color_scheme=scheme
        )
        self.page = self.context.new_page()
        self.base, self.findings, self.noise = base, [], []
        self.page.on("console", self._hear)

    def _hear(self, message):
        if (
            message.type == "error"
            and "the server responded with a status of 4" not in message.text
        ):
            self.noise.append(message.text)

    def go(self, path):
        self.page.goto(self.base + path)

    def look(self, name):
        """Check the page and photograph it."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
        found = self.page.evaluate(
            f"axe.run(document, {{runOnly: {RULES}}}).then(result => result.violations)"
        )
        self.findings += [(name, one["id"], one["nodes"][0]["html"]) for one in found]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > self.width:
            self.findings.append((name, "scrolls sideways", wide))
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{self.name}-{name}.png", full_page=True)

    def answer(self, **answers):
        for name, value in answers.items():
            field = self.page.locator(f'[name="{name}"]').first
            kind = field.get_attribute("type")
            if kind == "radio":
                self.page.locator(f'[name="{name}"][value="{value}"]').check()
            elif field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def onward(self):
        with self.page.expect_navigation():
            self.page.locator(".dw-actions button[value=weiter]").click()


@pytest.fixture
def parking(authority, settings, tmp_path, live_server):
    """Give the address of a municipality that offers the resident's parking permit."""
    from dienstweg.offers import queries

    settings.DIENSTWEG_STRICT_WORDS = True
    settings.DIENSTWEG_FILES = tmp_path / "files"
    blueprint = archive.pack(folder.read_folder(ROOT / "leistungen" / "bewohnerparkausweis"))
    with scope.enter(scope.of(authority)):
        payments.add_account(
            slug="epay",
            kind="xbezahldienste",
            options={
                "base_url": "http://127.0.0.1:9",
                "originator_id": "dienstweg",
                "endpoint_id": "probe",
                "private": True,
            },
            secrets={},
        )
        offers.go_live(archive=blueprint, settings={"payment": "epay", "connection": "akte"})
        work("catalogue")
    queries.forget()
    port = live_server.url.rsplit(":", 1)[1]
    yield f"http://kranichsee.localhost:{port}"
    queries.forget()


def paper():
    """Return a small PDF."""
    stream = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(stream)
    return {
        "name": "fahrzeugschein.pdf",
        "mimeType": "application/pdf",
        "buffer": stream.getvalue(),
    }


@pytest.mark.parametrize("width", inspecting.one_of("phone", "desktop"))
def test_from_the_entrance_to_the_copy(chromium, parking, authority, width):
    visitor = Visitor(chromium, parking, width)
    page = visitor.page
    visitor.go("/")
    visitor.look("01-entrance")
    page.get_by_label("Leistung suchen").fill("anwoner parken")
    page.get_by_role("button", name="Suchen").click()
    visitor.look("02-search")
    visitor.go("/leistungen/bewohnerparkausweis")
    visitor.look("03-service")
    page.get_by_role("button", name="Antrag beginnen").click()
    visitor.onward()
    assert page.evaluate("document.activeElement.id") == "fehler"
    visitor.look("04-errors")
    page.get_by_role("link", name=re.compile("Vornamen")).click()
    assert page.evaluate("document.activeElement.name") == "vorname"
    visitor.answer(vorname="Ayşe", nachname="Müller-Öztürk", geburtsdatum="27.3.1984")
    visitor.onward()
    visitor.look("05-page")
    visitor.answer(wohnungsart="hauptwohnung", strasse="Brückengasse", hausnummer="12")
    visitor.answer(plz="05171", ort="Mühlbrück")
    visitor.onward()
    visitor.answer(eigener_stellplatz="false")
    visitor.look("06-calculated")
    visitor.onward()
    visitor.answer(kennzeichen="ks ab 123", fahrzeugart="pkw", nutzung="eigenes")
    visitor.onward()
    begins = clock.today() + timedelta(days=10)
    visitor.answer(beginn=f"{begins:%d.%m.%Y}", dauer="1", ermaessigung="keine")
    visitor.onward()
    page.locator("input[type=file]").first.set_input_files(paper())
    page.locator(".dw-file__name", has_text="fahrzeugschein.pdf").first.wait_for()
    visitor.look("07-upload")
    visitor.onward()
    visitor.look("08-fee")
    visitor.onward()
    visitor.look("09-contact")
    page.get_by_label("Per Post").check()
    page.get_by_role("button", name="Weiter").click()
    visitor.look("10-review")
    page.get_by_label("Ich habe alle Angaben geprüft").check()
    page.get_by_role("button", name="Antrag verbindlich absenden").click()
    page.get_by_role("heading", name="Ihr Antrag ist abgeschickt").wait_for()
    with scope.enter(scope.of(authority)):
        work("documents")
    page.get_by_role("link", name="Kopie herunterladen (PDF)").wait_for(timeout=10_000)
    visitor.look("11-submitted")
    page.get_by_role("link", name="Zu meinem Vorgang").click()
    visitor.look("12-case")
    assert visitor.findings == []
    assert visitor.noise == []
    visitor.context.close()


@pytest.mark.parametrize("scheme", inspecting.one_of("dark", "light"))
def test_quiet_pages_on_the_smallest_phone(chromium, parking, scheme):
    visitor = Visitor(chromium, parking, "small", scheme=scheme)
    for path in ("hilfe", "barrierefreiheit", "fortsetzen", "vorgang", "code-vergessen", "weg"):
        visitor.go(f"/{path}")
        visitor.look(f"{scheme}-{path}")
    assert visitor.findings == []
    visitor.context.close()


def test_a_double_click_sends_once(chromium, parking):
    visitor = Visitor(chromium, parking, "desktop")
    sent = []
    visitor.page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    visitor.go("/leistungen/bewohnerparkausweis")
    visitor.page.get_by_role("button", name="Antrag beginnen").dblclick()
    visitor.page.get_by_role("heading", name="Ihre Person").wait_for()
    assert len(sent) == 1
    visitor.context.close()
