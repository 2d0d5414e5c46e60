"""How an application stands: what is visible, what rules see and what was calculated.

A pure function of release, answers and day. Rules are worked out in the release's order, so that
everything a rule refers to is settled before; what is hidden is null for all later rules.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from dienstweg.blueprint import decisions
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.data_schema import skeleton
from dienstweg.blueprint.expressions import Expression, Surroundings
from dienstweg.blueprint.order import Node
from dienstweg.blueprint.turns import Jump, Turnoff
from dienstweg.blueprint.views import Entry

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

Pointer = tuple[str, ...]


@dataclass(slots=True)
class Standing:
    """What stands: `pages` are the visible ones, `fields` those of each entry (id, entry).

    `inner` are the nested groups that are visible: the page's id and the entry they belong to.
    `ending` is where the assistant ends without an application, `jumped` the jump that was made
    after a page, `left_out` are the pages that these hide. `data` is what rules see: every declared
    place is there, null where empty or hidden. `calculated` are the values of visible calculated
    fields, `asked` what the schema's `if`s require, by page and entry, once it is worked out.
    """

    release: "Release"
    answers: Mapping[str, Any]
    today: date
    data: dict[str, Any]
    pages: set[str] = field(default_factory=set)
    inner: set[tuple[str, Entry]] = field(default_factory=set)
    fields: set[tuple[str, Entry]] = field(default_factory=set)
    calculated: dict[tuple[str, Entry], Any] = field(default_factory=dict)
    decided: dict[str, Any] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    ending: tuple[Page, Turnoff] | None = None
    jumped: dict[str, Jump] = field(default_factory=dict)
    asked: dict[str, frozenset[Pointer]] = field(default_factory=dict)

    def around(
        self, expression: Expression, page: Page | None = None, entry: Entry = ()
    ) -> Surroundings:
        """What an expression sees: in an entry of a repeating group `item` and `index`, in a
        nested one also `outer` and `outer_index`."""
        variables: dict[str, Any] = {"data": self.data}
        if page is not None and page.repeat is not None and entry:
            names = ("item", "index") if page.depth == 1 else ("outer", "outer_index")
            variables[names[0]] = self.item(page, entry[:1])
            variables[names[1]] = entry[0]
            if len(entry) > 1:
                variables["item"] = self.item(page, entry)
                variables["index"] = entry[1]
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

    def shows(self, page: Page, entry: Entry = ()) -> bool:
        """Whether a page is visible; a nested group's in the outer entry that `entry` names."""
        if page.outer is None:
            return page.id in self.pages
        return (page.id, entry[:1]) in self.inner

    def count(self, page: Page, entry: Entry = ()) -> int:
        """How many entries a repeating group has; a nested one in the outer entry `entry`."""
        return len(entries(self.release, self.answers, page, entry))

    def item(self, page: Page, entry: Entry) -> dict[str, Any]:
        """What rules see of one entry, or of the one around it where `entry` is shorter."""
        assistant = self.release.assistant
        outermost = assistant.page[page.outer] if page.outer else page
        found: Any = self.data
        for group, at in zip((outermost, page), entry, strict=False):
            assert group.repeat is not None, "only a repeating group has entries"
            items = get(found, group.repeat.at)
            if not isinstance(items, list) or at >= len(items):
                return {}
            found = items[at]
        return found if isinstance(found, dict) else {}

    def tree(self, page: Page, entry: Entry) -> dict[str, Any]:
        """Where the values of a page's fields stand: the entry, or the whole data."""
        return self.data if page.repeat is None else self.item(page, entry)

    def value(self, page: Page, field_: Field, entry: Entry = ()) -> Any:
        """What rules see of a field: its value, null while hidden or empty."""
        if field_.at is None:
            return self.calculated.get((field_.id, entry))
        if page.repeat is not None and len(entry) < page.depth:
            return None
        return get(self.tree(page, entry), field_.at)


