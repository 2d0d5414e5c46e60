"""Reads FIM's own machine rules (translated-rules of the FIM portal, JSON) exactly as they are.

A rule is `{effect, target, message, condition}`; its condition is a tree of `equal`, `is_empty`,
`not`, `and`, `or`, `xor`, `identifier` (a yes) and `true`. Names are relative to the element that
was asked about (`self.F...`). Accepted are a list of rules of the whole schema, a list of
`{element, response: [rules]}`, and an object of element id to rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.fim_places import Place
from dienstweg.blueprint.fim_rules_places import Index, Scope
from dienstweg.blueprint.fim_rules_syntax import (
    Always,
    Condition,
    Effect,
    Equal,
    Filled,
    Not,
    One,
    Statement,
    both,
    either,
)
from dienstweg.blueprint.fim_rules_tokens import NotRead
from dienstweg.blueprint.problems import Invalid, Problem

if TYPE_CHECKING:
    from dienstweg.blueprint.fim_rules import Reading

LARGEST = 2 * 1024 * 1024
_DEEPEST = 30
_EFFECTS: dict[str, Effect] = {"require": "require", "forbid": "forbid", "valid": "valid"}


def read(content: bytes, index: Index) -> Iterator[Reading]:
    """Read a file of machine rules; raises Invalid where it is no such file.

    A rule that does not fit the schema is not used and says why.
    """
    from dienstweg.blueprint.fim_rules import Reading, placed, writable

    number = 0
    for element, rules in _by_element(content):
        for raw in rules:
            number += 1
            message = str(raw.get("message", ""))[:2_000]
            for bearer in _bearers(element, index):
                reading = Reading(
                    name=f"FIM-{number}",
                    text=f"FIM-Regel {number}: {message or json.dumps(raw)[:2_000]}",
                    source=f"FIM-Regel {number} ({bearer.fim_path})",
                    bearer=bearer,
                    message=message or None,
                    machine=True,
                )
                try:
                    scope = Scope(index, bearer)
                    reading.statements = (placed(_statement(raw, scope), scope),)
                    writable(reading.statements, index)
                except NotRead as error:
                    reading.reason = str(error)
                yield reading


def _by_element(content: bytes) -> Iterator[tuple[str | None, list[dict[str, Any]]]]:
    if len(content) > LARGEST:
        raise _invalid(f"Die Datei ist größer als {LARGEST} Bytes.")
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise _invalid("Die Datei ist kein JSON.") from None
    if isinstance(data, dict):
        for element, rules in data.items():
            yield element, _rules(rules)
    elif isinstance(data, list) and all(isinstance(each, dict) for each in data):
        for each in data:
            if "response" in each:
                element = each.get("element")
                yield (str(element) if element else None), _rules(each["response"])
            else:
                yield None, _rules([each])
    else:
        raise _invalid("Erwartet wird eine Liste von Regeln.")


def _rules(found: Any) -> list[dict[str, Any]]:
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise _invalid("Erwartet wird eine Liste von Regeln.")
    return found


def _invalid(message: str) -> Invalid:
    return Invalid([Problem("fim-rules", f"FIM-Regeln: {message}")])


def _bearers(element: str | None, index: Index) -> list[Place]:
    """The places to which „self“ may refer: every place of the element, else the whole schema."""
    if element is None or element == index.root.element.id:
        return [index.root]
    return list(index.by_fim.get(element, ())) or [index.root]


def _statement(raw: dict[str, Any], scope: Scope) -> Statement:
    effect = _EFFECTS.get(str(raw.get("effect")))
    if effect is None:
        raise NotRead("Diese Wirkung (effect) ist nicht bekannt.")
    target = raw.get("target")
    if (target is None) is not (effect == "valid"):
        raise NotRead("Ziel (target) und Wirkung (effect) passen nicht zusammen.")
    condition = _condition(raw.get("condition"), scope, 0)
    return Statement(effect, None if target is None else _path(target), condition)


def _path(name: Any) -> str:
    if not isinstance(name, str) or not name:
        raise NotRead("Ein Bezeichner (identifier) fehlt.")
    return name.removeprefix("self.").replace("/", ".")


def _condition(raw: Any, scope: Scope, depth: int) -> Condition:
    if depth > _DEEPEST:
        raise NotRead("Die Bedingung ist zu tief verschachtelt.")
    if raw is True:
        return Always()
    if not isinstance(raw, dict) or len(raw) != 1:
        raise NotRead("Die Bedingung hat eine unbekannte Form.")
    ((word, inner),) = raw.items()
    if word == "identifier":
        return _equal([raw, True], scope)
    if word == "equal":
        return _equal(inner, scope)
    if word == "is_empty":
        return Not(Filled(_name(inner)))
    if word == "not":
        return Not(_condition(inner, scope, depth + 1))
    if word in ("and", "or", "xor") and isinstance(inner, list) and inner:
        return _joined(word, [_condition(each, scope, depth + 1) for each in inner])
    raise NotRead(f"„{str(word)[:40]}“ gibt es in Bedingungen nicht.")


def _joined(word: str, parts: list[Condition]) -> Condition:
    if word == "and":
        return both(*parts)
    if word == "or":
        return either(*parts)
    if len(parts) != 2:
        raise NotRead("„xor“ hat nicht genau zwei Teile.")
    return One(parts[0], parts[1])


def _name(inner: Any) -> str:
    return _path(inner.get("identifier") if isinstance(inner, dict) else None)


def _equal(inner: Any, scope: Scope) -> Condition:
    if not isinstance(inner, list) or len(inner) != 2:
        raise NotRead("„equal“ vergleicht nicht genau zwei Dinge.")
    path, value = _name(inner[0]), inner[1]
    known = scope.known(path)
    if isinstance(value, bool):
        if known.kind != "bool":
            raise NotRead(f"{path} ist kein Ja-Nein-Feld.")
        return Equal(path, value)
    if not isinstance(value, str):
        raise NotRead("Verglichen wird mit etwas, das weder Text noch ja oder nein ist.")
    if known.kind == "choice" and known.options is not None and value not in known.options:
        raise NotRead(f"Den Wert „{value[:40]}“ gibt es in der Codeliste von {path} nicht.")
    if known.kind not in ("choice", "text"):
        raise NotRead(f"{path} ist kein Feld mit Texten.")
    return Equal(path, value)
