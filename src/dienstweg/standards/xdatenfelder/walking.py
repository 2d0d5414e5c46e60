"""Takes an element apart by a table of its children, and notes every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypedDict

from lxml import etree

from dienstweg.standards.xdatenfelder.dialects import Dialect
from dienstweg.standards.xdatenfelder.errors import Fault
from dienstweg.standards.xdatenfelder.model import Detail, Keyword, LegalBasis, Relation
from dienstweg.standards.xdatenfelder.values import BadValue, a_date, a_moment, text

MOST_FAULTS: Final = 50

_DATES: Final = (
    "gueltigAb",
    "gueltigBis",
    "freigabedatum",
    "statusGesetztAm",
    "veroeffentlichungsdatum",
)
_PREDICATES: Final = frozenset({"ABL", "ERS", "EQU", "VKN"})
_UNPRINTABLE: Final = re.compile(r"[^A-Za-z0-9._{}:-]")
_LETTERS: Final = "SGFRCD"
_ANY_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,19}", re.ASCII)


class Parts(NamedTuple):
    """An element's children by name: those that occur once, and those that may occur often."""

    single: dict[str, etree._Element]
    many: dict[str, list[etree._Element]]


class Common(TypedDict):
    """What every named element says, under the names of `model.Element`."""

    id: str
    version: str
    name: str
    input_label: str
    output_label: str
    description: str
    definition: str
    bases: tuple[LegalBasis, ...]
    status: str
    creator: str
    version_note: str
    valid_from: str
    valid_until: str
    released_on: str
    published_on: str
    changed_at: str
    relations: tuple[Relation, ...]
    keywords: tuple[Keyword, ...]
    line: int | None


