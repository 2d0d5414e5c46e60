"""Long code lists of an imported blueprint: tables of their own, searched while somebody types.

A list of thousands of codes in the data schema would stand there once for each field, in every
process, and an authority could not bring it up to date. So it becomes `lists/<name>.csv`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from dienstweg.standards.xdatenfelder.model import CodeListReference, Value

#: Up to so many codes stand in the data schema itself, as FIM's own derivation has them.
MOST_INLINE = 500
MOST_LISTS = 20
LONGEST_CELL = 500
CODE, LABEL = "code", "name"


def name_of(reference: CodeListReference, taken: Iterable[str]) -> str:
    """A table's name from the list's urn, not among those taken."""
    words = re.findall(r"[a-z0-9]+", reference.canonical_id.rpartition(":")[2].lower())
    wanted = ("liste_" + "_".join(words))[:34].rstrip("_")
    name, number = wanted, 2
    while name in set(taken):
        name, number = f"{wanted}_{number}", number + 1
    return name


def path_of(name: str) -> str:
    """Where a table stands in the blueprint."""
    return f"lists/{name}.csv"


def table(values: Iterable[Value]) -> bytes:
    """The table as CSV: code, name and help of each entry."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([CODE, LABEL, "hilfe"])
    for value in values:
        writer.writerow(
            [_cell(each) for each in (value.code, value.name or value.code, value.help)]
        )
    return out.getvalue().encode()


def _cell(text: str) -> str:
    return " ".join(text.split())[:LONGEST_CELL]
