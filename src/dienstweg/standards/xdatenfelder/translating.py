"""Says a schema of XDatenfelder 2 in version 3, as the standard maps them.

An id gets three noughts after its first two digits (F60000319 is F60000000319), a version a third
number. Version 2 knows three states; `aktiv` becomes "fachlich freigegeben (silber)", the least
that it can mean, since gold is not told apart there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, TypeVar

from dienstweg.standards.xdatenfelder.model import (
    Child,
    Element,
    Field,
    Group,
    Relation,
    Rule,
    Schema,
)

_OLD_ID: Final = re.compile(r"[SGFRCD]\d{8}", re.ASCII)
_OLD_VERSION: Final = re.compile(r"\d+\.\d+", re.ASCII)
_STATUSES: Final = {"inVorbereitung": "2", "aktiv": "5", "inaktiv": "7"}
_IN_TEXT: Final = re.compile(r"(?<![0-9A-Za-z])([SGFR])(\d{2})(\d{6})(?![0-9])", re.ASCII)

Named = TypeVar("Named", bound=Element)


def new_id(id: str) -> str:
    """The id of version 3 for one of version 2; anything else stays as it is."""
    return f"{id[:3]}000{id[3:]}" if _OLD_ID.fullmatch(id) else id


def new_version(version: str) -> str:
    """The version with three numbers for one with two; anything else stays as it is."""
    return f"{version}.0" if _OLD_VERSION.fullmatch(version) else version


def ids_in_text(text: str) -> str:
    """A text with the ids it names in their new form."""
    return _IN_TEXT.sub(r"\1\g<2>000\3", text)


def as_three(schema: Schema) -> Schema:
    """Give the schema in version 3, for who writes it; one of version 3 stays as it is."""
    if schema.standard.startswith("3"):
        return schema
    return replace(
        _named(schema),
        standard="3.0.0",
        output_label="",
        rules=_rules(schema.rules),
        children=_children(schema.children),
    )


def _named(element: Named) -> Named:
    relations = tuple(
        Relation(each.predicate, new_id(each.id), new_version(each.version))
        for each in element.relations
    )
    return replace(
        element,
        id=new_id(element.id),
        version=new_version(element.version),
        status=_STATUSES.get(element.status, element.status),
        relations=relations,
    )


def _rules(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Rules in version 3 have neither labels nor a status nor dates of their own."""
    return tuple(
        Rule(
            id=new_id(rule.id),
            version=new_version(rule.version),
            name=rule.name,
            description=rule.description,
            free_text=ids_in_text(rule.free_text),
            bases=rule.bases,
            creator=rule.creator,
            script=rule.script,
            line=rule.line,
        )
        for rule in rules
    )


def _children(children: tuple[Child, ...]) -> tuple[Child, ...]:
    return tuple(replace(child, element=_element(child.element)) for child in children)


def _element(element: Field | Group) -> Field | Group:
    if isinstance(element, Group):
        inner = _children(element.children)
        return replace(_named(element), rules=_rules(element.rules), children=inner)
    code_list = replace(element.code_list, id="") if element.code_list else None
    named = _named(element)
    return replace(named, code_list=code_list, prefill="keine", rules=_rules(element.rules))
