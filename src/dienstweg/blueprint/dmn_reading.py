"""Reads a DMN file into a `Graph`: decisions, input data, functions, services, types, imports.

What DMN has and we do not run is named with its line, never passed over. `dmn_boxreading` reads
the expressions.
"""

from lxml import etree

from dienstweg.blueprint.dmn_boxreading import BoxReader
from dienstweg.blueprint.dmn_model import Element, Graph, Import, Item, Key, Text
from dienstweg.blueprint.dmn_xml import FEEL, OWN, Source

MOST_ELEMENTS = 300
_WORDS = frozenset(
    [
        "decision",
        "inputData",
        "businessKnowledgeModel",
        "decisionService",
        "itemDefinition",
        "import",
        "knowledgeSource",
        "description",
        "extensionElements",
        "textAnnotation",
        "association",
        "group",
        "organizationUnit",
        "performanceIndicator",
        "elementCollection",
    ]
)
_BESIDE = frozenset(
    [
        "description",
        "extensionElements",
        "question",
        "allowedAnswers",
        "variable",
        "informationRequirement",
        "knowledgeRequirement",
        "authorityRequirement",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
    ]
)


def read_graph(source: Source) -> Graph | None:
    """Read a file; problems are added to `source`."""
    if source.root is None:
        return None
    return _Reader(source, source.root).graph()


class _Reader:
    """Walks over one file."""

    def __init__(self, source: Source, root: etree._Element) -> None:
        self.source, self.root = source, root
        self.namespace = root.get("namespace", "")
        self.language = source.language(root, FEEL)
        self.boxes = BoxReader(source)
        self.elements: dict[Key, Element] = {}
        self.items: dict[str, Item] = {}

    def graph(self) -> Graph:
        """Read everything."""
        imports = []
        nodes = [node for node in self.root if isinstance(node.tag, str)]
        if len(nodes) > MOST_ELEMENTS:
            self.source.add("too-large", f"Mehr als {MOST_ELEMENTS} Elemente sind zu viele.")
            nodes = []
        for node in nodes:
            word = self.source.word(node)
            if word == "import":
                space = node.get("namespace", "")
                imports.append(Import(node.get("name", ""), space, node.sourceline))
            elif word == "itemDefinition":
                item = self._item(node)
                self.items[item.name] = item
            elif word in _ELEMENTS:
                self._add(getattr(self, _ELEMENTS[word])(node), node)
            elif word and word not in _WORDS:
                self.unsupported(word, node)
        return Graph(
            path=self.source.path,
            namespace=self.namespace,
            name=self.root.get("name", ""),
            elements=self.elements,
            items=self.items,
            imports=tuple(imports),
        )

    def unsupported(self, word: str, node: etree._Element) -> None:
        """Name what is not run."""
        self.source.add(
            "dmn-unsupported",
            f"{word} wird nicht unterstützt.",
            node.sourceline,
            "Was es gibt, steht in docs/dmn.md.",
        )

    def _add(self, element: Element, node: etree._Element) -> None:
        if element.key in self.elements:
            self.source.add("twice", f"Die id {element.key[1]} gibt es zweimal.", node.sourceline)
        self.elements[element.key] = element

    def _key(self, href: str) -> Key:
        space, _, name = href.rpartition("#")
        return space or self.namespace, name

    def _keys(self, node: etree._Element, *words: str) -> tuple[Key, ...]:
        return tuple(
            self._key(each.get("href", ""))
            for word in words
            for each in node.iter(f"{self.source.model}{word}")
        )

    def _named(self, node: etree._Element) -> tuple[Key, str, str]:
        """Key, name and type of an element; the variable's name goes first."""
        variable = self.source.one(node, "variable")
        name = node.get("name", "")
        kind = ""
        if variable is not None:
            name = variable.get("name") or name
            kind = variable.get("typeRef", "")
        return (self.namespace, node.get("id") or name), name.strip(), kind

    def input_data(self, node: etree._Element) -> Element:
        """Read `inputData`."""
        key, name, kind = self._named(node)
        given = node.get(f"{{{OWN}}}value")
        return Element("input", key, name, kind, node.sourceline, given=given)

    def decision(self, node: etree._Element) -> Element:
        """Read a decision with its expression."""
        key, name, kind = self._named(node)
        found = [each for each in node if self.source.word(each) not in ("", *_BESIDE)]
        box = self.boxes.read(found[0], self.language) if found else None
        needs = self._keys(node, "requiredInput", "requiredDecision", "requiredKnowledge")
        return Element("decision", key, name, kind, node.sourceline, box, needs)

    def knowledge(self, node: etree._Element) -> Element:
        """Read a business knowledge model: a function for others."""
        key, name, kind = self._named(node)
        logic = self.source.one(node, "encapsulatedLogic")
        box = None if logic is None else self.boxes.function(logic, self.language)
        if box is not None and box.foreign:
            self.source.add(
                "dmn-unsupported",
                f"Die Funktion „{name}“ ruft {box.foreign} auf. Das wird nicht unterstützt.",
                node.sourceline,
                "Schreiben Sie die Funktion in FEEL.",
            )
        needs = self._keys(node, "requiredKnowledge")
        return Element("function", key, name, kind, node.sourceline, box, needs)

    def service(self, node: etree._Element) -> Element:
        """Read a decision service: decisions that are called like a function."""
        key, name, kind = self._named(node)
        return Element(
            "service",
            key,
            name,
            kind,
            node.sourceline,
            outputs=self._keys(node, "outputDecision"),
            inputs=self._keys(node, "inputData", "inputDecision"),
        )

    def _item(self, node: etree._Element) -> Item:
        allowed = self.source.one(node, "allowedValues")
        if allowed is None:
            allowed = self.source.one(node, "typeConstraint")
        function = self.source.one(node, "functionItem")
        takes = None
        if function is not None:
            parameters = self.source.all(function, "parameters")
            takes = tuple((each.get("name", ""), each.get("typeRef", "")) for each in parameters)
        text = self.source.text(allowed)
        return Item(
            name=node.get("name", ""),
            of=(node.findtext(f"{self.source.model}typeRef") or "").strip(),
            collection=node.get("isCollection") == "true",
            members=tuple(self._item(each) for each in self.source.all(node, "itemComponent")),
            allowed=Text(text, FEEL, node.sourceline) if text else None,
            line=node.sourceline,
            takes=takes,
            gives="" if function is None else function.get("outputTypeRef", ""),
        )


_ELEMENTS = {
    "inputData": "input_data",
    "decision": "decision",
    "businessKnowledgeModel": "knowledge",
    "decisionService": "service",
}
