"""Begins what a process comes to: evaluates, sets timers, and writes down what is wanted.

The clerk of `passages`: it knows the values and the clock of a step, and gathers the intents.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import decisions, intents, timers
from .bpmn import MOST_ITEMS, Element, awaited
from .expressions import Expression, Unanswered
from .values import Values, surroundings

if TYPE_CHECKING:
    from .release import Release


class Serving:
    """What one step of one case begins; `intents` gathers what is wanted of others."""

    def __init__(
        self,
        release: "Release",
        state: dict[str, Any],
        *,
        application: dict[str, Any],
        facts: Mapping[str, Any],
        now: datetime,
    ) -> None:
        self._release, self._process = release, release.process
        self._application, self._facts, self._now = application, facts, now
        self.values = Values(state)
        self.intents: list[intents.Intent] = []
        self.timers: dict[str, str] = dict(state.get("timers", {}))
        self.cycles: dict[str, int] = dict(state.get("cycles", {}))
        self.decided: dict[str, Any] = dict(state.get("decided", {}))
        self.outcome: str | None = state.get("outcome")
        self._cycling: dict[tuple[str, str], tuple[int, datetime]] = {}
        self._armed: dict[str, tuple[Element, str]] = {}
        self._dropped: dict[str, Element] = {}

    # For passages

    def decide(self, condition: str, element: str, context: str) -> bool:
        """Answer a condition; no answer is an error, never a wrong path."""
        answer = self.evaluate(condition.strip(), element, context)
        if not isinstance(answer, bool):
            message = f"the condition {condition.strip()!r} is neither true nor false"
            raise intents.Stuck(message, code="no-answer", where=element)
        return answer

    def items(self, element: Element, context: str) -> list[Any]:
        """Give the entries that an activity is done for; a number stands for so many rounds."""
        assert element.many is not None
        found = self.evaluate(element.many.over, element.id, context)
        if isinstance(found, int | float) and not isinstance(found, bool) and found >= 0:
            found = list(range(min(int(found), MOST_ITEMS + 1)))
        if not isinstance(found, list):
            message = f"{element.id}: {element.many.over!r} is no list"
            raise intents.Stuck(message, code="bad-value", where=element.id)
        if len(found) > MOST_ITEMS:
            message = f"{element.id}: more than {MOST_ITEMS} entries"
            raise intents.Stuck(message, code="too-many", where=element.id)
        if not found:
            for name in self._tasks(element):
                self.values.put_empty(context, name)
        return found

    def enter(self, context: str, element: Element, index: int, item: Any) -> str:
        """Open a context for one entry; gives its name."""
        name = f"{context}/{element.id}@{index}" if context else f"{element.id}@{index}"
        self.values.enter(name, index, item, self._tasks(element))
        return name

    def leave(self, contexts: list[str]) -> None:
        """Forget contexts that are done with."""
        self.values.leave(contexts)

    def armed(self, key: str, element: Element, context: str) -> None:
        """Take note that an event is waited for from now on."""
        self._armed[key] = (element, context)

    def dropped(self, key: str, element: Element) -> None:
        """Take note that something is no longer wanted."""
        if self._armed.pop(key, None) is None:
            self._dropped[key] = element

    def settle(self) -> None:
        """Say what is no longer wanted, and set the timers of what is waited for in the end."""
        for key, element in self._dropped.items():
            self.timers.pop(key, None)
            self.cycles.pop(key, None)
            kind = awaited(element)
            if kind != "signal":
                self.intents.append(intents.NoLongerWait(key, kind))
        for key, (element, context) in self._armed.items():
            if element.event != "timer":
                continue
            if element.cycle:
                self._arm_cycle(key, element, context)
            elif (at := self._due(element, context)) is not None:
                self._wait(key, at)
        self._armed, self._dropped = {}, {}

    def begin(
        self, element: Element, key: str, context: str, undone: dict[str, Any] | None
    ) -> bool:
        """Begin a task: note what is wanted; gives whether it has to be waited for."""
        self.values.put(context, "keys", element.id, key)
        match element.kind:
            case "userTask":
                self._ask(element, key, context)
                return True
            case "serviceTask":
                return self._serve(element, key, context, undone)
            case "receiveTask":
                return True
            case "businessRuleTask":
                name = element.own["decision"]
                self.values.put(context, "decision", name, self._decide(name, element, context))
            case "scriptTask":
                for name, text in element.sets:
                    value = self.evaluate(text, element.id, context)
                    self.values.assign(context, name, value)
            case _:
                self._tell(element, key, context)
        return False

    # Timers

    def come(self, key: str, element: Element, context: str) -> bool | None:
        """Take note that a timer has come: whether it comes again, or None if it is too early."""
        if key not in self.timers:
            return None
        at = datetime.fromisoformat(self.timers[key])
        if self._now < at:
            self.intents.append(intents.Wait(key, at))
            return None
        self.timers.pop(key)
        left = self.cycles.pop(key, None)
        if left is None:
            return False
        if left != 1:
            self._cycling[element.id, context] = (max(left - 1, 0), at)
        return left != 1

    def suspend(self, keys: dict[str, Element], deadline: str) -> bool:
        """Stop the timers that end with a legal period; gives whether there were any."""
        stopped = [
            key
            for key, element in keys.items()
            if element.own.get("deadline") == deadline and key in self.timers
        ]
        for key in stopped:
            self.timers.pop(key)
            self.intents.append(intents.NoLongerWait(key, "timer"))
        return bool(stopped)

    def resume(self, keys: dict[str, Element], deadline: str) -> bool:
        """Set the timers of a legal period anew; gives whether there were any."""
        found = False
        for key, element in keys.items():
            if element.own.get("deadline") == deadline:
                at = self._due(element, "")
                if at is not None and self.timers.get(key) != at.isoformat():
                    self._wait(key, at)
                    found = True
        return found

    def _wait(self, key: str, at: datetime) -> None:
        self.timers[key] = at.isoformat()
        self.intents.append(intents.Wait(key, at))

    def _arm_cycle(self, key: str, element: Element, context: str) -> None:
        text = self._text(element.ref, element, context)
        try:
            times, period = timers.cycle(text)
            left, since = self._cycling.pop((element.id, context), (times, self._now))
            at = self._moment(period, element, since)
            while at <= self._now:  # what was missed while nobody worked does not come at once
                at = self._moment(period, element, at)
        except timers.BadTimer as error:
            raise _bad_time(element, text) from error
        self.cycles[key] = left
        self._wait(key, at)

    def _due(self, element: Element, context: str) -> datetime | None:
        """Give when a timer is due; None while its legal period stands still."""
        name = element.own.get("deadline")
        if name is None:
            return self._moment(self._text(element.ref, element, context), element, self._now)
        period = self._facts.get("deadlines", {}).get(name)
        if period is None or not period.get("due"):
            message = f"{element.id}: the period {name} has not begun"
            raise intents.Stuck(message, code="no-answer", where=element.id)
        if period.get("state") == "suspended":
            return None
        return datetime.fromisoformat(period["due"])

    def _text(self, text: str, element: Element, context: str) -> str:
        return str(self.evaluate(text[1:], element.id, context)) if text.startswith("=") else text

    def _moment(self, text: str, element: Element, since: datetime) -> datetime:
        working = element.own.get("days") == "working"
        try:
            return timers.due(
                text, now=since, working=working, land=str(self._facts.get("land") or "")
            )
        except timers.BadTimer as error:
            raise _bad_time(element, text) from error

    # Tasks

    def _ask(self, element: Element, key: str, context: str) -> None:
        own = element.own
        due = None
        if own.get("due"):
            due = self._moment(self._text(own["due"], element, context), element, self._now)
        known = self.values.known(context)
        self.intents.append(
            intents.Ask(
                key,
                element.id,
                self._text(own.get("role", ""), element, context),
                due,
                tuple(own["outcomes"].split()),
                party=self._text(own.get("party", ""), element, context),
                approval=own.get("approval", ""),
                form=tuple(own.get("form", "").split()),
                item=known.get("item"),
            )
        )

    def _serve(
        self, element: Element, key: str, context: str, undone: dict[str, Any] | None
    ) -> bool:
        """Begin a service task; telling, inviting and closing need not be waited for."""
        own = element.own
        match own["intent"]:
            case "collect":
                return self._collect(element, key, context)
            case "deliver":
                self.intents.append(intents.Deliver(key, own["mapping"], self.told(context)))
            case "write":
                name = own["document"]
                self.values.put(context, "written", name, key)
                self.intents.append(intents.Write(key, name, self.shown(name, context)))
            case "refund":
                return self._refund(element, key, context, undone)
            case "sign":
                order = "sequential" if own.get("order") == "sequential" else "parallel"
                parties = tuple(own["parties"].split())
                self.intents.append(intents.Sign(key, parties, order))  # type: ignore[arg-type]
            case "tell":
                self._tell(element, key, context)
                return False
            case "invite":
                party = self._text(own["party"], element, context)
                self.intents.append(intents.Invite(key, party))
                return False
            case "close":
                outcome = self._text(own["outcome"], element, context)
                self.outcome = outcome
                self.intents.append(intents.Close(key, outcome))
                return False
        return True

    def _tell(self, element: Element, key: str, context: str) -> None:
        own = element.own
        written = [
            self.values.get(context, "written", name) for name in own.get("documents", "").split()
        ]
        documents = tuple(each for each in written if each is not None)
        message = own.get("message") or element.ref
        party = self._text(own.get("party", ""), element, context)
        answers, data = tuple(own.get("answer", "").split()), self.told(context)
        self.intents.append(intents.Tell(key, message, documents, data, party, answers))

    def _collect(self, element: Element, key: str, context: str) -> bool:
        """Ask for money; an amount of nothing is settled at once."""
        amount = self._cents(element, context)
        if amount == 0:
            self.values.put(context, "payment", element.id, {"state": "nothing"})
            return False
        word = element.own["purpose"]
        purpose = self._release.text("de", f"payments.{word}.purpose", default=word)
        text = self._release.text("de", f"payments.{word}.item", default=purpose)
        item = {"reference": key, "description": text, "quantity": 1, "amount": amount}
        self.intents.append(intents.Collect(key, amount, purpose, (item,)))
        return True

    def _refund(
        self, element: Element, key: str, context: str, undone: dict[str, Any] | None
    ) -> bool:
        """Give money back that was paid; where nothing was, nothing is to be done."""
        of = element.own["of"]
        paid = self.values.get(context, "payment", of) or {}
        if paid.get("state") != "paid":
            return False
        collected = str(self.values.get(context, "keys", of) or of)
        if undone is not None and undone["of"] == of:
            collected = undone["key"]
        amount = self._cents(element, context) if element.own.get("amount") else None
        if amount == 0:
            return False
        self.intents.append(intents.Refund(key, collected, amount))
        return True

    def _cents(self, element: Element, context: str) -> int:
        amount = self.evaluate(element.own["amount"], element.id, context)
        if isinstance(amount, float) and amount.is_integer():
            amount = int(amount)
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
            message = f"the amount of {element.id} is not a number of cents"
            raise intents.Stuck(message, code="bad-value", where=element.id)
        return amount

    # Looking things up

    def shown(self, document: str, context: str) -> dict[str, Any]:
        """Give what a document may show: who takes part, where its template has a word of them."""
        told = self.told(context)
        if self._release.documents[document].parties:
            told["parties"] = self._facts.get("parties", [])
        return told

    def told(self, context: str) -> dict[str, Any]:
        """Give what messages and deliveries may show: they cannot name who else takes part."""
        return {
            **self.values.known(context),
            "deadlines": self._facts.get("deadlines", {}),
            "outcome": self.decided.get("outcome"),
            "reason": self.decided.get("reason"),
        }

    def around(self, context: str) -> Any:
        """Give what an expression sees in a context."""
        return surroundings(
            self._application, self._facts, self.values.known(context), self._release.lists
        )

    def _decide(self, name: str, element: Element, context: str) -> dict[str, Any]:
        """Work a decision out; raises `Stuck` where its rows contradict each other."""
        try:
            return decisions.evaluate(self._release.decisions[name], self.around(context))
        except ValueError as error:
            message = f"{element.id}: {error}"
            raise intents.Stuck(message, code="no-answer", where=element.id) from error

    def evaluate(self, text: str, where: str, context: str) -> Any:
        """Evaluate an expression of the process; raises `Stuck` where it has no answer."""
        expression: Expression = self._process.expressions[text]
        try:
            return expression.evaluate(self.around(context))
        except Unanswered as error:
            message = f"{where}: {text!r} has no answer"
            raise intents.Stuck(message, code="no-answer", where=where) from error

    def _tasks(self, element: Element) -> list[str]:
        """Give the user tasks inside of an activity, itself included."""
        levels = self._process.diagram.levels
        found, pending, seen = [], [element], {element.id}
        while pending:
            each = pending.pop()
            if each.kind == "userTask":
                found.append(each.id)
            inside = levels.get(each.called or each.id, ())
            pending += [one for one in inside if one.id not in seen]
            seen |= {one.id for one in inside}
        return found


def _bad_time(element: Element, text: str) -> intents.Stuck:
    message = f"{element.id}: {text!r} is no duration, date or time"
    return intents.Stuck(message, code="bad-time", where=element.id)
