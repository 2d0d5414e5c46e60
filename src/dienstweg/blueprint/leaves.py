"""The leaves of a long entry: an entry of a repeating group that is asked on several screens.

Such a page is still one page of the assistant: one list, one set of rules, one place in the data.
Only what is shown and taken at a time is a leaf. Leaves count from 1; 0 is the whole entry.
"""

from collections.abc import Iterable

from dienstweg.blueprint.assistant import Check, Field, Page
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.standing import Standing
from dienstweg.blueprint.views import Entry, Leaf

WHOLE = 0


def shown(standing: Standing, page: Page, entry: Entry) -> list[int]:
    """The leaves of an entry on which something is asked now, at least the first.

    None where the page has no leaves, or its list is meant.
    """
    if not page.leaves or len(entry) < page.depth:
        return []
    found = [
        number
        for number, fields in enumerate(page.leaves, 1)
        if any(each.is_input and (each.id, entry) in standing.fields for each in fields)
    ]
    return found or [1]


def at(standing: Standing, page: Page, entry: Entry, leaf: int) -> int:
    """The leaf that is shown for a wanted one: itself, else the next that asks, else the last."""
    there = shown(standing, page, entry)
    if leaf <= WHOLE or not there:
        return WHOLE
    return next((number for number in there if number >= leaf), there[-1])


def fields(page: Page, leaf: int) -> tuple[Field, ...]:
    """The fields of a leaf, or of the whole page."""
    return page.leaves[leaf - 1] if 0 < leaf <= len(page.leaves) else page.fields


def view(standing: Standing, page: Page, entry: Entry, leaf: int) -> Leaf | None:
    """The leaf as a surface needs it; None for a whole entry.

    Its neighbours are told even where an answer has just hidden all its questions.
    """
    if not leaf:
        return None
    there = shown(standing, page, entry)
    earlier = [number for number in there if number < leaf]
    later = [number for number in there if number > leaf]
    return Leaf(
        number=leaf,
        step=len(earlier) + 1,
        steps=len(there),
        before=earlier[-1] if earlier else WHOLE,
        after=later[0] if later else WHOLE,
    )


def told(
    standing: Standing, page: Page, entry: Entry, leaf: int, problems: Iterable[Problem]
) -> list[Problem]:
    """What is wrong on a leaf: at its questions, and conditions that no later leaf can meet."""
    if not leaf:
        return list(problems)
    here = {each.id for each in fields(page, leaf)}
    checks = {check.id: check for check in page.checks}
    last = leaf >= shown(standing, page, entry)[-1]
    return [
        problem
        for problem in problems
        if (
            last or _is_settled(page, checks[problem.code], leaf)
            if problem.code in checks
            else problem.field in here or (last and problem.field is None)
        )
    ]


def _is_settled(page: Page, check: Check, leaf: int) -> bool:
    """Tell whether nothing that a condition looks at is asked on a leaf after this one."""
    later = [each.at for asked in page.leaves[leaf:] for each in asked if each.at is not None]
    looked_at = check.holds.paths | (check.when.paths if check.when else frozenset())
    places = [path[1:] for path in looked_at if path[0] == "item"]
    return not any(_overlap(place, at) for place in places for at in later)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return all(a == b for a, b in zip(one, other, strict=False))
