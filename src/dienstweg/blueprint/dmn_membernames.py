"""The names that may stand behind a dot in a file: FEEL has to know those of several words."""

from collections.abc import Iterable, Iterator

from dienstweg.blueprint.dmn_model import (
    Box,
    ContextBox,
    FunctionBox,
    Graph,
    InvocationBox,
    Item,
    RelationBox,
    TableBox,
    TypedBox,
)


def member_names(graph: Graph) -> Iterator[str]:
    """All names that may stand behind a dot in a file."""
    yield from _of_items(graph.items.values())
    for element in graph.elements.values():
        yield element.name
        yield from _of_box(element.box)


def _of_box(box: Box | None) -> Iterator[str]:
    match box:
        case ContextBox(entries):
            for entry in entries:
                if entry.name is not None:
                    yield entry.name
                yield from _of_box(entry.box)
        case InvocationBox(_, bindings):
            for entry in bindings:
                yield from _of_box(entry.box)
        case FunctionBox(_, inner) | TypedBox(_, inner):
            yield from _of_box(inner)
        case RelationBox(columns, _):
            yield from columns
        case TableBox():
            yield from (each.name for each in box.outputs)


def _of_items(items: Iterable[Item]) -> Iterator[str]:
    """The names of all members in types, however deep."""
    for item in items:
        for member in item.members:
            yield member.name
            yield from _of_items((member,))
