"""Every address of both URL tables: what it takes, who may use it, how to name a thing in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from applicant import Applicant
from dienstweg.kernel.references import case_number, new_id
from hostile.ground import Ground, Person

AUTHORITY, NETWORK = "dienstweg.config.urls", "dienstweg.config.urls_network"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ASSISTANT = (
    "vorname nachname geburtsdatum wohnungsart strasse hausnummer plz ort begruendung "
    "eigener_stellplatz kennzeichen fahrzeugart nutzung halter beginn dauer ermaessigung "
    "version von weiter hinzufuegen eintrag_entfernen bestaetigt suchen zeile zeile_entfernen lang"
)
Who = Literal["anyone", "draft", "case", "party", "staff", "office"]


@dataclass(frozen=True)
class Address:
    """``fields`` are all names that the view reads, from a form or the query."""

    takes: str
    who: Who
    fields: str = ""
    ends: bool = False
    """Whether a well-formed POST makes the browser forget the thing."""


TABLE: Mapping[str, Address] = {
    "api/v1/entwuerfe/<slug:connection>": Address("POST", "office"),
    "api/v1/rueckmeldungen/<slug:connection>": Address("POST", "office"),
    "arbeitsplatz/": Address(
        "GET", "staff", "liste leistung behoerde rolle stand frist ordnung nach ansicht"
    ),
    "arbeitsplatz/naechste": Address("GET", "staff", "nach"),
    "arbeitsplatz/auswahl": Address("POST", "staff", "tun an aufgabe ergebnis begruendung"),
    "arbeitsplatz/auswahl/ausfuehren": Address(
        "POST", "staff", "handlung tun an aufgabe ergebnis begruendung gelesen"
    ),
    "arbeitsplatz/ansichten": Address(
        "POST", "staff", "name team liste leistung behoerde rolle stand frist ordnung"
    ),
    "arbeitsplatz/ansichten/<uuid:view_id>/entfernen": Address("POST", "staff"),
    "arbeitsplatz/teams": Address("GET", "staff"),
    "arbeitsplatz/teams/neu": Address("GET POST", "staff", "name behoerde rolle"),
    "arbeitsplatz/teams/<uuid:team_id>": Address("GET", "staff"),
    "arbeitsplatz/teams/<uuid:team_id>/aendern": Address("POST", "staff", "name behoerde rolle"),
    "arbeitsplatz/teams/<uuid:team_id>/aufnehmen": Address("POST", "staff", "email"),
    "arbeitsplatz/teams/<uuid:team_id>/mitglieder/<uuid:account_id>": Address(
        "POST", "staff", "tun"
    ),
    "arbeitsplatz/abwesenheit": Address("GET POST", "staff", "wer von bis vertretung"),
    "arbeitsplatz/abwesenheit/<uuid:absence_id>/beenden": Address("POST", "staff", "wer"),
    "arbeitsplatz/erinnerungen": Address("POST", "staff", "an"),
    "arbeitsplatz/zugriffe": Address("GET", "staff", "nummer person von bis vor vorzeit"),
    "arbeitsplatz/zugriffe.csv": Address("GET", "staff", "nummer person von bis"),
    "arbeitsplatz/aufgaben/<uuid:task_id>/zuteilen": Address("POST", "staff", "an statt"),
    "arbeitsplatz/aufgaben/<uuid:task_id>/zustimmen": Address(
        "POST", "staff", "handlung vorschlag fassung"
    ),
    "arbeitsplatz/aufgaben/<uuid:task_id>/zurueckgeben": Address("POST", "staff", "bemerkung"),
    "arbeitsplatz/anmelden": Address("GET POST", "anyone", "email passwort weiter"),
    "arbeitsplatz/abmelden": Address("POST", "anyone"),
    "arbeitsplatz/aufgaben/<uuid:task_id>/entscheiden": Address(
        "POST", "staff", "handlung fassung ergebnis begruendung baustein baustein-frei"
    ),
    "arbeitsplatz/aufgaben/<uuid:task_id>/entwurf": Address(
        "POST", "staff", "fassung ergebnis begruendung baustein baustein-frei verwerfen version"
    ),
    "arbeitsplatz/aufgaben/<uuid:task_id>/vorschau": Address(
        "POST", "staff", "fassung ergebnis begruendung baustein baustein-frei"
    ),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/vorschau/<uuid:preview_id>": Address("GET", "staff"),
    "arbeitsplatz/aufgaben/<uuid:task_id>/zuruecknehmen": Address("POST", "staff", "handlung"),
    "arbeitsplatz/vorgaenge": Address(
        "GET", "staff", "suche nummer leistung behoerde stand von bis vor"
    ),
    "arbeitsplatz/vorgaenge/<uuid:case_id>": Address("GET", "staff"),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/anlagen/<uuid:file_id>": Address("GET", "staff"),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/anlagen/<uuid:file_id>/ansehen": Address("GET", "staff"),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/anlagen/<uuid:file_id>/inhalt": Address("GET", "staff"),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/anlagen/<uuid:file_id>/neben/<uuid:new_id>": Address(
        "GET", "staff"
    ),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/akte": Address("GET POST", "staff", "handlung"),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/akte/<uuid:export_id>": Address("GET", "staff"),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/drucken": Address("GET", "staff"),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/nachfordern": Address(
        "GET POST", "staff", "schritt stelle unterlage-1 unterlage-hinweis-1 frist text handlung"
    ),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/nachfordern/<uuid:correction_id>/zuruecknehmen": Address(
        "GET POST", "staff"
    ),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/notizen": Address("POST", "staff", "notiz handlung"),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/notizen/<uuid:note_id>": Address(
        "POST", "staff", "notiz"
    ),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/eingang": Address(
        "POST", "staff", "eingang eingang_am eingang_notiz handlung"
    ),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/dokumente/<uuid:document_id>": Address("GET", "staff"),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/beteiligte": Address(
        "GET POST", "staff", "rolle name email anschrift getan handlung"
    ),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/beteiligte/datei/<uuid:file_id>": Address(
        "GET", "staff"
    ),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/beteiligte/papier/<uuid:file_id>": Address(
        "GET", "staff"
    ),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/beteiligte/<uuid:party_id>/papier": Address(
        "GET POST", "staff", "handlung was eingegangen worte name datei"
    ),
    **{
        f"arbeitsplatz/vorgaenge/<uuid:case_id>/beteiligte/<uuid:party_id>/{what}": Address(
            "POST", "staff", "email anschrift"
        )
        for what in ("erinnern", "entfernen", "eigene-person", "link", "brief", "verschickt")
    },
    "arbeitsplatz/vorgaenge/<uuid:case_id>/abgeben": Address(
        "GET POST", "staff", "behoerde abgeben vorschau abbrechen handlung"
    ),
    "arbeitsplatz/post": Address("GET", "staff"),
    "arbeitsplatz/post/<uuid:message_id>/erledigt": Address("POST", "staff"),
    "arbeitsplatz/fristen": Address("GET", "staff", "stand nach nachzeit"),
    "arbeitsplatz/stoerungen": Address("GET", "staff"),
    "arbeitsplatz/vorgaenge/<uuid:case_id>/weiter": Address("POST", "staff"),
    "arbeitsplatz/erstattungen": Address("GET", "staff"),
    "arbeitsplatz/erstattungen/<uuid:refund_id>/erledigt": Address("POST", "staff"),
    "arbeitsplatz/anbindungen": Address("GET", "staff"),
    "arbeitsplatz/zahlungen/<uuid:payment_id>/geklaert": Address("POST", "staff"),
    "arbeitsplatz/uebergaben/<uuid:delivery_id>/nochmal": Address("POST", "staff"),
    ".well-known/health": Address("GET", "anyone"),
    ".well-known/security.txt": Address("GET", "anyone"),
    "robots.txt": Address("GET", "anyone"),
    "favicon.ico": Address("GET", "anyone"),
    "": Address("GET", "anyone", "lang"),
    "suche": Address("GET", "anyone", "suche lang"),
    "pruefen": Address("GET POST", "anyone", "code hash datei"),
    "pruefen/<str:code>": Address("GET POST", "anyone", "code hash datei"),
    "sitemap.xml": Address("GET", "anyone"),
    "leistungen/<slug:slug>": Address("GET", "anyone"),
    "leistungen/<slug:slug>/papier": Address("GET POST", "anyone"),
    "leistungen/<slug:slug>/papier.pdf": Address("GET", "anyone"),
    "antrag/<uuid:draft_id>/papier": Address("GET POST", "draft"),
    "antrag/<uuid:draft_id>/papier.pdf": Address("GET", "draft"),
    "leistungen/<slug:slug>/beginnen": Address("GET POST", "anyone", "geraet name vorab-name"),
    "fortsetzen": Address("GET POST", "anyone", "code geraet gelesen"),
    "antrag/<uuid:draft_id>/": Address("GET", "draft"),
    "antrag/<uuid:draft_id>/pause": Address("GET", "draft"),
    "antrag/<uuid:draft_id>/verwerfen": Address("GET POST", "draft", ends=True),
    "antrag/<uuid:draft_id>/entwurf/verlaengern": Address("POST", "draft"),
    "antrag/<uuid:draft_id>/entwurf/vergessen": Address("POST", "draft", ends=True),
    "antrag/<uuid:draft_id>/entwurf/link": Address("POST", "draft", "email"),
    "antrag/<uuid:draft_id>/entwurf/link/code": Address("GET POST", "draft", "code"),
    "antrag/<uuid:draft_id>/entwurf/link/verschickt": Address("GET", "draft"),
    "antrag/<uuid:draft_id>/entwurf/neue-fassung": Address("GET POST", "draft", "version fassung"),
    "antrag/<uuid:draft_id>/entwurf/frueherer": Address("GET POST", "draft", "nummer code"),
    "antrag/<uuid:draft_id>/entwurf/daten": Address("GET POST", "draft"),
    "antrag/<uuid:draft_id>/entwurf/konto": Address("GET POST", "draft"),
    "antrag/<uuid:draft_id>/entwurf/konto-angaben": Address("POST", "draft"),
    "antrag/<uuid:draft_id>/kontakt": Address("GET POST", "draft", "weg email"),
    "antrag/<uuid:draft_id>/kontakt/code": Address("GET POST", "draft", "code"),
    "antrag/<uuid:draft_id>/zusammenfassung": Address("GET", "draft"),
    "antrag/<uuid:draft_id>/ende": Address("GET", "draft"),
    "antrag/<uuid:draft_id>/absenden": Address("POST", "draft", "bestaetigt"),
    "antrag/<uuid:draft_id>/abgeschickt": Address("GET", "draft"),
    "antrag/<uuid:draft_id>/anlage": Address(
        "GET POST OPTIONS", "draft", f"seite eintrag hochladen entfernen verwerfen {ASSISTANT}"
    ),
    "antrag/<uuid:draft_id>/anlage/<uuid:upload_id>": Address("HEAD PATCH DELETE OPTIONS", "draft"),
    "antrag/<uuid:draft_id>/<slug:page>": Address("GET POST", "draft", f"pruefen {ASSISTANT}"),
    "antrag/<uuid:draft_id>/<slug:page>/<int:index>": Address("GET POST", "draft", ASSISTANT),
    "antrag/<uuid:draft_id>/<slug:page>/<int:index>/<int:inner>": Address(
        "GET POST", "draft", ASSISTANT
    ),
    "antrag/<uuid:draft_id>/auswahl/<slug:field>": Address("GET", "draft", "suche"),
    "filme/<slug:digest>/<str:name>": Address("GET", "anyone"),
    "strassen": Address("GET", "anyone", "suche plz"),
    "vorgang": Address("GET POST", "anyone", "nummer code"),
    "vorgang/<str:number>": Address("GET", "case"),
    "vorgang/<str:number>/dokument/<uuid:document_id>": Address("GET", "case"),
    "vorgang/<str:number>/zuruecknehmen": Address("GET POST", "case", "grund handlung"),
    "vorgang/<str:number>/korrektur": Address("GET POST", "case", "handlung"),
    "vorgang/<str:number>/korrektur/unterlagen": Address("GET POST", "case", "weiter"),
    "vorgang/<str:number>/korrektur/pruefen": Address("GET POST", "case", "anmerkung bestaetigt"),
    "vorgang/<str:number>/korrektur/verwerfen": Address("GET POST", "case"),
    "vorgang/<str:number>/verlaengern": Address("POST", "case"),
    "vorgang/<str:number>/verlassen": Address("POST", "case", ends=True),
    "vorgang/<str:number>/bezahlen": Address("POST", "case", "handlung zahlung"),
    "zahlung/<uuid:payment_id>": Address("GET", "case"),
    "zahlung/zurueck/<uuid:payment_id>": Address("GET", "case"),
    "konto": Address("GET", "anyone"),
    "konto/": Address("GET", "anyone", "fertig"),
    "konto/anmelden": Address("GET POST", "anyone", "email passwort weiter"),
    "konto/abmelden": Address("POST", "anyone"),
    "konto/weiter": Address("GET", "anyone", "weiter"),
    "konto/zurueck": Address("GET", "anyone", "code state"),
    "konto/verlaengern": Address("POST", "anyone"),
    "konto/verlassen": Address("POST", "anyone"),
    "konto/angemeldet-bleiben": Address("POST", "anyone"),
    "konto/anlegen": Address("GET POST", "anyone", "email passwort weiter"),
    "konto/anlegen/code": Address("GET POST", "anyone", "code weiter"),
    "konto/passwort-vergessen": Address("GET POST", "anyone", "email weiter"),
    "konto/passwort-vergessen/code": Address("GET POST", "anyone", "code passwort weiter"),
    "konto/weitergabe": Address("GET", "anyone", "an state challenge"),
    "konto/angaben": Address(
        "GET POST",
        "anyone",
        "vorname nachname geburtsdatum strasse hausnummer plz ort telefon",
    ),
    "konto/email": Address("GET POST", "anyone", "email passwort"),
    "konto/email/code": Address("GET POST", "anyone", "code"),
    "konto/passwort": Address("GET POST", "anyone", "passwort neu"),
    "konto/daten.json": Address("GET", "anyone"),
    "konto/loeschen": Address("GET POST", "anyone", "passwort"),
    "code-vergessen": Address("GET POST", "anyone", "nummer email"),
    "beteiligt": Address("GET POST", "anyone", "nummer code"),
    "beteiligt/neuer-link": Address("GET POST", "anyone", "nummer email"),
    "beteiligt/<str:number>": Address("GET", "party"),
    "beteiligt/<str:number>/aufgabe/<uuid:task_id>": Address(
        "GET POST", "party", "antwort begruendung handlung"
    ),
    "beteiligt/<str:number>/unterschrift/<uuid:signature_id>": Address(
        "GET POST", "party", "name bestaetigt fassung pruefsumme ablehnen grund handlung"
    ),
    "beteiligt/<str:number>/unterlagen": Address("GET POST", "party", "entfernen"),
    "beteiligt/<str:number>/datei/<uuid:file_id>": Address("GET", "party"),
    "beteiligt/<str:number>/absage": Address("GET POST", "party", "grund wieder handlung"),
    "beteiligt/<str:number>/nicht-gemeint": Address("POST", "party", ends=True),
    "beteiligt/<str:number>/verlaengern": Address("POST", "party"),
    "beteiligt/<str:number>/verlassen": Address("POST", "party", ends=True),
    "impressum": Address("GET", "anyone"),
    "datenschutz": Address("GET", "anyone"),
    "barrierefreiheit": Address("GET", "anyone"),
    "hilfe": Address("GET", "anyone"),
    "rueckmeldung": Address("GET POST", "anyone", "text seite kontakt handlung"),
    "rueckmeldung/danke": Address("GET", "anyone"),
}

AT_AUTHORITIES = frozenset(
    {"konto/weiter", "konto/zurueck", "konto/verlaengern", "konto/verlassen"}
)
"""Addresses of accounts that authorities' hosts answer; the others are the network's."""
ON_NETWORK = (
    frozenset(route for route in TABLE if route.startswith(("arbeitsplatz/", "konto/")))
    - AT_AUTHORITIES
)


def routes(urlconf: str) -> set[str]:
    """Return every route of a URL table, as it is written there."""
    return set(_routes(get_resolver(urlconf)))


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from _routes(one, route)


def things(who: Person) -> dict[str, str]:
    """Return what stands in the person's own addresses."""
    return {
        "<uuid:draft_id>": str(who.draft_id),
        "<uuid:case_id>": str(who.case_id),
        "<str:number>": who.number,
        "<uuid:document_id>": str(who.ids["documents_document"]),
        "<uuid:payment_id>": str(who.ids["payments_payment"]),
        "<uuid:task_id>": str(who.ids["cases_task"]),
        "<uuid:file_id>": str(who.ids["files_file"]),
        "<uuid:new_id>": str(who.ids["files_file"]),
        "<uuid:correction_id>": str(who.ids["cases_correction"]),
        "<uuid:export_id>": str(who.ids["records_export"]),
        "<uuid:note_id>": str(who.ids["cases_note"]),
        "<uuid:message_id>": str(who.ids["inbox_message"]),
        "<uuid:upload_id>": str(who.ids["files_upload"]),
        "<uuid:delivery_id>": str(who.ids["deliveries_delivery"]),
        "<uuid:team_id>": str(who.ids["accounts_team"]),
        "<uuid:view_id>": str(new_id()),
        "<uuid:account_id>": str(new_id()),
        "<uuid:absence_id>": str(new_id()),
        "<uuid:signature_id>": str(new_id()),
        "<uuid:party_id>": str(new_id()),
        "<uuid:preview_id>": str(new_id()),
        "<uuid:refund_id>": str(who.ids["payments_refund"]),
        **COMMON,
    }


