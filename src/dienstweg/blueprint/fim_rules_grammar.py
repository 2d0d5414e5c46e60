"""Reads a whole German FIM rule: its sentences, what each asks for, and under which condition.

The grammar is written down in docs/fim-rules.md. A rule is read to its end or not at all: one
sentence that is not understood leaves the whole rule to a person.
"""

from __future__ import annotations

from dienstweg.blueprint.fim_rules_conditions import Conditions
from dienstweg.blueprint.fim_rules_demands import Demands
from dienstweg.blueprint.fim_rules_names import Names
from dienstweg.blueprint.fim_rules_syntax import (
    Always,
    Condition,
    Equal,
    Filled,
    Not,
    One,
    RealDate,
    Statement,
    either,
    opposite,
)
from dienstweg.blueprint.fim_rules_tokens import NotRead

MOST_STATEMENTS = 200
LANDS = frozenset(
    ["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"]
)
_NO_LAND = (
    "Die Regel hängt vom Land ab. Nennen Sie beim Einlesen Ihr Land (--land), zum Beispiel NW."
)


_CALENDAR = (
    "befüllt sind , muss die validität des sich ergebenden kalenderdatums sichergestellt werden"
)


def read(text: str, names: Names, *, land: str | None = None) -> tuple[Statement, ...]:
    """Read a rule's text; names of elements become the paths of FIM ids it gives.

    `land` is the Land (two capitals, such as NW) whose rules apply; what is said for others is
    left out. Raises NotRead, with the reason, where any part of the rule is not certain.
    """
    grammar = Grammar(text, names)
    grammar.land = land
    found = grammar.statements()
    if not found and not grammar.lands:
        raise NotRead("Die Regel hat keinen Text.")
    return found


