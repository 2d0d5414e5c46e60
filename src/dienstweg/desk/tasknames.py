"""What tasks and their outcomes are called at the desk: five open opinions are told apart."""

from typing import Any

from dienstweg.blueprint import items
from dienstweg.blueprint.release import Release

OWN_ANSWERS = frozenset(["acknowledged", "agreed", "objected", "given"])
"""Answers of parties that are the same in every blueprint; their words are the desk's."""


def task_of(key: str) -> str:
    """Return the id of the task in its process that a key is made of: `opinion@0#2` -> `opinion`.

    Keys: docs/processes.md.
    """
    return key.partition("#")[0].partition("@")[0]


def title(release: Release, lang: str, task: str, item: Any = None) -> str:
    """Return what a task is called, with the entry of a list that it is about, if there is one."""
    own = release.text(lang, f"tasks.{task}.title", task)
    about = items.name_of(item)
    return f"{own}: {about}" if about else own


def outcome(release: Release, lang: str, task: str, name: str) -> str:
    """Return what an outcome of a task is called."""
    return release.text(lang, f"tasks.{task}.outcomes.{name}", name) if name else ""
