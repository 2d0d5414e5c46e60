"""Changes the outputs of decision tables, as a local overlay changes fees."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from dienstweg.blueprint.feel_tokens import quoted


def change_outputs(content: bytes, changes: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Give a file with other outputs: {rule id: {output name: value}}, in any of its tables.

    Numbers, texts and booleans become FEEL literals; a single output without a name is "value".
    Raises `KeyError` for a rule or an output that the file does not have.
    """
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    model = f"{{{etree.QName(root).namespace}}}"
    rules = {node.get("id", ""): node for node in root.iter(f"{model}rule")}
    for rule, outputs in changes.items():
        node = rules[rule]
        table = node.getparent()
        assert table is not None, "a rule stands in a table"
        names = [each.get("name", "value") for each in table.findall(f"{model}output")]
        entries = node.findall(f"{model}outputEntry")
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
    return str(value) if isinstance(value, int | float) else quoted(str(value))
