"""Finds in an expression what can never be meant: a text compared with a number, a choice that
does not exist, a sum of words.

Each fault is sure: where a type is not known, nothing is said of it. Everything may be null, so a
comparison with null is always allowed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dienstweg.blueprint.cel_signatures import SIGNATURES, Signature
from dienstweg.blueprint.cel_tree import (
    Call,
    Constant,
    Entry,
    Listed,
    Member,
    Name,
    Node,
    Unread,
    parts_of,
    path_of,
    read,
)
from dienstweg.blueprint.cel_types import (
    ANY,
    BOOL,
    DECIMAL,
    NULL,
    NUMBERS,
    TEXT,
    TEXTS,
    Type,
    comparable,
    fits,
    is_date,
    joined,
    of_value,
)
from dienstweg.blueprint.scan import MACROS

_MOST_SHOWN = 8
_ORDERED = frozenset(["<", "<=", ">", ">="])
_REMEDY_NUMBER = "Mit number(…) werden beide zu Dezimalzahlen."


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an expression cannot be meant like this, and what to do about it."""

    message: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """The type of a whole expression, and its faults."""

    type: Type
    faults: tuple[Fault, ...]


def typed(source: str, variables: Mapping[str, Type]) -> Typed:
    """Return what an expression gives for variables of these types.

    A variable that is not named may be anything; so may an expression that cannot be read. Paths
    that begin with one of `variables` are not looked for here (`references` does that), those of
    variables that a macro binds are.
    """
    try:
        tree = read(source)
    except Unread:
        return Typed(ANY, ())
    reader = _Typing(frozenset(variables))
    found = reader.of(tree, variables)
    return Typed(found, tuple(dict.fromkeys(reader.faults)))


