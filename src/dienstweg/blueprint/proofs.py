"""What can never happen in an assistant: pages nobody sees, rules that never hold.

A bounded search tries the answers that a rule can tell apart. Where it has tried all of them, what
it has not found is impossible, and an error; where there are too many, or rules that do more than
compare, it is a warning by name, for a person to look at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from dienstweg.blueprint.assistant import Check, Field, Page
from dienstweg.blueprint.expressions import Expression, constant
from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.order import Node
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.search import MOST_TRIED, Search
from dienstweg.blueprint.sources import Sources
from dienstweg.blueprint.standing import Standing
from dienstweg.blueprint.turns import Jump, Turnoff

Where = tuple[str | int, ...]
MOST_IN_ALL = 40_000
"""Combinations for all rules of a blueprint together, so that a strange one costs seconds."""
_DAY = date(2026, 3, 2)
"""The day of the search: rules see dates relative to it."""
_REMEDY = "Prüfen Sie die Bedingung, oder zeigen Sie mit einem Abnahmefall, wann sie gilt."


@dataclass(frozen=True, slots=True)
class _Question:
    """Something that should be possible: `holds` tells it of a standing."""

    where: Where
    never: str
    unknown: str
    start: tuple[Node, ...]
    rules: tuple[Expression, ...]
    holds: Callable[[Standing], bool]


def check(release: Release, sources: Sources) -> list[Problem]:
    """Return what is proven impossible (errors) and what could not be shown possible (warnings)."""
    noted = sources.noted["assistant.yaml"]
    search, left = Search(release, _DAY), MOST_IN_ALL
    found: list[Problem] = []
    for question in _questions(release):
        if left <= 0:
            message = "Der Assistent hat so viele Bedingungen, dass nicht alle geprüft wurden."
            found.append(noted.problem("unproven", message, "pages", severity="warning"))
            break
        searched = search(
            question.start, question.rules, question.holds, most=min(MOST_TRIED, left)
        )
        left -= searched.tried
        if not searched.found:
            found.append(_told(noted, question, searched.proven))
    return found


def _told(noted: Noted, question: _Question, proven: bool) -> Problem:
    if proven:
        return noted.problem("unreachable", question.never, *question.where, remedy=_REMEDY)
    return noted.problem(
        "unproven", question.unknown, *question.where, remedy=_REMEDY, severity="warning"
    )


def _questions(release: Release) -> Iterator[_Question]:
    turned = any(page.ends or page.jumps for page in release.pages)
    for number, page in enumerate(release.pages):
        where: Where = ("pages", number)
        around: tuple[Node, ...] = _nodes(page)
        if _is_rule(page.when) or turned:
            name = f"Die Seite „{page.id}“"
            yield _shown(name, (*where, "when"), around, _page_shown(page), page.when)
        for at, field in enumerate(page.fields):
            here = (*where, "fields", at)
            own = around if page.repeat else (*around, ("field", field.id))
            if _is_rule(field.when):
                name = f"Das Feld „{field.id}“"
                yield _shown(name, (*here, "when"), own, _field_shown(page, field), field.when)
            if _is_rule(field.required):
                yield _required(page, field, (*here, "required"), own)
        for at, one in enumerate(page.checks):
            yield _fulfilled(page, one, (*where, "checks", at), around)
        yield from _turns(page, where)


def _is_rule(expression: Expression | None) -> bool:
    """Whether it depends on anything; a constant says itself what it is."""
    return expression is not None and (bool(expression.paths) or constant(expression) is None)


def _nodes(page: Page) -> tuple[Node, ...]:
    """What must be worked out for a page: itself, and the group with all its entries."""
    if page.repeat is None:
        return (("page", page.id),)
    outermost = page.outer or page.id
    return (("page", outermost), ("group", outermost))


def _first(page: Page) -> tuple[int, ...]:
    """The first entry of a group; none on an ordinary page."""
    return (0,) * page.depth


def _shown(
    name: str,
    where: Where,
    start: tuple[Node, ...],
    holds: Callable[[Standing], bool],
    rule: Expression | None = None,
) -> _Question:
    return _Question(
        where,
        f"{name} wird nie gezeigt: Keine Antworten erfüllen die Bedingung.",
        f"{name} wird vielleicht nie gezeigt: Es fanden sich keine Antworten dafür.",
        start,
        () if rule is None else (rule,),
        holds,
    )


def _page_shown(page: Page) -> Callable[[Standing], bool]:
    return lambda standing: standing.shows(page, _first(page)[:-1] if page.outer else ())


def _field_shown(page: Page, field: Field) -> Callable[[Standing], bool]:
    return lambda standing: (field.id, _first(page)) in standing.fields


def _turns(page: Page, where: Where) -> Iterator[_Question]:
    """Every ending and every jump happens for somebody."""
    start: tuple[Node, ...] = (("turn", page.id),)

    def ends(ending: Turnoff) -> Callable[[Standing], bool]:
        return lambda standing: standing.ending == (page, ending)

    def jumps(jump: Jump) -> Callable[[Standing], bool]:
        return lambda standing: standing.jumped.get(page.id) is jump

    for at, ending in enumerate(page.ends):
        yield _Question(
            (*where, "ends", at),
            f"Das Ende „{ending.id}“ wird nie erreicht: Keine Antworten erfüllen die Bedingung.",
            f"Das Ende „{ending.id}“ wird vielleicht nie erreicht.",
            start,
            (),
            ends(ending),
        )
    for at, jump in enumerate(page.jumps):
        yield _Question(
            (*where, "next", at),
            f"Der Sprung zu „{jump.to}“ geschieht nie: Keine Antworten erfüllen die Bedingung.",
            f"Der Sprung zu „{jump.to}“ geschieht vielleicht nie.",
            start,
            (),
            jumps(jump),
        )


def _required(page: Page, field: Field, where: Where, start: tuple[Node, ...]) -> _Question:
    rule = field.required
    assert rule is not None

    def holds(standing: Standing) -> bool:
        return rule.holds(standing.around(rule, page, _first(page)))

    name = f"Das Feld „{field.id}“"
    return _Question(
        where,
        f"{name} ist nie Pflicht: Keine Antworten erfüllen die Bedingung.",
        f"{name} ist vielleicht nie Pflicht: Es fanden sich keine Antworten dafür.",
        start,
        (rule,),
        holds,
    )


def _fulfilled(page: Page, one: Check, where: Where, start: tuple[Node, ...]) -> _Question:
    rules = (one.holds,) if one.when is None else (one.holds, one.when)

    def holds(standing: Standing) -> bool:
        entry = _first(page)
        if one.when is not None and not one.when.holds(standing.around(one.when, page, entry)):
            return False
        return one.holds.holds(standing.around(one.holds, page, entry))

    return _Question(
        (*where, "holds"),
        f"Die Prüfung „{one.id}“ lässt sich nie erfüllen: Niemand käme über die Seite hinaus.",
        f"Die Prüfung „{one.id}“ lässt sich vielleicht nie erfüllen.",
        start,
        rules,
        holds,
    )
