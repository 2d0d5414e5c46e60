"""Finds in FEEL what can never be meant: names that do not exist, a text compared with a number.

Each fault is sure: where a type is not known, nothing is said of it. Everything may be null.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dienstweg.blueprint.feel_calls import call_faults
from dienstweg.blueprint.feel_dates import read_any
from dienstweg.blueprint.feel_members import PARTS
from dienstweg.blueprint.feel_signatures import BUILT_IN, SIGNATURES
from dienstweg.blueprint.feel_tree import (
    Between,
    Binary,
    Call,
    Cell,
    Choice,
    Context,
    Filter,
    Instance,
    Interval,
    Lambda,
    Listed,
    Literal,
    Loop,
    Member,
    Moment,
    Name,
    Negated,
    Node,
    Test,
    Within,
    parts_of,
)
from dienstweg.blueprint.feel_types import ANY, Type, named, said
from dienstweg.blueprint.feel_values import KINDS, kind

NUMBER, TEXT, BOOLEAN, RANGE = Type("number"), Type("string"), Type("boolean"), Type("range")
_DATES = frozenset(["date", "date and time"])
_DURATIONS = frozenset(["years and months duration", "days and time duration"])
_FREE = frozenset(["Any", "Null", "list"])
"""Kinds of which nothing sure can be said: a list of one is also its entry."""
_MOST_SHOWN = 8
Names = Mapping[str, Type]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an expression cannot be meant like this, and what to do about it."""

    code: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """The type of a whole expression, and its faults."""

    type: Type
    faults: tuple[Fault, ...]


def typed(node: Node, names: Names, given: Type = ANY) -> Typed:
    """Give the type of an expression and what is wrong with it; `given` is what a cell looks at."""
    walker = _Typing()
    found = walker.of(node, {**names, "?": given})
    return Typed(found, tuple(dict.fromkeys(walker.faults)))


