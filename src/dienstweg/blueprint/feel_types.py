"""The types of FEEL (DMN 1.5, section 10.3.2.9): whether a value is one, and how it is made one.

A type of a file (`itemDefinition`) may also name the values that are allowed; those are tests, as
in the cell of a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dienstweg.blueprint.feel_dates import Clock, Day, Stamp
from dienstweg.blueprint.feel_tree import Kind
from dienstweg.blueprint.feel_values import Function, Range, Scope, Value, kind

SIMPLE = frozenset(
    [
        "Any",
        "Null",
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "years and months duration",
        "days and time duration",
        "list",
        "context",
        "function",
        "range",
    ]
)
"""The types that FEEL itself has."""
_OTHERWISE = {
    "dateTime": "date and time",
    "date time": "date and time",
    "yearMonthDuration": "years and months duration",
    "year month duration": "years and months duration",
    "dayTimeDuration": "days and time duration",
    "day time duration": "days and time duration",
    "integer": "number",
    "long": "number",
    "double": "number",
    "any": "Any",
}
Allowed = Callable[[Value, Scope], bool]


@dataclass(frozen=True, slots=True)
class Type:
    """`kind` is one of `SIMPLE`; `inner` is that of a list's entries or of an interval's ends.

    `members` are those of a context, `takes` and `gives` those of a function. `unknown` types are
    named nowhere: nothing is one.
    """

    kind: str
    inner: "Type | None" = None
    members: Mapping[str, "Type"] | None = field(default=None, hash=False)
    takes: tuple["Type", ...] | None = None
    gives: "Type | None" = None
    allowed: Allowed | None = field(default=None, compare=False)
    unknown: bool = False


ANY = Type("Any")
Lookup = Callable[[str], "Type | None"]


def named(name: str) -> Type | None:
    """The simple type of a name, also as older files write it; None where FEEL has none."""
    found = _OTHERWISE.get(name, name)
    return Type(found) if found in SIMPLE else None


def of_kind(written: Kind, lookup: Lookup) -> Type:
    """The type of what stands in an expression; `lookup` knows those of the file."""
    parts = tuple(of_kind(each, lookup) for each in written.parts)
    if written.name == "context" and parts:
        return Type("context", members=dict(zip(written.names, parts, strict=True)))
    if written.name in ("list", "range") and len(parts) == 1:
        return Type(written.name, inner=parts[0])
    if written.name == "function" and parts:
        return Type("function", takes=parts[:-1], gives=parts[-1])
    return named(written.name) or lookup(written.name) or Type("Any", unknown=True)


def is_one(value: Value, wanted: Type, scope: Scope, *, nulls: bool = False) -> bool:
    """Whether a value is of a type; null only where `nulls` says so."""
    if wanted.unknown:
        return False
    if value is None:
        return nulls or wanted.kind == "Null"
    if wanted.kind != "Any" and kind(value) != wanted.kind:
        return False
    scope.budget.spend()
    return _inside(value, wanted, scope) and (
        wanted.allowed is None or wanted.allowed(value, scope)
    )


def _inside(value: Value, wanted: Type, scope: Scope) -> bool:
    if isinstance(value, list) and wanted.inner is not None:
        inner = wanted.inner
        return all(is_one(each, inner, scope, nulls=True) for each in value)
    if isinstance(value, dict) and wanted.members is not None:
        return all(
            name in value and is_one(value[name], member, scope, nulls=True)
            for name, member in wanted.members.items()
        )
    if isinstance(value, Range) and wanted.inner is not None:
        ends = [each for each in (value.low, value.high) if each is not None]
        return all(is_one(each, wanted.inner, scope) for each in ends)
    if isinstance(value, Function) and wanted.takes is not None:
        return _fits(value, wanted)
    return True


def _fits(function: Function, wanted: Type) -> bool:
    """Whether a function can stand where another is wanted, as far as it says what it takes."""
    if wanted.takes is None or len(function.parameters) != len(wanted.takes):
        return False
    given = function.type
    if not isinstance(given, Type) or given.takes is None:
        return True
    known = given.gives not in (None, ANY) and wanted.gives is not None
    results = not known or conforms(given.gives or ANY, wanted.gives or ANY)
    return results and all(
        conforms(ours, theirs) for ours, theirs in zip(wanted.takes, given.takes, strict=True)
    )


def conforms(given: Type, wanted: Type) -> bool:
    """Whether every value of a type is one of another (DMN 1.5, table 50)."""
    if wanted.kind == "Any" and not wanted.unknown:
        return True
    if given.kind != wanted.kind:
        return given.kind == "Null"
    if wanted.inner is not None:
        return given.inner is not None and conforms(given.inner, wanted.inner)
    if wanted.members is not None:
        known = given.members or {}
        return all(
            name in known and conforms(known[name], each) for name, each in wanted.members.items()
        )
    return True


def coerced(value: Value, wanted: Type, scope: Scope) -> Value:
    """The value as one of a type: alone out of its list or in a list, a date as a moment.

    What cannot be one is null (DMN 1.5, section 10.3.2.9.4).
    """
    if value is None or wanted is ANY:
        return value
    if is_one(value, wanted, scope):
        return value
    if wanted.kind == "list" and not isinstance(value, list):
        return [value] if is_one([value], wanted, scope) else None
    if isinstance(value, list) and len(value) == 1 and wanted.kind != "list":
        return value[0] if is_one(value[0], wanted, scope) else None
    if isinstance(value, Day) and wanted.kind == "date and time":
        return Stamp(value, Clock(0, 0, Decimal(0), 0))
    return None


def said(found: Any) -> str:
    """How a type is called in a message to designers."""
    return _GERMAN.get(found.kind if isinstance(found, Type) else str(found), "ein Wert")


_GERMAN = {
    "number": "eine Zahl",
    "string": "ein Text",
    "boolean": "Ja oder Nein",
    "date": "ein Datum",
    "time": "eine Uhrzeit",
    "date and time": "ein Zeitpunkt",
    "years and months duration": "eine Dauer in Monaten",
    "days and time duration": "eine Dauer in Tagen",
    "list": "eine Liste",
    "context": "eine Gruppe",
    "function": "eine Funktion",
    "range": "ein Bereich",
}
