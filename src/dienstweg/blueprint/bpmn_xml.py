"""Looks at the XML of BPMN files: children by their plain names, references without prefixes."""

from collections.abc import Iterator

from lxml import etree

from .bpmn import MODEL, OWN


def tag(node: etree._Element) -> str:
    """Give the plain name of a node; empty for comments and the like."""
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""


def children(node: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield the child elements of the BPMN model with their plain names."""
    for child in node:
        if isinstance(child.tag, str) and child.tag.startswith(f"{{{MODEL}}}"):
            yield child.tag.removeprefix(f"{{{MODEL}}}"), child


def unprefixed(name: str | None) -> str:
    """Give a reference without the prefix of its namespace; empty for none."""
    return (name or "").rpartition(":")[2]


def own_attributes(node: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield our attributes of a node without their namespace."""
    prefix = f"{{{OWN}}}"
    for key, value in node.attrib.items():
        if str(key).startswith(prefix):
            yield str(key).removeprefix(prefix), str(value).strip()
