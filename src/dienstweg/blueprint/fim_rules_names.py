"""What the grammar of FIM rules asks of a schema: labels, values, kinds; and where it stands.

`Names` is answered by a schema (`fim_rules_places`). `Cursor` walks through a rule's tokens and
reads the two things whose end only the schema knows: an element with its label, a value with its
name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from dienstweg.blueprint.fim_rules_syntax import Value
from dienstweg.blueprint.fim_rules_tokens import NotRead, Token, folded, tokens

Kind = Literal["choice", "bool", "number", "date", "text", "file", "group", "unknown"]

ARTICLES = frozenset(["das", "die", "der", "dem", "den", "des", "ein", "eine", "einem", "einer"])
NOUNS = frozenset(
    [
        "feld",
        "felder",
        "feldes",
        "datenfeld",
        "datenfelder",
        "datenfelds",
        "feldgruppe",
        "feldgruppen",
        "datenfeldgruppe",
        "datenfeldgruppen",
        "datengruppe",
        "datengruppen",
        "gruppe",
        "gruppen",
    ]
)
_YES = frozenset(["ja", "wahr", "true"])
_NO = frozenset(["nein", "falsch", "false"])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an element: its kind, the names it goes by, its values with their names.

    `options` is None where the code list is not at hand: no value can be checked then.
    """

    kind: Kind
    labels: tuple[str, ...] = ()
    options: Mapping[str, str] | None = None


class Names(Protocol):
    """A schema, seen from the element that carries a rule."""

    def known(self, path: str) -> Known:
        """What is known of the element at a path of FIM ids; raises NotRead if it is not there."""

    def own_questions(self) -> tuple[str, ...]:
        """The paths of the questions in the group that carries the rule."""


