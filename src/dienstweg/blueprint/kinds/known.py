"""Parts that every address, person and organisation has alike: their names, widgets and tokens.

Tokens for autocomplete are those of HTML (WCAG 2.2, 1.3.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dienstweg.kernel.language import SOURCE, base, said


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a part by its key: labels by language, how it is asked."""

    labels: Mapping[str, str]
    widget: str | None = None
    autocomplete: str | None = None
    width: int | None = None


def _known(german: str, english: str, widget: str | None = None, **more: Any) -> Known:
    return Known({"de": german, "en": english}, widget, **more)


PARTS: Mapping[str, Known] = {
    # address
    "strasse": _known("Straße", "Street", autocomplete="address-line1"),
    "hausnummer": _known("Hausnummer", "House number", width=7),
    "adresszusatz": _known("Zusatz", "Additional line", autocomplete="address-line2"),
    "plz": _known("Postleitzahl", "Postcode", "postcode", autocomplete="postal-code", width=7),
    "ort": _known("Ort", "Town", autocomplete="address-level2"),
    "ortsteil": _known("Ortsteil", "District", autocomplete="address-level3"),
    "land": _known("Land", "Country", "country", autocomplete="country"),
    # person
    "anrede": _known("Anrede", "Form of address"),
    "titel": _known("Titel", "Title", autocomplete="honorific-prefix", width=20),
    "vorname": _known("Vorname", "First name", autocomplete="given-name"),
    "vornamen": _known("Vornamen", "First names", autocomplete="given-name"),
    "nachname": _known("Nachname", "Last name", autocomplete="family-name"),
    "geburtsname": _known("Geburtsname", "Name at birth"),
    "geburtsdatum": _known("Geburtsdatum", "Date of birth", autocomplete="bday", width=12),
    "geburtsort": _known("Geburtsort", "Place of birth"),
    "staatsangehoerigkeit": _known("Staatsangehörigkeit", "Nationality", "nationality"),
    "familienstand": _known("Familienstand", "Marital status"),
    "telefon": _known("Telefonnummer", "Phone number", "phone", autocomplete="tel", width=20),
    "email": _known("E-Mail-Adresse", "E-mail address", "email", autocomplete="email"),
    # organisation
    "firma": _known("Firma oder Name", "Company or name", autocomplete="organization"),
    "rechtsform": _known("Rechtsform", "Legal form"),
    "registerart": _known("Art des Registers", "Kind of register"),
    "registergericht": _known("Registergericht", "Register court"),
    "registernummer": _known("Registernummer", "Register number", width=20),
    "ansprechpartner": _known("Ansprechperson", "Contact person", autocomplete="name"),
    "website": _known("Internetseite", "Website", "url", autocomplete="url"),
    # signature
    "name": _known("Vorname und Nachname", "First and last name", autocomplete="name"),
    "erklaert": _known(
        "Ich gebe diese Erklärung mit meinem Namen ab.", "I declare this under my name."
    ),
}


def label(key: str, lang: str) -> str | None:
    """The usual name of a part; in German where we have no other."""
    found = PARTS.get(key)
    return None if found is None else _in(found.labels, lang)


def _in(texts: Mapping[str, str], lang: str) -> str:
    own = texts.get(base(lang))
    return own if own is not None else said(texts[SOURCE], SOURCE, lang)
