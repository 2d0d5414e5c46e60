"""Reads the boxed expressions of DMN (chapters 7, 8, 10.2): texts, languages, lines."""

from collections.abc import Callable

from lxml import etree

from dienstweg.blueprint.dmn_model import (
    Box,
    ChoiceBox,
    ContextBox,
    Entry,
    FilterBox,
    FunctionBox,
    Input,
    InvocationBox,
    ListBox,
    LoopBox,
    Output,
    RelationBox,
    Row,
    TableBox,
    Text,
    TypedBox,
)
from dienstweg.blueprint.dmn_xml import FEEL, Source

MOST_ROWS = 500
MOST_COLUMNS = 50
_DEEPEST = 30
POLICIES = ("UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT")
AGGREGATIONS = ("SUM", "MIN", "MAX", "COUNT")
_BESIDE = frozenset(["", "description", "extensionElements", "variable", "formalParameter"])
_OF_TABLE = frozenset(["input", "output", "rule", "annotation", "description", "extensionElements"])


class BoxReader:
    """Reads expressions of one file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.depth = 0

    def read(self, node: etree._Element, language: str) -> Box | None:
        """Read an expression by its name; problems are noted."""
        word = self.source.word(node)
        reader = _READERS.get(word)
        if reader is None:
            self.source.add(
                "dmn-unsupported",
                f"{word} wird nicht unterstützt.",
                node.sourceline,
                "Was es gibt, steht in docs/dmn.md.",
            )
            return None
        self.depth += 1
        if self.depth > _DEEPEST:
            self.source.add("too-deep", "Der Ausdruck ist zu tief verschachtelt.", node.sourceline)
            found = None
        else:
            found = reader(self, node, self.source.language(node, language))
        self.depth -= 1
        kind = node.get("typeRef", "")
        return TypedBox(kind, found) if kind and found is not None else found

    def _inner(self, node: etree._Element | None, language: str) -> Box | None:
        """Read the expression in an element."""
        for each in () if node is None else node:
            if self.source.word(each) not in _BESIDE:
                return self.read(each, language)
        return None

    def _part(self, node: etree._Element, word: str, language: str) -> Box | None:
        return self._inner(self.source.one(node, word), language)

    def text(self, node: etree._Element, language: str) -> Text:
        """Read a literal expression."""
        return Text(self.source.text(node), language, node.sourceline)

    def context(self, node: etree._Element, language: str) -> ContextBox:
        """Read a boxed context."""
        return ContextBox(
            tuple(self._entry(each, language) for each in self.source.all(node, "contextEntry"))
        )

    def _entry(self, node: etree._Element, language: str) -> Entry:
        variable = self.source.one(node, "variable")
        name = None if variable is None else variable.get("name", "").strip()
        kind = "" if variable is None else variable.get("typeRef", "")
        return Entry(name, kind, self._inner(node, language))

    def invocation(self, node: etree._Element, language: str) -> InvocationBox:
        """Read a boxed call."""
        function = self.source.one(node, "literalExpression")
        called = Text("", language, node.sourceline)
        if function is not None:
            called = self.text(function, self.source.language(function, language))
        bindings = []
        for each in self.source.all(node, "binding"):
            parameter = self.source.one(each, "parameter")
            name = "" if parameter is None else parameter.get("name", "").strip()
            inner = [it for it in each if self.source.word(it) not in (*_BESIDE, "parameter")]
            bindings.append(Entry(name, "", self.read(inner[0], language) if inner else None))
        return InvocationBox(called, tuple(bindings))

    def function(self, node: etree._Element, language: str) -> FunctionBox:
        """Read a function with its parameters."""
        parameters = tuple(
            (each.get("name", "").strip(), each.get("typeRef", ""))
            for each in self.source.all(node, "formalParameter")
        )
        kind = node.get("kind", "FEEL")
        foreign = "" if kind == "FEEL" else kind
        return FunctionBox(parameters, self._inner(node, language), foreign, node.sourceline)

    def relation(self, node: etree._Element, language: str) -> RelationBox:
        """Read a relation."""
        columns = tuple(each.get("name", "").strip() for each in self.source.all(node, "column"))
        rows = []
        for row in self.source.all(node, "row"):
            cells = [each for each in row if self.source.word(each) not in _BESIDE]
            rows.append(tuple(self.read(each, language) for each in cells))
            if len(cells) != len(columns):
                message = "Die Zeile hat nicht so viele Zellen wie die Relation Spalten."
                self.source.add("dmn-rule", message, row.sourceline)
        return RelationBox(columns, tuple(rows))

    def listing(self, node: etree._Element, language: str) -> ListBox:
        """Read a list."""
        inner = [each for each in node if self.source.word(each) not in _BESIDE]
        return ListBox(tuple(self.read(each, language) for each in inner))

    def choice(self, node: etree._Element, language: str) -> ChoiceBox:
        """Read a conditional."""
        return ChoiceBox(*(self._part(node, word, language) for word in ("if", "then", "else")))

    def filter(self, node: etree._Element, language: str) -> FilterBox:
        """Read a filter."""
        return FilterBox(self._part(node, "in", language), self._part(node, "match", language))

    def loop(self, node: etree._Element, language: str) -> LoopBox:
        """Read `for`, `some` and `every`."""
        word = self.source.word(node)
        body = "return" if word == "for" else "satisfies"
        return LoopBox(
            word,
            node.get("iteratorVariable", "item"),
            self._part(node, "in", language),
            self._part(node, body, language),
        )

    def table(self, node: etree._Element, language: str) -> TableBox:
        """Read a decision table."""
        for each in node:
            word = self.source.word(each)
            if word and word not in _OF_TABLE:
                message = f"{word} wird nicht unterstützt."
                self.source.add("dmn-unsupported", message, each.sourceline)
        policy, aggregation = node.get("hitPolicy", "UNIQUE"), node.get("aggregation")
        self._policy(policy, aggregation, node)
        inputs = tuple(self._input(each, language) for each in self.source.all(node, "input"))
        outputs = tuple(self._output(each, language) for each in self.source.all(node, "output"))
        if not outputs or len({each.name for each in outputs}) < len(outputs):
            message = "Die Tabelle braucht Ausgaben mit eigenen Namen."
            self.source.add("dmn-output", message, node.sourceline)
        found = self.source.all(node, "rule")
        if len(found) > MOST_ROWS or len(inputs) + len(outputs) > MOST_COLUMNS:
            message = f"Mehr als {MOST_ROWS} Zeilen oder {MOST_COLUMNS} Spalten sind zu viele."
            self.source.add("dmn-rules", message, node.sourceline)
            found = []
        rows = (self._row(each, len(inputs), len(outputs), language) for each in found)
        kept = tuple(row for row in rows if row is not None)
        return TableBox(policy, aggregation, inputs, outputs, kept, node.sourceline)

    def _policy(self, policy: str, aggregation: str | None, node: etree._Element) -> None:
        if policy not in POLICIES:
            message = f"Die Trefferregel {policy[:40]} gibt es nicht."
            remedy = f"Es gibt: {', '.join(POLICIES)}."
            self.source.add("dmn-policy", message, node.sourceline, remedy)
        if aggregation is not None and (aggregation not in AGGREGATIONS or policy != "COLLECT"):
            message = f"{aggregation[:40]} passt nicht zu {policy[:40]}."
            self.source.add("dmn-policy", message, node.sourceline)

    def _input(self, node: etree._Element, language: str) -> Input:
        asked = self.source.one(node, "inputExpression")
        text = Text(self.source.text(asked), language, node.sourceline)
        kind = ""
        if asked is not None:
            kind = asked.get("typeRef", "")
            text = Text(text.text, self.source.language(asked, language), asked.sourceline)
        values = self._tests(self.source.one(node, "inputValues"))
        return Input(node.get("id", ""), node.get("label", "") or text.text, text, kind, values)

    def _tests(self, node: etree._Element | None) -> Text | None:
        text = self.source.text(node)
        return Text(text, FEEL, node.sourceline) if node is not None and text else None

    def _output(self, node: etree._Element, language: str) -> Output:
        default = self.source.one(node, "defaultOutputEntry")
        text = self.source.text(default)
        return Output(
            name=node.get("name", ""),
            type=node.get("typeRef", ""),
            values=self._tests(self.source.one(node, "outputValues")),
            default=Text(text, language, node.sourceline) if text else None,
            line=node.sourceline,
        )

    def _row(self, node: etree._Element, inputs: int, outputs: int, language: str) -> Row | None:
        tests, results = self.source.all(node, "inputEntry"), self.source.all(node, "outputEntry")
        if len(tests) != inputs or len(results) != outputs:
            message = "Die Zeile hat nicht so viele Zellen wie die Tabelle Spalten."
            self.source.add("dmn-rule", message, node.sourceline)
            return None
        return Row(
            id=node.get("id", ""),
            line=node.sourceline,
            tests=tuple(Text(self.source.text(each), FEEL, each.sourceline) for each in tests),
            results=tuple(
                Text(self.source.text(each), self.source.language(each, language), each.sourceline)
                for each in results
            ),
        )


_READERS: dict[str, Callable[[BoxReader, etree._Element, str], Box]] = {
    "literalExpression": BoxReader.text,
    "context": BoxReader.context,
    "invocation": BoxReader.invocation,
    "functionDefinition": BoxReader.function,
    "relation": BoxReader.relation,
    "list": BoxReader.listing,
    "conditional": BoxReader.choice,
    "filter": BoxReader.filter,
    "for": BoxReader.loop,
    "some": BoxReader.loop,
    "every": BoxReader.loop,
    "decisionTable": BoxReader.table,
}
