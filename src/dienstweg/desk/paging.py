"""Lists that are shown page by page: whether another page follows is known, not guessed."""

from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")


def page_of(found: Sequence[Row], size: int) -> tuple[Sequence[Row], Row | None]:
    """Return what a page shows of ``size`` + 1 rows read, and its last one if more follow."""
    if len(found) <= size:
        return found, None
    return found[:size], found[size - 1]
