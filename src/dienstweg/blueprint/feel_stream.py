"""A place in a FEEL text: the token it stands at, the names in scope, and what reading may cost."""

from collections.abc import Iterable
from dataclasses import dataclass

from dienstweg.blueprint.feel_names import OF_VALUES, Names
from dienstweg.blueprint.feel_signatures import BUILT_IN
from dienstweg.blueprint.feel_tokens import END, BadFeel, Token, TooDeep, unescaped

DEEPEST = 40
MOST_STEPS = 20_000
"""Tokens taken, those read again included."""
_BUILT_IN_NAMES = Names([*BUILT_IN, *OF_VALUES])
_IN_NAMES = frozenset("+-*/.'")


@dataclass(frozen=True, slots=True)
class Known:
    """What a text may name: the variables around it, and members of objects ("Flight Number")."""

    names: Names
    members: Names

    def within(self, names: Iterable[str]) -> "Known":
        """Give the same with further variables."""
        return Known(Names(names, self.names), self.members)


def known(names: Iterable[str] = (), members: Iterable[str] = ()) -> Known:
    """Give what a text may name besides the built-in functions."""
    return Known(Names(names, _BUILT_IN_NAMES), Names([*members, *OF_VALUES]))


NOTHING = known()


class Stream:
    """Walks over the tokens; `names` are those in scope here, `members` those after dots."""

    def __init__(self, found: list[Token], around: Known) -> None:
        self.tokens = [*found, END, END, END]
        self.at = 0
        self.names = Names((), around.names)
        self.members = Names((), around.members)
        self.depth = 0
        self.steps = 0
        self.open_ends = 0

    @property
    def now(self) -> Token:
        """The token it stands at."""
        return self.tokens[self.at]

    def unexpected(self) -> BadFeel:
        """Say that what stands here does not fit."""
        rest = " ".join(each.text for each in self.tokens[self.at : self.at + 4]).strip()
        return BadFeel(f"„{rest}“ passt hier nicht." if rest else "Der Ausdruck ist nicht zu Ende.")

    @staticmethod
    def too_deep() -> TooDeep:
        """Say that there is more in each other than may be read."""
        return TooDeep("Der Ausdruck ist zu tief verschachtelt. Teilen Sie ihn auf.")

    def take(self) -> Token:
        """Go on; raises `BadFeel` when the text makes the reader go back and forth too often."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise self.too_deep()
        found = self.now
        self.at += found is not END
        return found

    def is_sign(self, *texts: str, ahead: int = 0) -> bool:
        """Whether one of these signs stands here."""
        token = self.tokens[min(self.at + ahead, len(self.tokens) - 1)]
        return token.kind == "sign" and token.text in texts

    def is_word(self, *texts: str) -> bool:
        """Whether one of these words stands here, and is not the start of a longer known name."""
        return (
            self.now.kind == "name"
            and self.now.text in texts
            and self.names.longest(self.tokens, self.at) is None
        )

    def expect(self, text: str) -> None:
        """Take a sign or a word that must stand here."""
        if self.now.text != text or self.now.kind not in ("sign", "name"):
            raise self.unexpected()
        self.take()

    def here(self) -> tuple[int, int, int, Names]:
        """Note where it stands."""
        return self.at, self.depth, self.open_ends, self.names

    def back(self, here: tuple[int, int, int, Names]) -> None:
        """Go back to where another reading is tried."""
        self.at, self.depth, self.open_ends, self.names = here

    def label(self) -> str | None:
        """Read a name with its colon: of a parameter or of an entry; None where there is none."""
        at = self.at
        if self.tokens[at].kind == "text" and self.is_sign(":", ahead=1):
            self.at += 2
            return unescaped(self.tokens[at].text)
        if self.tokens[at].kind != "name":
            return None
        while self.tokens[at].kind in ("name", "number") or self.tokens[at].text in _IN_NAMES:
            at += 1
        if self.tokens[at].text != ":" or self.tokens[at].kind != "sign":
            return None
        name = self.joined(self.tokens[self.at : at])
        self.at = at + 1
        return name

    @staticmethod
    def joined(parts: list[Token]) -> str:
        """Put a name together from its tokens, with a space between two words."""
        name = ""
        for before, part in zip([END, *parts], parts, strict=False):
            wordy = before.kind in ("name", "number") and part.kind in ("name", "number")
            name += f" {part.text}" if wordy else part.text
        return name