class Walk:
    """A walk through one file; collects at most `MOST_FAULTS` faults, and as many remarks."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.faults: list[Fault] = []
        self.remarks: list[Fault] = []
        self.path: list[str] = []

    def fault(self, element: etree._Element, what: str) -> None:
        """Note what is wrong at an element, unless enough has been noted."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(element.sourceline, "/".join(self.path), what))

    def remark(self, element: etree._Element, what: str) -> None:
        """Note what the standard wants otherwise, but what can be understood all the same."""
        if len(self.remarks) < MOST_FAULTS:
            self.remarks.append(Fault(element.sourceline, "/".join(self.path), what))

    def parts(self, element: etree._Element, once: Mapping[str, bool], *often: str) -> Parts:
        """Sort the children of `element`: `once` maps a name to whether it must be there."""
        single: dict[str, etree._Element] = {}
        many: dict[str, list[etree._Element]] = {}
        for child in element:
            name = self.name(child)
            if name in often:
                many.setdefault(name, []).append(child)
            elif name not in once:
                shown = _UNPRINTABLE.sub("?", name)[:80]
                self.fault(child, f"Unbekanntes Element {shown!r} in {self.name(element)!r}.")
            elif name in single:
                single[name] = self._one_of(single[name], child, element)
            else:
                single[name] = child
        for name, needed in once.items():
            if needed and name not in single:
                self.fault(element, f"In {self.name(element)!r} fehlt das Element {name!r}.")
        return Parts(single, many)

    def _one_of(
        self, first: etree._Element, second: etree._Element, parent: etree._Element
    ) -> etree._Element:
        """Of an element that stands twice, the one with a content; a fault where that is open."""
        name = self.name(second)
        filled = [each for each in (first, second) if not is_empty(each)]
        said = f"Das Element {name!r} steht doppelt in {self.name(parent)!r}"
        if len(filled) == 1:
            self.remark(second, f"{said}, einmal ist es leer.")
            return filled[0]
        self.fault(second, f"{said}.")
        return first

    def name(self, element: etree._Element) -> str:
        """The element's name if it belongs to the standard's namespace, else the whole one."""
        name = etree.QName(element)
        return name.localname if name.namespace == self.dialect.namespace else str(element.tag)

    def common(self, element: etree._Element, parts: Parts, letter: str) -> Common:
        """Read what all named elements share, and step into the element's path."""
        known = parts.single
        identity = self.identity(known.get("identifikation"), letter)
        self.path.append(identity[0] or "?")
        for name in _DATES:
            self._check(known.get(name), a_date)
        self._check(known.get("letzteAenderung"), a_moment)
        if "name" in known and not text(known["name"]):
            self.fault(known["name"], "Der Name ist leer.")
        dialect = self.dialect
        says = {name: text(child) for name, child in known.items()}.get
        return Common(
            id=identity[0],
            version=identity[1],
            name=says("name", ""),
            input_label=says("bezeichnungEingabe", "") or says("bezeichnung", ""),
            output_label=says("bezeichnungAusgabe", ""),
            description=says("beschreibung", ""),
            definition=says("definition", ""),
            bases=self.bases(parts),
            status=self.code(parts, dialect.status, dialect.statuses),
            creator=says("statusGesetztDurch", "") or says("fachlicherErsteller", ""),
            version_note=says("versionshinweis", ""),
            valid_from=says("gueltigAb", ""),
            valid_until=says("gueltigBis", ""),
            released_on=says("statusGesetztAm", "") or says("freigabedatum", ""),
            published_on=says("veroeffentlichungsdatum", ""),
            changed_at=says("letzteAenderung", ""),
            relations=self._relations(parts),
            keywords=tuple(
                Keyword(text(each), str(each.get("uri", ""))) for each in filled(parts, "stichwort")
            ),
            line=element.sourceline,
        )

    def bases(self, parts: Parts) -> tuple[LegalBasis, ...]:
        """What an element or its place rests on."""
        found = [*filled(parts, "bezug")]
        if "bezug" in parts.single and text(parts.single["bezug"]):
            found.append(parts.single["bezug"])
        return tuple(LegalBasis(text(each), str(each.get("link", ""))) for each in found)

    def _relations(self, parts: Parts) -> tuple[Relation, ...]:
        found = []
        for each in parts.many.get("relation", ()):
            inner = self.parts(each, {"praedikat": True, "objekt": True})
            other = inner.single.get("objekt")
            if other is None:
                continue
            predicate = self.code(inner, "praedikat", _PREDICATES)
            named = self.parts(other, {"id": True, "version": False}).single
            found.append(
                Relation(predicate, self.id(named.get("id"), ""), text(named.get("version")))
            )
        return tuple(found)

    def identity(self, element: etree._Element | None, letter: str) -> tuple[str, str]:
        """Read an id that must begin with `letter`, and its version."""
        if element is None:
            return "", ""
        known = self.parts(element, {"id": True, "version": True}).single
        number = known.get("version")
        if number is not None and not self.dialect.version.fullmatch(text(number)):
            said = f"{text(number)[:20]!r} ist keine Version; erwartet wird zum Beispiel"
            self.fault(number, f"{said} {self.dialect.version_example!r}.")
        return self.id(known.get("id"), letter), text(number)

    def id(self, element: etree._Element | None, letter: str) -> str:
        """Read a FIM id; one of another form is a remark, one that names nothing a fault."""
        if element is None:
            return ""
        value, dialect = text(element), self.dialect
        if not value:
            self.fault(element, "Die FIM-ID (identifikation/id) ist leer.")
        elif not _ANY_ID.fullmatch(value):
            self.fault(element, f"{value[:20]!r} ist keine FIM-ID.")
        elif not self._is_standard(value, letter or _LETTERS):
            what = f"{letter or 'ein Buchstabe'} und {dialect.digits} Ziffern"
            self.remark(
                element, f"{value!r} ist keine FIM-ID von {dialect.title}: erwartet wird {what}."
            )
        return value[:20]

    def _is_standard(self, value: str, letters: str) -> bool:
        number = value[1:]
        return value[0] in letters and len(number) == self.dialect.digits and number.isdigit()

    def _check(self, element: etree._Element | None, check: Callable[[str], object]) -> None:
        if element is not None and text(element):
            try:
                check(text(element))
            except BadValue as error:
                self.fault(element, str(error))

    def code(self, parts: Parts, name: str, allowed: frozenset[str]) -> str:
        """Read a coded value (`<name><code>..</code></name>`) that must be one of `allowed`."""
        element = parts.single.get(name)
        if element is None:
            return ""
        codes = [child for child in element if etree.QName(child).localname == "code"]
        if len(codes) != 1 or len(element) != 1:
            self.fault(element, f"{name} muss genau ein Element 'code' enthalten.")
            return ""
        found = text(codes[0])
        if found not in allowed:
            known = ", ".join(sorted(allowed))
            self.fault(
                codes[0],
                f"{name} hat den Wert {found[:40]!r}; {self.dialect.title} kennt nur {known}.",
            )
        return found

    def details(self, parts: Parts, name: str) -> tuple[Detail, ...]:
        """Read parts whose shape is not published: names and texts, `a/b` for a `b` in an `a`."""
        return tuple(self._detail(each) for each in parts.many.get(name, ()))

    def _detail(self, element: etree._Element) -> Detail:
        found: list[tuple[str, str]] = []
        if text(element):
            found.append(("", text(element)))
        for child in element:
            name = etree.QName(child).localname
            if text(child) or not len(child):
                found.append((name, text(child)))
            for inner in child:
                found.append((f"{name}/{etree.QName(inner).localname}", text(inner)))
                if len(inner):
                    self.remark(inner, "Tiefer Verschachteltes ist nicht gelesen.")
        return tuple(found)


def filled(parts: Parts, name: str) -> list[etree._Element]:
    """Those of a repeated element that have a text; FIM editors write empty ones."""
    return [each for each in parts.many.get(name, ()) if text(each)]


def is_empty(element: etree._Element) -> bool:
    """Whether an element holds neither text nor elements nor attributes."""
    return not len(element) and not text(element) and not element.attrib
