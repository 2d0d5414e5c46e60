"""Decision tables (DMN 1.3): fees, eligibility, routing, as a specialist department writes them.

One file holds one decision with one table. Inputs are CEL over the application, cells the part of
FEEL in `feel`. Everything else of DMN is refused by its name and line.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from lxml import etree

from . import feel
from .expressions import BadExpression, Expression, Surroundings, compile_expression
from .feel import BadCell, Cell, Value
from .problems import Files, Invalid, Problem, errors

if TYPE_CHECKING:
    from .release import Release

NAMESPACES = frozenset(
    f"https://www.omg.org/spec/DMN/{version}/MODEL/"
    for version in ("20191111", "20211108", "20230324")
)
"""DMN 1.3, 1.4 and 1.5; a decision table is the same in all of them."""
LIMIT = 1 << 20
RULES = 2000
POLICIES = ("UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "COLLECT")
AGGREGATIONS: dict[str, Callable[[list[Any]], Any]] = {
    "SUM": sum,
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
    "COUNT": len,
}
_TABLE = frozenset({"input", "output", "rule", "annotation", "description", "extensionElements"})
_TYPES: dict[str, tuple[type, ...]] = {
    "number": (int, float),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "string": (str,),
    "date": (str,),
    "boolean": (bool,),
}


class Ambiguous(ValueError):
    """More rules fit than the hit policy allows."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output column: its name, its default and, for PRIORITY, its values in order."""

    name: str
    type: str
    default: Value
    order: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table."""

    id: str
    line: int
    cells: tuple[Cell, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A compiled decision table."""

    name: str
    policy: str
    aggregation: str | None
    inputs: tuple[Expression, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


def parse(files: Files) -> dict[str, Decision]:
    """Read all decision tables by file name without ending; raises `Invalid`."""
    found: dict[str, Decision] = {}
    problems: list[Problem] = []
    for path, content in files.items():
        if path.startswith("decisions/") and path.endswith(".dmn"):
            reader = _Reader(path)
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
            reader = _Reader(path)
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
    return evaluate(
        release.decisions[name], Surroundings({"data": data}, today, release.lists)
    )


def matching(decision: Decision, around: Surroundings) -> list[int]:
    """Give the places (from 0) of all rules that fit."""
    given = [expression.value(around) for expression in decision.inputs]
    return [
        place
        for place, rule in enumerate(decision.rules)
        if all(
            cell.holds(value, around) for cell, value in zip(rule.cells, given, strict=True)
        )
    ]


def evaluate(decision: Decision, around: Surroundings) -> dict[str, Any]:
    """Give a decision's outputs by name; raises `Ambiguous`."""
    hits = matching(decision, around)
    names = [output.name for output in decision.outputs]
    if not hits and decision.policy not in ("COLLECT", "RULE ORDER"):
        return {output.name: output.default.of(around) for output in decision.outputs}
    if decision.policy == "FIRST":
        hits = hits[:1]
    rows = [
        tuple(value.of(around) for value in decision.rules[place].values) for place in hits
    ]
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


def _collected(
    decision: Decision, names: list[str], rows: list[tuple[Any, ...]]
) -> dict[str, Any]:
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
    """Yield pairs of rules of a UNIQUE table that fit the same values, as far as cells are fixed."""
    if table.policy != "UNIQUE":
        return
    around = Surroundings({}, date(2000, 1, 1))
    passing: list[list[frozenset[int]] | None] = []
    columns = [_candidates([rule.cells[at] for rule in table.rules]) for at in range(len(table.inputs))]
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
    between = [(low + high) / 2 for low, high in zip(numbers, numbers[1:], strict=False)]
    outside = [numbers[0] - 1, numbers[-1] + 1] if numbers else [0]
    return [
        *numbers, *between, *outside, *texts, *(text + "\0" for text in texts), "", True, False, None,
    ]  # fmt: skip


class _Reader:
    """Reads one file, collecting problems."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.model = ""

    def add(self, code: str, message: str, line: int | None = None, remedy: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(code, message, self.path, line, remedy=remedy or None))

    def read(self, content: bytes) -> Decision | None:
        """Read the table; None where there is none."""
        root = self._root(content)
        if root is None:
            return None
        found = [node for node in root if node.tag == f"{self.model}decision"]
        for node in root:
            if isinstance(node.tag, str) and node.tag.startswith(self.model):
                word = node.tag.removeprefix(self.model)
                if word not in ("decision", "description", "extensionElements", "inputData"):
                    self._unsupported(word, node)
        tables = [table for node in found for table in node.findall(f"{self.model}decisionTable")]
        if len(found) != 1 or len(tables) != 1:
            self.add(
                "dmn-decision",
                "Die Datei muss genau eine decision mit einer decisionTable enthalten.",
                found[1].sourceline if len(found) > 1 else root.sourceline,
                "Legen Sie für jede Entscheidung eine eigene Datei an.",
            )
            return None
        return self._table(tables[0])

    def _root(self, content: bytes) -> etree._Element | None:
        if len(content) > LIMIT:
            self.add("too-large", "Die Entscheidungstabelle ist größer als 1 MiB.")
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            self.add("xml", f"Das ist kein gültiges XML: {error.msg}.", error.lineno)
            return None
        if root.getroottree().docinfo.doctype:
            self.add("xml", "Eine Dokumenttyp-Deklaration (DOCTYPE) ist nicht erlaubt.", 1)
            return None
        space = etree.QName(root).namespace
        if space not in NAMESPACES or etree.QName(root).localname != "definitions":
            self.add(
                "dmn-version", "Das ist kein DMN 1.3.", root.sourceline, "Speichern Sie als DMN 1.3."
            )
            return None
        self.model = f"{{{space}}}"
        return root

    def _unsupported(self, word: str, node: etree._Element) -> None:
        self.add(
            "dmn-unsupported",
            f"{word} wird nicht unterstützt.",
            node.sourceline,
            "Was es gibt, steht in docs/processes.md.",
        )

    def _all(self, node: etree._Element, word: str) -> list[etree._Element]:
        return node.findall(f"{self.model}{word}")

    def _text(self, node: etree._Element | None) -> str:
        if node is None:
            return ""
        return (node.findtext(f"{self.model}text") or "").strip()

    def _table(self, node: etree._Element) -> Decision:
        for child in node:
            if isinstance(child.tag, str) and child.tag.removeprefix(self.model) not in _TABLE:
                self._unsupported(str(child.tag).rpartition("}")[2], child)
        policy = node.get("hitPolicy", "UNIQUE")
        aggregation = node.get("aggregation")
        if policy not in POLICIES:
            self.add(
                "dmn-policy",
                f"Die Trefferregel {policy} wird nicht unterstützt.",
                node.sourceline,
                f"Es gibt: {', '.join(POLICIES)}.",
            )
        if aggregation not in (None, *AGGREGATIONS) or (aggregation and policy != "COLLECT"):
            self.add("dmn-policy", f"{aggregation} passt nicht zu {policy}.", node.sourceline)
            aggregation = None
        outputs = tuple(self._output(each) for each in self._all(node, "output"))
        if not outputs or len({output.name for output in outputs}) < len(outputs):
            self.add(
                "dmn-output", "Die Tabelle braucht Ausgaben mit eigenen Namen.", node.sourceline
            )
        inputs = [self._input(each) for each in self._all(node, "input")]
        rules = [self._rule(each, len(inputs), outputs) for each in self._all(node, "rule")]
        if not rules or len(rules) > RULES:
            message = f"Die Tabelle braucht 1 bis {RULES} Zeilen; sie hat {len(rules)}."
            self.add("dmn-rules", message, node.sourceline)
        return Decision(
            name=PurePosixPath(self.path).stem,
            policy=policy,
            aggregation=aggregation,
            inputs=tuple(each for each in inputs if each is not None),
            outputs=outputs,
            rules=tuple(each for each in rules if each is not None),
        )

    def _input(self, node: etree._Element) -> Expression | None:
        text = self._text(node.find(f"{self.model}inputExpression"))
        try:
            return compile_expression(text)
        except BadExpression as error:
            self.add("cel", str(error), node.sourceline, error.remedy or "")
            return None

    def _output(self, node: etree._Element) -> Output:
        kind = node.get("typeRef", "")
        if kind and kind not in _TYPES:
            self.add("dmn-type", f"Den Typ {kind} gibt es nicht.", node.sourceline)
        values = self._text(node.find(f"{self.model}outputValues"))
        default = self._value(self._text(node.find(f"{self.model}defaultOutputEntry")), kind, node)
        try:
            order = tuple(feel.value(part).literal for part in feel.parts(values)) if values else ()
        except BadCell as error:
            self.add("feel", str(error), node.sourceline)
            order = ()
        return Output(node.get("name") or "", kind, default, order)

    def _value(self, text: str, kind: str, node: etree._Element) -> Value:
        try:
            read = feel.value(text)
        except BadCell as error:
            self.add("feel", str(error), node.sourceline)
            return Value()
        fits = _TYPES.get(kind)
        literal = read.literal
        if fits and literal is not None and (
            not isinstance(literal, fits) or (isinstance(literal, bool) and kind != "boolean")
        ):
            self.add("dmn-type", f"{text} ist nicht vom Typ {kind}.", node.sourceline)
        return read

    def _rule(
        self, node: etree._Element, inputs: int, outputs: tuple[Output, ...]
    ) -> Rule | None:
        entries, results = self._all(node, "inputEntry"), self._all(node, "outputEntry")
        if len(entries) != inputs or len(results) != len(outputs):
            self.add(
                "dmn-rule",
                "Die Zeile hat nicht so viele Zellen wie die Tabelle Spalten.",
                node.sourceline,
            )
            return None
        cells: list[Cell] = []
        for entry in entries:
            try:
                cells.append(feel.cell(self._text(entry)))
            except BadCell as error:
                self.add("feel", str(error), entry.sourceline)
        values = tuple(
            self._value(self._text(entry), output.type, entry)
            for entry, output in zip(results, outputs, strict=True)
        )
        return Rule(node.get("id") or "", node.sourceline or 0, tuple(cells), values)
