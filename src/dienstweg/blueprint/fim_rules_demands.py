"""Reads what a German FIM rule asks for: to fill in, to show, to hide, to hold a value.

Productions in docs/fim-rules.md, with the meaning of every verb.
"""

from __future__ import annotations

from dienstweg.blueprint.fim_rules_names import NOUNS, Cursor, Names
from dienstweg.blueprint.fim_rules_syntax import (
    Always,
    Condition,
    Effect,
    Equal,
    Filled,
    Length,
    Not,
    Order,
    Ordered,
    Statement,
    either,
    opposite,
    refs,
)
from dienstweg.blueprint.fim_rules_tokens import NotRead

_FILLED = ("befüllt", "ausgefüllt", "gefüllt", "angegeben")
_BE = ("sein", "werden")
_VERBS = frozenset(
    [
        "muss",
        "müssen",
        "darf",
        "dürfen",
        "ist",
        "sind",
        "wird",
        "werden",
        "aktiviere",
        "deaktiviere",
        "zeige",
        "blende",
        "mache",
        "erscheint",
        "erscheinen",
    ]
)


class Demands(Cursor):
    """Reads demands and collects them as statements in `found`."""

    def __init__(self, text: str, names: Names) -> None:
        super().__init__(text, names)
        self.found: list[Statement] = []
        self.last: tuple[str, ...] = ()

    def demands(self, condition: Condition) -> None:
        """Read one demand and those joined to it by „und“ or a comma."""
        self._demand(condition)
        while True:
            start = self.at
            joined = self.take(",", "und")
            self.take("und")
            if not joined or not self._verb_ahead():
                self.at = start
                return
            self._demand(condition)

    def _verb_ahead(self) -> bool:
        if self.is_word(*_VERBS, "wobei"):
            return True
        start = self.at
        try:
            found = self.ref_ahead() and bool(self.refs()) and self.is_word(*_VERBS, "ausgeblendet")
        except NotRead:
            found = False
        self.at = start
        return found

    def _demand(self, condition: Condition) -> None:
        verb = self.now.folded if self.now.kind == "word" else ""
        readers = {
            "muss": self._must,
            "müssen": self._must,
            "darf": self._may_not,
            "dürfen": self._may_not,
            "ist": self._is,
            "sind": self._is,
            "wird": self._becomes,
            "werden": self._becomes,
            "aktiviere": self._activate,
            "deaktiviere": self._deactivate,
            "zeige": self._show,
            "blende": self._hide,
            "mache": self._make,
            "erscheint": self._appears,
            "erscheinen": self._appears,
            "wobei": self._only,
        }
        if verb in readers:
            self.at += 1
            readers[verb](condition)
            return
        self._subject_first(condition)

    def _subject_first(self, condition: Condition) -> None:
        """„Das Feld F muss ...“: the verb after what it speaks of."""
        self.phrase("das datum in") or self.phrase("das datum im") or self.take("im", "in")
        targets = self._targets()
        if self.take("muss", "müssen"):
            self._must(condition, targets)
        elif self.take("darf", "dürfen"):
            self._may_not(condition, targets)
        elif self.take("ist", "sind"):
            self._is(condition, targets)
        elif self.take("wird", "werden"):
            self._becomes(condition, targets)
        elif self.take("ausgeblendet"):
            self.take(*_BE)
            self._add("forbid", targets, condition)
        else:
            raise self.stuck("ein Verb (muss, darf, ist, wird)")

    def _targets(self) -> tuple[str, ...]:
        """The elements a demand is about; „die Felder“ alone are those named last."""
        if self.ref_ahead():
            targets, alternative = self.refs()
            if alternative:
                raise NotRead("Ob „oder“ eines oder alle meint, ist nicht klar.")
            self.last = targets
            return targets
        start = self.at
        pronoun = self.take("es", "sie")
        if not pronoun:
            self.nouns()
        noun = self.at > start and (pronoun or self.tokens[self.at - 1].folded in NOUNS)
        if not (noun and self.last):
            self.at = start
            raise self.stuck("ein Feld oder eine Gruppe")
        if pronoun and len(self.last) != 1:
            raise NotRead("Worauf sich „es“ oder „sie“ bezieht, ist nicht klar.")
        return self.last

    def _add(self, effect: Effect, targets: tuple[str, ...], condition: Condition) -> None:
        self.last = targets
        self.found += [Statement(effect, target, condition) for target in targets]

    def _valid(self, condition: Condition, demanded: Condition) -> None:
        holds = demanded if isinstance(condition, Always) else either(opposite(condition), demanded)
        self.found.append(Statement("valid", None, holds))

    def filled_in(self) -> None:
        """Step over „befüllt werden“, „ausgefüllt sein“."""
        self.need(*_FILLED)
        self.need(*_BE)

    # -- verbs ----------------------------------------------------------------------------------

    def _must(self, condition: Condition, targets: tuple[str, ...] = ()) -> None:
        """„muss F befüllt werden“, „muss F als Pflichtfeld angezeigt werden“, a value, a length."""
        if not targets and self.is_word(*_FILLED):  # „... und muss befüllt werden“
            targets = self.last
        targets = targets or self._targets()
        if self._value_demanded(condition, targets):
            return
        duty = self._as_duty()
        self.take("dann")
        if self.phrase("nicht leer"):
            self.need("sein")
            self._add("require", targets, condition)
            return
        shown = self.take("angezeigt")
        if shown and self.take("und"):
            if not self.is_word(*_FILLED):
                self.at -= 1
            else:
                duty = self.take(*_FILLED)
        if shown:
            self._add("require" if duty else "show", targets, condition)
            if not self.take(*_BE) and not self.is_word("und"):
                raise self.stuck("„werden“")
            return
        if self.take("ausgeblendet"):
            self.need("werden")
            self._add("forbid", targets, condition)
            return
        self.filled_in()
        self._add("require", targets, condition)

    def _as_duty(self) -> bool:
        """„als Pflichtfeld“, „als Pflicht“."""
        start = self.at
        if self.take("als") and self.take(
            "pflicht", "pflichtfeld", "pflichtfelder", "pflichtfeldgruppe", "pflichtangabe"
        ):
            return True
        self.at = start
        return False

    def _may_not(self, condition: Condition, targets: tuple[str, ...] = ()) -> None:
        """„darf F nicht befüllt werden“: hidden; „darf F nicht leer sein“: asked for."""
        if len(targets) == 1 and self.take("auswahl"):
            value = self.value(targets[0])
            self.need("nicht")
            self.need("ausgewählt")
            self.need("werden")
            self._valid(condition, Not(Equal(targets[0], value)))
            return
        targets = targets or self._targets()
        self.take("dann")
        self.need("nicht")
        if self.take("leer"):
            self.need("sein")
            self._add("require", targets, condition)
            return
        self.need("angezeigt", *_FILLED)
        self.need(*_BE)
        self._add("forbid", targets, condition)

    def _is(self, condition: Condition, targets: tuple[str, ...] = ()) -> None:
        """„ist F (als Pflichtfeld) anzuzeigen“, „zu befüllen“, „ein Pflichtfeld“."""
        if not targets and self.take("in", "im"):
            self.ref()  # the group around it, only for the reader
        targets = targets or self._targets()
        duty = self._as_duty()
        if self.take("anzuzeigen"):
            self._add("require" if duty else "show", targets, condition)
        elif self.phrase("zu befüllen") or self.phrase("auszufüllen"):
            self._add("require", targets, condition)
        elif self.take("auszublenden"):
            self._add("forbid", targets, condition)
        elif self.phrase("ein pflichtfeld") or self.phrase("eine pflichtfeldgruppe"):
            self._add("require", targets, condition)
        elif self.phrase("ein optionales feld") or self.phrase("optional"):
            self._add("optional", targets, condition)
        else:
            raise self.stuck("„anzuzeigen“, „zu befüllen“ oder „ein Pflichtfeld“")

    def _becomes(self, condition: Condition, targets: tuple[str, ...] = ()) -> None:
        """„wird F ausgeblendet“, „wird F (nicht) angezeigt“."""
        targets = targets or self._targets()
        negated = self.take("nicht")
        if self.take("angezeigt"):
            self._add("forbid" if negated else "show", targets, condition)
        elif not negated and self.take("ausgeblendet"):
            self._add("forbid", targets, condition)
        else:
            raise self.stuck("„angezeigt“ oder „ausgeblendet“")

    def _activate(self, condition: Condition) -> None:
        self._add("show", self._targets(), condition)

    def _deactivate(self, condition: Condition) -> None:
        self._add("forbid", self._targets(), condition)

    def _show(self, condition: Condition) -> None:
        """„zeige (als Pflicht) F (als Pflicht) (nicht) (an)“."""
        duty = self._as_duty()
        targets = self._targets()
        duty = self._as_duty() or duty
        negated = self.take("nicht")
        self.take("an")
        effect: Effect = "forbid" if negated else "require" if duty else "show"
        self._add(effect, targets, condition)

    def _hide(self, condition: Condition) -> None:
        """„blende F aus“."""
        targets = self._targets()
        self.need("aus")
        self._add("forbid", targets, condition)

    def _make(self, condition: Condition) -> None:
        """„mache es zu einer Pflichtangabe“."""
        targets = self._targets()
        self.need("zu", "zum")
        self.take("einer", "einem")
        self.need("pflichtangabe", "pflichtfeld", "pflichtfeldgruppe")
        self._add("require", targets, condition)

    def _appears(self, condition: Condition) -> None:
        """„erscheint F (und muss befüllt werden)“."""
        self._add("show", self._targets(), condition)

    def _only(self, condition: Condition) -> None:
        """„wobei nur die Codes A oder B ausgewählt werden dürfen“."""
        if len(self.last) != 1:
            raise self.stuck()
        path = self.last[0]
        self.need("nur")
        self.take("der", "die", "das")
        self.take("code", "codes", "wert", "werte", "auswahl")
        values = [self.value(path)]
        while self.take("oder", ",", "und"):
            values.append(self.value(path))
        self.need("ausgewählt")
        self.need("werden")
        self.need("darf", "dürfen")
        allowed: tuple[Condition, ...] = tuple(Equal(path, value) for value in values)
        self._valid(condition, either(Not(Filled(path)), *allowed))

    # -- values ---------------------------------------------------------------------------------

    def _value_demanded(self, condition: Condition, targets: tuple[str, ...]) -> bool:
        """A value (the word „haben“), an order („vor dem Datum in Feld B liegen“), a length."""
        if len(targets) != 1:
            return False
        path = targets[0]
        demanded = (
            self._holding(path) or self._in_time(path) or self._in_size(path) or self._long(path)
        )
        if demanded is None:
            return False
        if isinstance(demanded, Ordered | Length):  # what is empty is neither too big nor too long
            empty = (Not(Filled(each)) for each in refs(demanded))
            demanded = either(*empty, demanded)
        self._valid(condition, demanded)
        return True

    def _holding(self, path: str) -> Condition | None:
        if not (self.phrase("den wert") or self.phrase("den code")):
            return None
        value = self.value(path)
        self.need("haben")
        return Equal(path, value)

    def _in_time(self, path: str) -> Condition | None:
        start = self.at
        self.take("zeitlich")
        if not self.is_word("vor", "nach"):
            self.at = start
            return None
        order: Order = "<" if self.now.folded == "vor" else ">"
        self.at += 1
        self.phrase("dem datum in") or self.phrase("dem datum im") or self.take("dem")
        other = self.ref()
        self.need("liegen")
        return Ordered(path, order, to=other)

    def _in_size(self, path: str) -> Condition | None:
        if not self.is_word("größer", "kleiner", "höher", "niedriger"):
            return None
        more = self.now.folded in ("größer", "höher")
        self.at += 1
        same = self.phrase("oder gleich")
        self.take("als")
        order: Order = (">=" if same else ">") if more else ("<=" if same else "<")
        if self.ref_ahead():
            found = Ordered(path, order, to=self.ref())
        else:
            found = Ordered(path, order, number=self.number())
        self.need("sein")
        return found

    def _long(self, path: str) -> Condition | None:
        if not self.is_word("genau", "mindestens", "höchstens", "maximal"):
            return None
        word = self.now.folded
        self.at += 1
        count = int(self.number())
        self.need("zeichen", "stellen", "ziffern")
        if not self.phrase("lang sein"):
            self.need("haben", "enthalten", "umfassen")
        if count > 100_000:
            raise self.stuck("eine kleinere Zahl")
        least = 0 if word in ("höchstens", "maximal") else count
        return Length(path, least, None if word == "mindestens" else count)
