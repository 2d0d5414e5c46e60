"""Reads the decision tables of DMN 1.3 files strictly, and changes their outputs.

One file holds one decision with one table. Everything else of DMN is refused by name and line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from . import feel
from .expressions import BadExpression, Expression, compile_expression
from .feel import BadCell, Cell, Value
from .problems import Problem

NAMESPACES = frozenset(
    f"https://www.omg.org/spec/DMN/{version}/MODEL/"
    for version in ("20191111", "20211108", "20230324")
)
"""DMN 1.3, 1.4 and 1.5; a decision table is the same in all of them."""
LIMIT = 1 << 20
RULES = 500
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


class Reader:
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
                "dmn-version",
                "Das ist kein DMN 1.3.",
                root.sourceline,
                "Speichern Sie als DMN 1.3.",
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


def change_outputs(content: bytes, changes: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Give a table with other outputs: {rule id: {output name: value}}, as an overlay changes fees.

    Numbers, texts and booleans become FEEL literals. Raises `KeyError` for a rule or an output
    that the table does not have.
    """
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    model = f"{{{etree.QName(root).namespace}}}"
    names = [node.get("name", "") for node in root.iter(f"{model}output")]
    rules = {node.get("id", ""): node for node in root.iter(f"{model}rule")}
    for rule, outputs in changes.items():
        entries = rules[rule].findall(f"{model}outputEntry")
        for name, value in outputs.items():
            if name not in names:
                raise KeyError(name)
            text = entries[names.index(name)].find(f"{model}text")
            if text is None:
                raise KeyError(name)
            text.text = _literal(value)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
