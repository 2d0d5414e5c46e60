"""Conditions in words, for paper: "only if you have answered this question with yes".

Recognised is what most conditions are: one or more comparisons of an answer with values, joined by
"and". Anything else is left to the words of the page, and the note says only that there is a
condition.
"""

import json
import re
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.expressions import Expression
from dienstweg.blueprint.formats import label_of
from dienstweg.blueprint.paper_words import say

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

_COMPARISON = re.compile(
    r"(?P<root>data|item|outer)\.(?P<path>[A-Za-z_][\w.]*)\s*"
    r"(?:==\s*(?P<one>\"[^\"]*\"|'[^']*'|true|false|\d+)"
    r"|in\s*\[(?P<many>[^\[\]]*)\])"
)
MOST = 3
"""Comparisons that one note names; a longer one would not be read."""


def note(release: "Release", page: Page, when: Expression | None, lang: str) -> str:
    """Say when a page or field is to be filled in; an empty text where always."""
    if when is None:
        return ""
    said = [
        _comparison(release, page, part, lang)
        for part in re.split(r"&&", " ".join(when.source.split()))
    ]
    if not said or len(said) > MOST or not all(said):
        return say(lang, "sometimes")
    condition = say(lang, "and").join(one for one in said if one)
    return say(lang, "only_if", condition=condition)


def _comparison(release: "Release", page: Page, text: str, lang: str) -> str | None:
    """One comparison in words; None for anything else."""
    found = _COMPARISON.fullmatch(text.strip())
    if found is None:
        return None
    field = _asked(release, page, found["root"], tuple(found["path"].split(".")))
    values = _values(found["one"] or found["many"])
    if field is None or not values:
        return None
    question = release.text(lang, f"fields.{field.id}.label", "").rstrip()
    answers = [label_of(release, field, value, lang) for value in values]
    if not question:
        return None
    return say(lang, "answered", question=question, answer=say(lang, "or").join(answers))


def _asked(release: "Release", page: Page, root: str, path: tuple[str, ...]) -> Field | None:
    """The question whose answer stands at a path: of the whole application, or of an entry."""
    for other, field in release.assistant.fields():
        if not field.is_input or field.at is None or field.at != path:
            continue
        if root == "data" and other.repeat is None:
            return field
        if root == "item" and other.id == page.id:
            return field
        if root == "outer" and other.repeat is not None and other.id == page.outer:
            return field
    return None


def _values(text: str) -> list[Any]:
    try:
        found = json.loads(f"[{text.replace(chr(39), chr(34))}]")
    except ValueError:
        return []
    return found if isinstance(found, list) else []