class _Typing:
    """Walks a tree from its leaves, collecting what is wrong."""

    def __init__(self, free: frozenset[str]) -> None:
        self.free = free
        self.faults: list[Fault] = []

    def of(self, node: Node, names: Mapping[str, Type]) -> Type:
        """Return the type of a node."""
        match node:
            case Constant(value):
                return NULL if value is None else of_value(value)
            case Name(name):
                return names.get(name, ANY)
            case Member(of, name):
                return self._member(self.of(of, names), name, node)
            case Call():
                return self._call(node, names)
        return self._collected(node, [self.of(each, names) for each in parts_of(node)])

    @staticmethod
    def _collected(node: Node, types: list[Type]) -> Type:
        """A list, an entry of one, or an object that stands in the expression."""
        if isinstance(node, Entry):
            return types[0].inner or ANY if types[0].kind == "list" else ANY
        return Type("list", inner=joined(types)) if isinstance(node, Listed) else Type("object")

    def _fault(self, message: str, remedy: str | None = None) -> None:
        self.faults.append(Fault(message, remedy))

    def _member(self, of: Type, name: str, node: Node) -> Type:
        if of.kind == "object" and of.members is not None:
            if name in of.members or (path_of(node) or ("",))[0] in self.free:
                return of.members.get(name, ANY)
            known = ", ".join(sorted(of.members)[:_MOST_SHOWN])
            self._fault(f"{_said(node)} gibt es nicht.", f"Es gibt: {known}." if known else None)
        elif of.kind not in ("any", "object", "null"):
            self._fault(f"{_said(node)} gibt es nicht: davor steht {of.said}.")
        return ANY

    def _call(self, node: Call, names: Mapping[str, Type]) -> Type:
        if node.method and node.name in MACROS:
            return self._macro(node, names)
        types = [self.of(each, names) for each in node.parts]
        operator = _OPERATORS.get(node.name)
        if operator is not None:
            return operator(self, node, types)
        signature = SIGNATURES.get(node.name)
        return ANY if signature is None else self._function(node, signature, types)

    def _macro(self, node: Call, names: Mapping[str, Type]) -> Type:
        over = self.of(node.parts[0], names)
        bound, inner = node.parts[1:2], node.parts[2:]
        if over.kind not in ("any", "list", "object", "null"):
            self._fault(
                f"„{node.name}“ braucht eine Liste, {_said(node.parts[0])} ist {over.said}."
            )
        if not (bound and isinstance(bound[0], Name)):
            return ANY
        entry = over.inner or ANY if over.kind == "list" else ANY
        types = [self.of(each, {**names, bound[0].name: entry}) for each in inner]
        if node.name == "map":
            return Type("list", inner=types[-1] if types else ANY)
        for each, found in zip(inner, types, strict=True):
            self._wants_bool(each, found)
        return over if node.name == "filter" else BOOL

    def _wants_bool(self, node: Node, found: Type) -> None:
        if not fits(BOOL, found):
            self._fault(
                f"{_said(node)} ist {found.said}; hier muss eine Bedingung stehen.",
                "Vergleichen Sie den Wert, zum Beispiel mit == oder blank(…).",
            )

    def _function(self, node: Call, signature: Signature, types: list[Type]) -> Type:
        if signature.open:
            return signature.gives
        most = len(signature.takes)
        if not most - signature.optional <= len(types) <= most:
            wanted = most if not signature.optional else f"{most - signature.optional} bis {most}"
            self._fault(f"{node.name}(…) braucht {wanted} Angaben, nicht {len(types)}.")
            return signature.gives
        for each, wanted_type, given in zip(node.parts, signature.takes, types, strict=False):
            if not fits(wanted_type, given):
                self._fault(
                    f"{node.name}(…) braucht {wanted_type.said}; {_said(each)} ist {given.said}."
                )
            elif wanted_type.kind == "date":
                self._dated(each, given)
        return signature.gives

    def _dated(self, node: Node, found: Type) -> None:
        """A text that stands where a date is wanted must be written as one."""
        for value in found.values or ():
            if isinstance(value, str) and not is_date(value):
                self._fault(
                    f"„{value}“ ist kein Datum.", "Schreiben Sie es als Jahr-Monat-Tag: 2026-04-30."
                )

    def logic(self, node: Call, types: list[Type]) -> Type:
        """`&&`, `||` and `!`."""
        for each, found in zip(node.parts, types, strict=True):
            self._wants_bool(each, found)
        return BOOL

    def choice(self, node: Call, types: list[Type]) -> Type:
        """`a ? b : c`."""
        self._wants_bool(node.parts[0], types[0])
        return joined(types[1:])

    def comparison(self, node: Call, types: list[Type]) -> Type:
        """`==`, `!=` and the order signs."""
        first, second = types
        left, right = node.parts
        if not comparable(first, second):
            message = f"{_said(left)} ist {first.said}, {_said(right)} ist {second.said}"
            self._fault(f"{message}: Sie sind nie gleich und lassen sich nicht vergleichen.")
            return BOOL
        if "date" in (first.kind, second.kind):
            self._dated(left, first if first.kind == "text" else ANY)
            self._dated(right, second if second.kind == "text" else ANY)
        if node.name in _ORDERED:
            if "bool" in (first.kind, second.kind):
                self._fault("Ja und Nein haben keine Reihenfolge.", "Vergleichen Sie mit == true.")
        else:
            self._same(node, first, second)
        return BOOL

    def _same(self, node: Call, first: Type, second: Type) -> None:
        """A choice is compared with a value that it can never have."""
        for found, other, named in (
            (first, second, node.parts[0]),
            (second, first, node.parts[1]),
        ):
            constant = other.values is not None and len(other.values) == 1
            if found.values is None or not constant or isinstance(named, Constant):
                continue
            assert other.values is not None
            if not found.values & other.values:
                self._never(named, found, next(iter(other.values)))

    def _never(self, node: Node, found: Type, value: Any) -> None:
        allowed = sorted(str(each) for each in found.values or ())[:_MOST_SHOWN]
        self._fault(f"{_said(node)} ist nie „{value}“.", f"Möglich ist dort: {', '.join(allowed)}.")

    def within(self, node: Call, types: list[Type]) -> Type:
        """`a in list`."""
        found, over = types
        if over.kind not in ("any", "list", "object", "null"):
            self._fault(
                f"Nach „in“ muss eine Liste stehen; {_said(node.parts[1])} ist {over.said}."
            )
        inner = over.inner or ANY if over.kind == "list" else ANY
        if not comparable(found, inner):
            message = f"{_said(node.parts[0])} ist {found.said}, in der Liste steht {inner.said}."
            self._fault(message)
        elif found.values is not None and isinstance(node.parts[1], Listed):
            for each in inner.values or ():
                if each not in found.values:
                    self._never(node.parts[0], found, each)
        return BOOL

    def sum(self, node: Call, types: list[Type]) -> Type:
        """`+`: of numbers, of texts, of lists."""
        kinds = {each.kind for each in types} - {"any", "null"}
        if kinds <= TEXTS:
            return TEXT if kinds and ANY not in types else ANY
        if kinds == {"list"}:
            return joined(types)
        return self.arithmetic(node, types)

    def arithmetic(self, node: Call, types: list[Type]) -> Type:
        """`-`, `*`, `/`, `%`, and `+` of numbers; both whole or both decimal (CEL, "Numbers")."""
        for each, found in zip(node.parts, types, strict=True):
            if found.kind not in ("any", "null", *NUMBERS):
                self._fault(f"Mit {_said(each)} lässt sich nicht rechnen: Es ist {found.said}.")
                return ANY
        kinds = {each.kind for each in types}
        if kinds >= NUMBERS:
            message = "Eine ganze Zahl und eine Dezimalzahl lassen sich nicht verrechnen."
            self._fault(message, _REMEDY_NUMBER)
            return DECIMAL
        return Type(kinds.pop()) if len(kinds) == 1 and kinds <= NUMBERS else ANY


_Operator = Callable[[_Typing, Call, list[Type]], Type]
_OPERATORS: Mapping[str, _Operator] = {
    "&&": _Typing.logic,
    "||": _Typing.logic,
    "!": _Typing.logic,
    "?:": _Typing.choice,
    "in": _Typing.within,
    "+": _Typing.sum,
    **dict.fromkeys(("-", "*", "/", "%"), _Typing.arithmetic),
    **dict.fromkeys(("==", "!=", *sorted(_ORDERED)), _Typing.comparison),
}


def _said(node: Node) -> str:
    """How a part of an expression is called in a message."""
    path = path_of(node)
    if path is not None:
        return ".".join(path)
    match node:
        case Constant(value):
            return f"„{value}“"
        case Call(name) if name.isidentifier():
            return f"{name}(…)"
    return "ein Teil davon"
