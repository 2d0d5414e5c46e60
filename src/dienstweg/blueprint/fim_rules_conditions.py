"""Reads the condition of a German FIM rule: what stands between „wenn“ and „dann“.

Productions in docs/fim-rules.md. „Und“ and „oder“ side by side without brackets have no certain
meaning, so they are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from dienstweg.blueprint.fim_rules_names import NOUNS, Cursor, Names
from dienstweg.blueprint.fim_rules_syntax import (
    Condition,
    Equal,
    Filled,
    Not,
    Order,
    Ordered,
    Value,
    both,
    either,
    opposite,
)
from dienstweg.blueprint.fim_rules_tokens import NotRead

_SAME = ("=", "==", "===")
_OTHER = ("<>", "!=")
_SIZES: dict[str, Order] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_FILLED = ("befüllt", "ausgefüllt", "gefüllt", "angegeben")
_IS = ("ist", "sind", "wurde", "wurden", "wird", "werden", "sein")


@dataclass(slots=True)
class _Values:
    """Values after one sign, and how they are joined ("und", "oder", "" for a single one)."""

    path: str
    same: bool
    values: list[Value]
    joined: str = ""
    others: bool = False


class Conditions(Cursor):
    """Reads conditions; remembers what was compared, for „bei“ and „alle anderen“."""

    def __init__(self, text: str, names: Names) -> None:
        super().__init__(text, names)
        self.subject: str | None = None
        self.compared: dict[str, list[Value]] = {}

    def condition(self) -> Condition:
        """Read one condition; „und“ and „oder“ are only read one kind at a time."""
        parts = [self._part()]
        word = ""
        while self.is_word("und", "oder") and not self._consequence_ahead():
            if word and self.now.folded != word:
                raise NotRead("„Und“ und „oder“ stehen ohne Klammern nebeneinander.")
            word = self.now.folded
            self.at += 1
            parts.append(self._part())
        return either(*parts) if word == "oder" else both(*parts)

    def _consequence_ahead(self) -> bool:
        return self.ahead().folded in ("dann", "mache", "zeige", "aktiviere", "deaktiviere")

    def _part(self) -> Condition:
        if self.is_sign("("):
            self.at += 1
            inner = self.condition()
            self.need(")")
            return inner
        self.take("in", "im", "wenn")
        several = self._several()
        if several is not None:
            return several
        if self.is_sign(*_SAME, *_OTHER) and self.subject is not None:
            return self._comparison(self.subject)  # „wenn <> "Ja"“: still the same field
        path = self.ref()
        self.subject = path
        return self._about(path)

    def _several(self) -> Condition | None:
        """„eines der Felder A, B oder C ... ist“, „alle Felder A, B und C befüllt sind“."""
        start = self.at
        some = self.take("mindestens")
        one = self.take("eines", "einem", "eins", "einer") and self.take("der")
        every = not (some or one) and self.take("alle")
        if not (one or every):
            self.at = start
            return None
        self.take("folgenden", "zwei", "drei", "vier")
        if not (self.now.kind == "word" and self.now.folded in NOUNS):
            raise self.stuck("„Felder“")
        paths, alternative = self.refs()
        if every and alternative:
            raise NotRead("„Alle“ und „oder“ passen nicht zusammen.")
        if self.is_word("mit"):
            parts = self._given(paths)
        else:
            self.need(*_FILLED)
            parts = [Filled(path) for path in paths]
        self.take(*_IS)
        return both(*parts) if every else either(*parts)

    def _given(self, paths: tuple[str, ...]) -> list[Condition]:
        """„mit "Ja" belegt“, for every one of the fields."""
        start = self.at
        parts: list[Condition] = []
        for path in paths:
            self.at = start
            parts.append(self._assigned(path))
        return parts

    def _assigned(self, path: str) -> Condition:
        self.need("mit")
        self.take("dem")
        self.take("code", "wert")
        value = self.value(path)
        self.need("belegt")
        return self._equal(path, value)

    def _about(self, path: str) -> Condition:
        """What is said of one field."""
        if self.is_word("mit"):
            found = self._assigned(path)
            self.take(*_IS)
            return found
        if self.is_word("kein", "ein", "eine", "keine"):
            return self._entry(path)
        self.take("ist", "auswahl", "antwort")
        state = self._state(path)
        if state is not None:
            return state
        found = self._comparison(path)
        self.take("ist")
        return found

    def _entry(self, path: str) -> Condition:
        """„kein Eintrag vorgenommen wurde“."""
        none = self.now.folded.startswith("k")
        self.at += 1
        self.need("eintrag", "angabe")
        self.need("vorgenommen", "gemacht", "erfolgt", "vorhanden")
        self.take(*_IS)
        return Not(Filled(path)) if none else Filled(path)

    def _state(self, path: str) -> Condition | None:
        """„(nicht) befüllt ist“, „(nicht) leer ist“."""
        start = self.at
        negated = self.take("nicht")
        empty = self.is_word("leer")
        if not (empty or self.is_word(*_FILLED)):
            self.at = start
            return None
        self.at += 1
        self.take(*_IS)
        return Filled(path) if negated == empty else Not(Filled(path))

    def _comparison(self, path: str) -> Condition:
        """„= 001 "x" oder = 002 "y"“, „<> (001 und 002)“, „>= 18“."""
        if self.is_sign(*_SIZES):
            return self._ordered(path)
        found = self._values(path)
        for value in found.values:
            self.compared.setdefault(path, []).append(value)
        return self._meaning(found)

    def _ordered(self, path: str) -> Condition:
        order = _SIZES[self.now.text]
        self.at += 1
        if self.ref_ahead():
            return Ordered(path, order, to=self.ref())
        kind = self.names.known(path).kind
        if kind not in ("number", "unknown"):
            raise NotRead(f"{path} ist keine Zahl.")
        value = self.value(path)
        if self.is_word("jahre", "jahren", "monate", "tage"):
            raise NotRead("Ein Alter oder eine Dauer wird nicht gelesen.")
        number = value if isinstance(value, Decimal) else Decimal(0)
        return Ordered(path, order, number=number)

    def _values(self, path: str) -> _Values:
        same = self.is_sign(*_SAME)
        if not same and not self.is_sign(*_OTHER):
            raise self.stuck("ein Vergleich (=, <>, <, >)")
        self.at += 1
        if self.take("alle"):
            self.need("anderen")
            self.take("möglichen")
            self.need("ausprägungen", "werte", "codes")
            if self.take("der"):
                self.need("codeliste")
            return _Values(path, same, [], others=True)
        self.take("auswahl", "antwort")
        bracket = self.take("(")
        found = _Values(path, same, [self.value(path)])
        for joined in self._more(path, same, bracket):
            if found.joined and found.joined != joined:
                raise NotRead("„Und“ und „oder“ stehen ohne Klammern nebeneinander.")
            found.joined = joined
            found.values.append(self.value(path))
        if bracket:
            self.need(")")
        return found

    def _more(self, path: str, same: bool, bracket: bool) -> Iterator[str]:
        """Step over „oder“, „oder =“, „und <>“ as long as another value of the field follows."""
        while self.is_word("oder", "und"):
            start, joined = self.at, self.now.folded
            self.at += 1
            signed = not bracket and self.is_sign(*_SAME, *_OTHER)
            if signed:
                if self.is_sign(*_SAME) is not same:
                    self.at = start
                    return
                self.at += 1
            if not self.value_ahead(path):
                self.at = start
                return
            yield joined

    def _meaning(self, found: _Values) -> Condition:
        path = found.path
        if found.others:
            known = self.compared.get(path)
            if not known or not found.same:
                raise NotRead("Welche Werte „alle anderen“ sind, ist nicht klar.")
            return both(Filled(path), *(Not(Equal(path, value)) for value in known))
        parts = [Equal(path, value) for value in found.values]
        if found.same:
            if found.joined == "und":
                raise NotRead(f"{path} kann nicht zwei Werte zugleich haben.")
            return either(*parts)
        if found.joined == "oder":
            raise NotRead("„Ungleich A oder ungleich B“ ist immer wahr.")
        return both(*(opposite(part) for part in parts))

    def _equal(self, path: str, value: Value) -> Condition:
        self.compared.setdefault(path, []).append(value)
        return Equal(path, value)