class _Typing:
    """Walks a tree from its leaves, collecting what is wrong."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.open = 0

    def fault(self, code: str, message: str, remedy: str = "") -> None:
        """Note what is wrong."""
        self.faults.append(Fault(code, message, remedy))

    def of(self, node: Node, names: Names) -> Type:
        """Give the type of a node."""
        rule = _RULES.get(type(node))
        if rule is not None:
            return rule(self, node, names)
        for each in parts_of(node):
            self.of(each, names)
        return ANY

    def name(self, node: Name, names: Names) -> Type:
        """A variable or a function by its name."""
        found = names.get(node.name)
        if found is not None:
            return found
        if node.name in BUILT_IN:
            return Type("function")
        if not self.open:
            known = ", ".join(sorted(each for each in names if each != "?")[:_MOST_SHOWN])
            self.fault(
                "unknown-name",
                f"„{node.name}“ gibt es hier nicht.",
                f"Verbinden Sie die Eingabe oder Entscheidung. Es gibt: {known}." if known else "",
            )
        return ANY

    def member(self, node: Member, names: Names) -> Type:
        """A part of a value."""
        of = self.of(node.of, names)
        while of.kind == "list":
            of = of.inner or ANY
        if of.kind == "context" and of.members is not None:
            if node.name not in of.members:
                known = ", ".join(sorted(of.members)[:_MOST_SHOWN])
                self.fault(
                    "unknown-name", f"„{node.name}“ gibt es dort nicht.", f"Es gibt: {known}."
                )
            return of.members.get(node.name, ANY)
        if of.kind in ("number", "string", "boolean"):
            message = f"„{node.name}“ gibt es nicht: davor steht {said(of)}."
            self.fault("unknown-name", message)
        elif of.kind in _PARTS and node.name not in _PARTS[of.kind]:
            known = ", ".join(sorted(_PARTS[of.kind]))
            self.fault("unknown-name", f"„{node.name}“ gibt es dort nicht.", f"Es gibt: {known}.")
        return ANY

    def binary(self, node: Binary, names: Names) -> Type:
        """Arithmetic, comparison, `and` and `or`."""
        left, right = self.of(node.left, names), self.of(node.right, names)
        if node.sign in ("and", "or"):
            for each in (left, right):
                self.boolean(each)
            return BOOLEAN
        if node.sign in ("+", "-", "*", "/", "**"):
            return self.arithmetic(node.sign, left, right)
        self.comparable(left, right)
        return BOOLEAN

    def boolean(self, found: Type) -> None:
        """What must be true or false."""
        if found.kind not in (*_FREE, "boolean"):
            self.fault("type", f"Hier muss Ja oder Nein stehen, nicht {said(found)}.")

    def comparable(self, left: Type, right: Type) -> None:
        """Two values that are compared."""
        kinds = {left.kind, right.kind}
        if kinds & (_FREE | {"context", "function", "range"}) or len(kinds) == 1:
            return
        if kinds == _DATES:
            return
        message = f"{_first(left)} und {said(right)} lassen sich nicht vergleichen."
        remedy = "Mit date(…) wird ein Text zum Datum." if "string" in kinds else ""
        self.fault("type", message, remedy if kinds & _DATES else "")

    def arithmetic(self, sign: str, left: Type, right: Type) -> Type:
        """What comes of two values; a fault where nothing ever can."""
        if {left.kind, right.kind} & _FREE:
            return ANY
        for wanted, found in _ARITHMETIC.get(sign, ()):
            if (left.kind, right.kind) == wanted:
                return Type(found)
        message = f"„{sign}“ passt hier nicht: links steht {said(left)}, rechts {said(right)}."
        self.fault("type", message)
        return ANY

    def choice(self, node: Choice, names: Names) -> Type:
        """`if`."""
        self.boolean(self.of(node.when, names))
        yes, no = self.of(node.yes, names), self.of(node.no, names)
        return yes if yes == no else yes if no.kind == "Null" else no if yes.kind == "Null" else ANY

    def filter(self, node: Filter, names: Names) -> Type:
        """`of[by]`: inside, the members of an entry are names."""
        of = self.of(node.of, names)
        inner = (of.inner or ANY) if of.kind == "list" else of
        known = inner.kind == "context" and inner.members is not None
        unsure = inner.kind in ("Any", "context") and not known
        self.open += unsure
        by = self.of(node.by, {**names, **(inner.members or {}), "item": inner})
        self.open -= unsure
        if by.kind in ("string", "date", "context"):
            self.fault("type", f"In den Klammern muss Ja oder Nein stehen, nicht {said(by)}.")
        return inner if by.kind == "number" else Type("list", inner=inner)

    def loop(self, node: Loop, names: Names) -> Type:
        """`for`, `some` and `every`."""
        inside = dict(names)
        for turn in node.turns:
            over = self.of(turn.over, inside)
            if turn.until is not None:
                self.of(turn.until, inside)
                inside[turn.name] = over if over.kind in ("number", "date") else ANY
            else:
                inside[turn.name] = (over.inner or ANY) if over.kind == "list" else ANY
        inside["partial"] = Type("list")
        body = self.of(node.body, inside)
        if node.word == "for":
            return Type("list", inner=body)
        self.boolean(body)
        return BOOLEAN

    def call(self, node: Call, names: Names) -> Type:
        """A call; of a built-in function also its arguments."""
        given = [self.of(each, names) for each in node.parts]
        own = names.get(node.of.name) if isinstance(node.of, Name) else ANY
        if isinstance(node.of, Name) and (own is None or own.kind not in ("function", "Any")):
            if node.of.name in SIGNATURES:
                for message in call_faults(node.of.name, given, node.names):
                    self.fault("type", message)
                return _given_by(node.of.name)
            if own is None:
                if not self.open:
                    self.fault("unknown-name", f"Die Funktion „{node.of.name}“ gibt es nicht.")
                return ANY
        found = self.of(node.of, names)
        if found.kind not in ("Any", "function", "Null"):
            self.fault("type", f"{_first(found)} kann nicht aufgerufen werden.")
        return found.gives or ANY

    def context(self, node: Context, names: Names) -> Type:
        """A context, whose later entries see the earlier ones."""
        inside, members = dict(names), {}
        for name, value in zip(node.names, node.values, strict=True):
            inside[name] = members[name] = self.of(value, inside)
        return Type("context", members=members)

    def function(self, node: Lambda, names: Names) -> Type:
        """A function that stands in the expression."""
        types = {
            name: (named(each.name) if each is not None else None) or ANY
            for name, each in zip(node.names, node.kinds, strict=True)
        }
        gives = ANY if node.external else self.of(node.body, {**names, **types})
        return Type("function", takes=tuple(types.values()), gives=gives)

    def listed(self, node: Listed, names: Names) -> Type:
        """A list; of one kind, if all its entries are."""
        types = [self.of(each, names) for each in node.parts]
        same = bool(types) and all(each == types[0] for each in types)
        return Type("list", inner=types[0] if same else ANY)

    def cell(self, node: Cell, names: Names) -> Type:
        """The tests of a cell, against what its column asks."""
        asked = names.get("?", ANY)
        for test in node.tests:
            self.test(test, asked, names)
        return BOOLEAN

    def test(self, test: Node, asked: Type, names: Names) -> None:
        """One test of a value."""
        if isinstance(test, Test):
            self.comparable(asked, self.of(test.end, names))
        elif isinstance(test, Interval):
            for end in (test.low, test.high):
                self.comparable(asked, self.of(end, names))
        else:
            found = self.of(test, names)
            if found.kind != "boolean" or isinstance(test, Literal):
                self.comparable(asked, found)

    def within(self, node: Within, names: Names) -> Type:
        """`in`."""
        asked = self.of(node.of, names)
        for test in node.tests:
            self.test(test, asked, {**names, "?": asked})
        return BOOLEAN

    def between(self, node: Between, names: Names) -> Type:
        """`between`."""
        asked = self.of(node.of, names)
        for end in (node.low, node.high):
            self.comparable(asked, self.of(end, names))
        return BOOLEAN

    def interval(self, node: Interval, names: Names) -> Type:
        """An interval as a value."""
        self.comparable(self.of(node.low, names), self.of(node.high, names))
        return RANGE

    def negated(self, node: Negated, names: Names) -> Type:
        """`-`."""
        found = self.of(node.of, names)
        if found.kind not in (*_FREE, "number", *_DURATIONS):
            self.fault("type", f"„-“ passt hier nicht: dahinter steht {said(found)}.")
        return found


def _first(found: Type) -> str:
    """How a type is called at the start of a sentence."""
    name = said(found)
    return name[:1].upper() + name[1:]


def _given_by(name: str) -> Type:
    gives = {each.gives for each in SIGNATURES[name]}
    return (named(gives.pop()) or ANY) if len(gives) == 1 else ANY


def _constant(_typing: _Typing, node: Any, _names: Names) -> Type:
    value = node.value if isinstance(node, Literal) else read_any(node.text)
    return named("Null" if value is None else kind(value)) or ANY


def _instance(typing: _Typing, node: Instance, names: Names) -> Type:
    typing.of(node.of, names)
    return BOOLEAN


def _open_test(typing: _Typing, node: Test, names: Names) -> Type:
    typing.of(node.end, names)
    return RANGE


_RULES: Mapping[type, Callable[[_Typing, Any, Names], Type]] = {
    Literal: _constant,
    Moment: _constant,
    Name: _Typing.name,
    Member: _Typing.member,
    Negated: _Typing.negated,
    Binary: _Typing.binary,
    Between: _Typing.between,
    Within: _Typing.within,
    Instance: _instance,
    Choice: _Typing.choice,
    Loop: _Typing.loop,
    Filter: _Typing.filter,
    Call: _Typing.call,
    Lambda: _Typing.function,
    Listed: _Typing.listed,
    Context: _Typing.context,
    Interval: _Typing.interval,
    Test: _open_test,
    Cell: _Typing.cell,
}
_PARTS = {KINDS[each]: frozenset(parts) for each, parts in PARTS.items()}
_YM, _DT = "years and months duration", "days and time duration"
_LATER = [((day, span), day) for day in ("date", "date and time") for span in (_YM, _DT)]
_LATER.append((("time", _DT), "time"))
_ARITHMETIC: Mapping[str, list[tuple[tuple[str, str], str]]] = {
    "+": [
        (("number", "number"), "number"),
        (("string", "string"), "string"),
        ((_YM, _YM), _YM),
        ((_DT, _DT), _DT),
        *_LATER,
        *(((span, day), day) for (day, span), _ in _LATER),
    ],
    "-": [
        (("number", "number"), "number"),
        ((_YM, _YM), _YM),
        ((_DT, _DT), _DT),
        *_LATER,
        *(((one, other), _DT) for one in _DATES for other in _DATES),
        (("time", "time"), _DT),
    ],
    "*": [
        (("number", "number"), "number"),
        *(((span, "number"), span) for span in _DURATIONS),
        *((("number", span), span) for span in _DURATIONS),
    ],
    "/": [
        (("number", "number"), "number"),
        *(((span, "number"), span) for span in _DURATIONS),
        *(((span, span), "number") for span in _DURATIONS),
    ],
    "**": [(("number", "number"), "number")],
}
