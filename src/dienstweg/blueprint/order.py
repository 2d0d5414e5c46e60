"""In which order rules are worked out: what a rule refers to comes before the rule itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dienstweg.blueprint.assistant import Assistant, Field, Page
from dienstweg.blueprint.expressions import Expression

Node = tuple[str, str]
Path = tuple[str, ...]
#: What the decisions need, by name: the paths of all their expressions.
DecisionPaths = Mapping[str, frozenset[Path]]


@dataclass(frozen=True, slots=True)
class Order:
    """`steps` are ("page", id), ("field", id) or ("group", page id), in the order to work them out;
    `inner` the fields of each group in theirs; `cycles` what refers to itself (sound: empty)."""

    steps: tuple[Node, ...]
    inner: Mapping[str, tuple[Field, ...]]
    cycles: tuple[Node, ...]


def order(assistant: Assistant, decisions: DecisionPaths) -> Order:
    """Sort the pages, fields and groups of an assistant, in its own order where possible."""
    places = _places(assistant)
    needs: dict[Node, set[Node]] = {}
    inner: dict[str, tuple[Field, ...]] = {}
    cycles: list[Node] = []
    for page in assistant.pages:
        needs[("page", page.id)] = _needed([page.when], places, decisions)
        if page.repeat is None:
            for field in page.fields:
                found = _needed([field.when, field.value], places, decisions)
                needs[("field", field.id)] = {*found, ("page", page.id)}
            continue
        expressions = [each for field in page.fields for each in (field.when, field.value)]
        needs[("group", page.id)] = {*_needed(expressions, places, decisions), ("page", page.id)}
        inner[page.id], stuck = _inside(page)
        cycles.extend(stuck)
    steps, stuck = _sorted(needs)
    return Order(tuple(steps), inner, (*cycles, *stuck))


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
        if page.repeat is not None:
            places.append((page.repeat.at, ("group", page.id)))
            continue
        places += [(each.at, ("field", each.id)) for each in page.fields if each.at is not None]
    return places


def _needed(
    expressions: Iterable[Expression | None],
    places: list[tuple[Path, Node]],
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


def _inside(page: Page) -> tuple[tuple[Field, ...], list[Node]]:
    """The fields of a group, each after those of the same entry that its rules refer to."""
    by_id = {field.id: field for field in page.fields}
    needs: dict[Node, set[Node]] = {}
    for field in page.fields:
        paths = {
            path[1:]
            for expression in (field.when, field.value)
            if expression is not None
            for path in expression.paths
            if path[0] == "item"
        }
        needs[("field", field.id)] = {
            ("field", other.id)
            for other in page.fields
            if other.at is not None and any(overlaps(other.at, path) for path in paths)
        }
    steps, stuck = _sorted(needs)
    return tuple(by_id[name] for _, name in steps), stuck


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