def stand(
    release: "Release",
    answers: Mapping[str, Any],
    today: date,
    *,
    only: Collection[Node] | None = None,
) -> Standing:
    """Work out how the answers stand on a day; `only` these nodes of the order, if they are given.

    Then everything that a node needs must be among them (`Order.needs`).
    """
    standing = Standing(release, answers, today, copied(release.empty))
    pages, fields = release.assistant.page, release.assistant.field
    entered = answers.get("data", {})
    whole = _Place(None, (), standing.data, entered)
    for node in release.order.steps:
        kind, name = node
        if only is not None and node not in only:
            continue
        if kind == "page":
            _stand_page(standing, pages[name])
        elif kind == "turn":
            if name in standing.pages:
                _turn(standing, pages[name])
        elif kind == "group":
            if name in standing.pages:
                _stand_group(standing, pages[name], whole)
        elif fields[name].page in standing.pages:
            _stand_field(standing, fields[name], whole)
    return standing


def _stand_page(standing: Standing, page: Page) -> None:
    if page.id in standing.left_out:
        return
    if page.when is None or page.when.holds(standing.around(page.when)):
        standing.pages.add(page.id)


def _turn(standing: Standing, page: Page) -> None:
    """Work out the endings and jumps after a visible page; what they hide comes later."""
    assistant = standing.release.assistant
    for ending in page.ends:
        if ending.when.holds(standing.around(ending.when)):
            standing.ending = (page, ending)
            ids = [each.id for each in assistant.pages]
            standing.left_out.update(ids[ids.index(page.id) + 1 :])
            return
    for jump in page.jumps:
        if jump.when.holds(standing.around(jump.when)):
            standing.jumped[page.id] = jump
            standing.left_out.update(assistant.skipped(page, jump))
            return


class _Place(NamedTuple):
    """Where fields are worked out: `seen` is the tree that rules see, `entered` its answers."""

    page: Page | None
    entry: Entry
    seen: dict[str, Any]
    entered: Any


def _stand_field(standing: Standing, found: Field, place: _Place) -> None:
    page, entry, seen, entered = place
    if found.when is not None and not found.when.holds(standing.around(found.when, page, entry)):
        return
    standing.fields.add((found.id, entry))
    if found.value is not None:
        value = found.value.value(standing.around(found.value, page, entry))
        standing.calculated[(found.id, entry)] = value
    elif found.at is not None:
        value = found.kind.around(found, get(entered, found.at))
    else:
        return
    if found.at is not None and value is not None:
        put(seen, found.at, value)


def _stand_group(standing: Standing, page: Page, around: _Place) -> None:
    """Work out a group entry by entry; a nested one in the entry `around` it."""
    assert page.repeat is not None, "only groups are worked out by entries"
    assistant = standing.release.assistant
    items: list[Any] = []
    put(around.seen, page.repeat.at, items)
    for index, own in enumerate(listed(around.entered, page)):
        item: dict[str, Any] = skeleton(page.repeat.schema)
        items.append(item)
        entry = (*around.entry, index)
        place = _Place(page, entry, item, own)
        for kind, name in standing.release.order.inner[page.id]:
            if kind == "field":
                _stand_field(standing, assistant.field[name], place)
                continue
            nested = assistant.page[name]
            if nested.when is None or nested.when.holds(
                standing.around(nested.when, nested, entry)
            ):
                standing.inner.add((name, entry))
                _stand_group(standing, nested, place)


def entries(
    release: "Release", answers: Mapping[str, Any], page: Page, entry: Entry = ()
) -> list[dict[str, Any]]:
    """What was entered in a repeating group, entry by entry; nested, in the outer one `entry`."""
    tree: Any = answers.get("data", {})
    if page.outer is not None:
        around = listed(tree, release.assistant.page[page.outer])
        if not entry or not 0 <= entry[0] < len(around):
            return []
        tree = around[entry[0]]
    return listed(tree, page)


def listed(tree: Any, page: Page) -> list[dict[str, Any]]:
    """The entries of a group's list in the tree where it stands."""
    found = get(tree, page.repeat.at) if page.repeat else None
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
