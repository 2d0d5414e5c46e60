"""Which widget a FIM text field gets, where its meaning is certain; everything else stays text.

Certain are two things. The federal building blocks (FIM Baukasten, numbers that begin with 60)
have one meaning wherever they stand: F60000000240 is a telephone number in every schema. And some
patterns fit one kind of answer only. A name or a label is no proof: "Land" may mean a state of the
federation, "Nummer" anything.
"""

from __future__ import annotations

from typing import Final

from dienstweg.blueprint.fim_places import Place
from dienstweg.standards.xdatenfelder.model import Field
from dienstweg.standards.xdatenfelder.translating import new_id

_BUILDING_BLOCKS: Final = {
    "F60000000240": "phone",  # Telefon
    "F60000000241": "phone",  # Telefax
    "F60000000242": "email",  # E-Mail
    "F60000000246": "postcode",  # Postleitzahl (Inland)
}
_PATTERNS: Final = {
    # the pattern of the building block E-Mail, which schemas copy into fields of their own
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{1,63}": "email",
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,63}": "email",
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}": "email",
    # the range of German postcodes, 01000 to 99999
    r"([0]{1}[1-9]{1}|[1-9]{1}[0-9]{1})[0-9]{3}": "postcode",
    r"(0[1-9]|[1-9][0-9])[0-9]{3}": "postcode",
    # a German account number: DE and twenty digits (ISO 13616)
    r"DE[0-9]{20}": "iban",
    r"DE\d{20}": "iban",
    r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}": "iban",
    r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}": "iban",
}
#: How long an answer of a widget may have to be: shorter fields cannot take it.
_LEAST_ROOM: Final = {"phone": 16, "email": 20, "postcode": 5, "iban": 22}
#: An answer that passes the widget's own check, for acceptance cases.
EXAMPLES: Final = {
    "phone": "+4930123456",
    "email": "erika@example.org",
    "postcode": "24103",
    "iban": "DE02120300000000202051",
}


def widget(place: Place) -> str | None:
    """The widget of a text field whose meaning is certain, else `None`."""
    element = place.element
    if not isinstance(element, Field) or element.kind != "input":
        return None
    if element.datatype not in {"text", "text_latin"}:
        return None
    pattern = (element.facets.pattern or "").removeprefix("^").removesuffix("$")
    found = _BUILDING_BLOCKS.get(new_id(element.id)) or _PATTERNS.get(pattern)
    if found and element.facets.max_length is not None:
        return found if element.facets.max_length >= _LEAST_ROOM[found] else None
    return found
