"""One field of an assistant, compiled: its kind, its parts, its choices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dienstweg.blueprint.data_schema import Place, validator_of
from dienstweg.blueprint.expressions import Expression
from dienstweg.blueprint.kinds.kind import Kind, Part
from dienstweg.blueprint.kinds.known import PARTS
from dienstweg.blueprint.kinds.lookup import NOTHING, Lookup, posted_text
from dienstweg.blueprint.kinds.table import KINDS
from dienstweg.blueprint.widgets import derive, fits


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that may be chosen; `text` is what the browser posts, `labels` by language."""

    value: Any
    text: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of a page, or one part of a composed field.

    `at` is where its value stands in the data, in a repeating group relative to the entry; None for
    what is only shown. `widget` is an input, "output" (then `value` calculates it; `shown_as` says
    how it reads) or "info", perhaps with a `film` (its name); `kind` knows all about its answers.
    The id of a part is the key of its texts, "anschrift.parts.plz".
    """

    id: str
    page: str
    at: tuple[str, ...] | None
    widget: str
    schema: Mapping[str, Any]
    place: Place | None
    when: Expression | None
    required: Expression | None
    value: Expression | None
    choices: tuple[Choice, ...]
    validator: Any = field(repr=False)
    autocomplete: str | None = None
    width: int | None = None
    shown_as: str = "text"
    prefill: tuple[str, ...] = ()
    kind: Kind = field(default=KINDS["text"], repr=False)
    parts: tuple["Field", ...] = ()
    lookup: Lookup = field(default=NOTHING, repr=False)
    allowed: Expression | None = None
    film: str = ""

    @property
    def multiple(self) -> bool:
        """Whether the value is a list of choices or of files."""
        return self.schema.get("type") == "array" and not self.parts

    @property
    def is_input(self) -> bool:
        """Whether the applicant answers it."""
        return self.widget not in ("output", "info")

    @property
    def key(self) -> str:
        """Of a part: its name in the object."""
        return self.id.rpartition(".")[2]

    def named(self, part: str | None) -> "Field":
        """What a problem speaks of: the part ("plz"), the column of a cell ("0-menge"), or this."""
        if part is None:
            return self
        return self.part(part) or self.part(part.partition("-")[2]) or self

    def part(self, key: str) -> "Field | None":
        """The part of a name."""
        return next((part for part in self.parts if part.key == key), None)


def choices_of(schema: Mapping[str, Any], widget: str) -> tuple[Choice, ...]:
    """The choices that a schema enumerates; of a list, those of its items.

    Countries bring their own.
    """
    if widget in _OWN_CHOICES:
        return ()
    each = schema.get("items", {}) if schema.get("type") == "array" else schema
    if isinstance(each.get("oneOf"), list) and all("const" in one for one in each["oneOf"]):
        return tuple(
            Choice(one["const"], posted_text(one["const"]), {"de": str(one.get("title", ""))})
            for one in each["oneOf"]
        )
    values = each.get("enum", [])
    if schema.get("type") == "boolean" or schema.get("const") is True:
        values = [True, False]
    return tuple(Choice(value, posted_text(value), {}) for value in values if value is not None)


def parts_of(
    id: str, page: str, kind: Kind, schema: Mapping[str, Any], autocomplete: str | None
) -> tuple[Field, ...]:
    """The parts of a field of a kind, fields themselves; only simple ones have a place in it."""
    found = []
    for part in kind.parts(schema):
        widget = _widget(part)
        own = part.kind or KINDS[widget]
        if part.kind is None and own.composed:
            continue
        known = PARTS.get(part.key)
        choices = choices_of(part.schema, widget)
        found.append(
            Field(
                id=f"{id}.parts.{part.key}",
                page=page,
                at=(part.key,),
                widget=widget,
                schema=part.schema,
                place=None,
                when=None,
                required=None,
                value=None,
                choices=choices,
                validator=validator_of(part.schema),
                autocomplete=_token(autocomplete, known.autocomplete if known else None),
                width=known.width if known else None,
                shown_as=widget,
                kind=own,
                lookup=Lookup(choices) if choices else NOTHING,
            )
        )
    return tuple(found)


_OWN_CHOICES = frozenset(["country", "nationality"])
"""Widgets whose choices come from the kind, not from the schema."""


def _widget(part: Part) -> str:
    if part.widget is not None and (part.kind is not None or fits(part.widget, part.schema)):
        return part.widget
    widget = derive(part.schema)
    return "select" if widget == "search" else widget


def _token(around: str | None, own: str | None) -> str | None:
    """The HTML token of a part: none for other people's data ("off"), else within its section."""
    if around == "off" or own is None:
        return around if around == "off" else None
    return f"{around} {own}" if around else own


def mistakes_of(kind: Kind, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What keeps a composed field from working, and what the designer can do."""
    yield from kind.mistakes(schema)
    for part in kind.parts(schema):
        said = part.schema.get("x-kind")
        if said is not None and not fits(str(said), part.schema):
            message = f"Der Teil „{part.key}“ hat ein „x-kind“, das es nicht gibt oder nicht passt."
            yield message, "Prüfen Sie die Schreibweise in docs/blueprint-reference.md."
        own = part.kind or KINDS[_widget(part)]
        nested = part.kind is None and (own.composed or part.schema.get("type") == "object")
        if nested or own.widget == "file":
            message = f"Der Teil „{part.key}“ ist selbst zusammengesetzt oder eine Datei."
            yield message, "Machen Sie daraus ein eigenes Feld mit eigenem „at“."
