"""Decisions (DMN): fees, eligibility, routing, as a specialist department writes them.

A file of the first form holds one table with questions in CEL (`tables`); every other one is a
graph of decisions in FEEL, or in CEL where it says so (`dmn_decision`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .dmn_changing import change_outputs
from .dmn_decision import ROOTS, GraphDecision, read_decision
from .dmn_graph import Library
from .dmn_model import Graph
from .dmn_questions import of_graph
from .dmn_reading import read_graph
from .dmn_table_checks import check_graph, check_plain
from .dmn_tables import Ambiguous
from .dmn_xml import Source
from .expressions import Surroundings
from .problems import Files, Invalid, Problem, errors
from .tables import AGGREGATIONS, Decision, Reader, is_plain

if TYPE_CHECKING:
    from datetime import date

    from .release import Release

__all__ = [
    "Ambiguous",
    "Decision",
    "GraphDecision",
    "change_outputs",
    "check",
    "decide",
    "evaluate",
    "matching",
    "parse",
    "questions",
    "reached",
    "rows",
]
Any_ = Decision | GraphDecision


@dataclass(frozen=True, slots=True)
class _Read:
    """The files of a blueprint as they were read."""

    found: dict[str, Any_]
    sources: list[Source]


def parse(files: Files) -> dict[str, Any_]:
    """Read all decisions by file name without ending; raises `Invalid`."""
    read = _read(files)
    problems = [problem for source in read.sources for problem in source.problems]
    if errors(problems):
        raise Invalid(problems)
    return read.found


def check(files: Files) -> list[Problem]:
    """Say what is wrong with the decisions, as far as their files alone tell it.

    Rows that overlap in a table where only one may fit are an error; rows never reached, and values
    that no row fits, are warnings.
    """
    read = _read(files)
    problems = [problem for source in read.sources for problem in source.problems]
    if not errors(problems):
        for decision in read.found.values():
            if isinstance(decision, GraphDecision):
                problems += check_graph(decision, files)
            else:
                problems += check_plain(decision, files)
    return problems


def _read(files: Files) -> _Read:
    sources = [
        Source(path, content)
        for path, content in files.items()
        if path.startswith("decisions/") and path.endswith(".dmn")
    ]
    graphs: dict[str, Graph] = {}
    mine: list[tuple[Source, Graph]] = []
    found: dict[str, Any_] = {}
    for source in sources:
        if is_plain(source):
            table = Reader(source).read()
            if table is not None:
                found[table.name] = table
            continue
        graph = read_graph(source)
        if graph is not None:
            graphs[graph.namespace] = graph
            mine.append((source, graph))
    library = Library(graphs, {source.path: source.add for source, _ in mine}, ROOTS)
    for source, graph in mine:
        _refuse_twins(source, graph, [each for _, each in mine])
        made = read_decision(source, graph, library)
        if made is not None:
            found[made.name] = made
    return _Read(found, sources)


def _refuse_twins(source: Source, graph: Graph, graphs: list[Graph]) -> None:
    """An import names a file by its namespace, which must be that of one file only."""
    for each in graph.imports:
        if sum(other.namespace == each.namespace for other in graphs) > 1:
            message = f"Mehrere Dateien haben den Namensraum {each.namespace[:120]}."
            source.add("dmn-import", message, each.line, "Geben Sie jeder Datei ihren eigenen.")


def decide(release: "Release", name: str, data: dict[str, Any], *, today: "date") -> dict[str, Any]:
    """Give a decision's outputs by name for an application's data.

    Where no rule fits, outputs have their default or null. Raises `KeyError` (no such decision),
    `Ambiguous` and `feel_values.TooMuch` (both `ValueError`).
    """
    return evaluate(release.decisions[name], Surroundings({"data": data}, today, release.lists))


def evaluate(decision: Any_, around: Surroundings) -> dict[str, Any]:
    """Give a decision's outputs by name; raises `Ambiguous` and `feel_values.TooMuch`."""
    if isinstance(decision, GraphDecision):
        return decision.decide(around)
    return _evaluate(decision, around)


def reached(decision: Any_, around: Surroundings) -> set[str]:
    """Give the keys of the rows (`rows`) that fit; none where they contradict each other."""
    if not isinstance(decision, GraphDecision):
        return {str(place + 1) for place in matching(decision, around)}
    found: set[str] = set()
    try:
        decision.decide(around, found)
    except ValueError:
        return found
    return found


def rows(decision: Any_) -> dict[str, str]:
    """Give all rows of a decision's tables by key, in words."""
    if isinstance(decision, GraphDecision):
        return decision.rows()
    return {
        str(place): f"Zeile {place} ({rule.id})" for place, rule in enumerate(decision.rules, 1)
    }


def questions(decision: Any_) -> Iterator[tuple[frozenset[tuple[str, ...]], str, set[Any]]]:
    """Yield what the columns of its tables ask: paths, a CEL text ("" if none), named values."""
    if isinstance(decision, GraphDecision):
        yield from of_graph(decision)
        return
    for at, one in enumerate(decision.inputs):
        named = {each for row in decision.rules for each in row.cells[at].literals or ()}
        yield one.paths, one.source, named


def matching(decision: Decision, around: Surroundings) -> list[int]:
    """Give the places (from 0) of all rules of a table that fit."""
    given = [expression.value(around) for expression in decision.inputs]
    found = []
    for place, rule in enumerate(decision.rules):
        for cell, value in zip(rule.cells, given, strict=True):
            if not cell.test(value, around):
                break
        else:
            found.append(place)
    return found


def _evaluate(decision: Decision, around: Surroundings) -> dict[str, Any]:
    hits = matching(decision, around)
    names = [output.name for output in decision.outputs]
    if not hits and decision.policy not in _LISTED:
        return {output.name: output.default.of(around) for output in decision.outputs}
    if decision.policy == "FIRST":
        hits = hits[:1]
    found = [tuple(value.of(around) for value in decision.rules[place].values) for place in hits]
    if decision.policy in ("PRIORITY", "OUTPUT ORDER"):
        found.sort(key=lambda row: _priority(decision, row))
    if decision.policy in _LISTED:
        return _collected(decision, names, found)
    if decision.policy == "UNIQUE" and len(found) > 1:
        message = f"{decision.name}: {len(found)} rules of a UNIQUE table fit"
        raise Ambiguous(message)
    if decision.policy == "ANY" and any(row != found[0] for row in found):
        message = f"{decision.name}: the fitting rules of an ANY table differ"
        raise Ambiguous(message)
    return dict(zip(names, found[0], strict=True))


_LISTED = frozenset(["COLLECT", "RULE ORDER", "OUTPUT ORDER"])


def _collected(
    decision: Decision, names: list[str], found: list[tuple[Any, ...]]
) -> dict[str, Any]:
    columns = {name: [row[place] for row in found] for place, name in enumerate(names)}
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
