"""The few words that kinds say by themselves, and the names of parts."""

from typing import TYPE_CHECKING

from dienstweg.blueprint.kinds import known
from dienstweg.kernel.language import SOURCE, base, said

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field
    from dienstweg.blueprint.release import Release

_SAID = {
    "de": {
        "signed": "Mit dem Namen erklärt von {name}",
        "row": "Zeile {number}",
        "line": "Linie mit {count} Punkten:",
        "area": "Fläche mit {count} Eckpunkten:",
        "described": "Adresse oder Beschreibung",
        "position": "Koordinaten",
        "position-hint": "Breite und Länge in Grad, zum Beispiel 54,3215 10,1349.",
        "positions-hint": "In jeder Zeile ein Punkt mit Breite und Länge in Grad, zum Beispiel"
        " 54,3215 10,1349.",
    },
    "en": {
        "signed": "Declared under the name of {name}",
        "row": "Row {number}",
        "line": "Line of {count} points:",
        "area": "Area with {count} corners:",
        "described": "Address or description",
        "position": "Coordinates",
        "position-hint": "Latitude and longitude in degrees, for example 54.3215 10.1349.",
        "positions-hint": "One point a line, with latitude and longitude in degrees, for example"
        " 54.3215 10.1349.",
    },
}


def say(key: str, lang: str) -> str:
    """One of our words, in German where we know no other."""
    spoken = base(lang) if base(lang) in _SAID else SOURCE
    return said(_SAID[spoken][key], spoken, base(lang))


def unnamed(part: "Field") -> bool:
    """Whether a part has no usual name, so that the texts must give it one."""
    return _usual(part, SOURCE) is None


def _usual(part: "Field", lang: str) -> str | None:
    if "." not in part.id:
        return None
    return part.kind.usual_label(lang) or known.label(part.key, lang)


def label_of_part(release: "Release", part: "Field", lang: str) -> str:
    """What a part is called: by the texts, else as such parts are called everywhere."""
    return release.text(lang, f"fields.{part.id}.label", _usual(part, lang) or part.key)


def hint_of_part(release: "Release", part: "Field", lang: str) -> str | None:
    """The help for a part: by the texts, else the usual one."""
    return release.text(lang, f"fields.{part.id}.hint", part.kind.usual_hint(lang) or "") or None
