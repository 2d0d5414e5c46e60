"""Where an assistant turns off its way: endings ("you need not apply") and jumps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dienstweg.blueprint.expressions import Expression

Where = tuple[str | int, ...]
#: Makes an expression of a key of a raw mapping; None where it is wrong, which is noted.
Compile = Callable[[Mapping[str, Any], str, Where], Expression | None]


@dataclass(frozen=True, slots=True, eq=False)
class Turnoff:
    """After a page: where `when` is true, the assistant ends there."""

    id: str
    when: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Jump:
    """After a page: where `when` is true, it goes on at the page `to`, or at the summary.

    The pages between are hidden.
    """

    when: Expression
    to: str


def endings_of(raw: Mapping[str, Any], path: Where, compile_: Compile) -> tuple[Turnoff, ...]:
    """The endings of a page as its raw mapping says them."""
    found = []
    for number, each in enumerate(raw.get("ends", ())):
        when = compile_(each, "when", (*path, "ends", number))
        if when is not None:
            found.append(Turnoff(each["id"], when))
    return tuple(found)


def jumps_of(raw: Mapping[str, Any], path: Where, compile_: Compile) -> tuple[Jump, ...]:
    """The jumps of a page as its raw mapping says them."""
    found = []
    for number, each in enumerate(raw.get("next", ())):
        when = compile_(each, "when", (*path, "next", number))
        if when is not None:
            found.append(Jump(when, each["to"]))
    return tuple(found)
