"""What a Stammdatenschema says, as frozen data (XDatenfelder 2.0, message 0102).

English names stand for the standard's German ones; the standard's name follows in the comment
where it is not obvious. Texts are trimmed, line ends are `\\n`, a missing text is the empty string.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Multiplicity:
    """How often an element occurs in its group (`anzahl`, "0:1", "1:*"); no maximum is `None`."""

    minimum: int
    maximum: int | None

    @property
    def repeats(self) -> bool:
        """Whether the element may occur more than once."""
        return self.maximum is None or self.maximum > 1

    def __str__(self) -> str:
        return f"{self.minimum}:{'*' if self.maximum is None else self.maximum}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What schemas, groups, fields and rules have in common."""

    id: str
    version: str
    name: str
    input_label: str = ""  # bezeichnungEingabe
    output_label: str = ""  # bezeichnungAusgabe
    description: str = ""  # beschreibung
    definition: str = ""
    legal_basis: str = ""  # bezug
    status: str = ""
    creator: str = ""  # fachlicherErsteller
    version_note: str = ""  # versionshinweis
    valid_from: str = ""
    valid_until: str = ""
    released_on: str = ""  # freigabedatum
    published_on: str = ""  # veroeffentlichungsdatum
    line: int | None = None

    @property
    def label(self) -> str:
        """What an applicant reads: the label for input, else the element's name."""
        return self.input_label or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Element):
    """A rule in German prose (`definition`); the script is empty in all released schemas."""

    script: str = ""


@dataclass(frozen=True, slots=True)
class CodeListReference:
    """Names a code list that is published elsewhere (Genericode, XRepository)."""

    id: str
    canonical_id: str
    version: str
    canonical_version_uri: str


@dataclass(frozen=True, slots=True)
class Facets:
    """What a field's `praezisierung` narrows; `other` keeps what the standard does not know."""

    min_length: int | None = None
    max_length: int | None = None
    min_value: Decimal | str | None = None  # a date stays text
    max_value: Decimal | str | None = None
    pattern: str | None = None
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Element):
    """A single question (`datenfeld`)."""

    kind: str  # feldart: input, select, label
    datatype: str
    element_kind: str = ""  # schemaelementart: ABS, HAR, RNG
    input_help: str = ""
    output_help: str = ""
    facets: Facets = field(default_factory=Facets)
    content: str = ""  # inhalt: a label's text, or a default value
    code_list: CodeListReference | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Element):
    """Questions that belong together (`datenfeldgruppe`)."""

    element_kind: str = ""
    input_help: str = ""
    output_help: str = ""
    rules: tuple[Rule, ...] = ()
    children: tuple[Child, ...] = ()


@dataclass(frozen=True, slots=True)
class Child:
    """An element at its place in a group or schema (`struktur`)."""

    multiplicity: Multiplicity
    legal_basis: str
    element: Field | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema(Element):
    """A whole Stammdatenschema with the message that carried it."""

    message_id: str = ""
    created_at: str = ""
    help: str = ""
    structure_changes: str = ""  # ableitungsmodifikationenStruktur, 0 to 3
    representation_changes: str = ""  # ableitungsmodifikationenRepraesentation, 0 or 1
    rules: tuple[Rule, ...] = ()
    children: tuple[Child, ...] = ()
