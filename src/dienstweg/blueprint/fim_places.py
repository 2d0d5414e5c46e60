"""Where a FIM element stands in a blueprint: its data key, its stable id, how often it occurs.

The same element may stand in several groups, so it is addressed by its path of FIM ids, never by
its id alone. A place's id is made from that path only, not from labels or order: the next import
of a newer version finds the same ids again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from dienstweg.blueprint.problems import Invalid, Problem
from dienstweg.standards.xdatenfelder.model import (
    Child,
    Field,
    Group,
    LegalBasis,
    Multiplicity,
    Schema,
)
from dienstweg.standards.xdatenfelder.values import BadValue, a_date

MOST_POINTS = 2_000
LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """What a designer has to look at.

    `R` is a rule, `C` a code list, `H` what cannot be expressed, `A` what no case reaches.
    """

    id: str
    text: str
    source: str


@dataclass(slots=True)
class Findings:
    """Collects open points in the order of the schema, numbered by kind."""

    points: list[OpenPoint] = field(default_factory=list)

    def add(self, kind: str, text: str, source: str) -> None:
        """Note a point of a kind (R, C, H, A) about a FIM path; raises Invalid if too many."""
        if len(self.points) >= MOST_POINTS:
            message = f"Das Schema hat mehr als {MOST_POINTS} offene Punkte."
            remedy = "Importieren Sie Teile davon als eigene Schemata."
            raise Invalid([Problem("too-many-points", message, remedy=remedy)])
        number = len(self.of_kind(kind)) + 1
        self.points.append(OpenPoint(f"{kind}{number}", text, source))

    def of_kind(self, kind: str) -> tuple[OpenPoint, ...]:
        """The points of one kind."""
        return tuple(point for point in self.points if point.id[0] == kind)


@dataclass(frozen=True, slots=True)
class Place:
    """An element at its place in the data.

    `pointer` are the keys from the root (through lists, without their indexes); `item` is the
    pointer of the innermost list in whose items it lies, `outer` that of the list around that one.
    A field that repeats becomes a list of objects that hold the field, because an assistant
    repeats pages, not single questions; `multiple` are those of which one question takes several
    answers: files, and choices from known options. `when` is the condition (CEL) under which a
    child of a choice group is meant; `is_selector` is the question that asks which one, and
    `is_single` the question inside a repeated field.
    """

    id: str
    key: str
    pointer: tuple[str, ...]
    fim_path: str
    element: Field | Group | Schema
    occurs: Multiplicity
    stated: Multiplicity
    item: tuple[str, ...] | None = None
    outer: tuple[str, ...] | None = None
    children: tuple[Place, ...] = ()
    bases: tuple[LegalBasis, ...] = ()
    omitted: tuple[tuple[int, Child], ...] = ()
    number: int = 0
    multiple: bool = False
    when: str | None = None
    is_selector: bool = False
    is_single: bool = False

    @property
    def repeated(self) -> bool:
        """Whether it is a list that an assistant shows as a repeating page."""
        return self.occurs.repeats and not self.multiple

    @property
    def is_file(self) -> bool:
        """Whether files are asked for; several files are one question."""
        return isinstance(self.element, Field) and takes_files(self.element)

    @property
    def is_label(self) -> bool:
        """Whether it is only text to read."""
        return isinstance(self.element, Field) and self.element.kind == "label"

    @property
    def fixed(self) -> str | None:
        """The value of a locked field as a CEL literal: shown, and not to be changed."""
        element = self.element
        if not isinstance(element, Field) or element.kind != "locked" or self.children:
            return None
        return None if self.occurs.repeats else _literal(element)

    @property
    def is_silent(self) -> bool:
        """Whether it has a place in the data and is never seen: hidden, or locked and empty."""
        element = self.element
        if not isinstance(element, Field) or self.children:
            return False
        return element.kind == "hidden" or (element.kind == "locked" and self.fixed is None)

    @property
    def is_question(self) -> bool:
        """Whether it is a single question with an answer of its own."""
        silent = self.is_label or self.is_silent or self.fixed is not None
        return isinstance(self.element, Field) and not silent and not self.children

    @property
    def asks(self) -> bool:
        """Whether an applicant gives or gets a value at or below it."""
        own = self.is_question or self.fixed is not None
        return own or any(child.asks for child in self.children)

    @property
    def is_shown(self) -> bool:
        """Whether an applicant sees anything at or below it."""
        return self.is_label or self.asks or any(child.is_shown for child in self.children)

    @property
    def holds_data(self) -> bool:
        """Whether the data has anything at or below it."""
        own = self.is_question or self.is_silent or self.fixed is not None
        return own or any(child.holds_data for child in self.children)

    @property
    def needed(self) -> bool:
        """Whether it must be answered once it is shown, though the data schema cannot say it."""
        return self.when is not None and self.is_question and self.stated.minimum > 0

    @property
    def certain(self) -> bool:
        """Whether every application has something here."""
        if self.occurs.minimum == 0:
            return False
        return self.is_question or self.repeated or any(each.certain for each in self.children)

    @property
    def relative(self) -> tuple[str, ...]:
        """The keys from the item it lies in, or from the root."""
        return self.pointer[len(self.item) :] if self.item else self.pointer

    @property
    def expression(self) -> str:
        """Its value in CEL, as a rule on the same page sees it."""
        return ".".join(("item" if self.item else "data", *self.relative))

    def walk(self, above: tuple[Place, ...] = ()) -> Iterator[tuple[Place, tuple[Place, ...]]]:
        """Give this place and all below it in order, each with those above it."""
        yield self, above
        for child in self.children:
            yield from child.walk((*above, self))


def takes_files(element: Field) -> bool:
    """Whether a field asks for files."""
    return element.datatype in {"file", "obj"} and element.kind != "select"


def _literal(element: Field) -> str | None:
    """A content as CEL; `None` where it does not fit the data type."""
    content = element.content
    match element.datatype:
        case "bool":
            words = {"true": "true", "false": "false", "1": "true", "0": "false"}
            return words.get(content.lower())
        case "num_int" | "num" | "num_currency":
            return _number(content, whole=element.datatype == "num_int")
        case "text" | "text_latin" | "date":
            facets = element.facets
            fits = (facets.min_length or 0) <= len(content) <= (facets.max_length or len(content))
            plain = content and fits and not facets.pattern and len(content) <= 500
            dated = element.datatype != "date" or _is_date(content)
            return json.dumps(content, ensure_ascii=False) if plain and dated else None
    return None


def _number(content: str, *, whole: bool) -> str | None:
    try:
        value = Decimal(content.replace(",", "."))
    except ArithmeticError:
        return None
    if not value.is_finite() or abs(value) >= 10**15 or (whole and value % 1):
        return None
    return str(int(value)) if not value % 1 else format(value, "f")


def _is_date(content: str) -> bool:
    try:
        a_date(content)
    except BadValue:
        return False
    return len(content) == 10


def stable_id(*parts: str) -> str:
    """Make an id from FIM ids and small words; a long one keeps its ends and a hash between."""
    text = "-".join(parts).lower().replace("_", "-")
    if len(text) <= LONGEST_ID:
        return text
    first, last = (part.lower().replace("_", "-") for part in (parts[0], parts[-1]))
    return f"{first[:20]}-{hashlib.sha256(text.encode()).hexdigest()[:12]}-{last[:20]}"
