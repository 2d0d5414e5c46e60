"""What a message of XDatenfelder 2.0 or 3.0 says, as frozen data; one model for both.

English names stand for the standard's German ones; the standard's name follows in the comment
where it is not obvious. Texts are trimmed, line ends are `\\n`, a missing text is the empty string.
What only one version knows is empty in the other; codes stay as the file has them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from dienstweg.standards.xdatenfelder.errors import Fault

#: Status codes of both versions in German (3: code list urn:xoev-de:xprozess:codeliste:status).
STATUSES: Final = {
    "inVorbereitung": "in Vorbereitung",
    "aktiv": "aktiv",
    "inaktiv": "inaktiv",
    "1": "in Planung",
    "2": "in Bearbeitung",
    "3": "Entwurf",
    "4": "methodisch freigegeben",
    "5": "fachlich freigegeben (silber)",
    "6": "fachlich freigegeben (gold)",
    "7": "inaktiv",
    "8": "vorgesehen zum Löschen",
}
_RELEASED: Final = frozenset({"aktiv", "4", "5", "6"})


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


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """What an element rests on (`bezug`): a law, a standard; `link` where it can be read."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word to find an element by (`stichwort`)."""

    text: str
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """How an element relates to another: ABL derived from, ERS replaces, EQU equals, VKN linked."""

    predicate: str
    id: str
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What schemas, groups, fields and rules have in common."""

    id: str
    version: str
    name: str
    input_label: str = ""  # bezeichnungEingabe; of a schema in version 3 bezeichnung
    output_label: str = ""  # bezeichnungAusgabe
    description: str = ""  # beschreibung
    definition: str = ""
    bases: tuple[LegalBasis, ...] = ()  # bezug
    status: str = ""  # version 2: status, version 3: freigabestatus
    creator: str = ""  # fachlicherErsteller; in version 3 statusGesetztDurch
    version_note: str = ""  # versionshinweis
    valid_from: str = ""
    valid_until: str = ""
    released_on: str = ""  # freigabedatum; in version 3 statusGesetztAm
    published_on: str = ""  # veroeffentlichungsdatum
    changed_at: str = ""  # letzteAenderung, only version 3
    relations: tuple[Relation, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    line: int | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """What an applicant reads: the label for input, else the element's name."""
        return self.input_label or self.name

    @property
    def legal_basis(self) -> str:
        """All that the element rests on, a line each."""
        return "\n".join(basis.text for basis in self.bases)

    @property
    def released(self) -> bool:
        """Whether its publisher has released it for use."""
        return self.status in _RELEASED

    @property
    def status_text(self) -> str:
        """The status in German."""
        return STATUSES.get(self.status, self.status)


#: A part of a rule whose inner shape nobody has published yet: names and texts in their order.
Detail = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Element):
    """A rule: German prose, and in version 3 perhaps a script with parameters and targets."""

    free_text: str = ""  # freitextRegel; in version 2 definition
    script: str = ""  # skript
    type: str = ""  # typ: K complex, M multiplicity, V validation, B calculation
    parameters: tuple[Detail, ...] = ()  # param
    targets: tuple[Detail, ...] = ()  # ziel
    errors: tuple[Detail, ...] = ()  # fehler


@dataclass(frozen=True, slots=True)
class CodeListReference:
    """Names a code list that is published elsewhere (Genericode, XRepository).

    Version 3 has no `id`, and `version` may be missing: then the newest one is meant.
    """

    id: str
    canonical_id: str
    version: str
    canonical_version_uri: str


@dataclass(frozen=True, slots=True)
class Value:
    """One entry of a list that stands in the schema itself (`wert`)."""

    code: str
    name: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """What a field's `praezisierung` narrows; `other` keeps what the standard does not know."""

    min_length: int | None = None
    max_length: int | None = None
    min_value: Decimal | str | None = None  # a date or a time stays text
    max_value: Decimal | str | None = None
    pattern: str | None = None
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Element):
    """A single question (`datenfeld`)."""

    kind: str  # feldart: input, select, label, hidden, locked
    datatype: str
    element_kind: str = ""  # schemaelementart: ABS, HAR, RNG
    input_help: str = ""
    output_help: str = ""
    facets: Facets = field(default_factory=Facets)
    content: str = ""  # inhalt: a label's text, or a default value
    prefill: str = ""  # vorbefuellung: keine, optional, verpflichtend
    code_list: CodeListReference | None = None
    values: tuple[Value, ...] = ()  # werte
    code_key: str = ""  # the columns of the referenced list
    name_key: str = ""
    help_key: str = ""
    max_size: int | None = None  # bytes
    media_types: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Element):
    """Questions that belong together (`datenfeldgruppe`)."""

    element_kind: str = ""
    input_help: str = ""
    output_help: str = ""
    choice: bool = False  # art X: at most one of the children is filled
    rules: tuple[Rule, ...] = ()
    children: tuple[Child, ...] = ()


@dataclass(frozen=True, slots=True)
class Child:
    """An element at its place in a group or schema (`struktur`)."""

    multiplicity: Multiplicity
    bases: tuple[LegalBasis, ...]
    element: Field | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema(Element):
    """A whole Stammdatenschema with the message that carried it."""

    standard: str = "3.0.0"
    message_id: str = ""
    created_at: str = ""
    help: str = ""
    structure_changes: str = ""  # ableitungsmodifikationenStruktur, 0 to 3
    representation_changes: str = ""  # ableitungsmodifikationenRepraesentation, 0 or 1
    profile: str = ""  # dokumentsteckbrief: the id of the document it describes
    rules: tuple[Rule, ...] = ()
    children: tuple[Child, ...] = ()
    remarks: tuple[Fault, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Message:
    """Any message that carries elements: a schema (0102), a group (0103) or a field (0104).

    `remarks` are what the standard asks for otherwise, and what reading could do without.
    """

    standard: str
    id: str
    created_at: str
    element: Schema | Group | Field
    remarks: tuple[Fault, ...] = ()