COMMON = {
    "<slug:connection>": "fachverfahren",
    "<slug:slug>": "bewohnerparkausweis",
    "<slug:page>": "wohnung",
    "<slug:field>": "strasse",
    "<slug:digest>": "0" * 64,
    "<str:name>": "kapitel-1.mp4",
    "<str:code>": "7F3K-9M2Q-4XBC-0000",
    "<int:index>": "0",
    "<int:inner>": "0",
}


def nowhere() -> dict[str, str]:
    """Return ids of the right form that nothing has."""
    ids = [
        "draft_id",
        "case_id",
        "document_id",
        "payment_id",
        "task_id",
        "file_id",
        "new_id",
        "message_id",
        "upload_id",
        "delivery_id",
        "signature_id",
        "party_id",
        "refund_id",
        "preview_id",
        "team_id",
        "view_id",
        "account_id",
        "absence_id",
        "correction_id",
        "export_id",
        "note_id",
    ]
    made: dict[str, UUID] = {f"<uuid:{name}>": new_id() for name in ids}
    texts = {name: str(value) for name, value in made.items()}
    return {**texts, "<str:number>": case_number("MUE"), **COMMON}


def path(route: str, values: Mapping[str, str]) -> str:
    """Return the path of a route with these things in it."""
    for name, value in values.items():
        route = route.replace(name, value)
    assert "<" not in route, f"teach the hostile tests what to put into {route}"
    return f"/{route}"


def browser(ground: Ground, route: str) -> Applicant:
    """Return whoever may use the route: Anna, or a clerk of her town."""
    if TABLE[route].who == "staff" or route in ON_NETWORK:
        return ground.staff["verkehr@muehlbrueck"]
    return ground.anna.browser
