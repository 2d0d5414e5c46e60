"""Answers that are made of parts: an address, a person, an organisation, a signature.

Their value is a JSON object; the parts are the properties of its schema, in their order, and which
of them must be filled in is the schema's own `required`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import figures
from dienstweg.blueprint.data_schema import skeleton
from dienstweg.blueprint.kinds.cleaning import kept
from dienstweg.blueprint.kinds.kind import (
    Fault,
    Kind,
    Part,
    Posted,
    Read,
    Schema,
    Typed,
    broken_all,
    shown,
)
from dienstweg.blueprint.kinds.known import PARTS
from dienstweg.blueprint.kinds.texts import Text
from dienstweg.blueprint.kinds.words import label_of_part, say

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field
    from dienstweg.blueprint.release import Release

MOST_PARTS = 30
HOME = "DE"
_NUMBERED = re.compile(r"(.+?)\s+([0-9]{1,4}\s?[a-zA-Z]?(?:\s?[-/–]\s?[0-9]{1,4}\s?[a-zA-Z]?)?)")


def filled(value: Any) -> dict[str, Any]:
    """The parts of a value that say something."""
    if not isinstance(value, Mapping):
        return {}
    return {key: each for key, each in value.items() if each not in (None, "", [], {})}


class Composed(Kind):
    """An answer of several parts; this one shows them one below the other."""

    types = frozenset(["object"])
    composed = True
    #: Whether each part says something by itself, so that several sources may fill it in.
    by_part = False

    def fits(self, schema: Schema) -> bool:
        """An object that names its parts."""
        return super().fits(schema) and bool(_properties(schema))

    def mistakes(self, schema: Schema) -> Iterator[tuple[str, str]]:
        """An object without properties has no parts; too many are a page of their own."""
        members = _properties(schema)
        if not members:
            yield "Dem Objekt fehlen „properties“.", "Nennen Sie dort seine Teile."
        if len(members) > MOST_PARTS:
            message = f"Das Objekt hat mehr als {MOST_PARTS} Teile."
            yield message, "Verteilen Sie sie auf mehrere Felder."
        for name in schema.get("required", ()):
            if name not in members:
                message = f"Der Teil „{name}“ ist Pflicht, steht aber nicht in „properties“."
                yield message, "Ergänzen Sie ihn dort."

    def parts(self, schema: Schema) -> Iterator[Part]:
        """The properties; what is known by its key is asked as everywhere."""
        for key, each in _properties(schema).items():
            known = PARTS.get(key)
            chosen = "enum" in each or "oneOf" in each or "x-kind" in each
            yield Part(key, each, None if chosen or known is None else known.widget)

    def kind_of(self, part: "Field", value: Mapping[str, Any]) -> Kind:
        """The kind of a part, which may depend on the other parts."""
        return part.kind

    def collect(self, field: "Field", posted: Posted) -> Typed | None:
        """What the form holds for the parts; a box that a browser leaves out is not ticked."""
        found = {}
        for part in field.parts:
            name = f"{field.id}-{part.key}"
            if name in posted:
                found[part.key] = posted[name]
        if found:
            for part in field.parts:
                if part.kind.left_out:
                    found.setdefault(part.key, ())
        return found or None

    def read(self, field: "Field", typed: Typed) -> Read:
        """Read part by part; what is understood counts, the rest is kept as it was typed."""
        if not isinstance(typed, Mapping):
            return Read()
        value: dict[str, Any] = {}
        faults: list[Fault] = []
        unread: dict[str, list[str]] = {}
        for part in self.order(field):
            if part.key not in typed:
                continue
            texts = typed[part.key]
            kind = self.kind_of(part, value)
            read = kind.read(part, texts)
            code = read.code or kind.fault(part, read.value)
            if code and read.value is not False:
                faults.append(Fault(code, part.key))
                unread[part.key] = kept([str(text) for text in texts])
            elif read.value is not None:
                value[part.key] = read.value
        return Read(self.settled(field, value), faults=tuple(faults), unread=unread)

    def order(self, field: "Field") -> tuple["Field", ...]:
        """In which order the parts are read."""
        return field.parts

    def settled(self, field: "Field", value: dict[str, Any]) -> dict[str, Any] | None:
        """The value in the order of its parts; nothing where no more was said than no."""
        for part in field.parts:
            if part.schema.get("const") is True and value.get(part.key) is False:
                del value[part.key]
        if all(each is False and part_of(field, key).left_out for key, each in value.items()):
            return None
        return {part.key: value[part.key] for part in field.parts if part.key in value}

    def faults(
        self, field: "Field", value: Any, *, asked: frozenset[str] = frozenset()
    ) -> list[Fault]:
        """Missing parts, then parts that are wrong, then what only the whole object refuses."""
        if not isinstance(value, Mapping):
            return [Fault("format")] if value is not None else []
        there = filled(value)
        if not there:
            return []
        found = [Fault("required", key) for key in self.missing(field, there, asked)]
        for part in field.parts:
            if part.key in there:
                kind = self.kind_of(part, there)
                code = kind.fault(part, there[part.key])
                found += [Fault(code, part.key)] if code else []
        return found or self.whole(field, there)

    def first(self, field: "Field", asked: frozenset[str]) -> list[Fault]:
        """The parts that must be filled in; where any would do, the field as a whole."""
        found = [Fault("required", key) for key in self.missing(field, {}, asked)]
        return found or [Fault("required")]

    def unread(self, field: "Field", value: Any, left: Mapping[str, Any]) -> list[Fault]:
        """Part by part."""
        found = []
        for part in field.parts:
            if part.key in left:
                kind = self.kind_of(part, filled(value))
                read = kind.read(part, left[part.key])
                code = read.code or kind.fault(part, read.value) or "format"
                found.append(Fault(code, part.key))
        return found

    def missing(
        self, field: "Field", value: Mapping[str, Any], asked: frozenset[str] = frozenset()
    ) -> list[str]:
        """The parts that must be filled in and are not, in their order."""
        needed = {*field.schema.get("required", ()), *asked}
        return [part.key for part in field.parts if part.key in needed and part.key not in value]

    def whole(self, field: "Field", value: dict[str, Any]) -> list[Fault]:
        """What the object's own conditions refuse, at the part that they speak of."""
        known = {part.key for part in field.parts}
        found = []
        for rule, path in broken_all(field, value):
            at = path[0] if path and path[0] in known else None
            code = "required" if rule in ("required", "minProperties") else self.code(rule)
            found.append(Fault(code, at))
        return found[:1] if found and found[0].part is None else found[:10]

    def fault(self, field: "Field", value: Any) -> str | None:
        """The code of the first fault."""
        return next((each.code for each in self.faults(field, value)), None)

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """Line by line."""
        return "\n".join(self.told(release, field, filled(value), lang))

    def told(
        self, release: "Release", field: "Field", value: dict[str, Any], lang: str
    ) -> Iterator[str]:
        """The lines in which an answer reads: here each part with its name."""
        yield from self.named(release, field, value, lang)

    def named(
        self, release: "Release", field: "Field", value: Mapping[str, Any], lang: str, *but: str
    ) -> Iterator[str]:
        """Parts with their names, without those that have been told already."""
        for part in field.parts:
            if part.key in value and part.key not in but:
                label = label_of_part(release, part, lang).rstrip("?:. ")
                yield f"{label}: {self.words(release, field, value, part.key, lang)}"

    def words(
        self, release: "Release", field: "Field", value: Mapping[str, Any], key: str, lang: str
    ) -> str:
        """One part in words, in one line."""
        if value.get(key) is None:
            return ""
        part = field.part(key)
        if part is None:
            return figures.plain(value[key], lang)
        return shown(release, part, value[key], lang).replace("\n", ", ")

    def typed(self, field: "Field", value: Any) -> Typed:
        """What stands in the inputs of the parts."""
        there = filled(value)
        found = {}
        for part in field.parts:
            if part.key in there:
                texts = self.kind_of(part, there).typed(part, there[part.key])
                found[part.key] = [] if isinstance(texts, Mapping) else list(texts)
        return found

    def around(self, field: "Field", value: Any) -> Any:
        """Every part is there for rules, null while it is empty."""
        return {**skeleton(field.schema), **value} if isinstance(value, Mapping) else value

    def strangers(self, field: "Field", given: Any) -> set[str]:
        """Keys that are no parts."""
        keys = {str(key) for key in given} if isinstance(given, Mapping) else set()
        return keys - {part.key for part in field.parts}

    def sent(self, field: "Field", given: Any) -> dict[str, list[str]]:
        """The parts of a mapping, each under its own name."""
        if not isinstance(given, Mapping):
            return super().sent(field, given)
        found: dict[str, list[str]] = {}
        for key, each in given.items():
            part = field.part(str(key))
            texts = super().sent(field, each) if part is None else part.kind.sent(part, each)
            found[f"{field.id}-{key}"] = next(iter(texts.values()), [])
        return found


