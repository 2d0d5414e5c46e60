"""Decides about drafts: pure, the time is an argument."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

STATES: Mapping[str, frozenset[str]] = {
    "open": frozenset({"submitted"}),
    "submitted": frozenset(),
}
"""Which state of a draft may follow which; every draft ends by being deleted."""

ANNOUNCED = timedelta(days=3)
"""How long before its end the applicant is told, where an e-mail address is known."""
CONFIRMATION_LASTS = timedelta(minutes=30)
GUESSES = 5
"""Wrong confirmation codes after which a new one must be asked for."""
CODES_PER_HOUR = 4
SWEPT_EVERY = timedelta(hours=1)
SWEPT_AT_ONCE = 500

_ADDRESS = re.compile(r"[^@\s,;<>\"\x00-\x1f\x7f]{1,64}@[^@\s,;<>\"\x00-\x1f\x7f]{1,185}")


ANSWERS_WITHIN = timedelta(seconds=8)
"""How long an applicant waits for a source of their data at most; then they fill it in."""

Asking = Literal["waiting", "failed", "done"]


def asking(asked: Mapping[str, Any], source: str, now: datetime) -> Asking | None:
    """Say how the question to a source stands; None where it was never asked.

    ``asked`` is the draft's own. Who has not answered in `ANSWERS_WITHIN` has failed, whether a
    job is lost or slow.
    """
    entry = asked.get(source)
    if entry is None:
        return None
    if entry["state"] == "waiting":
        late = now - datetime.fromisoformat(entry["at"]) > ANSWERS_WITHIN
        return "failed" if late else "waiting"
    return "done" if entry["state"] == "done" else "failed"


def is_address(text: str) -> bool:
    """Tell whether ``text`` can be an e-mail address at all (RFC 5321 lengths, one @, a dot)."""
    domain = text.rpartition("@")[2]
    labels = domain.split(".")
    return bool(_ADDRESS.fullmatch(text)) and len(labels) > 1 and all(labels)


def next_step(
    *,
    now: datetime,
    changed_at: datetime,
    expires_at: datetime,
    announced_at: datetime | None,
    reachable: bool,
) -> tuple[Literal["delete", "announce", "wait"], datetime]:
    """Say what is to be done with an open draft now, and when to look again.

    It is announced once after each change, `ANNOUNCED` before its end, if the applicant is
    ``reachable`` by a confirmed address, the draft's own or that of the account.
    """
    if now >= expires_at:
        return "delete", expires_at
    announce_at = expires_at - ANNOUNCED
    told = announced_at is not None and announced_at >= changed_at
    if not reachable or told:
        return "wait", expires_at
    if now >= announce_at:
        return "announce", expires_at
    return "wait", announce_at


def first_look(expires_at: datetime) -> datetime:
    """Say when a fresh draft is to be looked at for the first time."""
    return expires_at - ANNOUNCED


def is_stale(saved: Mapping[str, int], page: str, entry: tuple[int, ...], version: int) -> bool:
    """Tell whether the page was saved by someone else since ``version`` was shown.

    ``saved`` tells which save touched which page last. Two windows on different pages do not
    disturb each other; adding or removing an item touches all items of its list.
    """
    places = [place(page, entry[:depth]) for depth in range(len(entry) + 1)]
    return max(saved.get(each, 0) for each in places) > version


def place(page: str, entry: tuple[int, ...]) -> str:
    """Name the page, or one item of it, or a list nested in that, as `is_stale` knows it."""
    return "/".join([page, *map(str, entry)])


def ids_in(value: Any) -> dict[str, str]:
    """Return every id (as UUIDs are written) in a JSON ``value``, with the pointer to it.

    The pointer is that of RFC 6901. Whether an id is that of a file, the files know.
    """
    return {text: pointer for pointer, text in _texts(value, "") if _is_id(text)}


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            step = str(key).replace("~", "~0").replace("/", "~1")
            yield from _texts(inner, f"{pointer}/{step}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{pointer}/{index}")


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
