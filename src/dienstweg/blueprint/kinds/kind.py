"""What every kind of answer can say of itself; the kinds with one input in the form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import figures
from dienstweg.blueprint.kinds.cleaning import tidied

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field
    from dienstweg.blueprint.release import Release

Posted = Mapping[str, Sequence[str]]
#: What was typed for a field: the texts of its one input, or those of its parts by their names.
Typed = Sequence[str] | Mapping[str, Sequence[str]]
Schema = Mapping[str, Any]

_CODES = {
    "maxLength": "length",
    "minLength": "short",
    "exclusiveMinimum": "minimum",
    "exclusiveMaximum": "maximum",
    "minItems": "few",
    "maxItems": "many",
    "uniqueItems": "repeated",
    "type": "format",
    "oneOf": "enum",
    "multipleOf": "number",
    "additionalProperties": "format",
    "anyOf": "format",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an answer: its code, and the part that it concerns."""

    code: str
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood: a `value` (None: nothing entered), or a `code` saying why not.

    Of a composed field also the `faults` of its parts, and what was typed there (`unread`).
    """

    value: Any = None
    code: str | None = None
    faults: tuple[Fault, ...] = ()
    unread: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a composed field as its schema says it; the widget only where it is known."""

    key: str
    schema: Schema
    widget: str | None = None
    kind: "Kind | None" = None


class Kind:
    """A kind of answer; this one is shown only and never answered (output, info)."""

    types: frozenset[str] = frozenset()
    composed = False
    #: Whether a browser leaves the field out of the form when nothing is chosen.
    left_out = False
    #: Whether a pattern of the schema takes the place of the kind's own check.
    by_pattern = False
    #: Whether not being ticked is no answer where one is required.
    by_ticking = False

    def __init__(self, widget: str) -> None:
        self.widget = widget

    def fits(self, schema: Schema) -> bool:
        """Whether the answers of this kind can stand where the schema describes."""
        return schema.get("type") in self.types

    def mistakes(self, schema: Schema) -> Iterator[tuple[str, str]]:
        """What keeps a field of this kind from working, and what the designer can do."""
        yield from ()

    def parts(self, schema: Schema) -> Iterator[Part]:
        """The parts of which an answer is made, in their order."""
        yield from ()

    def collect(self, field: "Field", posted: Posted) -> Typed | None:
        """What the form holds for a field; None when it is not in the form."""
        return posted.get(field.id)

    def read(self, field: "Field", typed: Typed) -> Read:
        """Read what was typed; the result may still break the schema's rules. Never raises."""
        return Read()

    def sound(self, field: "Field", value: Any) -> str | None:
        """The code of what this kind finds wrong with a value, whatever its schema says."""
        return None

    def faults(
        self, field: "Field", value: Any, *, asked: frozenset[str] = frozenset()
    ) -> list[Fault]:
        """What is wrong with an understood value; `asked` are parts that a condition requires."""
        code = self.fault(field, value)
        return [Fault(code)] if code else []

    def first(self, field: "Field", asked: frozenset[str]) -> list[Fault]:
        """What is missing where nothing is filled in, but something has to be."""
        return [Fault("required")]

    def unread(self, field: "Field", value: Any, left: Mapping[str, Any]) -> list[Fault]:
        """Why the parts that were kept as they were typed cannot be understood."""
        return []

    def fault(self, field: "Field", value: Any) -> str | None:
        """The code of the first rule that a value breaks, None when it is fine or empty."""
        if value is None or field.validator is None:
            return None
        if not (self.by_pattern and "pattern" in field.schema):
            code = self.sound(field, value)
            if code:
                return code
        name = broken(field, value)
        return name and self.code(name)

    def code(self, rule: str) -> str:
        """Our code for a broken rule of JSON Schema."""
        return _CODES.get(rule, rule)

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """A value in words, for summaries and documents; lines where it has several."""
        return figures.plain(value, lang)

    def label(self, field: "Field", value: Any, lang: str) -> str:
        """What a chosen value is called."""
        return figures.plain(value, lang)

    def typed(self, field: "Field", value: Any) -> Typed:
        """A value as it stands in the input: what `read` reads back to the same value."""
        return [] if value is None else [str(value)]

    def usual_label(self, lang: str) -> str | None:
        """What a part of this kind is called where its key says nothing."""
        return None

    def usual_hint(self, lang: str) -> str | None:
        """The help for a part of this kind."""
        return None

    def around(self, field: "Field", value: Any) -> Any:
        """The value as rules see it: with null for what is not there."""
        return value

    def strangers(self, field: "Field", given: Any) -> set[str]:
        """Parts that an acceptance case names and the field does not have."""
        return set()

    def sent(self, field: "Field", given: Any) -> dict[str, list[str]]:
        """What a browser would post, by name, for an answer of an acceptance case."""
        return {field.id: list(written(given))}


class Simple(Kind):
    """A kind with one input, in which one text stands."""

    types = frozenset(["string"])
    lines = False

    def read(self, field: "Field", typed: Typed) -> Read:
        """Read the one text that was typed; the same twice is one."""
        if isinstance(typed, Mapping):
            typed = typed.get("", ())
        texts, code = tidied(typed, lines=self.lines)
        if code:
            return Read(code=code)
        if len(set(texts)) > 1:
            return Read(code="repeated")
        return self.understand(texts[0], field) if texts else Read()

    def understand(self, text: str, field: "Field") -> Read:
        """The value that a tidy text means, or a code."""
        return Read(text)


def broken(field: "Field", value: Any) -> str | None:
    """The name of the first rule of the schema that a value breaks."""
    try:
        if field.validator.is_valid(value):
            return None
        error = next(iter(field.validator.iter_errors(value)), None)
    except ValueError:
        # A pattern of a stranger that ran into its limit, or text that is no Unicode.
        return "characters"
    return None if error is None else str(error.kind.name)


def written(value: Any) -> Iterator[str]:
    """The texts that a person would type, or a browser would send, for a value."""
    if isinstance(value, list):
        for each in value:
            yield from written(each)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, float):
        yield str(value).replace(".", ",")
    else:
        yield "" if value is None else str(value)


def accepted(field: "Field", *candidates: str) -> str:
    """The first way to write it that the schema's pattern accepts; else the first."""
    if field.validator is not None and "pattern" in field.schema:
        for candidate in candidates:
            if field.validator.is_valid(candidate):
                return candidate
    return candidates[0]


def broken_all(field: "Field", value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every rule of the schema that a value breaks, with the path where; at most twenty."""
    try:
        if field.validator is None or field.validator.is_valid(value):
            return
        for error in list(field.validator.iter_errors(value))[:20]:
            name, path = str(error.kind.name), tuple(str(each) for each in error.instance_path)
            if name == "required":
                path = (*path, str(error.kind.property))
            yield name, path
    except ValueError:
        yield "characters", ()


def shown(release: "Release", field: "Field", value: Any, lang: str) -> str:
    """A field's value in words: for summaries, documents and calculated fields. Never raises."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, list) and not field.kind.composed:
        return ", ".join(shown(release, field, each, lang) for each in value)
    if field.choices or isinstance(value, bool):
        return label_of(release, field, value, lang)
    return field.kind.shown(release, field, value, lang)


def label_of(release: "Release", field: "Field", value: Any, lang: str) -> str:
    """What a chosen value is called: by the texts, the list it comes from, or Ja and Nein."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    own = release.text(lang, f"fields.{field.id}.options.{text}", "")
    if own:
        return own
    if isinstance(value, bool):
        return figures.yes_or_no(value, lang)
    return field.kind.label(field, value, lang)
