"""How an application stands: what is visible, what rules see and what was calculated.

A pure function of release, answers and day. Rules are worked out in the release's order, so that
everything a rule refers to is settled before; what is hidden is null for all later rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import decisions
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.data_schema import skeleton
from dienstweg.blueprint.expressions import Expression, Surroundings

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

Pointer = tuple[str, ...]


@dataclass(slots=True)
class Standing:
    """What stands: `pages` and `fields` (id, index of the entry or None) are the visible ones.

    `data` is what rules see: every declared place is there, null where empty or hidden.
    `calculated` are the values of visible calculated fields.
    """

    release: "Release"
    answers: Mapping[str, Any]
    today: date
    data: dict[str, Any]
    pages: set[str] = field(default_factory=set)
    fields: set[tuple[str, int | None]] = field(default_factory=set)
    calculated: dict[tuple[str, int | None], Any] = field(default_factory=dict)
    decided: dict[str, Any] = field(default_factory=dict)

    def around(
        self, expression: Expression, page: Page | None = None, index: int | None = None
    ) -> Surroundings:
        """What an expression sees, in an entry of a repeating group with `item` and `index`."""
        variables: dict[str, Any] = {"data": self.data}
        if page is not None and page.repeat is not None and index is not None:
            items = get(self.data, page.repeat.at) or []
            variables["item"] = items[index] if index < len(items) else {}
            variables["index"] = index
        if "decision" in expression.scanned.roots:
            variables["decision"] = self._decisions(expression)
        return Surroundings(variables, self.today, self.release.lists)

    def _decisions(self, expression: Expression) -> dict[str, Any]:
        """The results of the decisions that the expression names, each worked out once."""
        names = {path[1] for path in expression.paths if path[0] == "decision" and path[1:]}
        for name in names & self.release.decisions.keys():
            if name not in self.decided:
                try:
                    self.decided[name] = decisions.decide(
                        self.release, name, self.data, today=self.today
                    )
                except ValueError:
                    # Two rows contradict each other: for an applicant there is no answer (yet).
                    self.decided[name] = {}
        return self.decided

    def count(self, page: Page) -> int:
        """How many entries a repeating group has."""
        return len(entries(self.answers, page))

    def value(self, page: Page, field_: Field, index: int | None) -> Any:
        """What rules see of a field: its value, null while hidden or empty."""
        if field_.at is None:
            return self.calculated.get((field_.id, index))
        if page.repeat is None:
            return get(self.data, field_.at)
        items = get(self.data, page.repeat.at) or []
        return get(items[index], field_.at) if index is not None and index < len(items) else None


def stand(release: "Release", answers: Mapping[str, Any], today: date) -> Standing:
    """Work out how the answers stand on a day."""
    standing = Standing(release, answers, today, data=copied(release.empty))
    pages, fields = release.assistant.page, release.assistant.field
    entered = answers.get("data", {})
    for kind, name in release.order.steps:
        if kind == "page":
            page = pages[name]
            if page.when is None or page.when.holds(standing.around(page.when)):
                standing.pages.add(name)
        elif kind == "group":
            _stand_group(standing, pages[name])
        elif fields[name].page in standing.pages:
            _stand_field(standing, fields[name], entered)
    return standing


def _stand_field(standing: Standing, found: Field, entered: Mapping[str, Any]) -> None:
    if found.when is not None and not found.when.holds(standing.around(found.when)):
        return
    standing.fields.add((found.id, None))
    if found.value is not None:
        value = found.value.value(standing.around(found.value))
        standing.calculated[(found.id, None)] = value
    elif found.at is not None:
        value = get(entered, found.at)
    else:
        return
    if found.at is not None and value is not None:
        put(standing.data, found.at, value)


def _stand_group(standing: Standing, page: Page) -> None:
    assert page.repeat is not None, "only groups are worked out by entries"
    if page.id not in standing.pages:
        return
    inner = standing.release.order.inner[page.id]
    items: list[Any] = []
    put(standing.data, page.repeat.at, items)
    for index, entered in enumerate(entries(standing.answers, page)):
        item: dict[str, Any] = skeleton(page.repeat.schema)
        items.append(item)
        for each in inner:
            if each.when is None or each.when.holds(standing.around(each.when, page, index)):
                standing.fields.add((each.id, index))
                value = get(entered, each.at) if each.at is not None else None
                if each.value is not None:
                    value = each.value.value(standing.around(each.value, page, index))
                    standing.calculated[(each.id, index)] = value
                if each.at is not None and value is not None:
                    put(item, each.at, value)


def entries(answers: Mapping[str, Any], page: Page) -> list[dict[str, Any]]:
    """What was entered in a repeating group, entry by entry."""
    found = get(answers.get("data", {}), page.repeat.at) if page.repeat else None
    return [each if isinstance(each, dict) else {} for each in found or ()]


def get(tree: Any, path: Pointer) -> Any:
    """The value at a path, None where there is nothing."""
    for part in path:
        if not isinstance(tree, dict):
            return None
        tree = tree.get(part)
    return tree


def put(tree: dict[str, Any], path: Pointer, value: Any) -> None:
    """Set the value at a path, making objects on the way."""
    for part in path[:-1]:
        below = tree.get(part)
        if not isinstance(below, dict):
            below = tree[part] = {}
        tree = below
    tree[path[-1]] = value


def copied(tree: Any) -> Any:
    """A copy of JSON data that shares nothing that can change."""
    if isinstance(tree, dict):
        return {key: copied(each) for key, each in tree.items()}
    return [copied(each) for each in tree] if isinstance(tree, list) else tree
