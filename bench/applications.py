"""What an applicant does from the entrance to the receipt, request by request."""

from collections.abc import Mapping

from bench.browser import Answer, Browser, Wrong
from bench.load import Watch

HOST = "messdorf.localhost"
SERVICE = "/leistungen/messantrag"

PAGES: Mapping[str, Mapping[str, str]] = {
    "person": {
        "vorname": "Ayşe",
        "nachname": "Müller-Öztürk",
        "geburtsdatum": "27.3.1984",
        "anrede": "frau",
    },
    "anschrift": {
        "strasse": "Brückengasse",
        "hausnummer": "12 a",
        "plz": "05171",
        "ort": "Messdorf",
    },
    "fahrzeug": {
        "kennzeichen": "MD AB 123",
        "hersteller": "Škoda",
        "eigentum": "false",
        "halter": "Jürgen Öttinger",
    },
    "nutzung": {
        "zone": "zwei",
        "dauer": "zwei-jahre",
        "beginn": "15.1.2027",
        "grund": "Ich wohne hier und brauche einen Stellplatz in der Nähe.",
    },
    "angaben": {
        "ermaessigung": "true",
        "ermaessigungsgrund": "Pflege eines Angehörigen",
        "bemerkung": "Bitte rufen Sie mich vormittags an.",
        "bestaetigung": "true",
    },
}


def begin(browser: Browser, watch: Watch) -> str:
    """Find the service and begin it; return where its first page is."""
    home = watch.time("entrance", lambda: browser.get("/"))
    if SERVICE.encode() not in home.body:
        raise Wrong("the entrance does not show the service")
    start: Answer = watch.time("start page", lambda: browser.get(SERVICE))
    begun = watch.time("begin", lambda: browser.post(f"{SERVICE}/beginnen", start.hidden()))
    return str(begun.location)


def apply(turn: int, watch: Watch, *, port: int) -> None:
    """Make one complete application, as a browser would; raises `Wrong` at the first deviation."""
    browser = Browser(HOST, port)
    place = begin(browser, watch)
    for name, values in PAGES.items():
        if not place.endswith(f"/{name}"):
            raise Wrong(f"{place} instead of {name}")
        page: Answer = watch.time("page GET", lambda at=place: browser.get(at))
        form = (
            page.hidden() | values | {"vorname": f"Ayşe {turn}"}
            if name == "person"
            else (page.hidden() | values)
        )
        place = watch.time("page POST", lambda at=place, f=form: browser.post(at, f)).location
    page = watch.time("contact GET", lambda: browser.get(place))
    form = page.hidden() | {"weg": "post", "email": ""}
    place = watch.time("contact POST", lambda: browser.post(place, form)).location
    page = watch.time("summary", lambda: browser.get(place))
    form = page.hidden() | {"bestaetigt": "ja"}
    send = place.replace("zusammenfassung", "absenden")
    place = watch.time("submit", lambda: browser.post(send, form)).location
    sent = watch.time("sent", lambda: browser.get(place))
    if b"MES-" not in sent.body:
        raise Wrong("no case number")
