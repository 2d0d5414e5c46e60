"""Decision tables (DMN 1.3): fees, eligibility, routing, as a specialist department writes them.

One file holds one decision with one table. Inputs are CEL over the application, cells the part of
FEEL in `feel`. Everything else of DMN is refused by its name and line.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .expressions import Surroundings
from .feel import Cell
from .problems import Files, Invalid, Problem, errors
from .tables import AGGREGATIONS, Decision, Reader, change_outputs

if TYPE_CHECKING:
    from .release import Release

__all__ = [
    "Ambiguous",
    "Decision",
    "change_outputs",
    "check",
    "decide",
    "evaluate",
    "matching",
    "parse",
]


class Ambiguous(ValueError):
    """More rules fit than the hit policy allows."""


def parse(files: Files) -> dict[str, Decision]:
    """Read all decision tables by file name without ending; raises `Invalid`."""
    found: dict[str, Decision] = {}
    problems: list[Problem] = []
    for path, content in files.items():
        if path.startswith("decisions/") and path.endswith(".dmn"):
            reader = Reader(path)
            table = reader.read(content)
            problems += reader.problems
            if table is not None:
                found[table.name] = table
    if errors(problems):
        raise Invalid(problems)
    return found


def check(files: Files) -> list[Problem]:
    """Say what is wrong with the decision tables, overlapping rules of UNIQUE tables included."""
    problems: list[Problem] = []
    for path, content in files.items():
        if path.startswith("decisions/") and path.endswith(".dmn"):
            reader = Reader(path)
            table = reader.read(content)
            problems += reader.problems
            if table is not None and not errors(reader.problems):
                problems += _overlaps(path, table)
    return problems


def decide(release: "Release", name: str, data: dict[str, Any], *, today: date) -> dict[str, Any]:
    """Give a decision's outputs by name for an application's data.

    Where no rule fits, outputs have their default or null. Raises `KeyError` (no such decision)
    and `Ambiguous`.
    """
    return evaluate(release.decisions[name], Surroundings({"data": data}, today, release.lists))


def matching(decision: Decision, around: Surroundings) -> list[int]:
    """Give the places (from 0) of all rules that fit."""
    given = [expression.value(around) for expression in decision.inputs]
    return [
        place
        for place, rule in enumerate(decision.rules)
        if all(cell.holds(value, around) for cell, value in zip(rule.cells, given, strict=True))
    ]


def evaluate(decision: Decision, around: Surroundings) -> dict[str, Any]:
    """Give a decision's outputs by name; raises `Ambiguous`."""
    hits = matching(decision, around)
    names = [output.name for output in decision.outputs]
    if not hits and decision.policy not in ("COLLECT", "RULE ORDER"):
        return {output.name: output.default.of(around) for output in decision.outputs}
    if decision.policy == "FIRST":
        hits = hits[:1]
    rows = [tuple(value.of(around) for value in decision.rules[place].values) for place in hits]
    if decision.policy in ("COLLECT", "RULE ORDER"):
        return _collected(decision, names, rows)
    if decision.policy == "PRIORITY":
        rows.sort(key=lambda row: _priority(decision, row))
    elif decision.policy == "UNIQUE" and len(rows) > 1:
        message = f"{decision.name}: {len(rows)} rules of a UNIQUE table fit"
        raise Ambiguous(message)
    elif decision.policy == "ANY" and any(row != rows[0] for row in rows):
        message = f"{decision.name}: the fitting rules of an ANY table differ"
        raise Ambiguous(message)
    return dict(zip(names, rows[0], strict=True))


def _collected(decision: Decision, names: list[str], rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    if decision.aggregation is None:
        return dict(columns)
    gather = AGGREGATIONS[decision.aggregation]
    numbers = {
        name: [value for value in values if decision.aggregation == "COUNT" or _is_number(value)]
        for name, values in columns.items()
    }
    return {name: gather(values) for name, values in numbers.items()}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _priority(decision: Decision, row: tuple[Any, ...]) -> tuple[int, ...]:
    """Give the place of each output in the order of its column; unknown values come last."""
    return tuple(
        output.order.index(value) if value in output.order else len(output.order)
        for output, value in zip(decision.outputs, row, strict=True)
    )


def _overlaps(path: str, table: Decision) -> Iterator[Problem]:
    """Yield rules of a UNIQUE table that fit the same values, as far as their cells are fixed."""
    if table.policy != "UNIQUE":
        return
    around = Surroundings({}, date(2000, 1, 1))
    passing: list[list[frozenset[int]] | None] = []
    columns = [
        _candidates([rule.cells[at] for rule in table.rules]) for at in range(len(table.inputs))
    ]
    for rule in table.rules:
        if any(cell.literals is None for cell in rule.cells):
            passing.append(None)
            continue
        passing.append(
            [
                frozenset(at for at, value in enumerate(values) if cell.holds(value, around))
                for cell, values in zip(rule.cells, columns, strict=True)
            ]
        )
    for second, later in enumerate(passing):
        for first, earlier in enumerate(passing[:second]):
            if later and earlier and all(a & b for a, b in zip(earlier, later, strict=True)):
                yield Problem(
                    "dmn-overlap",
                    f"Zeile {second + 1} und Zeile {first + 1} treffen auf dieselben Werte zu.",
                    file=path,
                    line=table.rules[second].line,
                    remedy="Grenzen Sie die Zeilen voneinander ab, oder wählen Sie FIRST.",
                )
                break


def _candidates(cells: list[Cell]) -> list[Any]:
    """Give values that tell any two tests of a column apart: its literals and what lies between."""
    literals = {
        (type(value).__name__, value): value
        for cell in cells
        for value in cell.literals or ()
        if value is not None
    }
    numbers = sorted(value for value in literals.values() if _is_number(value))
    texts = sorted(value for value in literals.values() if isinstance(value, str))
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    outside = [numbers[0] - 1, numbers[-1] + 1] if numbers else [0]
    beside = [text + "\0" for text in texts]
    return [*numbers, *between, *outside, *texts, *beside, "", True, False, None]
