"""What a FIM element says, as the annotation `x-fim` in data.schema.json, and back again.

The annotation says what the node around it does not: the title is the label and the description
the definition unless `x-fim` says otherwise; what is empty is left out. Nothing that the reader
knows is lost, so that `export-fim` can say it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeVar

from dienstweg.standards.xdatenfelder.model import (
    Child,
    CodeListReference,
    Facets,
    Field,
    Group,
    Keyword,
    LegalBasis,
    Multiplicity,
    Relation,
    Rule,
    Schema,
    Value,
)

_TEXTS: Final = {
    "note": "description",
    "status": "status",
    "creator": "creator",
    "version_note": "version_note",
    "valid_from": "valid_from",
    "valid_until": "valid_until",
    "released_on": "released_on",
    "published_on": "published_on",
    "changed_at": "changed_at",
}
_SCHEMA_TEXTS: Final = {
    "standard": "standard",
    "message_id": "message_id",
    "created_at": "created_at",
    "help": "help",
    "structure_changes": "structure_changes",
    "representation_changes": "representation_changes",
    "profile": "profile",
}
_HELPS: Final = {
    "element_kind": "element_kind",
    "help": "input_help",
    "output_help": "output_help",
}
_FIELD_TEXTS: Final = {
    "kind": "kind",
    "datatype": "datatype",
    "content": "content",
    "prefill": "prefill",
    "code_key": "code_key",
    "name_key": "name_key",
    "help_key": "help_key",
}
_RULE_TEXTS: Final = {
    "text": "free_text",
    "note": "description",
    "script": "script",
    "type": "type",
    "creator": "creator",
    "changed_at": "changed_at",
}
#: What a rule of version 2 says besides; version 3 has nothing of it.
_OLD_RULE_TEXTS: Final = {
    "label": "input_label",
    "output_label": "output_label",
    "status": "status",
    "version_note": "version_note",
    "valid_from": "valid_from",
    "valid_until": "valid_until",
    "released_on": "released_on",
    "published_on": "published_on",
}
Node = Mapping[str, Any]
Linked = TypeVar("Linked", LegalBasis, Keyword)
_NUMBER: Final = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?", re.ASCII)


def line(text: str) -> str:
    """A text in one line, as titles are."""
    return " ".join(text.split())


def noted(element: Schema | Group | Field) -> dict[str, Any]:
    """The annotation of an element; its children and its place are the caller's."""
    said: dict[str, Any] = {"id": element.id, "version": element.version}
    title = line(element.label)
    said |= {"name": element.name} if element.name != title else {}
    said |= {"label": element.input_label} if element.input_label != title else {}
    if element.output_label != (element.input_label or title):
        said["output_label"] = element.output_label
    texts = {**_TEXTS, **(_SCHEMA_TEXTS if isinstance(element, Schema) else _HELPS)}
    if isinstance(element, Field):
        texts |= _FIELD_TEXTS
    said |= {key: getattr(element, name) for key, name in texts.items() if getattr(element, name)}
    if isinstance(element, Field):
        said |= _field(element)
    elif isinstance(element, Group) and element.choice:
        said["choice"] = True
    said |= {"legal_basis": bases(element.bases)} if element.bases else {}
    said |= {"keywords": _keywords(element.keywords)} if element.keywords else {}
    said |= {"relations": _relations(element.relations)} if element.relations else {}
    said |= {"rules": [_rule(rule) for rule in element.rules]} if element.rules else {}
    return said


def whole(child: Child) -> dict[str, Any]:
    """An element without a node of its own (a text, one that never occurs), with all below it."""
    element = child.element
    said: dict[str, Any] = {"title": line(element.label), **placed(child), **noted(element)}
    if element.definition:
        said["definition"] = element.definition
    if isinstance(element, Field) and element.values:
        said["values"] = values(element.values)
    if isinstance(element, Group):
        said["children"] = [whole(each) for each in element.children]
    return said


def values(found: Iterable[Value]) -> list[list[str]]:
    """The entries of a list that stands nowhere else."""
    return [[value.code, value.name, value.help] for value in found]


def placed(child: Child) -> dict[str, Any]:
    """What the place of an element says of it."""
    said: dict[str, Any] = {"multiplicity": str(child.multiplicity)}
    if child.bases:
        said["place_basis"] = bases(child.bases)
    return said


