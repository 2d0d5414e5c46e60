"""Events of a process as plain JSON and back: to be kept for a second try, or to be read."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

from dienstweg.blueprint import intents

KINDS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in get_args(intents.Event)}
"""The events by the names that stand in the JSON."""


def name_of(event: intents.Event) -> str:
    """Give a name that tells an event of a case from its others: "TaskCompleted:pruefen"."""
    key = getattr(event, "key", "") or getattr(event, "deadline", "") or getattr(event, "name", "")
    kind = type(event).__name__
    return f"{kind}:{key}" if key else kind


def as_json(event: intents.Event) -> dict[str, Any]:
    """Give an event as plain JSON, with its kind under "event"."""
    own = {each.name: getattr(event, each.name) for each in fields(event)}
    return {"event": type(event).__name__, **own}


def from_json(words: Mapping[str, Any]) -> intents.Event:
    """Give the event again; raises `ValueError` for one that there is not."""
    kind = KINDS.get(str(words.get("event")))
    given = {name: value for name, value in words.items() if name != "event"}
    if kind is None or not given.keys() <= {each.name for each in fields(kind)}:
        message = f"no event {words.get('event')}"
        raise ValueError(message)
    event: intents.Event = kind(**given)
    return event
