"""The assistant of a blueprint, compiled: pages, fields, choices and rules, ready to be asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dienstweg.blueprint.data_schema import (
    Conditional,
    DataSchema,
    Place,
    conditionals,
    validator_of,
)
from dienstweg.blueprint.expressions import BadExpression, Expression, compile_expression
from dienstweg.blueprint.fields import Choice, Field, choices_of, mistakes_of, parts_of
from dienstweg.blueprint.kinds.kind import Kind
from dienstweg.blueprint.kinds.lookup import NOTHING, Lookup, posted_text
from dienstweg.blueprint.kinds.table import KINDS
from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.turns import Jump, Turnoff, endings_of, jumps_of
from dienstweg.blueprint.views import SUMMARY
from dienstweg.blueprint.widgets import MANY_CHOICES, derive, fits
from dienstweg.kernel.language import SOURCE, is_known

__all__ = ["Assistant", "Check", "Choice", "Field", "Page", "Reader", "Repeat", "split"]

Lists = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A condition between several fields of a page."""

    id: str
    holds: Expression
    when: Expression | None
    field: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Repeat:
    """A repeating group: where its list stands, and how many entries it may have.

    With `inside`, the id of another group's page, each entry of that group has a list of its own;
    `at` is relative to the entry then. Groups nest once.
    """

    at: tuple[str, ...]
    min: int
    max: int
    title: Expression | None
    schema: Mapping[str, Any]
    conditionals: tuple[Conditional, ...]
    inside: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page; with `repeat` a list of entries that share the fields.

    `leaves` are the fields of a long entry, screen by screen; empty where it is asked as a whole.
    """

    id: str
    when: Expression | None
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]
    repeat: Repeat | None
    ends: tuple[Turnoff, ...] = ()
    jumps: tuple[Jump, ...] = ()
    leaves: tuple[tuple[Field, ...], ...] = ()

    def turns(self) -> Iterator[tuple[tuple[str | int, ...], Expression]]:
        """The conditions of the endings and jumps after it, with where they stand in the page."""
        for at, ending in enumerate(self.ends):
            yield ("ends", at, "when"), ending.when
        for at, jump in enumerate(self.jumps):
            yield ("next", at, "when"), jump.when

    def conditions(self) -> Iterator[Expression]:
        """When it is shown, and where the assistant ends or jumps after it."""
        if self.when is not None:
            yield self.when
        yield from (when for _, when in self.turns())

    @property
    def depth(self) -> int:
        """How many numbers say which entry is meant: 0 without repetition, 1, nested 2."""
        if self.repeat is None:
            return 0
        return 1 if self.repeat.inside is None else 2

    @property
    def outer(self) -> str | None:
        """The page of the group around this one, if this group is nested."""
        return self.repeat.inside if self.repeat else None


@dataclass(frozen=True, slots=True, eq=False)
class Assistant:
    """All pages in their order; `inner` are the groups nested in a group, by its page's id."""

    pages: tuple[Page, ...]
    page: Mapping[str, Page]
    field: Mapping[str, Field]
    inner: Mapping[str, tuple[Page, ...]]

    def skipped(self, page: Page, jump: Jump) -> tuple[str, ...]:
        """The pages that a jump leaves out; none where it does not lead forwards."""
        ids = [each.id for each in self.pages]
        start = ids.index(page.id) + 1
        return tuple(ids[start : len(ids) if jump.to == SUMMARY else max(_at(ids, jump.to), start)])

    def fields(self) -> Iterator[tuple[Page, Field]]:
        """Every field with its page."""
        for page in self.pages:
            for each in page.fields:
                yield page, each


def _at(ids: list[str], page: str) -> int:
    return ids.index(page) if page in ids else -1


def split(pointer: str) -> tuple[str, ...]:
    """The names of a JSON pointer: "/hund/name" is ("hund", "name")."""
    return tuple(pointer.split("/")[1:])


