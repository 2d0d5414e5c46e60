"""What can be said of decision tables before they are used: overlaps, gaps, rows never reached."""

import json
from collections.abc import Iterator
from typing import Any

from dienstweg.blueprint import dmn_coverage, dmn_references
from dienstweg.blueprint.dmn_columns import graph_columns, plain_columns
from dienstweg.blueprint.dmn_coverage import Column
from dienstweg.blueprint.dmn_decision import GraphDecision
from dienstweg.blueprint.dmn_typing import check_types
from dienstweg.blueprint.dmn_values import to_json
from dienstweg.blueprint.problems import Files, Problem
from dienstweg.blueprint.tables import Decision

_LISTED = frozenset(["COLLECT", "RULE ORDER", "OUTPUT ORDER"])


def check_plain(decision: Decision, files: Files) -> Iterator[Problem]:
    """Yield what is wrong with a table of the first form."""
    lines = [rule.line for rule in decision.rules]
    whole = decision.policy not in _LISTED and not any(
        each.default.literal is not None or each.default.expression for each in decision.outputs
    )
    path = f"decisions/{decision.name}.dmn"
    schema = schema_of(files)
    yield from dmn_references.of_plain(decision, schema)
    columns = plain_columns(decision, schema)
    yield from _told(columns, decision.policy, lines, path, whole=whole)


def check_graph(decision: GraphDecision, files: Files) -> Iterator[Problem]:
    """Yield what is wrong with a graph's expressions and tables; imports are told in their own."""
    schema = schema_of(files)
    yield from dmn_references.of_graph(decision, schema)
    yield from check_types(decision, schema)
    for part, box, _ in decision.tables():
        if part.element.key[0] == decision.key[0]:
            columns = graph_columns(decision, part, box, schema)
            whole = box.policy not in _LISTED and all(each.default is None for each in box.outputs)
            lines = [row.line or 0 for row in box.rows]
            yield from _told(columns, box.policy, lines, decision.path, whole=whole)


def schema_of(files: Files) -> dict[str, Any]:
    """The data schema as it is written; empty where there is none."""
    try:
        found = json.loads(files.get("data.schema.json", b"{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _told(
    columns: list[Column], policy: str, lines: list[int], path: str, *, whole: bool
) -> Iterator[Problem]:
    rows = len(lines)
    found = list(dmn_coverage.overlaps(columns, rows)) if policy == "UNIQUE" else []
    for later, earlier in found:
        yield Problem(
            "dmn-overlap",
            f"Zeile {later + 1} und Zeile {earlier + 1} treffen auf dieselben Werte zu.",
            file=path,
            line=lines[later],
            remedy="Grenzen Sie die Zeilen voneinander ab, oder wählen Sie FIRST.",
        )
    for row in dmn_coverage.unreached(columns, rows, hidden=policy == "FIRST"):
        yield Problem(
            "dmn-unreached",
            f"Zeile {row + 1} kann nie zutreffen.",
            file=path,
            line=lines[row],
            remedy="Prüfen Sie die Zellen und die Reihenfolge der Zeilen.",
            severity="warning",
        )
    missing = dmn_coverage.gap(columns, rows) if whole and columns else None
    if missing is not None:
        said = ", ".join(f"{label} = {_said(value)}" for label, value in missing)
        yield Problem(
            "dmn-gap",
            f"Zum Beispiel hier trifft keine Zeile zu: {said[:300]}.",
            file=path,
            line=lines[0] if lines else None,
            remedy="Ergänzen Sie eine Zeile oder einen Vorgabewert (defaultOutputEntry).",
            severity="warning",
        )


def _said(value: Any) -> str:
    found = value if isinstance(value, int | float | str | bool | None) else to_json(value)
    return json.dumps(found, ensure_ascii=False)[:60]