class Cursor:
    """A place in a rule's text that moves forward."""

    def __init__(self, text: str, names: Names) -> None:
        self.text, self.names = text, names
        self.tokens: Sequence[Token] = tokens(text)
        self.at = 0

    @property
    def now(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    def ahead(self, count: int = 1) -> Token:
        """A token further on."""
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def stuck(self, wanted: str = "") -> NotRead:
        """Say where the reading ends."""
        here = self.text[self.now.at : self.now.at + 40].split("\n")[0].strip()
        expected = f", erwartet wird {wanted}" if wanted else ""
        return NotRead(f"Unklar ist die Stelle „{here or 'Ende des Textes'}“{expected}.")

    def is_word(self, *words: str) -> bool:
        """Whether the next token is one of these words."""
        return self.now.kind == "word" and self.now.folded in words

    def is_sign(self, *signs: str) -> bool:
        """Whether the next token is one of these signs."""
        return self.now.kind == "sign" and self.now.text in signs

    def take(self, *words: str) -> bool:
        """Step over one word or sign, if it is one of these."""
        if self.is_word(*words) or self.is_sign(*words):
            self.at += 1
            return True
        return False

    def phrase(self, text: str) -> bool:
        """Step over these words in this order, if all of them stand here."""
        words = text.split()
        if all(
            self.ahead(number).kind in ("word", "sign") and self.ahead(number).folded == word
            for number, word in enumerate(words)
        ):
            self.at += len(words)
            return True
        return False

    def need(self, *words: str) -> None:
        """Step over one of these words; raises NotRead if none stands here."""
        if not self.take(*words):
            raise self.stuck(" oder ".join(f"„{word}“" for word in words[:4]))

    # -- elements -------------------------------------------------------------------------------

    def nouns(self) -> None:
        """Step over „das Datenfeld“, „die Feldgruppe“ and the like."""
        if self.now.kind == "word" and self.now.folded in ARTICLES:
            self.at += 1
        while self.now.kind == "word" and self.now.folded in NOUNS:
            self.at += 1

    def ref_ahead(self) -> bool:
        """Whether an element is named next, perhaps after nouns."""
        start = self.at
        self.nouns()
        found = self.now.kind == "id"
        self.at = start
        return found

    def ref(self) -> str:
        """Read one element with its label; gives its path of FIM ids."""
        self.nouns()
        token = self.now
        if token.kind != "id":
            raise self.stuck("die Kennung eines Feldes oder einer Gruppe")
        path = token.text
        self.at += 1
        known = self.names.known(path)
        label = self.now
        if label.kind == "text":
            self._check(path, label.text, known.labels)
            self.at += 1
        elif known.labels:
            self.at = self._unquoted(known.labels)
        return path

    def _check(self, path: str, said: str, labels: Iterable[str]) -> None:
        names = [folded(label) for label in labels]
        if names and folded(said) not in names:
            raise NotRead(f"Die Regel nennt {path} „{said}“, das Schema nennt es anders.")

    def _unquoted(self, labels: Iterable[str]) -> int:
        """The token after the longest of these labels, if one stands here without quotes."""
        wanted = {folded(label) for label in labels if folded(label)}
        longest = max((len(each) for each in wanted), default=0)
        start, best = self.now.at, self.at
        for end in range(self.at + 1, min(self.at + 2 * longest + 8, len(self.tokens))):
            said = folded(self.text[start : self.tokens[end].at])
            if len(said) > longest:
                break
            part = self.text[start : self.tokens[end].at]
            if said in wanted and part.count("(") == part.count(")") and not _ends_open(part):
                best = end
        return best

    def refs(self) -> tuple[tuple[str, ...], bool]:
        """Read a list of elements; and whether an „oder“ stands in it."""
        found = [self.ref()]
        alternative = False
        while True:
            start = self.at
            self.take(",")
            joined = self.now.folded if self.is_word("und", "oder", "sowie") else ""
            if joined:
                self.at += 1
            if not self.ref_ahead():
                self.at = start
                return tuple(found), alternative
            alternative |= joined == "oder"
            found.append(self.ref())

    # -- values ---------------------------------------------------------------------------------

    def value_ahead(self, path: str) -> bool:
        """Whether a value of this field may stand next."""
        if self.now.kind in ("text", "number"):
            return True
        options = self.names.known(path).options or {}
        return self.now.kind == "word" and (
            self.now.text in options or self.now.folded in _YES | _NO
        )

    def value(self, path: str) -> Value:
        """Read a value of a field, with its name where one is given; it must exist."""
        known = self.names.known(path)
        token = self.now
        if token.kind not in ("text", "number", "word"):
            raise self.stuck("ein Wert")
        self.at += 1
        if known.kind == "bool":
            return self._truth(token)
        if known.kind == "choice":
            return self._choice(path, token, known)
        if known.kind == "number":
            return _decimal(token)
        if known.kind == "text" and token.kind in ("text", "number"):
            return token.text
        raise NotRead(f"Mit dem Wert „{token.text}“ kann {path} nicht verglichen werden.")

    def number(self) -> Decimal:
        """Read a number that stands by itself."""
        token = self.now
        if token.kind != "number":
            raise self.stuck("eine Zahl")
        self.at += 1
        return _decimal(token)

    def _truth(self, token: Token) -> bool:
        if token.folded in _YES:
            return True
        if token.folded in _NO:
            return False
        raise NotRead(f"„{token.text}“ ist weder ja noch nein.")

    def _choice(self, path: str, token: Token, known: Known) -> str:
        if known.options is None:
            raise NotRead(
                f"Die Codeliste von {path} liegt nicht bei; die Werte sind nicht prüfbar."
            )
        if token.kind == "text":
            return _by_text(path, token.text, known.options)
        if token.text not in known.options:
            if token.kind == "word":
                return _by_text(path, token.text, known.options)
            raise NotRead(f"Den Wert „{token.text}“ gibt es in der Codeliste von {path} nicht.")
        self._value_name(path, token.text, known.options[token.text])
        return token.text

    def _value_name(self, path: str, code: str, name: str) -> None:
        """Step over the name of a value after its code: 001 "name", 001="name", 001 - name."""
        start = self.at
        signed = self.take("=", "-", "–")
        if self.now.kind == "text":
            if folded(self.now.text) != folded(name):
                raise NotRead(f"Der Wert {code} von {path} heißt in der Codeliste anders.")
            self.at += 1
            return
        end = self._unquoted([name])
        if signed and end == self.at:
            self.at = start
            raise self.stuck(f"der Name des Wertes {code}")
        self.at = end


def _ends_open(part: str) -> bool:
    """Whether signs that belong to the sentence would be swallowed with a label."""
    return part.rstrip().endswith((",", "=", "<", ">", "!"))


def _by_text(path: str, text: str, options: Mapping[str, str]) -> str:
    """The code that a text means: the code itself, its name, or both one after the other."""
    if text in options:
        return text
    wanted = folded(text)
    found = [code for code, name in options.items() if folded(name) == wanted]
    found += [
        code for code, name in options.items() if folded(f"{code} {name}") == wanted and wanted
    ]
    if len(set(found)) != 1:
        raise NotRead(f"Den Wert „{text}“ gibt es in der Codeliste von {path} nicht.")
    return found[0]


def _decimal(token: Token) -> Decimal:
    text = token.text.replace(",", ".")
    if not text.replace(".", "", 1).isdigit() or len(text) > 15:
        raise NotRead(f"„{token.text}“ ist keine Zahl.")
    return Decimal(text)
