"""Takes an element apart by a table of its children, and notes every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypedDict

from lxml import etree

from dienstweg.standards.xdatenfelder.errors import Fault
from dienstweg.standards.xdatenfelder.values import BadValue, a_date, an_id, text, version

NAMESPACE: Final = "urn:xoev-de:fim:standard:xdatenfelder_2"
MOST_FAULTS: Final = 50

_DATES: Final = ("gueltigAb", "gueltigBis", "freigabedatum", "veroeffentlichungsdatum")
_STATUSES: Final = frozenset({"inVorbereitung", "aktiv", "inaktiv"})
_UNPRINTABLE: Final = re.compile(r"[^A-Za-z0-9._{}:-]")


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
    legal_basis: str
    status: str
    creator: str
    version_note: str
    valid_from: str
    valid_until: str
    released_on: str
    published_on: str
    line: int | None


class Walk:
    """A walk through one file; collects at most `MOST_FAULTS` faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.path: list[str] = []

    def fault(self, element: etree._Element, what: str) -> None:
        """Note what is wrong at an element, unless enough has been noted."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(element.sourceline, "/".join(self.path), what))

    def parts(self, element: etree._Element, once: Mapping[str, bool], *often: str) -> Parts:
        """Sort the children of `element`: `once` maps a name to whether it must be there."""
        single: dict[str, etree._Element] = {}
        many: dict[str, list[etree._Element]] = {}
        for child in element:
            name = self._name(child)
            if name in often:
                many.setdefault(name, []).append(child)
            elif name not in once:
                shown = _UNPRINTABLE.sub("?", name)[:80]
                self.fault(child, f"Unbekanntes Element {shown!r} in {self._name(element)!r}.")
            elif name in single:
                self.fault(child, f"Das Element {name!r} steht doppelt in {self._name(element)!r}.")
            else:
                single[name] = child
        for name, needed in once.items():
            if needed and name not in single:
                self.fault(element, f"In {self._name(element)!r} fehlt das Element {name!r}.")
        return Parts(single, many)

    @staticmethod
    def _name(element: etree._Element) -> str:
        name = etree.QName(element)
        return name.localname if name.namespace == NAMESPACE else str(element.tag)

    def common(self, element: etree._Element, parts: Parts, letter: str) -> Common:
        """Read what all named elements share, and step into the element's path."""
        known = parts.single
        identity = self._identity(known.get("identifikation"), letter)
        self.path.append(identity[0] or "?")
        for name in _DATES:
            self._check_date(known.get(name))
        if "name" in known and not text(known["name"]):
            self.fault(known["name"], "Der Name ist leer.")
        return Common(
            id=identity[0],
            version=identity[1],
            name=text(known.get("name")),
            input_label=text(known.get("bezeichnungEingabe")),
            output_label=text(known.get("bezeichnungAusgabe")),
            description=text(known.get("beschreibung")),
            definition=text(known.get("definition")),
            legal_basis=text(known.get("bezug")),
            status=self.code(parts, "status", _STATUSES),
            creator=text(known.get("fachlicherErsteller")),
            version_note=text(known.get("versionshinweis")),
            valid_from=text(known.get("gueltigAb")),
            valid_until=text(known.get("gueltigBis")),
            released_on=text(known.get("freigabedatum")),
            published_on=text(known.get("veroeffentlichungsdatum")),
            line=element.sourceline,
        )

    def _identity(self, element: etree._Element | None, letter: str) -> tuple[str, str]:
        if element is None:
            return "", ""
        known = self.parts(element, {"id": True, "version": True}).single
        number = known.get("version")
        if number is not None:
            self._try(number, lambda: version(text(number)))
        return self.id(known.get("id"), letter), text(number)

    def id(self, element: etree._Element | None, letter: str) -> str:
        """Read a FIM id that must begin with `letter`; a wrong one is a fault."""
        if element is None:
            return ""
        self._try(element, lambda: an_id(text(element), letter))
        return text(element)[:20]

    def _check_date(self, element: etree._Element | None) -> None:
        if element is not None and text(element):
            self._try(element, lambda: a_date(text(element)))

    def _try(self, element: etree._Element, check: Callable[[], object]) -> None:
        try:
            check()
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
                f"{name} hat den Wert {found[:40]!r}; XDatenfelder 2 kennt nur {known}.",
            )
        return found
