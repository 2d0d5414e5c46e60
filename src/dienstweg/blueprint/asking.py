"""How a field is asked: what a surface needs to draw its inputs, parts and choices included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import formats
from dienstweg.blueprint.data_schema import pruned
from dienstweg.blueprint.kinds import countries
from dienstweg.blueprint.kinds.choices import SEARCHED, Search
from dienstweg.blueprint.kinds.countries import Country
from dienstweg.blueprint.kinds.words import hint_of_part, label_of_part, say
from dienstweg.blueprint.views import Entry, FieldView, Option
from dienstweg.blueprint.widgets import file_rules

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Choice, Field
    from dienstweg.blueprint.release import Release

_MEDIA_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "jpg": "image/jpeg"}
_MEDIA_TYPES["png"] = "image/png"
_CHOSEN = frozenset(["radio", "select", "checkboxes", "yesno", "checkbox", "consent"])
_TICKED = frozenset(["checkbox", "consent"])
MOST_MATCHES = 20
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Answered:
    """What has been answered at a field so far.

    `left` is what was typed and could not be understood; `errors` are messages by part, that of
    the field itself under None. `choices` are those offered now, where not all are.
    """

    value: Any = None
    left: Any = None
    required: bool = False
    errors: Mapping[str | None, str] = field(default_factory=dict)
    choices: Sequence["Choice"] | None = None


def question(
    release: "Release", field: "Field", answered: Answered, *, lang: str, entry: Entry = ()
) -> FieldView:
    """A question with what has been answered so far."""
    start = f"fields.{field.id}."
    typed = _typed(field, answered)
    asked = replace(
        _input(release, field, typed, answered, lang),
        entry=entry,
        label=release.text(lang, start + "label", field.id),
        hint=release.text(lang, start + "hint", "") or None,
        purpose=release.text(lang, start + "purpose", "") or None,
        info=release.text(lang, start + "info", "") or None,
        required=answered.required,
        error=answered.errors.get(None),
    )
    if field.parts:
        return replace(asked, parts=_Parts(release, field, answered, lang).views())
    if isinstance(field.kind, Search):
        return _searched(release, field, asked, answered, lang)
    return asked


def _input(
    release: "Release",
    field: "Field",
    typed: str | list[str],
    answered: Answered,
    lang: str,
) -> FieldView:
    """What the input itself needs, of a field or of a part."""
    schema = field.schema
    rules = file_rules(schema) if field.widget == "file" else {}
    table = field.widget == "table"
    return FieldView(
        id=field.id,
        name=field.id,
        widget=field.widget,
        label="",
        value=typed,
        options=_options(release, field, typed, answered, lang),
        autocomplete=None if field.parts else field.autocomplete,
        width=field.width,
        multiple=field.multiple,
        accept=_accept(rules),
        max_bytes=rules.get("max_bytes"),
        max_files=schema.get("maxItems") if field.widget == "file" else None,
        min=_bound(field, "minItems" if table else "minimum"),
        max=_bound(field, "maxItems" if table else "maximum"),
        max_length=schema.get("maxLength"),
        pattern=schema.get("pattern"),
        files=files_of(answered.value) if field.widget == "file" else (),
    )


def _typed(field: "Field", answered: Answered) -> str | list[str]:
    """What stands in the input: what was typed if it could not be understood, else the value."""
    left = answered.left
    if isinstance(left, Mapping):
        left = None if field.parts else left.get("", [])
    if left is not None and not field.parts:
        return list(left) if field.multiple else (left[0] if left else "")
    return formats.typed(field, answered.value)


class _Parts:
    """The parts of a composed field, or the rows of a table, with what stands in their inputs."""

    def __init__(self, release: "Release", field: "Field", answered: Answered, lang: str) -> None:
        self.release, self.field, self.answered, self.lang = release, field, answered, lang
        self.texts = formats.typed_parts(field, pruned(answered.value))
        if isinstance(answered.left, Mapping):
            self.texts |= {key: list(each) for key, each in answered.left.items()}

    def views(self) -> tuple[FieldView, ...]:
        """All of them, in their order."""
        field = self.field
        if field.widget != "table":
            needed = field.schema.get("required", ()) if self.answered.required else ()
            return tuple(
                self._part(part, part.key, required=part.key in needed) for part in field.parts
            )
        return tuple(
            FieldView(
                id=str(at),
                name=f"{field.id}-{at}",
                widget="row",
                label=say("row", self.lang).format(number=at + 1),
                parts=self._cells(at),
            )
            for at in range(self._rows())
        )

    def _rows(self) -> int:
        """The filled rows and an empty one, at least as many as there have to be."""
        value, schema = self.answered.value, self.field.schema
        filled = len(value) if isinstance(value, list) else 0
        filled = max([filled, *(int(name.partition("-")[0]) + 1 for name in self.texts)])
        wanted = max(filled + 1, int(schema.get("minItems", 1)))
        return min(wanted, max(int(schema.get("maxItems", 1)), filled))

    def _cells(self, at: int) -> tuple[FieldView, ...]:
        schema = self.field.schema
        # Only a row that must be there requires its cells; an empty one is left out.
        here = at < max(int(schema.get("minItems", 0)), int(self.answered.required))
        needed = schema["items"].get("required", ()) if here else ()
        return tuple(
            self._part(part, f"{at}-{part.key}", required=part.key in needed)
            for part in self.field.parts
        )

    def _part(self, part: "Field", at: str, *, required: bool) -> FieldView:
        """One part; `at` is its name in the field, "plz" or "0-menge"."""
        typed = self.texts.get(at, [])
        value: str | list[str] = typed if part.multiple else (typed[0] if typed else "")
        return replace(
            _input(self.release, part, value, Answered(), self.lang),
            id=part.key,
            name=f"{self.field.id}-{at}",
            label=label_of_part(self.release, part, self.lang),
            hint=hint_of_part(self.release, part, self.lang),
            required=required,
            error=self.answered.errors.get(at),
        )


def files_of(value: object) -> tuple[str, ...]:
    """The ids of the files in a value."""
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return (str(value),) if value else ()


def _options(
    release: "Release", field: "Field", typed: str | list[str], answered: Answered, lang: str
) -> tuple[Option, ...]:
    chosen = typed if isinstance(typed, list) else [typed]
    if isinstance(field.kind, Country):
        return _countries(field, field.kind, chosen[0] if chosen else "", lang)
    if field.widget not in _CHOSEN:
        return ()
    return tuple(
        _option(release, field, choice, lang, selected=choice.text in chosen)
        for choice in (field.choices if answered.choices is None else answered.choices)
        if field.widget not in _TICKED or choice.value is True
    )


def _option(
    release: "Release", field: "Field", choice: "Choice", lang: str, *, selected: bool
) -> Option:
    label = formats.label_of(release, field, choice.value, lang)
    return Option(value=choice.text, label=label, selected=selected)


@lru_cache(maxsize=64)
def _every_country(lang: str, *, nationality: bool) -> tuple[Option, ...]:
    names = countries.names(lang, nationality=nationality)
    return tuple(Option(code, name, selected=False) for code, name in names.items())


def _countries(field: "Field", kind: Country, chosen: str, lang: str) -> tuple[Option, ...]:
    """All countries, made once for a language; the chosen one is marked."""
    every = _every_country(lang, nationality=kind.nationality)
    only = field.schema.get("enum")
    return tuple(
        replace(option, selected=True) if option.value == chosen else option
        for option in every
        if not only or option.value in only
    )


def _searched(
    release: "Release", field: "Field", asked: FieldView, answered: Answered, lang: str
) -> FieldView:
    """A search: the chosen entry, or what a typed text may mean."""
    left, choice = answered.left, field.lookup.of(answered.value)
    if isinstance(left, Mapping):
        typed = str(next(iter(left.get(SEARCHED, ())), ""))
        options = tuple(found(release, field, typed, lang=lang, offered=answered.choices))
    else:
        typed = formats.label_of(release, field, choice.value, lang) if choice else ""
        options = (Option(choice.text, typed, selected=True),) if choice else ()
    text = FieldView(
        id=SEARCHED,
        name=f"{field.id}-{SEARCHED}",
        widget="text",
        label=asked.label,
        value=typed,
        required=asked.required,
    )
    return replace(asked, options=options, parts=(text,))


def matches(
    release: "Release", field_id: str, text: str, *, lang: str, limit: int = MOST_MATCHES
) -> list[Option]:
    """The choices of a field that a typed text may mean, the likeliest first; at most a hundred.

    Of a field that does not exist or has no choices: none.
    """
    field = release.assistant.field.get(field_id)
    return found(release, field, text, lang=lang, limit=limit) if field is not None else []


def found(
    release: "Release",
    field: "Field",
    text: str,
    *,
    lang: str,
    limit: int = MOST_MATCHES,
    offered: Sequence["Choice"] | None = None,
) -> list[Option]:
    """The same for a field at hand; `offered` may be chosen now, where not all may."""

    def label(value: Any) -> str:
        return formats.label_of(release, field, value, lang)

    limit = max(0, min(limit, MOST_LISTED))
    wide = limit if offered is None else len(field.choices)
    choices = field.lookup.search(text, lang, label, limit=wide)
    if offered is not None:
        allowed = {choice.text for choice in offered}
        choices = [choice for choice in choices if choice.text in allowed][:limit]
    return [Option(choice.text, label(choice.value), selected=False) for choice in choices]


def _accept(rules: object) -> str | None:
    types = rules.get("types", ()) if isinstance(rules, dict) else ()
    return ",".join(_MEDIA_TYPES[each] for each in types if each in _MEDIA_TYPES) or None


def _bound(field: "Field", name: str) -> str | None:
    bound = field.schema.get(name)
    if bound is None:
        return None
    if field.widget == "money" and field.schema.get("x-money") == "cents":
        return f"{bound / 100:.2f}"
    return str(bound)
