"""The types that a DMN file defines (`itemDefinition`), as FEEL types.

A type may name others, also imported ones ("persons.tPerson"); one that contains itself ends there
as any value, so that reading is bounded.
"""

from collections.abc import Callable, Mapping

from dienstweg.blueprint.dmn_model import Graph, Item, Text
from dienstweg.blueprint.feel_types import ANY, Allowed, Type, named

_DEEPEST = 20
MakeAllowed = Callable[[Text], Allowed | None]


class Types:
    """Knows the types of a file and of those it imports."""

    def __init__(self, graph: Graph, imported: Mapping[str, Graph], allowed: MakeAllowed) -> None:
        self.graph, self.imported = graph, imported
        self.allowed = allowed
        self._known: dict[str, Type] = {}
        self._depth = 0

    def of(self, name: str) -> Type:
        """The type of a name; any value where there is no name."""
        return self.find(name) or Type("Any", unknown=bool(name))

    def find(self, name: str) -> Type | None:
        """The type of a name, None where there is no such one."""
        if not name:
            return ANY
        plain = name.rpartition(":")[2] if name.startswith("feel:") else name
        if plain in self._known:
            return self._known[plain]
        item = self.graph.items.get(plain)
        if item is None:
            return named(plain) or self._imported(plain)
        self._depth += 1
        found = ANY if self._depth > _DEEPEST else self._of_item(item)
        self._depth -= 1
        if self._depth == 0:
            self._known[plain] = found
        return found

    def _imported(self, name: str) -> Type | None:
        alias, _, rest = name.partition(".")
        graph = self.imported.get(alias)
        if graph is None or not rest:
            graph, rest = self.imported.get(""), name
        if graph is None or graph is self.graph:
            return None
        return Types(graph, {}, self.allowed).find(rest)

    def _of_item(self, item: Item) -> Type:
        allowed = None if item.allowed is None else self.allowed(item.allowed)
        if item.takes is not None:
            takes = tuple(self.of(each) for _, each in item.takes)
            return Type("function", takes=takes, gives=self.of(item.gives) if item.gives else None)
        if item.members:
            members = {each.name: self._member(each) for each in item.members}
            found = Type("context", members=members, allowed=allowed)
        else:
            found = _narrowed(self.of(item.of), allowed)
        return Type("list", inner=found) if item.collection else found

    def _member(self, item: Item) -> Type:
        self._depth += 1
        found = ANY if self._depth > _DEEPEST else self._of_item(item)
        self._depth -= 1
        return found


def _narrowed(of: Type, allowed: Allowed | None) -> Type:
    """A type with further values forbidden."""
    if allowed is None:
        return of
    before = of.allowed
    both: Allowed = (
        allowed
        if before is None
        else lambda value, scope: before(value, scope) and allowed(value, scope)
    )
    return Type(of.kind, of.inner, of.members, of.takes, of.gives, both, of.unknown)
