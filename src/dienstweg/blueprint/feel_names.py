"""Names in FEEL may hold spaces and signs ("date and time", "Date-Time 2"): which ones are known.

A name is recognised where it stands in scope, the longest one first (DMN 1.5, section 10.3.1.4);
what is not known is a single word.
"""

from collections.abc import Iterable, Sequence

from dienstweg.blueprint.feel_tokens import Token, words

OF_VALUES = ("time offset", "start included", "end included")
"""Properties of times and intervals whose names are two words."""
_WORDS = "if then else for in return some every satisfies function external and or between"
KEYWORDS = frozenset([*_WORDS.split(), "instance", "of", "null", "true", "false"])
"""Words that are no names."""


class Names:
    """The names of several words that a reader knows, in scopes one inside of the other."""

    def __init__(self, known: Iterable[str] = (), *around: "Names") -> None:
        self._around = around
        self._known: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in known:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known from here on; single words need not be."""
        found = words(name)
        if len(found) > 1:
            entries = self._known.setdefault(found[0], [])
            if (found, name) not in entries:
                entries.append((found, name))
                entries.sort(key=lambda each: -len(each[0]))

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
        """Give the longest known name that begins at a token, and how many tokens it has."""
        best: tuple[str, int] | None = None
        scopes = [self]
        while scopes:
            scope = scopes.pop()
            scopes.extend(scope._around)
            for parts, name in scope._known.get(tokens[at].text, ()):
                if best is not None and len(parts) <= best[1]:
                    break
                if _stands(tokens, at, parts):
                    best = name, len(parts)
                    break
        return best


def _stands(tokens: Sequence[Token], at: int, parts: tuple[str, ...]) -> bool:
    if at + len(parts) > len(tokens):
        return False
    return all(tokens[at + place].text == part for place, part in enumerate(parts))
