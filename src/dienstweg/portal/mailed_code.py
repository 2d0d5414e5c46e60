"""The question for a code that was mailed: the same wherever an address is confirmed."""

from dienstweg.design.question import Question
from dienstweg.design.words import say

LONGEST = 40
"""Characters of a code that are read."""


def question(lang: str, *, wrong: bool = False) -> Question:
    """Return the question for a code; after a wrong one, with what to do."""
    return Question(
        name="code",
        label=say(lang, "portal.contact.code"),
        hint=say(lang, "portal.contact.code_hint"),
        widget="integer",
        autocomplete="one-time-code",
        width=7,
        error=say(lang, "portal.contact.wrong_code") if wrong else None,
    )
