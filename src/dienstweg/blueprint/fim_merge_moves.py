"""Follows elements that a newer schema has moved: same FIM id, another path.

A designer's texts and rules for a moved element move with it: the old side and the designer's side
are written as if the element had always stood where it stands now. Only what is certain counts: an
id that has gone from one place and come to one place.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Protocol

from dienstweg.blueprint.fim_places import stable_id
from dienstweg.blueprint.problems import Files

_WRITTEN = (".yaml", ".typ", ".dmn")


class _Element(Protocol):
    @property
    def id(self) -> str: ...


def moves(old: Mapping[str, _Element], new: Mapping[str, _Element]) -> dict[str, str]:
    """Old pointers to new ones, for elements that went from one place and came to one."""
    went = {pointer: each.id for pointer, each in old.items() if pointer not in new and each.id}
    came = {pointer: each.id for pointer, each in new.items() if pointer not in old and each.id}
    out, back = Counter(went.values()), Counter(came.values())
    places = {fim_id: pointer for pointer, fim_id in came.items()}
    return {
        pointer: places[fim_id]
        for pointer, fim_id in went.items()
        if out[fim_id] == 1 and back[fim_id] == 1
    }


def moved_files(files: Files, moved: Mapping[str, str]) -> dict[str, bytes]:
    """The files as if every moved element had always stood at its new place."""
    if not moved:
        return dict(files)
    pairs = dict(_pairs(moved))
    pattern = re.compile(
        r"(?<![\w./-])(?:"
        + "|".join(re.escape(each) for each in sorted(pairs, key=len, reverse=True))
        + r")(?![\w-])"
    )
    changed = dict(files)
    for name, content in files.items():
        if name.endswith(_WRITTEN) and not name.startswith("fim/"):
            text = content.decode("utf-8", "replace")
            changed[name] = pattern.sub(lambda found: pairs[found[0]], text).encode()
    schema = json.loads(files["data.schema.json"])
    for before, after in sorted(moved.items()):
        _move(schema, before.split("/")[1:], after.split("/")[1:])
    changed["data.schema.json"] = json.dumps(schema, ensure_ascii=False, indent=2).encode() + b"\n"
    return changed


def _pairs(moved: Mapping[str, str]) -> list[tuple[str, str]]:
    """Old words and new: ids of fields and pages, pointers, paths in CEL."""
    found = []
    for before, after in moved.items():
        old, new = before.split("/")[1:], after.split("/")[1:]
        found.append((stable_id(*old), stable_id(*new)))
        found.append((stable_id(*old, "titel"), stable_id(*new, "titel")))
        found.append((before, after))
        found.append((".".join(("data", *old)), ".".join(("data", *new))))
    return found


def _move(schema: dict[str, Any], before: list[str], after: list[str]) -> None:
    source, target = _parent(schema, before), _parent(schema, after)
    if source is None or target is None or before[-1] not in source.get("properties", {}):
        return
    node = source["properties"].pop(before[-1])
    target.setdefault("properties", {})[after[-1]] = node
    if before[-1] in source.get("required", ()):
        source["required"].remove(before[-1])
        target.setdefault("required", []).append(after[-1])


def _parent(schema: dict[str, Any], keys: list[str]) -> dict[str, Any] | None:
    node = schema
    for key in keys[:-1]:
        inner = node.get("items", node) if node.get("type") == "array" else node
        if key not in inner.get("properties", {}):
            return None
        node = inner["properties"][key]
    return node.get("items", node) if node.get("type") == "array" else node