class Grammar(Demands, Conditions):
    """One reading of one rule; `lands` are the Länder that a sentence has spoken of so far."""

    def __init__(self, text: str, names: Names) -> None:
        super().__init__(text, names)
        self.land: str | None = None
        self.lands: set[str] = set()
        self.applies = True

    def statements(self) -> tuple[Statement, ...]:
        """Read sentence after sentence up to the end."""
        while self.now.kind != "end":
            if self.is_sign(".", ";", ","):
                self.at += 1
                continue
            first = len(self.found)
            self._sentence()
            if not self.applies:
                del self.found[first:]
            if len(self.found) > MOST_STATEMENTS:
                raise NotRead("Die Regel verlangt zu viel auf einmal.")
        return tuple(self.found)

    def _sentence(self) -> None:
        if self.is_word("für") and self._for_lands():
            return
        if self.is_word("für", "in") and not self._field_ahead():
            raise NotRead("Die Regel hängt von etwas ab, das kein Feld des Schemas ist.")
        if self._explanation() or self._calendar():
            return
        if self.take("wenn"):
            self._conditional(self.condition())
        elif self.take("bei"):
            self._conditional(self._again())
        elif not (self._at_least() or self._either_or() or self._own()):
            self._postponed()

    def _explanation(self) -> bool:
        """„D. h. ...“ at the end explains what was said; it must not name anything new."""
        if not self.found or not self.phrase("d . h ."):
            return False
        rest = self.tokens[self.at :]
        if any(each.kind == "id" or each.folded in ("wenn", "dann", "sonst") for each in rest):
            raise self.stuck("eine Erläuterung ohne neue Bedingung")
        self.at = len(self.tokens) - 1
        return True

    def _calendar(self) -> bool:
        """„Wenn alle drei Felder D, M und Y befüllt sind, muss ... Kalenderdatum ...“"""
        start = self.at
        if not self.phrase("wenn alle drei felder"):
            return False
        paths, alternative = self.refs()
        if len(paths) != 3 or alternative or not self.phrase(_CALENDAR):
            self.at = start
            return False
        filled = tuple(Not(Filled(path)) for path in paths)
        self.found.append(Statement("valid", None, either(*filled, RealDate(*paths))))
        return True

    def _for_lands(self) -> bool:
        """„Für die Länder NW, SL gilt: ...“ up to the next of its kind, „für alle anderen ...“."""
        start = self.at
        self.at += 1
        if self.phrase("alle anderen"):
            self.need("länder", "ländern", "bundesländer")
            named = LANDS - self.lands
        elif self.take("das", "die") and self.take("land", "länder"):
            named = frozenset(self._land_names())
        else:
            self.at = start
            return False
        self.need("gilt")
        self.take(":", ".")
        if self.land is None:
            raise NotRead(_NO_LAND)
        if named & self.lands or (self.found and not self.lands):
            raise NotRead("Für welche Länder was gilt, ist nicht klar.")
        self.lands |= named
        self.applies = self.land in named
        return True

    def _land_names(self) -> set[str]:
        found: set[str] = set()
        while self.now.kind == "word" and self.now.text in LANDS:
            found.add(self.now.text)
            self.at += 1
            self.take(",", "und")
        if not found:
            raise self.stuck("die Kürzel von Ländern")
        return found

    def _field_ahead(self) -> bool:
        start = self.at
        self.at += 1
        found = self.ref_ahead()
        self.at = start
        return found

    def _again(self) -> Condition:
        """„bei <> "Ja"“: the field of the condition before, or one named again."""
        if self.ref_ahead():
            return self.condition()
        if self.subject is None:
            raise self.stuck()
        return self._comparison(self.subject)

    def _conditional(self, condition: Condition) -> None:
        """„..., dann A und B, sonst C“."""
        self.take(",")
        self.take("dann")
        first = len(self.found)
        self.demands(condition)
        start = self.at
        self.take(",")
        if not self.take("sonst", "ansonsten"):
            self.at = start
            return
        contrary = opposite(condition)
        if self.is_word("nicht") and self.ahead().kind in ("sign", "end"):
            self.at += 1
            self._reverse(first, contrary)
            return
        self.demands(contrary)

    def _reverse(self, first: int, contrary: Condition) -> None:
        """„ansonsten nicht“: whatever was shown or asked for is hidden."""
        targets = dict.fromkeys(each.target for each in self.found[first:])
        if any(each.effect not in ("show", "require") for each in self.found[first:]):
            raise NotRead("Worauf sich „ansonsten nicht“ bezieht, ist nicht klar.")
        self.found += [Statement("forbid", target, contrary) for target in targets]

    def _postponed(self) -> None:
        """„Das Feld F ist ein Pflichtfeld, wenn ...“, or something that always holds."""
        first = len(self.found)
        self.demands(Always())
        start = self.at
        self.take(",")
        if not self.take("wenn"):
            self.at = start
            return
        condition = self.condition()
        self.take("dann")
        if self.is_word("muss", "darf", "zeige", "aktiviere"):
            self.at = start
            return
        if any(each.effect == "valid" for each in self.found[first:]):
            raise NotRead("Welcher Satzteil unter der Bedingung steht, ist nicht klar.")
        self.found[first:] = [
            Statement(each.effect, each.target, condition) for each in self.found[first:]
        ]

    def _at_least(self) -> bool:
        """„(Es muss) mindestens eines der Felder A, B oder C (muss) ... sein.“"""
        start = self.at
        begun = self.phrase("es muss")
        if not self.phrase("mindestens eines der") and not self.phrase("mindestens eine der"):
            self.at = start
            return False
        self.take("folgenden")
        paths, _ = self.refs()
        if not begun:
            self.need("muss")
        self._all_have(paths, begun)
        return True

    def _own(self) -> bool:
        """„Mindestens ein Datenfeld der Datenfeldgruppe muss ...“: of the group with this rule."""
        if not (
            self.phrase("mindestens ein datenfeld der datenfeldgruppe muss")
            or self.phrase("mindestens ein feld der gruppe muss")
        ):
            return False
        self._all_have(self.names.own_questions(), begun=False)
        return True

    def _all_have(self, paths: tuple[str, ...], begun: bool) -> None:
        if len(paths) < 2:
            raise NotRead("Die Regel nennt nur ein Feld und sagt „mindestens eines“.")
        if not begun and (self.phrase("den wert") or self.phrase("den code")):
            start = self.at
            parts: list[Condition] = []
            for path in paths:
                self.at = start
                parts.append(Equal(path, self.value(path)))
            self.need("haben")
        else:
            self.filled_in()
            parts = [Filled(path) for path in paths]
        self.found.append(Statement("valid", None, either(*parts)))

    def _either_or(self) -> bool:
        """„Es muss entweder die Gruppe A oder die Gruppe B befüllt werden.“"""
        if not (self.phrase("es muss entweder") or self.phrase("entweder muss")):
            return False
        first = self.ref()
        self.need("oder")
        second = self.ref()
        self.filled_in()
        self.found.append(Statement("valid", None, One(Filled(first), Filled(second))))
        return True