class Reader:
    """Compiles assistant.yaml against the data schema; collects what is wrong with it."""

    def __init__(self, noted: Noted, schema: DataSchema, lists: Lists) -> None:
        self.noted, self.schema, self.lists = noted, schema, lists
        self.problems: list[Problem] = []
        self.groups: dict[str, Repeat] = {}

    def read(self) -> Assistant:
        """The assistant; where there are `problems`, parts of it may be missing."""
        pages = [
            self._page(page, ("pages", number))
            for number, page in enumerate(self.noted.data["pages"])
        ]
        for name, found in (("Seite", pages), ("Feld", [f for p in pages for f in p.fields])):
            self._only_once(name, [each.id for each in found])
        by_page = {page.id: page for page in pages}
        by_field = {each.id: each for page in pages for each in page.fields}
        inner = {
            page.id: tuple(each for each in pages if each.outer == page.id)
            for page in pages
            if page.depth == 1
        }
        return Assistant(tuple(pages), by_page, by_field, inner)

    def _only_once(self, name: str, ids: list[str]) -> None:
        for twice in sorted({each for each in ids if ids.count(each) > 1}):
            self._add(
                "twice", f"{name} „{twice}“ gibt es zweimal.", ("pages",), "Ändern Sie eine id."
            )

    def _add(
        self, code: str, message: str, path: tuple[str | int, ...], remedy: str | None = None
    ) -> None:
        self.problems.append(self.noted.problem(code, message, *path, remedy=remedy))

    def _page(self, raw: dict[str, Any], path: tuple[str | int, ...]) -> Page:
        repeat = self._repeat(raw["repeat"], (*path, "repeat")) if "repeat" in raw else None
        if repeat is not None:
            self.groups[raw["id"]] = repeat
        fields = [
            self._field(each, raw["id"], repeat, (*path, "fields", number))
            for number, each in enumerate(raw["fields"])
        ]
        checks = []
        for number, each in enumerate(raw.get("checks", ())):
            here = (*path, "checks", number)
            holds = self._expression(each, "holds", here)
            at = each.get("field")
            if at is not None and at not in {found.id for found in fields}:
                self._add("unknown-field", f"Das Feld „{at}“ gibt es auf der Seite nicht.", here)
            if holds is not None:
                checks.append(Check(each["id"], holds, self._expression(each, "when", here), at))
        when = self._expression(raw, "when", path)
        ends = endings_of(raw, path, self._expression)
        jumps = jumps_of(raw, path, self._expression)
        leaves = self._leaves(raw["fields"], fields, repeat, path)
        return Page(raw["id"], when, tuple(fields), tuple(checks), repeat, ends, jumps, leaves)

    def _leaves(
        self,
        raw: list[dict[str, Any]],
        fields: list[Field],
        repeat: Repeat | None,
        path: tuple[str | int, ...],
    ) -> tuple[tuple[Field, ...], ...]:
        """The fields of an entry, cut before each that begins a new leaf."""
        starts = [at for at, each in enumerate(raw) if each.get("new_leaf")]
        if starts and repeat is None:
            message = "„new_leaf“ teilt nur Einträge einer wiederholten Gruppe."
            remedy = "Machen Sie zwei Seiten daraus."
            self._add("leaf", message, (*path, "fields", starts[0], "new_leaf"), remedy)
            return ()
        bounds = [0, *starts, len(fields)]
        leaves = [tuple(fields[start:end]) for start, end in pairwise(bounds)] if starts else []
        for leaf, start in zip(leaves, bounds, strict=False):
            if not any(each.is_input for each in leaf):
                message = "Auf einem Blatt dieses Eintrags wird nichts gefragt."
                where = (*path, "fields", min(start, len(fields) - 1))
                self._add("leaf", message, where, "Nehmen Sie „new_leaf“ weg.")
        return tuple(leaves)

    def _repeat(self, raw: dict[str, Any], path: tuple[str | int, ...]) -> Repeat:
        at, inside = split(raw["at"]), raw.get("in")
        outer = self._around(inside, path) if inside is not None else None
        place = self.schema.place(at, outer.schema if outer else None)
        items = place.schema.get("items") if place else None
        if not isinstance(items, dict) or not isinstance(items.get("properties"), dict):
            message = f"{raw['at']} ist im Datenschema keine Liste von Objekten."
            self._add("no-list", message, (*path, "at"), "Ergänzen Sie sie in data.schema.json.")
            items = {"type": "object", "properties": {}}
        least, most = raw.get("min", 0), raw["max"]
        limit = place.schema.get("maxItems") if place else None
        if least > most or (isinstance(limit, int) and most > limit):
            message = "min und max passen nicht zusammen oder nicht zu maxItems im Datenschema."
            self._add("bounds", message, (*path, "max"))
        title = self._expression(raw, "title", path)
        inside = inside if outer else None
        return Repeat(at, least, most, title, items, tuple(conditionals(items)), inside)

    def _around(self, inside: str, path: tuple[str | int, ...]) -> Repeat | None:
        """The group around a nested one: it comes before it, and is nested in none itself."""
        found = self.groups.get(inside)
        if found is None:
            message = f"Vor dieser Seite gibt es keine wiederholte Gruppe „{inside}“."
            remedy = "Nennen Sie unter „in“ die id der Seite, in deren Einträgen die Liste steht."
            self._add("unknown-group", message, (*path, "in"), remedy)
        elif found.inside is not None:
            message = f"Die Gruppe „{inside}“ steht selbst schon in einer anderen."
            remedy = "Gruppen lassen sich nur einmal ineinander legen."
            self._add("too-deep", message, (*path, "in"), remedy)
            return None
        return found

    def _expression(
        self, raw: Mapping[str, Any], key: str, path: tuple[str | int, ...]
    ) -> Expression | None:
        if key not in raw:
            return None
        try:
            return compile_expression(raw[key])
        except BadExpression as bad:
            self._add("expression", str(bad), (*path, key), bad.remedy)
            return None

    def _field(
        self,
        raw: dict[str, Any],
        page: str,
        repeat: Repeat | None,
        path: tuple[str | int, ...],
    ) -> Field:
        at = split(raw["at"]) if "at" in raw else None
        place = self._place(raw, at, repeat, path)
        schema: Mapping[str, Any] = place.schema if place else {}
        widget = self._widget(raw, schema, path)
        choices = self._choices(raw, schema, path)
        shown_as = raw.get("widget") or (derive(schema) if schema else "text")
        if widget == "select" and "widget" not in raw and len(choices) > MANY_CHOICES:
            widget = "search"
        kind = KINDS[shown_as if widget == "output" else widget]
        return Field(
            id=raw["id"],
            page=page,
            at=at,
            widget=widget,
            schema=schema,
            place=place,
            when=self._expression(raw, "when", path),
            required=self._expression(raw, "required", path),
            value=self._expression(raw, "value", path),
            allowed=self._expression(raw, "allowed", path),
            choices=choices,
            validator=validator_of(schema) if schema else None,
            autocomplete=raw.get("autocomplete"),
            width=raw.get("width"),
            shown_as=shown_as,
            prefill=tuple(raw.get("prefill", ())),
            film=raw.get("film", ""),
            kind=kind,
            # A repeating group is about others: no browser fills in what it knows of its owner.
            parts=self._parts(
                {"autocomplete": "off", **raw} if repeat else raw, page, kind, schema, path
            ),
            lookup=Lookup(choices) if choices else NOTHING,
        )

    def _parts(
        self,
        raw: dict[str, Any],
        page: str,
        kind: Kind,
        schema: Mapping[str, Any],
        path: tuple[str | int, ...],
    ) -> tuple[Field, ...]:
        """The parts of a composed field; what keeps it from working is said."""
        if schema.get("type") == "object" and not kind.composed:
            message = f"{raw.get('at')} ist ein Objekt; so wird es nicht gefragt."
            remedy = "Nennen Sie „widget“: address, person, organisation, signature, point, ..."
            self._add("parts", message, (*path, "at"), remedy)
        if not kind.composed or not kind.fits(schema):
            return ()
        mistakes = list(mistakes_of(kind, schema))
        for message, remedy in mistakes:
            self._add("parts", f"{raw.get('at')}: {message}", (*path, "at"), remedy)
        return () if mistakes else parts_of(raw["id"], page, kind, schema, raw.get("autocomplete"))

    def _place(
        self,
        raw: dict[str, Any],
        at: tuple[str, ...] | None,
        repeat: Repeat | None,
        path: tuple[str | int, ...],
    ) -> Place | None:
        if at is None:
            if "value" not in raw and not raw.get("info"):
                message = f"Dem Feld „{raw['id']}“ fehlt „at“: wo seine Antwort in den Daten steht."
                self._add("no-place", message, path, "Oder „info: true“ für einen bloßen Text.")
            return None
        place = self.schema.place(at, repeat.schema if repeat else None)
        if place is None:
            message = f"{raw['at']} gibt es im Datenschema nicht."
            self._add("unknown-place", message, (*path, "at"), "Ergänzen Sie data.schema.json.")
        return place

    def _widget(
        self, raw: dict[str, Any], schema: Mapping[str, Any], path: tuple[str | int, ...]
    ) -> str:
        if raw.get("info"):
            return "info"
        if "value" in raw:
            return "output"
        asked, kind = raw.get("widget"), schema.get("x-kind")
        if kind is not None and not fits(str(kind), schema):
            named = f"„x-kind: {str(kind)[:60]}“"
            message = f"{named} gibt es nicht oder passt nicht zu {raw.get('at')}."
            self._add("widget", message, (*path, "at"), f"Es gibt: {', '.join(KINDS)}."[:600])
        if asked is None:
            return "select" if "options" in raw else derive(schema)
        if schema and not fits(asked, schema):
            message = f"Das Widget „{asked}“ passt nicht zum Datenschema von {raw.get('at')}."
            remedy = f"Lassen Sie es weg (dann: {derive(schema)}) oder ändern Sie das Schema."
            self._add("widget", message, (*path, "widget"), remedy)
        return str(asked)

    def _choices(
        self, raw: dict[str, Any], schema: Mapping[str, Any], path: tuple[str | int, ...]
    ) -> tuple[Choice, ...]:
        if "options" in raw:
            return self._choices_of_list(raw["options"], (*path, "options"))
        return choices_of(schema, raw.get("widget") or derive(schema))

    def _choices_of_list(
        self, options: dict[str, str], path: tuple[str | int, ...]
    ) -> tuple[Choice, ...]:
        rows = self.lists.get(options["list"])
        if rows is None:
            message = f"Die Liste „{options['list']}“ gibt es nicht."
            self._add(
                "unknown-list", message, path, "Nennen Sie sie in blueprint.yaml unter lists."
            )
            return ()
        found: dict[str, Choice] = {}
        label = options.get("label", options["value"])
        for row in rows:
            value = row.get(options["value"])
            if value is None or label not in row:
                message = (
                    f"Eine Zeile der Liste hat keine Spalte „{options['value']}“ oder „{label}“."
                )
                self._add("unknown-column", message, path)
                return ()
            labels = {SOURCE: str(row[label]), **_translated(row, label)}
            found.setdefault(posted_text(value), Choice(value, posted_text(value), labels))
        return tuple(found.values())


def _translated(row: Mapping[str, Any], label: str) -> dict[str, str]:
    """What a row of a list calls itself in other languages: its columns label_en, label_tr."""
    start = f"{label}_"
    own = {key.removeprefix(start): str(row[key]) for key in row if key.startswith(start)}
    return {lang: text for lang, text in own.items() if is_known(lang)}