def part_of(field: "Field", key: str) -> Kind:
    """The kind of a part."""
    found = field.part(key)
    return found.kind if found is not None else Kind("info")


def _properties(schema: Schema) -> Mapping[str, Any]:
    members = schema.get("properties")
    return members if isinstance(members, Mapping) else {}


class Address(Composed):
    """A postal address: two or three lines as on a letter; the country only where it is abroad."""

    by_part = True

    def order(self, field: "Field") -> tuple["Field", ...]:
        """The country first: it decides what a postcode looks like."""
        return tuple(sorted(field.parts, key=lambda part: part.key != "land"))

    def kind_of(self, part: "Field", value: Mapping[str, Any]) -> Kind:
        """A postcode abroad may be any text."""
        abroad = part.key == "plz" and value.get("land", HOME) not in (HOME, None)
        return _ABROAD if abroad else part.kind

    def settled(self, field: "Field", value: dict[str, Any]) -> dict[str, Any] | None:
        """A number typed behind the street is put where it belongs, if it is asked for."""
        needed = "hausnummer" in field.schema.get("required", ())
        if needed and "hausnummer" not in value and isinstance(value.get("strasse"), str):
            found = _NUMBERED.fullmatch(value["strasse"])
            number = field.part("hausnummer")
            if found and number and number.kind.fault(number, found[2]) is None:
                value["strasse"], value["hausnummer"] = found[1].strip(" ,"), found[2]
        return None if value == {"land": HOME} else super().settled(field, value)

    def typed(self, field: "Field", value: Any) -> Typed:
        """What stands in the inputs; an empty address is offered for Germany."""
        found = super().typed(field, value)
        return found or ({"land": [HOME]} if field.part("land") else {})

    def told(
        self, release: "Release", field: "Field", value: dict[str, Any], lang: str
    ) -> Iterator[str]:
        """Street, addition, town, country."""

        def words(*keys: str) -> str:
            each = [self.words(release, field, value, key, lang) for key in keys]
            return " ".join(filter(None, each))

        told = ("strasse", "hausnummer", "adresszusatz", "plz", "ort", "ortsteil", "land")
        yield from filter(
            None,
            [words("strasse", "hausnummer"), words("adresszusatz"), words("ortsteil")],
        )
        yield from filter(None, [words("plz", "ort")])
        if value.get("land") not in (None, HOME):
            yield words("land")
        yield from self.named(release, field, value, lang, *told)


