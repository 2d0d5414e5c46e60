"""What becomes of the DMN Technology Compatibility Kit: passed, failed and refused tests by level.

    python -m bench.conformance_dmn SAMPLES [--json FILE] [--docs FILE] [--all]

Each model is read and compiled as a blueprint's would be; a test is "refused" where reading says
that a part of the model is not supported, "failed" where the answer is not the expected one.
Figures and names of tests only: nothing of the samples' texts is written anywhere.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from dienstweg.blueprint import dmn_graph, dmn_reading, dmn_xml, feel_dates
from dienstweg.blueprint.dmn_model import Element, Graph, Key
from dienstweg.blueprint.dmn_tables import Ambiguous
from dienstweg.blueprint.feel_text_functions import written
from dienstweg.blueprint.feel_types import ANY, Type, coerced
from dienstweg.blueprint.feel_values import Budget, Scope, TooMuch, Value, equal, is_number

LEVELS = ("compliance-level-2", "compliance-level-3", "non-compliant")
_MARKS = ("<!-- tck: written by `make conformance` -->", "<!-- end of tck -->")
_TOLERANCE = Decimal("1e-8")
"""Expected numbers were written by engines with binary decimals; the kit's own runners round."""
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@dataclass(frozen=True)
class Result:
    """One expected value of one test: `state` is passed, failed or refused."""

    level: str
    model: str
    test: str
    node: str
    state: str
    why: str = ""

    @property
    def name(self) -> str:
        """How it is called in lists of expected failures."""
        return f"{self.model}/{self.test}/{self.node}"


def folder_of(samples: str) -> Path:
    """Where the kit lies in the folder of samples."""
    return Path(samples) / "dmn" / "tck" / "TestCases"


def results(folder: Path) -> Iterator[Result]:
    """Run every test of the kit."""
    for level in LEVELS:
        for model in sorted((folder / level).iterdir()):
            for path in sorted(model.glob("*.xml")):
                yield from _run(level, model, path)


def _run(level: str, folder: Path, path: Path) -> Iterator[Result]:
    root = etree.parse(path).getroot()
    name = root.findtext("{*}modelName") or ""
    problems: list[str] = []
    graphs: dict[str, Graph] = {}
    main: Graph | None = None
    for file in sorted(folder.glob("*.dmn")):
        source = dmn_xml.Source(file.name, file.read_bytes())
        graph = dmn_reading.read_graph(source)
        if graph is None:
            continue
        graphs[graph.namespace] = graph
        if file.name == name.strip():
            main = graph
            problems += [each.message for each in source.problems if each.code in _REFUSALS]
    for case in root.iterfind("{*}testCase"):
        for node in case.iterfind("{*}resultNode"):
            where = (level, folder.name, case.get("id", ""), node.get("name", ""))
            if main is None or problems:
                yield Result(*where, "refused", "; ".join(problems) or "no model")
                continue
            yield _compared(where, main, graphs, case, node)


_REFUSALS = frozenset(["dmn-unsupported", "dmn-version", "dmn-language", "dmn-policy"])


def _compared(
    where: tuple[str, str, str, str],
    graph: Graph,
    graphs: dict[str, Graph],
    case: etree._Element,
    node: etree._Element,
) -> Result:
    bad: list[tuple[str, str]] = []
    compiled = _compiled(graph, graphs, bad)
    expected = _value(node.find("{*}expected"))
    error = ""
    try:
        found = _answer(compiled, case, node)
    except (Ambiguous, TooMuch) as stopped:
        found, error = None, f"{type(stopped).__name__}: {stopped}"
    if _same(found, expected):
        return Result(*where, "passed")
    refused = [message for code, message in bad if code in _REFUSALS]
    if refused:
        return Result(*where, "refused", refused[0])
    why = error or f"expected {expected!s}, got {found!s}"
    told = next((m for _, m in bad), "")
    return Result(*where, "failed", f"{why} {told}".strip())


_COMPILED: dict[str, tuple[Any, list[tuple[str, str]]]] = {}


def _compiled(graph: Graph, graphs: dict[str, Graph], bad: list[tuple[str, str]]) -> Any:
    key = graph.path + graph.namespace
    if key not in _COMPILED:
        noted: list[tuple[str, str]] = []

        def note(code: str, message: str, _line: int | None) -> None:
            noted.append((code, message))

        library = dmn_graph.Library(graphs, {each.path: note for each in graphs.values()})
        _COMPILED[key] = library.compiled(graph), noted
    made, noted = _COMPILED[key]
    bad.extend(noted)
    return made


def _answer(compiled: dmn_graph.Compiled, case: etree._Element, node: etree._Element) -> Value:
    budget = Budget(now=feel_dates.of_datetime(datetime(2026, 3, 2, 10, tzinfo=UTC)))
    scope = Scope({}, budget)
    given: dict[Key, Value] = {}
    for each in case.iterfind("{*}inputNode"):
        element = _element(compiled, each.get("name", ""), each.get("namespace"))
        if element is not None:
            wanted = compiled.parts[element.key].type
            given[element.key] = coerced(_value(each, wanted), wanted, scope)
    decider = dmn_graph.Decider(compiled, given, {}, budget)
    kind = case.get("type", "decision")
    if kind == "decisionService":
        called = compiled.graph.named(case.get("invocableName", ""), "service")
        if called is None or not set(called.inputs) <= given.keys():
            return None
        served = decider.serve(called.key, given)
        single = len(called.outputs) == 1
        return served if single or not isinstance(served, dict) else served.get(node.get("name"))
    found = _element(compiled, node.get("name", ""), node.get("namespace"), "decision", "function")
    return None if found is None else decider.decide(found.key)


