"""The shared FIM schemas, and the code lists that lie beside them.

    schemas(samples)  every file that is a whole schema and asks for something
    lists_of(path)    those Genericode files of the samples that it refers to

Samples are a folder with `fim-xdatenfelder/` and, perhaps, `genericode/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FOLDER, LISTS = "fim-xdatenfelder", "genericode"


def files(samples: Path) -> list[Path]:
    """Every XDatenfelder file of the samples, broken ones too."""
    folder = samples / FOLDER
    return sorted((*folder.glob("*.xml"), *folder.glob("*/*.xdf.xml")))


def schemas(samples: Path) -> list[Path]:
    """Those that can be imported: whole schemas that ask for something."""
    from dienstweg.standards.xdatenfelder import reading
    from dienstweg.standards.xdatenfelder.errors import Refused

    found = []
    for path in files(samples):
        try:
            element = reading.read_message(path.read_bytes()).element
        except Refused:
            continue
        if asks(element):
            found.append(path)
    return found


def asks(element: Any) -> bool:
    """Whether it is a schema with a question in it."""
    from dienstweg.standards.xdatenfelder.model import Schema

    return isinstance(element, Schema) and any(
        getattr(each, "kind", "label") != "label"
        for each in inside(element)
        if not getattr(each, "children", ())
    )


def inside(element: Any) -> Iterator[Any]:
    """An element, and all that it is made of."""
    yield element
    for child in getattr(element, "children", ()):
        yield from inside(child.element)


def referred(element: Any) -> set[str]:
    """The code lists outside of the schema that its fields refer to, by their canonical id."""
    lists = (getattr(each, "code_list", None) for each in inside(element))
    return {each.canonical_id for each in lists if each is not None}


def lists_of(path: Path) -> list[Path]:
    """The Genericode files among the samples that a schema refers to."""
    from dienstweg.standards.xdatenfelder import reading

    folder = next(each.parent for each in path.parents if each.name == FOLDER) / LISTS
    wanted = referred(reading.read(path.read_bytes()))
    return [one for one, name in _lists(folder) if name in wanted]


@cache
def _lists(folder: Path) -> list[tuple[Path, str]]:
    from dienstweg.standards import genericode

    paths = sorted(folder.glob("*.xml"))
    return [(path, genericode.read(path.read_bytes()).canonical_id) for path in paths]


def put(page: Path, marks: tuple[str, str], lines: list[str]) -> None:
    """Put lines between the two marks of a page; what stood there goes."""
    before, _, rest = page.read_text().partition(marks[0])
    _, _, after = rest.partition(marks[1])
    page.write_text("\n".join([before + marks[0], *lines, marks[1]]) + after)