class Person(Composed):
    """A natural person: the name in one line, then what else is known."""

    by_part = True

    def told(
        self, release: "Release", field: "Field", value: dict[str, Any], lang: str
    ) -> Iterator[str]:
        """Form of address, title, names; the rest with its names."""
        told = ("anrede", "titel", "vorname", "vornamen", "nachname")
        names = [self.words(release, field, value, key, lang) for key in told]
        yield from filter(None, [" ".join(filter(None, names))])
        yield from self.named(release, field, value, lang, *told)


class Organisation(Composed):
    """A legal person: its name with the legal form, then what else is known."""

    by_part = True

    def told(
        self, release: "Release", field: "Field", value: dict[str, Any], lang: str
    ) -> Iterator[str]:
        """The name and what it is; the rest with its names."""
        told = ("firma", "rechtsform")
        names = [self.words(release, field, value, key, lang) for key in told]
        if len(names) == 2 and names[1] and names[0].endswith(names[1]):
            names.pop()
        yield from filter(None, [", ".join(filter(None, names))])
        yield from self.named(release, field, value, lang, *told)


class Signature(Composed):
    """A declaration given with one's name, instead of a signature on paper."""

    def mistakes(self, schema: Schema) -> Iterator[tuple[str, str]]:
        """Without a name and a box to tick nothing is declared."""
        yield from super().mistakes(schema)
        members = _properties(schema)
        if "name" not in members or dict(members.get("erklaert") or {}).get("const") is not True:
            message = "Eine Unterzeichnung braucht die Teile „name“ und „erklaert“."
            yield message, 'Ergänzen Sie "erklaert": {"const": true}.'

    def told(
        self, release: "Release", field: "Field", value: dict[str, Any], lang: str
    ) -> Iterator[str]:
        """Who has declared it."""
        name = self.words(release, field, value, "name", lang)
        yield say("signed", lang).format(name=name) if value.get("erklaert") is True else name
        yield from self.named(release, field, value, lang, "name", "erklaert")


class _Abroad(Text):
    """A postcode of another country: letters, digits, spaces and hyphens."""

    def sound(self, field: "Field", value: Any) -> str | None:
        """At most twelve signs."""
        fine = isinstance(value, str) and re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z -]{0,11}", value)
        return None if fine else "postcode-abroad"


_ABROAD = _Abroad("text")
