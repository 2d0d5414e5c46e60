"""Two towns with both services live, people in each of them, and their secrets to look for.

Every person types words of their own into every free field (`Person.canaries`), so that a word
found where it must not be tells whose data has come there.
"""

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import override_settings
from PIL import Image

from applicant import Applicant, Page
from dienstweg.accounts import actions as accounts
from dienstweg.accounts.models import Team
from dienstweg.assistants import queries as drafts
from dienstweg.authorities import scope
from dienstweg.catalogue import queries as catalogue
from dienstweg.config import network
from dienstweg.deliveries.actions import news, sending
from dienstweg.offers import queries as offers
from dienstweg.payments.actions import collecting, settling
from dienstweg.portal import keys
from fakes import FakeConnector, FakePaymentProvider
from hostile import watch
from simulated import OUR_KEY
from tusing import Piecewise
from working import live_through, work

ROOT = Path(__file__).parents[2]
NETWORK_HOST = "localhost"
TOWNS = ("muehlbrueck", "weissenfaehr")
ROOMS = (
    "catalogue",
    "documents",
    "processes",
    "payments",
    "deliveries",
    "inbox",
    "mail",
    "cases",
)
WORDS = (
    ("muehlbrueck", "Ameisenbärchen"),
    ("muehlbrueck", "Bibernellwürz"),
    ("weissenfaehr", "Cassiopeiaßtern"),
    ("weissenfaehr", "Dompfäffchen"),
)
STREETS = {"muehlbrueck": ("Brückengasse", "12"), "weissenfaehr": ("Fährgasse", "5")}
ADDRESSES = {
    "simulator_payments": "http://127.0.0.1:9",
    "simulator_backoffice": "http://127.0.0.1:9",
    "backoffice_key_id": "backoffice",
    "backoffice_key": "A" * 43 + "=",
    "dienstweg_private_key": OUR_KEY,
}


def picture() -> bytes:
    """Return a small photo."""
    stream = io.BytesIO()
    Image.new("RGB", (20, 20), "navy").save(stream, "PNG")
    return stream.getvalue()


@dataclass
class Person:
    """An applicant: a browser, words of their own, and what they have at the town."""

    town: str
    word: str
    browser: Applicant = field(init=False)
    draft_id: UUID | None = None
    secret: str = ""
    case_id: UUID | None = None
    number: str = ""
    code: str = ""
    ids: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = Applicant(f"{self.town}.localhost")
        _tell_500(self.browser)

    @property
    def canaries(self) -> tuple[str, ...]:
        """Words that stand nowhere but in this person's data."""
        return (self.word, self.plain)

    @property
    def plain(self) -> str:
        """The word as it stands in addresses and file names."""
        return self.word.lower().translate(str.maketrans({"ä": "ae", "ü": "ue", "ß": "ss"}))


def _tell_500(browser: Applicant) -> None:
    """Let an error in a view be the answer that a client gets."""
    browser.client.raise_request_exception = False


class Staff(Applicant):
    """Somebody of the authorities with a browser, who can sign in."""

    def __init__(self, email: str, password: str, host: str = NETWORK_HOST) -> None:
        super().__init__(host)
        self.email, self.password = email, password
        _tell_500(self)

    def sign_in(self) -> Page:
        """Sign in at the desk."""
        self.open("/arbeitsplatz/anmelden")
        return self.send(action="/arbeitsplatz/anmelden", email=self.email, passwort=self.password)


@dataclass
class Ground:
    """Everything that stands there before a test."""

    ids: dict[str, UUID]
    anna: Person
    bert: Person
    clara: Person
    dora: Person
    staff: dict[str, Staff]
    platform: FakePaymentProvider
    office: FakeConnector
    log: watch.Log

    @property
    def people(self) -> tuple[Person, ...]:
        """Anna and Bert of Mühlbrück, Clara and Dora of Weißenfähr."""
        return (self.anna, self.bert, self.clara, self.dora)


