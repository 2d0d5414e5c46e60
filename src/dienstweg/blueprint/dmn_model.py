"""What a DMN file holds, as it is read: decisions, input data, functions, services, types.

A `Graph` is one file; `Element`s require each other by key (namespace, id). Expressions are boxes,
one inside of the other; at their leaves stand texts in FEEL or CEL.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Key = tuple[str, str]
"""Namespace and id of an element."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the file with its language ("feel", "cel") and its line."""

    text: str
    language: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a boxed context; the one without a name is its result."""

    name: str | None
    type: str
    box: "Box | None"


@dataclass(frozen=True, slots=True)
class ContextBox:
    """Entries, each of which sees the earlier ones."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class InvocationBox:
    """A call of a function by its name, with arguments by theirs."""

    function: Text
    bindings: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class FunctionBox:
    """A function; `foreign` ones ("Java", "PMML") are read, never run."""

    parameters: tuple[tuple[str, str], ...]
    box: "Box | None"
    foreign: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class RelationBox:
    """A table of values: names of columns, rows of boxes."""

    columns: tuple[str, ...]
    rows: tuple[tuple["Box | None", ...], ...]


@dataclass(frozen=True, slots=True)
class ListBox:
    """A list of boxes."""

    boxes: tuple["Box | None", ...]


@dataclass(frozen=True, slots=True)
class ChoiceBox:
    """If, then, else."""

    when: "Box | None"
    yes: "Box | None"
    no: "Box | None"


@dataclass(frozen=True, slots=True)
class FilterBox:
    """Those entries of a list of which something holds."""

    over: "Box | None"
    match: "Box | None"


@dataclass(frozen=True, slots=True)
class LoopBox:
    """`for`, `some` or `every` over a list."""

    word: str
    variable: str
    over: "Box | None"
    body: "Box | None"


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is asked: its expression, its type, the values it may have."""

    id: str
    label: str
    expression: Text
    type: str
    values: Text | None


@dataclass(frozen=True, slots=True)
class Output:
    """A column that answers; `values` in their order of priority."""

    name: str
    type: str
    values: Text | None
    default: Text | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One rule."""

    id: str
    line: int | None
    tests: tuple[Text, ...]
    results: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class TableBox:
    """A decision table."""

    policy: str
    aggregation: str | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    line: int | None


@dataclass(frozen=True, slots=True)
class TypedBox:
    """A box whose value must be of a type."""

    type: str
    box: "Box"


Box = (
    Text
    | TypedBox
    | ContextBox
    | InvocationBox
    | FunctionBox
    | RelationBox
    | ListBox
    | ChoiceBox
    | FilterBox
    | LoopBox
    | TableBox
)


@dataclass(frozen=True, slots=True)
class Element:
    """One node of the graph: `kind` is input, decision, function or service.

    `requires` are the keys of what it needs; `given` is the CEL text that fills input data from
    the application. Of a service, `outputs` are its decisions, `inputs` what it is called with, in
    order.
    """

    kind: str
    key: Key
    name: str
    type: str
    line: int | None
    box: Box | None = None
    requires: tuple[Key, ...] = ()
    given: str | None = None
    outputs: tuple[Key, ...] = ()
    inputs: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A type of the file: of another, of members, or of a function."""

    name: str
    of: str
    collection: bool
    members: tuple["Item", ...]
    allowed: Text | None
    line: int | None
    takes: tuple[tuple[str, str], ...] | None = None
    gives: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """Another file whose elements this one uses under a name; "" for its own names."""

    name: str
    namespace: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Graph:
    """One file."""

    path: str
    namespace: str
    name: str
    elements: Mapping[Key, Element] = field(repr=False)
    items: Mapping[str, Item] = field(repr=False)
    imports: tuple[Import, ...] = ()

    def named(self, name: str, *kinds: str) -> Element | None:
        """The element with a name or an id, of these kinds."""
        for element in self.elements.values():
            if name in (element.name, element.key[1]) and (not kinds or element.kind in kinds):
                return element
        return None
