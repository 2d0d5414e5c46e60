"""In which order rules are worked out: what a rule refers to comes before the rule itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dienstweg.blueprint.assistant import Assistant, Page
from dienstweg.blueprint.expressions import Expression

Node = tuple[str, str]
Path = tuple[str, ...]
#: What the decisions need, by name: the paths of all their expressions.
DecisionPaths = Mapping[str, frozenset[Path]]


@dataclass(frozen=True, slots=True)
class Order:
    """`steps` are ("page", id), ("field", id), ("group", page id), or ("turn", page id) for the
    endings and jumps after a page, in the order to work them out; `needs` says what each needs;
    `inner` the fields and nested groups of each group in theirs; `cycles` what refers to itself
    (sound: empty)."""

    steps: tuple[Node, ...]
    inner: Mapping[str, tuple[Node, ...]]
    cycles: tuple[Node, ...]
    needs: Mapping[Node, frozenset[Node]]
    places: tuple[tuple[Path, Node], ...]
    decisions: DecisionPaths

    def needed(self, expressions: Iterable[Expression | None]) -> set[Node]:
        """The fields and groups that expressions look at."""
        return _needed(expressions, self.places, self.decisions)


def order(assistant: Assistant, decisions: DecisionPaths) -> Order:
    """Sort the pages, fields and groups of an assistant, in its own order where possible."""
    places = _places(assistant)
    needs: dict[Node, set[Node]] = {}
    inner: dict[str, tuple[Node, ...]] = {}
    cycles: list[Node] = []
    for page in assistant.pages:
        if page.repeat is not None:
            inner[page.id], stuck = _inside(assistant, page)
            cycles.extend(stuck)
        if page.outer is not None:
            continue
        needs[("page", page.id)] = _needed([page.when], places, decisions)
        if page.ends or page.jumps:
            found = _needed([when for _, when in page.turns()], places, decisions)
            needs[("turn", page.id)] = {*found, ("page", page.id)}
        if page.repeat is None:
            for field in page.fields:
                found = _needed([field.when, field.value], places, decisions)
                needs[("field", field.id)] = {*found, ("page", page.id)}
            continue
        expressions = [each for group in _groups(assistant, page) for each in _rules(group)]
        needs[("group", page.id)] = {*_needed(expressions, places, decisions), ("page", page.id)}
    for before, after in _turned(assistant):
        needs[("page", after)].add(("turn", before))
    steps, stuck = _sorted(needs)
    frozen = {node: frozenset(each) for node, each in needs.items()}
    return Order(tuple(steps), inner, (*cycles, *stuck), frozen, tuple(places), decisions)


def _turned(assistant: Assistant) -> Iterator[tuple[str, str]]:
    """Which page's endings and jumps decide about which later page."""
    for number, page in enumerate(assistant.pages):
        decided = [each.id for each in assistant.pages[number + 1 :]] if page.ends else []
        for jump in page.jumps:
            decided += assistant.skipped(page, jump)
        for name in decided:
            if assistant.page[name].outer is None:
                yield page.id, name


def referred(expression: Expression, decisions: DecisionPaths) -> frozenset[Path]:
    """The paths an expression needs, those of the decisions it asks included."""
    paths = set(expression.paths)
    for path in expression.paths:
        if path[0] == "decision":
            names = path[1:2] or tuple(decisions)
            for name in names:
                paths |= decisions.get(name, frozenset())
    return frozenset(paths)


def overlaps(first: Path, second: Path) -> bool:
    """Whether one path leads to the other or into it."""
    shared = min(len(first), len(second))
    return first[:shared] == second[:shared]


def _places(assistant: Assistant) -> list[tuple[Path, Node]]:
    places: list[tuple[Path, Node]] = []
    for page in assistant.pages:
        if page.outer is not None:
            continue
        if page.repeat is not None:
            places.append((page.repeat.at, ("group", page.id)))
            continue
        places += [(each.at, ("field", each.id)) for each in page.fields if each.at is not None]
    return places


def _needed(
    expressions: Iterable[Expression | None],
    places: Iterable[tuple[Path, Node]],
    decisions: DecisionPaths,
) -> set[Node]:
    paths = {
        path[1:]
        for expression in expressions
        if expression is not None
        for path in referred(expression, decisions)
        if path[0] == "data"
    }
    return {node for place, node in places if any(overlaps(place, path) for path in paths)}


def _groups(assistant: Assistant, page: Page) -> tuple[Page, ...]:
    """A group and those nested in it: they are worked out together."""
    return (page, *assistant.inner.get(page.id, ()))


def _rules(page: Page) -> Iterator[Expression | None]:
    """The expressions of a group that decide what its entries show and hold."""
    if page.outer is not None:
        yield page.when
    for field in page.fields:
        yield field.when
        yield field.value


def _inside(assistant: Assistant, page: Page) -> tuple[tuple[Node, ...], list[Node]]:
    """The fields and nested groups of a group, each after those that its rules refer to."""
    places: list[tuple[Path, Node]] = [
        (field.at, ("field", field.id)) for field in page.fields if field.at is not None
    ]
    nested = assistant.inner.get(page.id, ())
    places += [(each.repeat.at, ("group", each.id)) for each in nested if each.repeat]
    needs: dict[Node, set[Node]] = {
        ("field", field.id): _own([field.when, field.value], "item", places)
        for field in page.fields
    }
    for each in nested:
        needs[("group", each.id)] = _own(_rules(each), "outer", places)
    steps, stuck = _sorted(needs)
    return tuple(steps), stuck


def _own(
    expressions: Iterable[Expression | None], root: str, places: list[tuple[Path, Node]]
) -> set[Node]:
    """What expressions refer to in the entry that they call `root`."""
    paths = {
        path[1:]
        for expression in expressions
        if expression is not None
        for path in expression.paths
        if path[0] == root
    }
    return {node for place, node in places if any(overlaps(place, path) for path in paths)}


def _sorted(needs: Mapping[Node, set[Node]]) -> tuple[list[Node], list[Node]]:
    """Kahn's algorithm, keeping the given order; and what is left over in a cycle."""
    done: set[Node] = set()
    steps: list[Node] = []
    waiting = list(needs)
    while waiting:
        found = [node for node in waiting if needs[node] <= done]
        if not found:
            break
        done.update(found)
        steps.extend(found)
        waiting = [node for node in waiting if node not in done]
    return steps, waiting