@contextmanager
def standing(folder: Path) -> Iterator[Ground]:
    """Build the ground in a transaction that is taken back at the end."""
    fakes = FakePaymentProvider(), FakeConnector()
    with ExitStack() as stack:
        stack.enter_context(
            override_settings(
                DIENSTWEG_FILES=folder / "files",
                DIENSTWEG_ERASURES=folder / "erasures.log",
                PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
                EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
                MIDDLEWARE=["hostile.watch.Addresses", *settings.MIDDLEWARE],
            )
        )
        stack.enter_context(_behind_the_ports(*fakes))
        stack.enter_context(undone())
        _forget()
        stack.callback(_forget)
        yield _build(*fakes, stack.enter_context(watch.listening()))


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _behind_the_ports(platform: FakePaymentProvider, office: FakeConnector) -> Iterator[None]:
    import pytest

    with pytest.MonkeyPatch.context() as patch:
        for module in (collecting, settling):
            patch.setattr(module, "provider_of", lambda _account: platform)
        for module in (sending, news):
            patch.setattr(module, "connector_of", lambda _connection: office)
        yield


def _forget() -> None:
    from dienstweg.authorities import queries as authorities

    authorities.forget()
    offers.forget()
    catalogue.forget()


def _build(platform: FakePaymentProvider, office: FakeConnector, log: watch.Log) -> Ground:
    path = ROOT / "demo" / "network.yaml"
    ids = network.load(path=path, root=ROOT, addresses=ADDRESSES)
    work(*ROOMS)
    mail.outbox = []
    staff = {
        f"{role}@{town}": Staff(f"{role}@{town}.example", f"demo-{town}-{password}")
        for town in TOWNS
        for role, password in (("verkehr", "verkehr"), ("kasse", "kasse"))
    }
    lead("verkehr@muehlbrueck.example")
    people = [Person(town, word) for town, word in WORDS]
    ground = Ground(ids, *people, staff, platform, office, log)
    for one in people:
        apply_for_parking(one)
    work(*ROOMS)
    for number in platform.transactions:
        platform.change(number, state="paid")
    for one in people:
        payment_id = only("payments_payment", one.case_id)
        one.browser.client.get(f"/zahlung/{payment_id}")
    work(*ROOMS)
    for clerk in staff.values():
        clerk.sign_in()
        assert clerk.page.url == "/arbeitsplatz/", clerk.page.html
    grant(staff["verkehr@muehlbrueck"], ground.bert)
    grant(staff["verkehr@weissenfaehr"], ground.clara)
    live_through(timedelta(minutes=2), *ROOMS)
    for one in people:
        begin_another(one)
        find_ids(one)
    work(*ROOMS)
    return ground


def grant(clerk: Staff, who: Person) -> None:
    """Decide the person's case at the desk."""
    clerk.open(f"/arbeitsplatz/vorgaenge/{who.case_id}")
    clerk.send(action="/entscheiden", ergebnis="granted", begruendung=f"Für {who.word} in Ordnung.")
    assert clerk.page.status == 200, clerk.page.html
    clerk.send(action="/notizen", notiz=f"{who.word} ruft am Montag an.")
    assert clerk.page.status == 200, clerk.page.html


def apply_for_parking(who: Person) -> None:
    """Go through the whole assistant of the parking permit, by e-mail, and submit."""
    browser = fill_in(who, "nebenwohnung")
    if who.word == WORDS[2][1]:
        browser.send(weg="post")
    else:
        browser.send(weg="email", email=f"{who.plain}@post.example")
        work("mail")
        code = next(part for part in str(mail.outbox[-1].body).split() if part.isdigit())
        browser.send(code=code)
    assert browser.page.heading == "Prüfen Sie Ihren Antrag", browser.page.html
    browser.send(action="/absenden", bestaetigt="ja")
    shown = [part.split("<")[0] for part in browser.page.html.split('translate="no">')[1:]]
    who.number, who.code = next((a, b) for a, b in pairwise(shown) if a.count("-") == 3)
    who.case_id = UUID(browser.draft.split("/")[2])


def fill_in(who: Person, dwelling: str) -> Applicant:
    """Answer all pages of the parking permit; stand before the question for the contact."""
    browser, (street, number) = who.browser, STREETS[who.town]
    browser.begin("bewohnerparkausweis")
    send(browser, vorname=who.word, nachname=f"Von {who.word}", geburtsdatum="27.3.1984")
    reason = {"begruendung": f"Wegen {who.word} wohne ich hier."}
    send(
        browser,
        wohnungsart=dwelling,
        strasse=street,
        hausnummer=number,
        plz="05171",
        ort=f"Ort{who.word}"[:40],
        **(reason if dwelling == "nebenwohnung" else {}),
    )
    send(browser, eigener_stellplatz="false")
    send(browser, kennzeichen="ks ab 123", fahrzeugart="pkw", nutzung="eigenes")
    send(browser, beginn="15.1.2027", dauer="1", ermaessigung="keine")
    browser.upload("fahrzeugschein", picture(), f"{who.plain}-schein.png")
    send(browser)
    send(browser)
    assert browser.page.url.endswith("/kontakt"), browser.page.url + browser.page.html
    return browser


