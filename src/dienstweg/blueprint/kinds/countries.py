"""Countries and nationalities: ISO 3166-1 codes with the names of Unicode's CLDR, by Babel."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import figures
from dienstweg.blueprint.kinds.kind import Read, Schema, Simple
from dienstweg.kernel.language import base, locale

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field
    from dienstweg.blueprint.release import Release

_NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)
"""Codes of the CLDR for what is no country (Europe, tests) or only a part of one. Kosovo (XK), not
in ISO 3166 yet, stays: Germany has recognised it."""
STATELESS, UNCLEAR = "XX", "ZZ"
_BESIDE = {
    "de": {STATELESS: "Staatenlos", UNCLEAR: "Ungeklärt"},
    "en": {STATELESS: "Stateless", UNCLEAR: "Unclear"},
}
_GERMAN = str.maketrans("äöüß", "aous")


@lru_cache(maxsize=64)
def names(lang: str, *, nationality: bool = False) -> dict[str, str]:
    """Codes and names in a language, sorted by name as in German dictionaries (DIN 5007-1).

    A nationality may also be "stateless" or "unclear"; these come last.
    """
    territories = locale(lang).territories
    found = {
        code: str(name)
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    ordered = dict(sorted(found.items(), key=lambda pair: sort_key(pair[1])))
    if nationality:
        ordered |= _BESIDE.get(base(lang), _BESIDE["de"])
    return ordered


def sort_key(name: str) -> str:
    """By what a list of names is sorted: Ägypten stands with A."""
    return name.casefold().translate(_GERMAN)


class Country(Simple):
    """One country of the world, as its ISO code."""

    def __init__(self, widget: str) -> None:
        super().__init__(widget)
        self.nationality = widget == "nationality"

    def names(self, field: "Field", lang: str) -> dict[str, str]:
        """What is offered: all countries, or those that the schema's enumeration leaves."""
        every = names(lang, nationality=self.nationality)
        only = field.schema.get("enum")
        if not only:
            return every
        return {code: name for code, name in every.items() if code in only}

    def fits(self, schema: Schema) -> bool:
        """A text that may have two letters."""
        return super().fits(schema) and schema.get("maxLength", 2) >= 2

    def understand(self, text: str, field: "Field") -> Read:
        """The code that the list posts."""
        return Read(text) if self.sound(field, text) is None else Read(code="enum")

    def sound(self, field: "Field", value: Any) -> str | None:
        """A code that we know."""
        known = names("de", nationality=self.nationality)
        return None if isinstance(value, str) and value in known else "enum"

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """The name of the country."""
        return self.label(field, value, lang)

    def label(self, field: "Field", value: Any, lang: str) -> str:
        """The name of the country."""
        found = names(lang, nationality=True).get(str(value))
        return found or figures.plain(value, lang)