def _element(
    compiled: dmn_graph.Compiled, name: str, namespace: str | None, *kinds: str
) -> Element | None:
    own = compiled.graph.named(name, *kinds) if namespace is None else None
    if own is not None:
        return own
    for part in compiled.parts.values():
        element = part.element
        if element.name == name and namespace in (None, element.key[0]):
            return element
    return None


def _value(node: etree._Element | None, wanted: Type = ANY) -> Value:
    """The value that a test gives or expects; one without a type is read as one that is wanted."""
    if node is None:
        return None
    listed = node.find("{*}list")
    if listed is not None and listed.get(_NIL) != "true":
        return [_value(each, wanted.inner or ANY) for each in listed.iterfind("{*}item")]
    components = node.findall("{*}component")
    if components:
        members = wanted.members or {}
        return {
            name: _value(each, members.get(name, ANY))
            for each in components
            if (name := each.get("name", "")) is not None
        }
    value = node.find("{*}value")
    if value is None or value.get(_NIL) == "true":
        return None
    kind = (value.get(_TYPE) or "").rpartition(":")[2]
    text = value.text or ""
    reader = _READERS.get(kind) or (None if kind else _BY_TYPE.get(wanted.kind))
    if reader is not None:
        return reader(text.strip())
    return text if kind else Untyped(text)


_READERS: dict[str, Any] = {
    "decimal": Decimal,
    "double": Decimal,
    "float": Decimal,
    "integer": Decimal,
    "int": Decimal,
    "long": Decimal,
    "boolean": lambda text: text in ("true", "1"),
    "date": feel_dates.read_day,
    "time": feel_dates.read_clock,
    "dateTime": feel_dates.read_stamp,
    "duration": feel_dates.read_duration,
    "yearMonthDuration": feel_dates.read_duration,
    "dayTimeDuration": feel_dates.read_duration,
}


class Untyped(str):
    """An expected value of which the test does not say the type."""

    __slots__ = ()


_BY_TYPE: dict[str, Any] = {
    "string": str,
    "number": Decimal,
    "boolean": _READERS["boolean"],
    "date": feel_dates.read_day,
    "time": feel_dates.read_clock,
    "date and time": feel_dates.read_stamp,
}


def _same(found: Value, expected: Value) -> bool:
    if is_number(found) and is_number(expected):
        return abs(found - expected) <= _TOLERANCE * max(abs(expected), Decimal(1))
    if isinstance(found, list) and isinstance(expected, list):
        pairs = zip(found, expected, strict=False)
        return len(found) == len(expected) and all(_same(one, other) for one, other in pairs)
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(
            _same(value, expected[name]) for name, value in found.items()
        )
    if isinstance(expected, Untyped):
        return (written(found) or "") == expected
    return equal(found, expected) is True


def table(found: list[Result]) -> list[list[str]]:
    """Lines of the table: a level, its models and tests, and what became of them."""
    lines = [["Level", "models", "tests", "passed", "failed", "refused"]]
    for level in LEVELS:
        own = [each for each in found if each.level == level]
        states = Counter(each.state for each in own)
        models = str(len({each.model for each in own}))
        counts = [str(states[state]) for state in ("passed", "failed", "refused")]
        lines.append([level, models, str(len(own)), *counts])
    return lines


def report(samples: str, docs: Path | None, notes: Path | None, *, every: bool = False) -> int:
    """Print the table, write it where asked; 1 if level 2 is not complete."""
    found = list(results(folder_of(samples)))
    lines = table(found)
    for line in lines:
        print("  ".join(cell.ljust(18) for cell in line))
    for each in found:
        if each.state != "passed" and (every or each.level == LEVELS[0]):
            print(f"{each.state}: {each.level}: {each.name}: {each.why[:160]}")
    if notes is not None:
        notes.parent.mkdir(parents=True, exist_ok=True)
        kept = {
            state: [each.name for each in found if each.state == state]
            for state in ("failed", "refused")
        }
        notes.write_text(json.dumps({"table": lines, **kept}, indent=1) + "\n")
    if docs is not None:
        _document(docs, lines)
    return int(any(each.level == LEVELS[0] and each.state != "passed" for each in found))


def _document(page: Path, lines: list[list[str]]) -> None:
    text = page.read_text()
    before, _, rest = text.partition(_MARKS[0])
    _, _, after = rest.partition(_MARKS[1])
    written = [f"| {' | '.join(line)} |" for line in lines]
    written.insert(1, "|" + "---|" * len(lines[0]))
    page.write_text("\n".join([before + _MARKS[0], *written, _MARKS[1]]) + after)


def main() -> int:
    """Run the kit from a shell."""
    parser = argparse.ArgumentParser(prog="python -m bench.conformance_dmn")
    parser.add_argument("samples", nargs="?", default="", help="folder with the shared samples")
    parser.add_argument("--json", type=Path, help="write what did not pass into this file")
    parser.add_argument("--docs", type=Path, help="write the table into this page")
    parser.add_argument("--all", action="store_true", help="print everything that did not pass")
    options = parser.parse_args()
    if not options.samples or not folder_of(options.samples).is_dir():
        print("conformance of DMN: not run (SAMPLES is not set or has no dmn/tck)")
        return 2
    return report(options.samples, options.docs, options.json, every=options.all)


if __name__ == "__main__":
    raise SystemExit(main())
