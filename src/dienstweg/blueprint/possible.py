"""What could be answered at a place, as far as some rules can tell answers apart.

A rule that compares an answer with three constants sees only those three and "anything else". The
values here stand for all that such rules can see; where they surely do, the set is `exact`, and a
search through it proves something. Otherwise it only looks for an example.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import Any

from dienstweg.blueprint import functions
from dienstweg.blueprint.cel_tree import Call, Constant, Listed, Node, parts_of, path_of, walk
from dienstweg.blueprint.cel_types import is_date

Path = tuple[str, ...]
MOST_VALUES = 80
MOST_MIXED = 6
"""Boxes of which every mixture is tried: 64 in all."""
_COMPARISONS = frozenset(["==", "!=", "<", "<=", ">", ">="])
_BARE = frozenset(["&&", "||", "!", "?:", "blank", "has"])
_OTHER_TEXT = "\u2026"
"""A text that no rule is likely to name."""
_LONGEST_SPAN = 1000
"""Larger numbers in a rule are no days, months or years."""


@dataclass(frozen=True, slots=True)
class Possible:
    """`values` to try, null among them; `exact` if rules cannot tell further ones apart."""

    values: tuple[Any, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What rules do with one path: constants it is compared with, and whether that is all."""

    constants: frozenset[Any]
    numbers: frozenset[int]
    only_compared: bool


def seen_by(trees: Iterable[Node | None], paths: Collection[Path]) -> Seen:
    """Return how a place, by any of its paths, is used in some rules.

    A rule that could not be read (None) may do anything with it.
    """
    constants: set[Any] = set()
    numbers: set[int] = set()
    only = True
    for tree in trees:
        if tree is None:
            only = False
            continue
        uses = list(_uses(tree, paths, None))
        if not uses:
            continue
        numbers |= {abs(each) for each in _constants(tree) if type(each) is int}
        for around in uses:
            found = _compared(around, paths)
            only = only and found is not None
            constants |= set(_constants(tree) if found is None else found)
    return Seen(frozenset(constants), frozenset(numbers), only)


def _uses(node: Node, paths: Collection[Path], around: Call | None) -> Iterator[Call | None]:
    """Yield for every use of the place the call it stands in directly."""
    found = path_of(node)
    if found is not None:
        if found in paths:
            yield around
        elif any(found[: len(path)] == path[: len(found)] for path in paths):
            yield Call("around", ())
        return
    for each in parts_of(node):
        yield from _uses(each, paths, node if isinstance(node, Call) else None)


def _compared(around: Call | None, paths: Collection[Path]) -> list[Any] | None:
    """The constants that a use compares with; None if it is used in another way."""
    if around is None or around.name in _BARE:
        return []
    others = [each for each in around.parts if path_of(each) not in paths]
    if around.name in _COMPARISONS and all(isinstance(each, Constant) for each in others):
        return [each.value for each in others if isinstance(each, Constant)]
    listed = around.parts[1] if around.name == "in" else None
    if isinstance(listed, Listed) and all(isinstance(each, Constant) for each in listed.parts):
        return [each.value for each in listed.parts if isinstance(each, Constant)]
    return None


def _constants(tree: Node) -> list[Any]:
    return [each.value for each in walk(tree) if isinstance(each, Constant)]


_SIMPLE = frozenset(["string", "integer", "number"])


def possible(
    schema: Mapping[str, Any], choices: Iterable[Any], seen: Seen, today: date
) -> Possible:
    """Return what may stand at a place of this schema, for rules that use it like this."""
    kind, chosen = schema.get("type"), tuple(choices)
    if kind == "boolean" or isinstance(schema.get("const"), bool):
        only = schema.get("const")
        return Possible((True, False, None) if only is None else (only, None), exact=True)
    if chosen and kind != "array" and ("enum" in schema or "oneOf" in schema):
        named = [each for each in chosen if each in seen.constants]
        others = [each for each in chosen if each not in seen.constants]
        kept = (*named, *others)[:MOST_VALUES]
        all_kept = len(kept) == len(chosen) or (seen.only_compared and len(named) < MOST_VALUES)
        return Possible((*kept, None), exact=all_kept)
    # The choices of a list are open, too: an authority may bring a list of its own.
    found = {repr(each): each for each in _open_values(schema, chosen, seen, today)}
    values = tuple(found.values())[:MOST_VALUES]  # by their text: lists are values, too
    return Possible((*values, None), exact=seen.only_compared and kind in _SIMPLE)


def _open_values(
    schema: Mapping[str, Any], chosen: tuple[Any, ...], seen: Seen, today: date
) -> Iterator[Any]:
    kind = schema.get("type")
    if kind == "array":
        yield from ([each] for each in chosen[:MOST_VALUES])
        yield list(chosen[:MOST_VALUES])
        if len(chosen) <= MOST_MIXED:
            for many in range(2, len(chosen)):
                yield from (list(each) for each in combinations(chosen, many))
    elif kind in ("integer", "number"):
        yield from _numbers(schema, seen)
    elif schema.get("format") == "date":
        yield from _dates(seen, today)
    elif kind == "string":
        yield from (each for each in sorted(seen.constants, key=str) if isinstance(each, str))
        yield _OTHER_TEXT
        yield from chosen


def _numbers(schema: Mapping[str, Any], seen: Seen) -> Iterator[float]:
    """Each constant, and one between any two: below and above it."""
    found = [each for each in seen.constants if type(each) in (int, float)]
    found += [schema[bound] for bound in ("minimum", "maximum") if bound in schema] or [0, 1]
    for each in found:
        step = 1 if schema.get("type") == "integer" or type(each) is int else 0.5
        yield each
        yield each - step
        yield each + step
        if schema.get("type") == "number":
            yield each - 0.25
            yield each + 0.25


def _dates(seen: Seen, today: date) -> Iterator[str]:
    """Around each date that is named, today, and what lies a named number of days, months or years
    from today."""
    text = today.isoformat()
    named = [each for each in seen.constants if isinstance(each, str) and is_date(each)]
    spans = [0, *sorted(each for each in seen.numbers if 0 < each < _LONGEST_SPAN)]
    steps = (functions.add_years, functions.add_days, functions.add_months)
    starts = [*named, *(step(text, sign * n) for n, step, sign in product(spans, steps, (-1, 1)))]
    for start in dict.fromkeys(starts):
        for days in (0, 1, -1):
            found = functions.add_days(start, days)
            if found is not None:
                yield found
