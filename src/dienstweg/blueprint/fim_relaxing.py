"""Takes out of a data schema's `required` what a page can hide, and all that then may be missing.

A field that a rule can hide is not `required` in the schema, and an object that holds nothing else
for certain is not either: an empty object is never submitted.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any


def relaxed(schema: dict[str, Any], pointers: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """The data schema with the places at `pointers` (through lists) no longer required.

    A list among them may be empty.
    """
    changed = copy.deepcopy(schema)
    for pointer in sorted(pointers):
        _relax(changed, pointer)
    return changed


def _relax(node: dict[str, Any], pointer: tuple[str, ...]) -> bool:
    """Relax one place; whether the node itself may now be empty."""
    inner = node.get("items", node) if node.get("type") == "array" else node
    members = inner.get("properties", {})
    if not pointer or pointer[0] not in members:
        return False
    child = members[pointer[0]]
    below = _relax(child, pointer[1:]) if len(pointer) > 1 else True
    if below and len(pointer) == 1 and child.get("type") == "array" and "minItems" in child:
        child["minItems"] = 0
    needed = inner.get("required", [])
    if below and pointer[0] in needed:
        inner["required"] = [name for name in needed if name != pointer[0]]
        return inner is node and not inner["required"]
    return False
