"""Reads the XML of a DMN file safely: size, entities, versions, languages of expressions."""

from lxml import etree

from dienstweg.blueprint.problems import Problem, Severity

VERSIONS = ("20191111", "20211108", "20230324", "20240513")
"""DMN 1.3, 1.4, 1.5 and 1.6."""
NAMESPACES = frozenset(f"https://www.omg.org/spec/DMN/{version}/MODEL/" for version in VERSIONS)
OWN = "https://dienstweg.example/dmn/1"
"""The namespace of our attributes."""
LIMIT = 1 << 20
FEEL, CEL = "feel", "cel"
_FEEL = frozenset(
    [
        "feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        *(f"https://www.omg.org/spec/DMN/{version}/FEEL/" for version in VERSIONS),
    ]
)
_CEL = frozenset(["cel", "https://cel.dev", "https://cel.dev/"])


class Source:
    """One file: its root, and the problems found in it."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.model = ""
        self.root = self._read(content)

    def add(
        self,
        code: str,
        message: str,
        line: int | None = None,
        remedy: str = "",
        *,
        warning: bool = False,
    ) -> None:
        """Note a problem."""
        severity: Severity = "warning" if warning else "error"
        problem = Problem(code, message, self.path, line, remedy=remedy or None, severity=severity)
        self.problems.append(problem)

    def _read(self, content: bytes) -> etree._Element | None:
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

    def word(self, node: etree._Element) -> str:
        """The name of an element of DMN, "" for one of another standard."""
        tag = node.tag
        if not isinstance(tag, str) or not tag.startswith(self.model):
            return ""
        return tag.removeprefix(self.model)

    def all(self, node: etree._Element, word: str) -> list[etree._Element]:
        """The elements of a name directly in another."""
        return node.findall(f"{self.model}{word}")

    def one(self, node: etree._Element, word: str) -> etree._Element | None:
        """The first element of a name directly in another."""
        return node.find(f"{self.model}{word}")

    def text(self, node: etree._Element | None) -> str:
        """What stands in the `text` of an element."""
        return "" if node is None else (node.findtext(f"{self.model}text") or "").strip()

    def language(self, node: etree._Element, around: str) -> str:
        """The language of an expression: its own attribute, or that of what stands around it."""
        written = node.get("expressionLanguage")
        if written is None:
            return around
        name = written.strip()
        if name in _FEEL or name.lower() == FEEL:
            return FEEL
        if name in _CEL or name.lower() == CEL:
            return CEL
        self.add(
            "dmn-language",
            f"Die Sprache {name[:80]} wird nicht unterstützt.",
            node.sourceline,
            "Es gibt FEEL und CEL (https://cel.dev).",
        )
        return around
