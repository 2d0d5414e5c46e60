"""Reads files of the first form: one decision table with questions in CEL, cells in FEEL.

Everything else that DMN has is read by `dmn_reading`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from . import feel
from .dmn_xml import Source
from .expressions import BadExpression, Expression, compile_expression
from .feel import BadCell, Cell, Value

RULES = 500
POLICIES = ("UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT")
AGGREGATIONS: dict[str, Callable[[list[Any]], Any]] = {
    "SUM": sum,
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
    "COUNT": len,
}
_AROUND = frozenset(["decision", "description", "extensionElements", "inputData", "itemDefinition"])
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

    @property
    def paths(self) -> frozenset[tuple[str, ...]]:
        """What all expressions of the table refer to."""
        used = list(self.inputs)
        for rule in self.rules:
            used += [each for cell in rule.cells for each in cell.expressions]
            used += [each.expression for each in rule.values if each.expression is not None]
        used += [each.default.expression for each in self.outputs if each.default.expression]
        return frozenset(path for expression in used for path in expression.paths)


def is_plain(source: Source) -> bool:
    """Whether a file is of the first form: one table, and no word about its language.

    Its questions are CEL, its cells FEEL, as blueprints have been written from the start;
    everything else is read as the standard says, in FEEL.
    """
    root = source.root
    if root is None:
        return False
    words = [source.word(node) for node in root]
    tables = [node for each in source.all(root, "decision") for node in each]
    own = {source.word(node) for node in tables}
    return (
        words.count("decision") == 1
        and "decisionTable" in own
        and not own & {"informationRequirement", "knowledgeRequirement"}
        and not {"businessKnowledgeModel", "decisionService", "import"} & set(words)
        and not any(node.get("expressionLanguage") for node in root.iter())
    )


class Reader:
    """Reads one table of the first form, collecting problems in its source."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.path = source.path
        self.model = source.model
        self.add = source.add

    def read(self) -> Decision | None:
        """Read the table; None where there is none."""
        root = self.source.root
        assert root is not None, "a plain file has been read"
        for node in root:
            word = self.source.word(node)
            if word and word not in _AROUND:
                self._unsupported(word, node)
        for decision in self.source.all(root, "decision"):
            for table in self.source.all(decision, "decisionTable"):
                return self._table(table)
        return None

    def _unsupported(self, word: str, node: etree._Element) -> None:
        self.add(
            "dmn-unsupported",
            f"{word} wird nicht unterstützt.",
            node.sourceline,
            "Was es gibt, steht in docs/dmn.md.",
        )

    def _all(self, node: etree._Element, word: str) -> list[etree._Element]:
        return self.source.all(node, word)

    def _text(self, node: etree._Element | None) -> str:
        return self.source.text(node)

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
        if (
            fits
            and literal is not None
            and (not isinstance(literal, fits) or (isinstance(literal, bool) and kind != "boolean"))
        ):
            self.add("dmn-type", f"{text} ist nicht vom Typ {kind}.", node.sourceline)
        return read

    def _rule(self, node: etree._Element, inputs: int, outputs: tuple[Output, ...]) -> Rule | None:
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
