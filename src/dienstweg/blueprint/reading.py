"""What people type, read as leniently as a friendly clerk would: "1.234,50", "3.4.2026".

Nothing here raises, whatever is posted: a text that cannot be understood gives a code, and the
words for it stand in `messages`. How each kind of answer is read stands in `kinds`.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.data_schema import pruned
from dienstweg.blueprint.kinds.cleaning import (
    LONGEST_KEPT,
    LONGEST_LINE,
    LONGEST_TEXT,
    clean,
    kept,
    refused,
)
from dienstweg.blueprint.kinds.kind import Fault, Posted, Read, Typed

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field

__all__ = [
    "LONGEST_KEPT",
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "Fault",
    "Posted",
    "Read",
    "Typed",
    "clean",
    "collect",
    "faults",
    "kept",
    "merged",
    "read",
    "refused",
    "taken",
]
_MOST_PARTS = 600
"""More texts than a field can have: a table of fifty rows with ten columns, and some to spare."""


def collect(field: "Field", posted: Posted) -> Typed | None:
    """What the form holds for a field: its texts, or those of its parts. None: not in the form."""
    found = field.kind.collect(field, posted)
    if found is None:
        return None
    if isinstance(found, Mapping):
        return {part: _listed(found[part]) for part in list(found)[:_MOST_PARTS]}
    return _listed(found)


def _listed(texts: object) -> list[str]:
    if isinstance(texts, str):
        return [texts]
    return [str(each) for each in texts] if isinstance(texts, list | tuple) else []


def read(field: "Field", typed: Typed) -> Read:
    """Read what was typed for a field; the result may still break the schema's rules."""
    return field.kind.read(field, typed)


def merged(field: "Field", before: Any, typed: Typed, value: Any) -> Any:
    """A composed value in which the parts that were not in the form are as they were before."""
    if not (field.parts and isinstance(typed, Mapping) and isinstance(before, Mapping)):
        return value
    if field.schema.get("type") != "object":
        return value
    rest = {key: each for key, each in before.items() if key not in typed and each is not None}
    return {**rest, **value} if value else (rest or None)


def taken(field: "Field", typed: Typed, before: Any = None, left: Any = None) -> tuple[Any, Any]:
    """The value of a field after its page was posted, and what was typed but not understood.

    `before` is its value and `left` what could not be understood until now; both matter for the
    parts of a composed field that were not in the form. What was not understood is None, a list of
    texts, or texts by part.
    """
    understood = read(field, typed)
    if field.parts:
        unread = dict(understood.unread)
        if isinstance(left, Mapping) and field.schema.get("type") == "object":
            unread = {key: left[key] for key in left if key not in typed} | unread
        return merged(field, before, typed, understood.value), unread or None
    fault = understood.code or field.kind.fault(field, understood.value)
    if not fault or (understood.code is None and understood.value is False):
        return understood.value, None
    if isinstance(typed, Mapping):
        return None, {part: kept(typed[part]) for part in typed}
    return None, kept([str(text) for text in typed])


def faults(
    field: "Field",
    value: Any,
    left: Any,
    *,
    needed: Callable[[], bool],
    asked: frozenset[str] = frozenset(),
) -> list[Fault]:
    """What is wrong with one field: not understood, missing, or against its schema.

    `needed` says whether it must be answered; `asked` are the parts that a condition requires.
    """
    if field.parts:
        return _faults_of_parts(field, pruned(value), left, needed=needed, asked=asked)
    if left is not None:
        again = read(field, left)
        return [Fault(again.code or field.kind.fault(field, again.value) or "format")]
    empty = value is None or value in ("", []) or (value is False and field.kind.by_ticking)
    if empty and needed():
        return [Fault("required")]
    return field.kind.faults(field, value) if value not in (None, "", []) else []


def _faults_of_parts(
    field: "Field", value: Any, left: Any, *, needed: Callable[[], bool], asked: frozenset[str]
) -> list[Fault]:
    """What could not be understood comes first; it is not missing as well."""
    kind = field.kind
    unread = kind.unread(field, value, left) if isinstance(left, Mapping) else []
    if not value and (unread or needed()):
        found = kind.first(field, asked)
    else:
        found = kind.faults(field, value, asked=asked)
    known = {fault.part for fault in unread}
    if unread:
        found = [fault for fault in found if fault.part is not None and fault.part not in known]
    return unread + found
