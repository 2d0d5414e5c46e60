"""Words for what keeps a process from going on."""

from dienstweg.blueprint.release import Release
from dienstweg.design.words import say

CAUSES = frozenset(
    {
        "no_answer",
        "no_way",
        "endless",
        "too_many",
        "bad_value",
        "bad_time",
        "bad_outcome",
        "uncaught_error",
        "not_begun",
        "unknown_state",
        "error",
    }
)
"""Codes of the interpreter that have words of their own."""


def cause(code: str, lang: str) -> str:
    """Return what is wrong, in plain words."""
    word = code.replace("-", "_")
    return say(lang, f"desk.stuck.cause.{word if word in CAUSES else 'other'}")


def element(release: Release, where: str) -> str:
    """Return the name of the element of the process where it happened; its id without one."""
    found = release.process.diagram.elements.get(where)
    return found.name or where if found is not None else where
