"""Reads what a browser sends: nothing in it is believed to be well-formed."""

from uuid import UUID


def uuid_or_none(text: str) -> UUID | None:
    """Return the id that ``text`` is, or nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None
