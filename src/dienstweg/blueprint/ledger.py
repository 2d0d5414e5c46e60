"""What one case's process knows and wants: the state behind `process.step`.

The engine (`conduct`) moves the tokens; here stand the values that expressions see, the intents of
this step, what is waited for, and what has been heard before.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import decisions, intents, timers
from .bpmn import Element, awaited
from .conduct import ENGINE, Conduct, key_of
from .expressions import Expression, Surroundings, Unanswered
from .timers import LOCAL

if TYPE_CHECKING:
    from .release import Release

EARLY_LIMIT = 20
"""Reports that are kept until the process asks for them."""
HEARD_LIMIT = 200
"""Keys of reports that are remembered, so that a repeat is recognised."""


class Idle:
    """A carrier for looking at a process without moving it."""

    def decide(self, condition: str) -> bool:
        """Never asked while nothing moves."""
        raise AssertionError(condition)

    def carry_out(self, element: str, loop: int) -> str | None:
        """Never asked while nothing moves."""
        raise AssertionError(element, loop)


class Ledger:
    """One step of one case: takes an event, lets the engine go on, gives the new state."""

    def __init__(
        self,
        release: "Release",
        state: dict[str, Any] | None,
        *,
        application: dict[str, Any],
        facts: dict[str, Any],
        now: datetime,
    ) -> None:
        self._release = release
        self._process = release.process
        self._elements = release.process.diagram.elements
        self._old = state
        self._now = now
        self._facts = facts
        self._application = application
        kept = state or {}
        self._values: dict[str, dict[str, Any]] = {
            word: dict(kept.get("values", {}).get(word, {}))
            for word in ("decision", "task", "payment", "delivery", "report")
        }
        self._decided: dict[str, Any] = dict(kept.get("decided", {}))
        self._written: dict[str, str] = dict(kept.get("written", {}))
        self._early: list[list[Any]] = [list(report) for report in kept.get("early", [])]
        self._heard: list[str] = list(kept.get("heard", []))
        self._timers: dict[str, str] = dict(kept.get("timers", {}))
        self._open: dict[str, str] = dict(kept.get("open", {}))
        self._outcome: str | None = kept.get("outcome")
        self._done: set[str] = set()
        self._intents: list[intents.Intent] = []
        self._changed = False
        self._engine = Conduct(self._process.spec, self, state)

    # What happened

    def heed(self, event: intents.Event) -> bool:
        """Take note of an event; gives whether the process has to go on because of it."""
        if self._old is not None and self._old["finished"]:
            return False
        if isinstance(event, intents.Withdrawn):
            self._withdraw()
            return False
        if self._old is None:
            self._changed = isinstance(event, intents.Submitted)
            if not self._changed:
                message = "a process begins with the submission"
                raise intents.Stuck(message)
            return True
        if isinstance(event, intents.Reported):
            return self._hear(event)
        if isinstance(event, intents.Submitted | intents.Suspended | intents.Resumed):
            return False
        if event.key not in self._open:
            return False
        goes_on = self._settle(event, self._elements[self._open[event.key]])
        self._changed = self._changed or goes_on
        return goes_on

    def _settle(self, event: intents.Event, element: Element) -> bool:
        """Complete what waits under the event's key, if the event is of the right kind."""
        if awaited(element) != _EVENT_KINDS.get(type(event)):
            return False
        match event:
            case intents.PaymentSettled(_, state):
                self._values["payment"][element.id] = {"state": state}
                if state != "paid":
                    self._changed = True
                    return False
            case intents.Delivered(_, reference):
                self._values["delivery"][element.id] = {"reference": reference}
            case intents.TaskCompleted(_, outcome, data, reason):
                if outcome not in element.own["outcomes"].split():
                    message = f"the task {element.id} has no outcome {outcome}"
                    raise intents.Stuck(message)
                self._decided = {"outcome": outcome, "reason": reason}
                self._values["task"][element.id] = {**self._decided, "data": data}
            case intents.TimerDue(key):
                at = datetime.fromisoformat(self._timers[key])
                if self._now < at:
                    self._intents.append(intents.Wait(key, at))
                    return False
        self._complete(event.key)  # type: ignore[union-attr]  # the kinds above all have one
        return True

    def _hear(self, event: intents.Reported) -> bool:
        """Keep a report that the process will ask for; a repeat or an unknown one is ignored."""
        known = any(element.message == event.name for element in self._elements.values())
        if not known or (event.key and event.key in self._heard):
            return False
        if event.key:
            self._heard = [*self._heard, event.key][-HEARD_LIMIT:]
        self._early = [*self._early, [event.name, event.data]][-EARLY_LIMIT:]
        self._changed = True
        return True

    def _withdraw(self) -> None:
        self._changed = True
        self._engine.cancel()
        for key, element in self._open.items():
            self._drop(key, element)
        self._open, self._timers, self._early = {}, {}, []
        self._outcome = "withdrawn"

    # Going on

    def go_on(self) -> None:
        """Run the engine, feed it the reports that came early, and note what it now waits for."""
        self._engine.run()
        open_now = self._engine.waiting()
        while (found := self._answered(open_now)) is not None:
            key, report = found
            self._early.remove(report)
            self._values["report"][report[0]] = report[1]
            self._complete(key)
            self._engine.run()
            open_now = self._engine.waiting()
        for key, element in self._open.items():
            if key not in open_now and key not in self._done:
                self._drop(key, element)
        for key, element in open_now.items():
            if key not in self._open and awaited(self._elements[element]) == "timer":
                self._set_timer(key, self._elements[element])
        self._open = open_now
        self._timers = {key: at for key, at in self._timers.items() if key in open_now}

    def _answered(self, open_now: dict[str, str]) -> tuple[str, list[Any]] | None:
        """Find a report that is here and asked for."""
        for report in self._early:
            for key, name in open_now.items():
                element = self._elements[name]
                if awaited(element) == "report" and element.message == report[0]:
                    return key, report
        return None

    def _complete(self, key: str) -> None:
        self._done.add(key)
        self._engine.complete(key)

    def _drop(self, key: str, element: str) -> None:
        self._intents.append(intents.NoLongerWait(key, awaited(self._elements[element])))

    def _set_timer(self, key: str, element: Element) -> None:
        at = self._moment(element.timer or "", element)
        self._timers[key] = at.isoformat()
        self._intents.append(intents.Wait(key, at))

    # What the engine asks for

    def decide(self, condition: str) -> bool:
        """Answer the condition of an arrow; no answer is an error, never a wrong path."""
        answer = self._evaluate(condition.strip(), "condition")
        if not isinstance(answer, bool):
            message = f"the condition {condition.strip()!r} is neither true nor false"
            raise intents.Stuck(message)
        return answer

    def carry_out(self, element: str, loop: int) -> str | None:
        """Begin an activity: note the intent, and give its key if it has to be waited for."""
        node, key = self._elements[element], key_of(element, loop)
        if node.kind == "businessRuleTask":
            name = node.own["decision"]
            self._values["decision"][name] = decisions.evaluate(
                self._release.decisions[name], self._around()
            )
            return None
        if node.kind == "userTask":
            due = self._moment(node.own["due"], node) if node.own.get("due") else None
            outcomes = tuple(node.own["outcomes"].split())
            self._intents.append(intents.Ask(key, element, node.own["role"], due, outcomes))
            return key
        return self._serve(node, key)

    def _serve(self, node: Element, key: str) -> str | None:
        """Begin a service task; telling and closing need not be waited for."""
        own = node.own
        match own["intent"]:
            case "collect":
                return self._collect(node, key)
            case "deliver":
                self._intents.append(intents.Deliver(key, own["mapping"], self._known()))
                return key
            case "write":
                self._written[own["document"]] = key
                self._intents.append(intents.Write(key, own["document"], self._known()))
                return key
            case "tell":
                documents = tuple(
                    self._written[name]
                    for name in own.get("documents", "").split()
                    if name in self._written
                )
                self._intents.append(intents.Tell(key, own["message"], documents, self._known()))
            case "close":
                outcome = own["outcome"]
                if outcome.startswith("="):
                    outcome = str(self._evaluate(outcome[1:], node.id))
                self._outcome = outcome
                self._intents.append(intents.Close(key, outcome))
        return None

    def _collect(self, node: Element, key: str) -> str | None:
        """Ask for money; an amount of nothing is settled at once."""
        amount = self._evaluate(node.own["amount"], node.id)
        if isinstance(amount, float) and amount.is_integer():
            amount = int(amount)
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
            message = f"the amount of {node.id} is not a number of cents"
            raise intents.Stuck(message)
        if amount == 0:
            self._values["payment"][node.id] = {"state": "nothing"}
            return None
        word = node.own["purpose"]
        purpose = self._release.text("de", f"payments.{word}.purpose", default=word)
        text = self._release.text("de", f"payments.{word}.item", default=purpose)
        item = {"reference": key, "description": text, "quantity": 1, "amount": amount}
        self._intents.append(intents.Collect(key, amount, purpose, (item,)))
        return key

    # Looking things up

    def _known(self) -> dict[str, Any]:
        """Give what documents and messages may show."""
        return {
            **{word: dict(values) for word, values in self._values.items()},
            "outcome": self._decided.get("outcome"),
            "reason": self._decided.get("reason"),
        }

    def _around(self) -> Surroundings:
        submitted = datetime.fromisoformat(self._facts["submitted_at"])
        return Surroundings(
            {"data": self._application, "facts": self._facts, **self._values},
            submitted.astimezone(LOCAL).date(),
            self._release.lists,
        )

    def _evaluate(self, text: str, where: str) -> Any:
        expression: Expression = self._process.expressions[text]
        try:
            return expression.evaluate(self._around())
        except Unanswered as error:
            message = f"{where}: {text!r} has no answer"
            raise intents.Stuck(message) from error

    def _moment(self, text: str, element: Element) -> datetime:
        if text.startswith("="):
            text = str(self._evaluate(text[1:], element.id))
        try:
            return timers.due(text, now=self._now)
        except timers.BadTimer as error:
            message = f"{element.id}: {text!r} is no duration, date or time"
            raise intents.Stuck(message) from error

    # The result

    def step(self) -> intents.Step:
        """Give the result; where nothing changed, the state is the one that was given."""
        state = self._state() if self._changed or self._old is None else self._old
        return intents.Step(
            state=state,
            intents=tuple(self._intents),
            finished=state["finished"],
            waiting=tuple(state["open"]),
            outcome=state["outcome"],
        )

    def _state(self) -> dict[str, Any]:
        return {
            "format": intents.FORMAT,
            "engine": ENGINE,
            "finished": self._outcome == "withdrawn" or self._engine.finished,
            "outcome": self._outcome,
            "tasks": self._engine.rows(),
            "counts": self._engine.counts,
            "open": self._open,
            "timers": self._timers,
            "values": self._values,
            "decided": self._decided,
            "written": self._written,
            "early": self._early,
            "heard": self._heard,
        }


_EVENT_KINDS: dict[type, str] = {
    intents.PaymentSettled: "collect",
    intents.Delivered: "deliver",
    intents.DocumentWritten: "write",
    intents.TaskCompleted: "ask",
    intents.TimerDue: "timer",
}
