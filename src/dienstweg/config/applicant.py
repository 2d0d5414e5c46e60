"""An applicant of the tour: asks for a resident's parking permit, page by page, by HTTP."""

import io
from collections.abc import Mapping
from datetime import timedelta

import pikepdf

from dienstweg.config.visitor import Page, Unexpected, Upload, Visitor
from dienstweg.kernel import clock

CONTACT = "kontakt"
SUMMARY = "zusammenfassung"
MOST_PAGES = 20


class Applicant:
    """Somebody in front of the portal of one authority."""

    def __init__(self, host: str, port: int) -> None:
        self.visitor = Visitor(host, port)
        self.number = ""
        self.code = ""
        self._page: Page | None = None
        self._sent: tuple[Page, Mapping[str, str]] | None = None

    def finds(self, words: str, title: str) -> bool:
        """Search in one's own words, and tell whether the service called ``title`` is found."""
        home = self.visitor.get("/")
        form = home.document.xpath('//form[@role="search"] | //search//form')[0]
        field = form.xpath('.//input[@type="search" or @type="text"]')[0].get("name")
        form.fields[field] = words
        found = self.visitor.get(f"{form.action or '/suche'}?{field}={words.replace(' ', '+')}")
        return any(title in each.text_content() for each in found.document.xpath("//a[@href]"))

    def begin(self, slug: str) -> None:
        """Begin an application on the start page of the service."""
        start = self.visitor.get(f"/leistungen/{slug}")
        self._page = self.visitor.send(start, start.form(action="beginnen"), {})

    def fill_in(self, *, street: str, number: str, zone: str = "") -> None:
        """Answer all pages of the parking permit, attach a file, and ask for letters."""
        answers = _answers(street, number, zone)
        for _ in range(MOST_PAGES):
            name = self._now.path.rsplit("/", 1)[-1]
            if name == SUMMARY:
                return
            if name == CONTACT:
                self._send({"weg": "post"}, having="weg")
            else:
                self._attach()
                self._send(answers.get(name, {}), having="version")
        raise Unexpected("the assistant does not come to its end")

    def submit(self) -> str:
        """Confirm the review and send; return the case number."""
        form = self._now.form(action="absenden")
        self._sent = (self._now, {"bestaetigt": "ja"})
        self._page = self.visitor.send(self._now, form, {"bestaetigt": "ja"})
        codes = self._now.document.xpath('//*[contains(@class, "dw-code")]')
        texts = ["".join(one.text_content().split()) for one in codes]
        if len(texts) < 2:
            raise Unexpected(f"{self._now.path}: no number and code; status {self._now.status}")
        self.number, self.code = texts[0], texts[1]
        return self.number

    def submit_again(self) -> str:
        """Send the same review once more, as an impatient person does; return the number."""
        assert self._sent is not None
        page, values = self._sent
        answer = self.visitor.send(page, page.form(action="absenden"), values)
        codes = answer.document.xpath('//*[contains(@class, "dw-code")]')
        return "".join(codes[0].text_content().split()) if codes else answer.title

    def on_another_device(self) -> "Applicant":
        """Return an applicant who opens the case by number and code alone."""
        other = Applicant(self.visitor.host, self.visitor.port)
        other.number, other.code = self.number, self.code
        door = other.visitor.get("/vorgang")
        form = door.form(having="code")
        values = {"nummer": self.number.lower(), "code": self.code.lower()}
        page = other.visitor.send(door, form, values)
        if self.number not in page.text:
            raise Unexpected(f"{page.path}: number and code do not open the case")
        return other

    def case(self) -> Page:
        """Return the page of the case."""
        return self.visitor.get(f"/vorgang/{self.number}")

    def timeline(self, page: Page) -> list[tuple[str, str]]:
        """Return time and title of what has happened, the oldest first."""
        entries = []
        for one in page.document.xpath('//*[contains(@class, "dw-timeline__item")]'):
            when, title = one.xpath("./p")[:2]
            entries.append((when.text_content().strip(), title.text_content().strip()))
        return entries[::-1]

    def can_pay(self, page: Page) -> bool:
        """Tell whether the page has the link to the payment platform."""
        return bool(page.document.xpath('//main//a[contains(., "Jetzt bezahlen")]'))

    def can_pay_again(self, page: Page) -> bool:
        """Tell whether a failed payment can be repeated."""
        return any("bezahlen" in (form.action or "") for form in page.document.forms)

    def pay(self, button: str) -> None:
        """Go to the payment platform and press ``button``; come back."""
        platform = self.visitor.get(self.case().link(text="Jetzt bezahlen"))
        for form in platform.document.forms:
            for one in form.xpath(".//button"):
                if button in one.text_content():
                    pressed = (one.get("name"), one.get("value"))
                    self.visitor.send(platform, form, {}, button=pressed)
                    return
        raise Unexpected(f"{platform.path}: no button {button!r}")

    def repeat_payment(self) -> None:
        """Ask for another attempt from the case page."""
        page = self.case()
        self.visitor.send(page, page.form(action="bezahlen"), {})

    def documents(self) -> list[tuple[str, bytes]]:
        """Download the documents of the case: their names on the page, and their bytes."""
        page = self.case()
        found = []
        for one in page.document.xpath('//main//a[contains(@href, "/dokument/")]'):
            answer = self.visitor.get(one.get("href"))
            found.append((" ".join(one.text_content().split()), answer.body))
        return found

    @property
    def _now(self) -> Page:
        if self._page is None:
            raise Unexpected("nothing has been begun")
        return self._page

    def _send(self, values: Mapping[str, str], *, having: str) -> None:
        before = self._now
        form = before.form(having=having)
        fitting = {name: value for name, value in values.items() if name in form.fields}
        self._page = self.visitor.send(before, form, fitting)
        if self._page.status != 200:
            raise Unexpected(f"{before.path}: status {self._page.status}: {self._page.text[:300]}")

    def _attach(self) -> None:
        """Attach a file where the page has a field for one."""
        before = self._now
        buttons = before.document.xpath('//button[@name="hochladen"]')
        if not buttons:
            return
        form = before.form(having="version")
        form.set("action", buttons[0].get("formaction"))
        field = form.xpath('.//input[@type="file"]')[0].get("name")
        self._page = self.visitor.send(
            before,
            form,
            {},
            button=("hochladen", buttons[0].get("value")),
            files={field: Upload("Fahrzeugschein.pdf", _pdf())},
        )


def _answers(street: str, number: str, zone: str) -> dict[str, dict[str, str]]:
    begins = clock.today() + timedelta(days=14)
    return {
        "person": {"vorname": "Ayşe", "nachname": "Müller-Öztürk", "geburtsdatum": "27.3.1984"},
        "wohnung": {
            "wohnungsart": "hauptwohnung",
            "strasse": street,
            "hausnummer": number,
            "plz": "05171",
            "ort": "Mühlbrück",
        },
        "zone": {"zone_wunsch": zone, "eigener_stellplatz": "false"},
        "fahrzeug": {"kennzeichen": "ks ab 123", "fahrzeugart": "pkw", "nutzung": "eigenes"},
        "ausweis": {
            "beginn": begins.strftime("%d.%m.%Y"),
            "dauer": "1",
            "ermaessigung": "keine",
        },
    }


def _pdf() -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(out)
    return out.getvalue()