def bases(found: Iterable[LegalBasis]) -> list[str | list[str]]:
    """Legal references: a text, with its link a pair."""
    return [[basis.text, basis.link] if basis.link else basis.text for basis in found]


def _keywords(found: Iterable[Keyword]) -> list[str | list[str]]:
    return [[word.text, word.uri] if word.uri else word.text for word in found]


def _relations(found: Iterable[Relation]) -> list[str]:
    """A line for each run of one predicate: some elements have thousands."""
    lines: list[str] = []
    for relation in found:
        one = f"{relation.id} {relation.version}".strip()
        if lines and lines[-1].startswith(f"{relation.predicate}: "):
            lines[-1] += f", {one}"
        else:
            lines.append(f"{relation.predicate}: {one}")
    return lines


def _rule(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {"id": rule.id, "version": rule.version, "name": rule.name}
    texts = {**_RULE_TEXTS, **_OLD_RULE_TEXTS}
    said |= {key: getattr(rule, name) for key, name in texts.items() if getattr(rule, name)}
    said |= {"legal_basis": bases(rule.bases)} if rule.bases else {}
    said |= {"keywords": _keywords(rule.keywords)} if rule.keywords else {}
    details = {"parameters": rule.parameters, "targets": rule.targets, "errors": rule.errors}
    for key, found in details.items():
        if found:
            said[key] = [[list(pair) for pair in detail] for detail in found]
    return said


def _field(element: Field) -> dict[str, Any]:
    said: dict[str, Any] = {}
    facets = _facets(element.facets)
    said |= {"facets": facets} if facets else {}
    if element.code_list:
        known = element.code_list
        said["code_list"] = {
            key: value
            for key, value in (
                ("id", known.id),
                ("urn", known.canonical_id),
                ("version", known.version),
                ("uri", known.canonical_version_uri),
            )
            if value
        }
    said |= {"max_size": element.max_size} if element.max_size is not None else {}
    said |= {"media_types": list(element.media_types)} if element.media_types else {}
    return said


def _facets(facets: Facets) -> dict[str, Any]:
    said = {
        "minLength": facets.min_length,
        "maxLength": facets.max_length,
        "minValue": _text(facets.min_value),
        "maxValue": _text(facets.max_value),
        "pattern": facets.pattern,
        "other": [list(pair) for pair in facets.other] or None,
    }
    return {key: value for key, value in said.items() if value is not None}


def _text(value: Decimal | str | None) -> str | None:
    """Numbers as texts in quotes, so that 1.50 stays 1.50; a date is marked by what it is."""
    return format(value, "f") if isinstance(value, Decimal) else value


# the way back


class Spoilt(ValueError):
    """An annotation that somebody has changed into what FIM does not know; says which, German."""


def recalled_schema(node: Node) -> Schema:
    """The schema's own head; raises Spoilt."""
    notes = _notes(node)
    return Schema(**_common(node, notes), **_texts(notes, _SCHEMA_TEXTS), rules=_rules(notes))


def recalled_group(node: Node, notes: Node, children: tuple[Child, ...]) -> Group:
    """A group with its children; raises Spoilt."""
    return Group(
        **_common(node, notes),
        **_texts(notes, _HELPS),
        choice=notes.get("choice") is True,
        rules=_rules(notes),
        children=children,
    )


def recalled_field(node: Node, notes: Node) -> Field:
    """A field; the entries of a list in the schema itself are the node's `oneOf`; raises Spoilt."""
    return Field(
        **_common(node, notes),
        **{"kind": "input", "datatype": "text", **_texts(notes, {**_HELPS, **_FIELD_TEXTS})},
        facets=_recalled_facets(notes),
        code_list=_recalled_list(notes.get("code_list")),
        values=tuple(_values(node, notes)),
        max_size=notes.get("max_size"),
        media_types=tuple(map(str, notes.get("media_types", ()))),
        rules=_rules(notes),
    )


def recalled_whole(notes: Node) -> Child:
    """An element that has no node of its own, as `whole` noted it; raises Spoilt."""
    node = {"title": notes.get("title", ""), "description": notes.get("definition", "")}
    if "children" in notes:
        inner = tuple(recalled_whole(each) for each in notes["children"])
        return recalled_child(notes, recalled_group(node, notes, inner))
    return recalled_child(notes, recalled_field(node, notes))


def recalled_child(notes: Node, element: Field | Group) -> Child:
    """An element at its place; raises Spoilt."""
    low, _, high = str(notes.get("multiplicity", "1:1")).partition(":")
    try:
        occurs = Multiplicity(int(low), None if high == "*" else int(high))
    except ValueError:
        raise Spoilt(f"multiplicity {low}:{high} von {element.id} ist keine Anzahl.") from None
    return Child(occurs, tuple(_linked(notes, "place_basis", LegalBasis)), element)


def _notes(node: Node) -> Node:
    notes = node.get("x-fim", {})
    return notes if isinstance(notes, Mapping) else {}


def _common(node: Node, notes: Node) -> dict[str, Any]:
    title = str(node.get("title", ""))
    label = str(notes.get("label", title))
    return {
        "id": str(notes.get("id", "")),
        "version": str(notes.get("version", "")),
        "name": str(notes.get("name", title)),
        "input_label": label,
        "output_label": str(notes.get("output_label", label or title)),
        "definition": str(node.get("description", "")),
        **_texts(notes, _TEXTS),
        "bases": tuple(_linked(notes, "legal_basis", LegalBasis)),
        "keywords": tuple(_linked(notes, "keywords", Keyword)),
        "relations": tuple(_recalled_relations(notes)),
    }


def _texts(notes: Node, names: Mapping[str, str]) -> dict[str, Any]:
    return {name: str(notes[key]) for key, name in names.items() if key in notes}


def _linked(notes: Node, key: str, kind: type[Linked]) -> Iterator[Linked]:
    for each in notes.get(key, ()):
        yield kind(*(each if isinstance(each, list) else [each]))


def _recalled_relations(notes: Node) -> Iterator[Relation]:
    for run in notes.get("relations", ()):
        predicate, _, others = str(run).partition(": ")
        for other in others.split(", "):
            id, _, version = other.partition(" ")
            yield Relation(predicate, id, version)


def _rules(notes: Node) -> tuple[Rule, ...]:
    return tuple(_recalled_rule(each) for each in notes.get("rules", ()) if isinstance(each, dict))


def _recalled_rule(notes: Node) -> Rule:
    def details(key: str) -> tuple[tuple[tuple[str, str], ...], ...]:
        return tuple(tuple((str(a), str(b)) for a, b in one) for one in notes.get(key, ()))

    return Rule(
        id=str(notes.get("id", "")),
        version=str(notes.get("version", "")),
        name=str(notes.get("name", "")),
        **_texts(notes, {**_RULE_TEXTS, **_OLD_RULE_TEXTS}),
        bases=tuple(_linked(notes, "legal_basis", LegalBasis)),
        keywords=tuple(_linked(notes, "keywords", Keyword)),
        parameters=details("parameters"),
        targets=details("targets"),
        errors=details("errors"),
    )


def _values(node: Node, notes: Node) -> Iterator[Value]:
    for code, name, help in notes.get("values", ()):
        yield Value(str(code), str(name), str(help))
    for one in () if "code_list" in notes else node.get("oneOf", ()):
        if isinstance(one, Mapping) and "const" in one:
            title, help = str(one.get("title", "")), str(one.get("description", ""))
            yield Value(str(one["const"]), title, help)


def _recalled_list(known: Any) -> CodeListReference | None:
    if not isinstance(known, Mapping):
        return None
    said = (str(known.get(key, "")) for key in ("id", "urn", "version", "uri"))
    return CodeListReference(*said)


def _recalled_facets(notes: Node) -> Facets:
    said = notes.get("facets", {})
    return Facets(
        min_length=said.get("minLength"),
        max_length=said.get("maxLength"),
        min_value=_bound(said.get("minValue")),
        max_value=_bound(said.get("maxValue")),
        pattern=said.get("pattern"),
        other=tuple((str(key), str(value)) for key, value in said.get("other", ())),
    )


def _bound(value: str | None) -> Decimal | str | None:
    return Decimal(value) if value and _NUMBER.fullmatch(value) else value
