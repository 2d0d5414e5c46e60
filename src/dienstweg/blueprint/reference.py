"""The reference of the format, written from the published schemas: docs/blueprint-reference.md."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dienstweg.blueprint.expressions import BUILT_IN, DEEPEST_MACRO, LONGEST, MOST_STEPS
from dienstweg.blueprint.functions import FUNCTIONS, age
from dienstweg.blueprint.kinds.samples import SAMPLES
from dienstweg.blueprint.sources import published

KINDS = ("blueprint", "assistant", "texts", "mapping", "list", "case")
_DEEPEST = 6
_MOST_NAMED = 3

_START = """# Blueprint reference

Written from the schemas in `src/dienstweg/blueprint/schemas/`; do not edit by hand
(`dienstweg blueprint reference` writes it). Keys that are not listed here are errors.
"""


def render() -> str:
    """The whole reference as Markdown."""
    parts = [_START, *_expressions(), *_kinds()]
    for kind in KINDS:
        schema = published(kind)
        parts.append(f"\n## {schema['title']}\n")
        parts.append("| key | type | meaning |\n|---|---|---|")
        parts += list(_rows(schema, schema, "", 0))
    return "\n".join(parts) + "\n"


def _kinds() -> Iterator[str]:
    """Every kind of answer by example."""
    yield """
## Kinds of answers

What `widget` in assistant.yaml can say, or `x-kind` in the data schema; what the schema already
tells is derived from it. Where the schema says no more, the check of each kind applies (check
digits, days that exist). A composed answer is an object: its parts are the properties of its
schema, in their order, and what of it must be filled in is the object's own `required`. Parts
with known names (`strasse`, `plz`, `vorname`, ...) have labels, others take
`fields.<id>.parts.<part>.label` from the texts. Rules see parts as data
(`data.wohnung.anschrift.plz`). Cases answer with mappings, tables with lists of them, and name a
problem by field and part (`anschrift-plz`, `posten-0-menge`).

| widget | meaning | data schema | in a case | in the data |
|---|---|---|---|---|"""
    for sample in SAMPLES.values():
        cells = [_json(each) for each in (sample.schema, sample.case, sample.value)]
        yield f"| `{sample.widget}` | {_cell(sample.meaning)} | {' | '.join(cells)} |"


def _json(value: Any) -> str:
    """A value as JSON, long enumerations cut."""
    if isinstance(value, Mapping) and len(value.get("enum", ())) > _MOST_NAMED:
        value = {**value, "enum": [*value["enum"][:_MOST_NAMED], "..."]}
    return f"`{_cell(json.dumps(value, ensure_ascii=False))}`"


def _rows(
    schema: Mapping[str, Any], root: Mapping[str, Any], start: str, depth: int
) -> Iterator[str]:
    """One table row for each key, the keys below it after it."""
    schema = _resolved(schema, root)
    for name, member in schema.get("properties", {}).items():
        needed = " **required**" if name in schema.get("required", ()) else ""
        full = _resolved(member, root)
        meaning = _cell(member.get("description", full.get("description", "")))
        yield f"| `{start}{name}` | {_cell(_kind(full))}{needed} | {meaning} |"
        if depth < _DEEPEST:
            yield from _below(full, root, f"{start}{name}", depth + 1)


def _below(
    schema: Mapping[str, Any], root: Mapping[str, Any], start: str, depth: int
) -> Iterator[str]:
    if schema.get("type") == "array":
        yield from _rows(schema.get("items", {}), root, f"{start}[].", depth)
        return
    yield from _rows(schema, root, f"{start}.", depth)
    further = schema.get("additionalProperties")
    if isinstance(further, dict):
        yield from _rows(further, root, f"{start}.<name>.", depth)


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Mapping[str, Any] = root["$defs"][str(reference).rsplit("/", 1)[-1]]
    return {**found, **{key: value for key, value in schema.items() if key != "$ref"}}


def _kind(schema: Mapping[str, Any]) -> str:
    """What kind of value it is, with its bounds."""
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    kind = schema.get("type", "any")
    text = " or ".join(kind) if isinstance(kind, list) else str(kind)
    if "pattern" in schema:
        text += f" `{schema['pattern']}`"
    for bound, word in (("maxLength", "characters"), ("maxItems", "entries"), ("maximum", "")):
        if bound in schema:
            text += f", at most {schema[bound]} {word}".rstrip()
    return text


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _expressions() -> Iterator[str]:
    yield f"""
## Expressions

Rules are CEL (Common Expression Language): at most {LONGEST} characters, macros nested at most
{DEEPEST_MACRO} deep, at most {MOST_STEPS} steps through lists (give lists a `maxItems`). They see
`data` (what is entered; hidden and empty values are `null`), `item` and `index` in a repeating
group, `outer` and `outer_index` besides in a group nested in its entries, `option` in `allowed`
(the value, or each one that may be chosen), `today` (ISO text), `lists.<name>` (rows) and
`decision.<name>.<output>`. Dates are ISO texts and compare as such. Where something needed is
empty, an expression has no answer: a `when` is then false, a check holds, a value is empty.
Whole and decimal numbers mix only in comparisons;
`number(x)` makes a decimal of both.

Built in: {", ".join(f"`{name}`" for name in sorted(BUILT_IN))}.

| function | meaning |
|---|---|"""
    for name, function in sorted({**FUNCTIONS, "age": age}.items()):
        meaning = (function.__doc__ or "").strip().splitlines()[0]
        yield f"| `{name}` | {_cell(meaning)} |"
