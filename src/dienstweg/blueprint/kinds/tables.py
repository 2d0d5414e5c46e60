"""A table: rows of simple answers, one column for each property of the list's items."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.data_schema import skeleton
from dienstweg.blueprint.kinds.cleaning import kept
from dienstweg.blueprint.kinds.composed import filled
from dienstweg.blueprint.kinds.kind import (
    Fault,
    Kind,
    Part,
    Posted,
    Read,
    Schema,
    Typed,
    broken_all,
    shown,
    written,
)
from dienstweg.blueprint.kinds.known import PARTS
from dienstweg.blueprint.kinds.words import label_of_part

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field
    from dienstweg.blueprint.release import Release

MOST_ROWS = 50
MOST_COLUMNS = 10
_ROW = re.compile(r"[0-9]{1,3}")


class Table(Kind):
    """A list of objects, typed as the rows of a table."""

    types = frozenset(["array"])
    composed = True

    def fits(self, schema: Schema) -> bool:
        """A list of objects that name their properties."""
        return super().fits(schema) and bool(_columns(schema))

    def mistakes(self, schema: Schema) -> Iterator[tuple[str, str]]:
        """A table has a bounded number of rows and columns."""
        most = schema.get("maxItems")
        if not isinstance(most, int) or most > MOST_ROWS:
            message = f"Die Tabelle braucht „maxItems“, höchstens {MOST_ROWS}."
            yield message, "Für mehr Einträge nehmen Sie eine wiederholte Gruppe (repeat)."
        if len(_columns(schema)) > MOST_COLUMNS:
            message = f"Die Tabelle hat mehr als {MOST_COLUMNS} Spalten."
            yield message, "Nehmen Sie eine wiederholte Gruppe (repeat)."

    def parts(self, schema: Schema) -> Iterator[Part]:
        """The columns."""
        for key, each in _columns(schema).items():
            known = PARTS.get(key)
            chosen = "enum" in each or "oneOf" in each or "x-kind" in each
            yield Part(key, each, None if chosen or known is None else known.widget)

    def collect(self, field: "Field", posted: Posted) -> Typed | None:
        """The cells "<name>-<row>-<column>", by "<row>-<column>"; rows may be missing."""
        start, keys = f"{field.id}-", {part.key for part in field.parts}
        found = {}
        for name, texts in posted.items():
            if name.startswith(start):
                row, _, key = name[len(start) :].partition("-")
                if key in keys and _ROW.fullmatch(row):
                    found[f"{int(row)}-{key}"] = texts
        return found or None

    def read(self, field: "Field", typed: Typed) -> Read:
        """Row by row; wholly empty ones are dropped, those after them move up."""
        if not isinstance(typed, Mapping):
            return Read()
        rows: list[dict[str, Any]] = []
        faults: list[Fault] = []
        unread: dict[str, list[str]] = {}
        for cells in _rows(typed):
            value, wrong = self._row(field, cells)
            if value or wrong:
                at = len(rows)
                rows.append(value)
                faults += [Fault(code, f"{at}-{key}") for key, code in wrong.items()]
                unread |= {f"{at}-{key}": kept([str(t) for t in cells[key]]) for key in wrong}
        return Read(rows or None, faults=tuple(faults), unread=unread)

    def _row(
        self, field: "Field", cells: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """The values of a row, and the codes of the cells that could not be understood."""
        value: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for part in field.parts:
            if part.key not in cells and not part.kind.left_out:
                continue
            read = part.kind.read(part, cells.get(part.key, ()))
            code = read.code or part.kind.fault(part, read.value)
            if code and read.value is not False:
                wrong[part.key] = code
            elif read.value is not None:
                value[part.key] = read.value
        said = any(each is not False for each in value.values())
        return (value if said or wrong else {}), wrong

    def faults(
        self, field: "Field", value: Any, *, asked: frozenset[str] = frozenset()
    ) -> list[Fault]:
        """What is missing or wrong cell by cell; then too few or too many rows."""
        if not isinstance(value, list):
            return [Fault("format")] if value is not None else []
        rows = [filled(row) for row in value]
        if not rows:
            return []
        found = []
        for at, row in enumerate(rows):
            for key in field.schema["items"].get("required", ()):
                if key not in row:
                    found.append(Fault("required", f"{at}-{key}"))
            for part in field.parts:
                code = part.kind.fault(part, row.get(part.key))
                found += [Fault(code, f"{at}-{part.key}")] if code else []
        return found or self._whole(field, rows)

    def first(self, field: "Field", asked: frozenset[str]) -> list[Fault]:
        """The first row has to be filled in."""
        needed = field.schema["items"].get("required", ())
        found = [Fault("required", f"0-{part.key}") for part in field.parts if part.key in needed]
        return found or [Fault("required")]

    def unread(self, field: "Field", value: Any, left: Mapping[str, Any]) -> list[Fault]:
        """Cell by cell."""
        found = []
        for name, texts in left.items():
            part = field.part(name.partition("-")[2])
            if part is not None:
                read = part.kind.read(part, texts)
                code = read.code or part.kind.fault(part, read.value) or "format"
                found.append(Fault(code, name))
        return found

    def _whole(self, field: "Field", rows: list[dict[str, Any]]) -> list[Fault]:
        keys = {part.key for part in field.parts}
        for rule, path in broken_all(field, rows):
            cell = "-".join(path) if len(path) == 2 and path[1] in keys else None
            code = "rows-few" if rule == "minItems" else "rows-many" if rule == "maxItems" else ""
            return [Fault(code or ("required" if rule == "required" else self.code(rule)), cell)]
        return []

    def fault(self, field: "Field", value: Any) -> str | None:
        """The code of the first fault."""
        return next((each.code for each in self.faults(field, value)), None)

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """A line for each row, with the names of the columns."""
        lines = []
        for at, row in enumerate(value if isinstance(value, list) else ()):
            there = filled(row)
            cells = [
                f"{label_of_part(release, part, lang).rstrip('?:. ')}: "
                + shown(release, part, there[part.key], lang).replace("\n", ", ")
                for part in field.parts
                if part.key in there
            ]
            lines.append(f"{at + 1}. {'; '.join(cells)}")
        return "\n".join(lines)

    def typed(self, field: "Field", value: Any) -> Typed:
        """What stands in the cells, by "<row>-<column>"."""
        found = {}
        for at, row in enumerate(value if isinstance(value, list) else ()):
            there = filled(row)
            for part in field.parts:
                if part.key in there:
                    texts = part.kind.typed(part, there[part.key])
                    found[f"{at}-{part.key}"] = [] if isinstance(texts, Mapping) else list(texts)
        return found

    def around(self, field: "Field", value: Any) -> Any:
        """Every cell is there for rules, null while it is empty."""
        if not isinstance(value, list):
            return value
        empty = skeleton(field.schema["items"])
        return [{**empty, **row} if isinstance(row, Mapping) else row for row in value]

    def strangers(self, field: "Field", given: Any) -> set[str]:
        """Keys that are no columns."""
        rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
        return {str(key) for row in rows for key in row} - {part.key for part in field.parts}

    def sent(self, field: "Field", given: Any) -> dict[str, list[str]]:
        """The cells of a list of mappings."""
        found: dict[str, list[str]] = {}
        for at, row in enumerate(given if isinstance(given, list) else [given]):
            for key, each in row.items() if isinstance(row, Mapping) else ():
                found[f"{field.id}-{at}-{key}"] = list(written(each))
        return found


def _rows(typed: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The cells row by row, in the order of the rows' numbers; at most a hundred rows."""
    rows: dict[int, dict[str, Any]] = {}
    for name, texts in typed.items():
        row, _, key = name.partition("-")
        if _ROW.fullmatch(row):
            rows.setdefault(int(row), {})[key] = texts
    for at in sorted(rows)[: 2 * MOST_ROWS]:
        yield rows[at]


def _columns(schema: Schema) -> Mapping[str, Any]:
    items = schema.get("items")
    members = items.get("properties") if isinstance(items, Mapping) else None
    return members if isinstance(members, Mapping) else {}