def send(browser: Applicant, **answers: str) -> Page:
    """Answer the page and go on; it must be taken."""
    page = browser.send(**answers, weiter="weiter")
    if page.status == 422 and "begruendung" in answers:
        page = browser.send(**answers, weiter="weiter")
    assert page.status == 200, page.html
    return page


def begin_another(who: Person) -> None:
    """Leave a draft of the same service open, with a file, and with one on its way."""
    fill_in(who, "hauptwohnung")
    who.draft_id = UUID(who.browser.draft.split("/")[2])
    upload = Piecewise(who.browser.client, f"{who.browser.draft}/anlage?seite=nachweise")
    assert upload.create(1_000, f"{who.plain}.png", "fahrzeugschein").status_code == 201
    assert upload.patch(0, b"x" * 100).status_code == 204
    who.ids["files_upload"] = UUID(upload.location.rpartition("/")[2])


def lead(email: str) -> None:
    """Let a clerk see every page of the desk: of who leads a team, and of who reads the log."""
    accounts.load_team(
        slug="boden",
        name="Boden",
        authority_slugs=["muehlbrueck"],
        roles=["datenschutz"],
        emails=[],
        leaders=[email],
    )


def find_ids(who: Person) -> None:
    """Look up the ids of everything that belongs to the person's case and draft."""
    for table in (
        "payments_payment",
        "payments_refund",
        "documents_document",
        "deliveries_delivery",
        "cases_task",
        "cases_correction",
        "cases_note",
        "records_export",
        "inbox_message",
    ):
        who.ids[table] = only(table, who.case_id)
    own_team = "boden" if who.town == "muehlbrueck" else "kasse-kranichsee"
    who.ids["accounts_team"] = Team.objects.get(slug=own_team).id
    who.ids["files_file"] = only("files_file", who.case_id, "owner_id")
    remember_secret(who)


def remember_secret(who: Person) -> None:
    """Look up the secret of the person's open draft in their cookie."""
    request = HttpRequest()
    request.COOKIES = {keys.DRAFTS: who.browser.client.cookies[keys.DRAFTS].value}
    assert who.draft_id is not None
    who.secret = keys.drafts(request)[who.draft_id]


def only(table: str, owner: UUID | None, column: str = "case_id") -> UUID:
    """Return the id of a row that belongs to ``owner``, whatever the scope; a new one if none."""
    from dienstweg.kernel.references import new_id

    with scope.enter(everything()), connection.cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{table}" WHERE {column} = %s ORDER BY id', [owner])
        row = cursor.fetchone()
    return UUID(str(row[0])) if row else new_id()


def everything() -> scope.Scope:
    """Return the scope of all authorities there are."""
    from dienstweg.authorities import queries as authorities

    return scope.of(*(card.id for card in authorities.all_cards()))


def draft_of(who: Person) -> drafts.DraftView:
    """Return the person's open draft as it is now."""
    from dienstweg.authorities import queries as authorities

    card = authorities.by_host(f"{who.town}.localhost")
    assert card is not None
    assert who.draft_id is not None
    with scope.enter(scope.of(card.id)):
        return drafts.opened(who.draft_id, who.secret)


def tables() -> dict[str, tuple[Any, ...]]:
    """Return for each table its number of rows and a digest that any write to one changes."""
    with scope.enter(everything()), connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # tells the server the scope, which psycopg alone would not
        # Prepared: how 80 tables are read is planned once.
        found = psycopg.Cursor(connection.connection).execute(_digests(), prepare=True)
        return {str(name): (count, digest) for name, count, digest in found}


@cache
def _digests() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [str(name) for (name,) in cursor.fetchall()]
    # Whatever is written is a new version of its row, at a new place and of another transaction.
    parts = [
        f"SELECT '{name}', count(*), md5(string_agg(ctid::text || xmin::text, '|' ORDER BY ctid))"
        f' FROM "{name}"'
        for name in names
        if name not in MEMORIES
    ]
    return " UNION ALL ".join(parts).encode()


MEMORIES = {"reception_guess", "django_session", "django_migrations"}
"""Tables that a refused request may write: how often somebody has guessed, and their session."""
