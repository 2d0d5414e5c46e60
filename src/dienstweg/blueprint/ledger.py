"""One step of one case's process: takes an event, lets the process go on, gives the new state."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import catching, intents
from .bpmn import Element, awaited
from .conduct import ENGINE
from .passages import Passages
from .serving import Serving

if TYPE_CHECKING:
    from .release import Release

EARLY_LIMIT = 20
"""Reports that are kept until the process asks for them."""
HEARD_LIMIT = 200
"""Keys of reports that are remembered, so that a repeat is recognised."""
CORRECTED = "application.corrected"
"""The report that a new version of the application brings."""


class Ledger:
    """What one case's process has heard and waits for, and what a step makes of it."""

    def __init__(
        self,
        release: "Release",
        state: dict[str, Any] | None,
        *,
        application: dict[str, Any],
        facts: Mapping[str, Any],
        now: datetime,
    ) -> None:
        kept = state or {}
        process = release.process
        self._elements = process.diagram.elements
        self._diagram = process.diagram
        self._old = state
        self._serving = Serving(release, kept, application=application, facts=facts, now=now)
        self._passages = Passages(process.diagram, process.specs, self._serving, state)
        self._early: list[list[Any]] = [list(report) for report in kept.get("early", [])]
        self._heard: list[str] = list(kept.get("heard", []))
        self._open: dict[str, str] = dict(kept.get("open", {}))
        self._changed = False

    # What happened

    def heed(self, event: intents.Event) -> bool:
        """Take note of an event; gives whether the process has to go on because of it."""
        if self._old is not None and self._old["finished"]:
            return False
        if isinstance(event, intents.Withdrawn):
            self._withdraw()
            return False
        if self._old is None:
            return self._begin(event)
        goes_on = self._heeded(event)
        self._changed = self._changed or goes_on
        return goes_on

    def _begin(self, event: intents.Event) -> bool:
        if not isinstance(event, intents.Submitted):
            message = "a process begins with the submission"
            raise intents.Stuck(message, code="not-begun")
        self._passages.begin()
        self._changed = True
        return True

    def _heeded(self, event: intents.Event) -> bool:
        match event:
            case intents.Reported():
                return self._hear(event)
            case intents.Corrected(key):
                return self._correct(key)
            case intents.Signalled():
                return self._signal(event)
            case intents.Suspended() | intents.Resumed():
                self._stand_still(event)
            case intents.Refused(key, code) if key in self._open:
                return self._refuse(key, code)
            case intents.Submitted() | intents.Withdrawn() | intents.Refused():
                pass
            case _ if event.key in self._open:
                return self._settle(event, self._elements[self._open[event.key]])
        return False

    def _stand_still(self, event: intents.Suspended | intents.Resumed) -> None:
        """Stop the timers that end with a legal period, or set them anew."""
        serving, waiting = self._serving, self._waiting()
        if isinstance(event, intents.Suspended):
            self._changed = serving.suspend(waiting, event.deadline)
        else:
            self._changed = serving.resume(waiting, event.deadline)

    def _waiting(self) -> dict[str, Element]:
        return {key: self._elements[element] for key, element in self._open.items()}

    def _refuse(self, key: str, code: str) -> bool:
        """Throw the error that an intent has ended with, if it can end so and it is caught."""
        intent = self._elements[self._open[key]].own.get("intent", "")
        return code in catching.CODES.get(intent, ()) and self._passages.fail(key, code)

    def _settle(self, event: intents.Event, element: Element) -> bool:
        """Complete what waits under the event's key, if the event is of the right kind."""
        if awaited(element) != _EVENT_KINDS.get(type(event)):
            return False
        key: str = event.key  # type: ignore[union-attr]  # the kinds above all have one
        values, context, again = self._serving.values, self._passages.underway.context(key), False
        match event:
            case intents.PaymentSettled(_, state):
                values.put(context, "payment", element.id, {"state": state})
                if state != "paid":
                    self._changed = True
                    return False
            case intents.Delivered(_, reference):
                values.put(context, "delivery", element.id, {"reference": reference})
            case intents.TaskCompleted():
                self._decide(event, element, context)
            case intents.Signed(_, state):
                values.put(context, "sign", element.id, {"state": state})
                if state == "declined" and self._refuse(key, "sign.declined"):
                    return True
            case intents.TimerDue():
                coming = self._serving.come(key, element, context)
                if coming is None:
                    return False
                again = coming
        self._passages.complete(key, again=again)
        return True

    def _decide(self, event: intents.TaskCompleted, element: Element, context: str) -> None:
        if event.outcome not in element.own["outcomes"].split():
            message = f"the task {element.id} has no outcome {event.outcome}"
            raise intents.Stuck(message, code="bad-outcome", where=element.id)
        self._serving.decided = {"outcome": event.outcome, "reason": event.reason}
        result = {**self._serving.decided, "data": event.data}
        self._serving.values.put_task(context, element.id, result)

    def _repeated(self, key: str) -> bool:
        """Say whether news has come before; remember that it has come."""
        if not key:
            return False
        if key in self._heard:
            return True
        self._heard = [*self._heard, key][-HEARD_LIMIT:]
        return False

    def _hear(self, event: intents.Reported) -> bool:
        """Keep a report that the process will ask for; a repeat or an unknown one is ignored."""
        known = any(element.message == event.name for element in self._elements.values())
        if not known or self._repeated(event.key):
            return False
        self._early = [*self._early, [event.name, event.data]][-EARLY_LIMIT:]
        self._changed = True
        return True

    def _correct(self, key: str) -> bool:
        """Let go on all that waits for a correction now; nobody is told of it later."""
        if self._repeated(key):
            return False
        self._changed = self._changed or bool(key)
        waiting = {
            key: element for key, element in self._waiting().items() if element.message == CORRECTED
        }
        for own, element in waiting.items():
            if own in dict(self._passages.underway.open()):
                context = self._passages.underway.context(own)
                self._serving.values.put(context, "report", CORRECTED, {})
                self._passages.complete(own, again=element.repeats)
        return bool(waiting)

    def _signal(self, event: intents.Signalled) -> bool:
        if self._repeated(event.key):
            return False
        self._changed = self._changed or bool(event.key)
        return self._passages.signal(event.name)

    def _withdraw(self) -> None:
        self._changed = True
        self._passages.cancel()
        self._serving.settle()
        self._open, self._early = {}, []
        self._serving.outcome = "withdrawn"

    # Going on

    def go_on(self) -> None:
        """Let the process go on, feed it the reports that came early, note what it waits for."""
        self._passages.go()
        while (found := self._answered(dict(self._passages.underway.open()))) is not None:
            key, report = found
            element = self._elements[dict(self._passages.underway.open())[key]]
            self._early.remove(report)
            context = self._passages.underway.context(key)
            self._serving.values.put(context, "report", report[0], report[1])
            self._passages.complete(key, again=element.repeats)
            self._passages.go()
        self._serving.settle()
        self._open = dict(self._passages.underway.open())

    def look_again(self) -> None:
        """Note what is waited for in a state that was put together anew (`moving`)."""
        self._passages.look_again()
        self._serving.settle()
        self._open = dict(self._passages.underway.open())
        self._changed = True

    def _answered(self, open_now: dict[str, str]) -> tuple[str, list[Any]] | None:
        """Find a report that is here and asked for."""
        for report in self._early:
            for key, name in open_now.items():
                if self._elements[name].message == report[0]:
                    return key, report
        return None

    # The result

    def step(self) -> intents.Step:
        """Give the result; where nothing changed, the state is the one that was given."""
        state = self._state() if self._changed or self._old is None else self._old
        return intents.Step(
            state=state,
            intents=tuple(self._serving.intents),
            finished=state["finished"],
            waiting=tuple(state["open"]),
            outcome=state["outcome"],
        )

    def _state(self) -> dict[str, Any]:
        serving = self._serving
        return {
            "format": intents.FORMAT,
            "engine": ENGINE,
            **self._passages.as_state(),
            **serving.values.as_state(),
            "outcome": serving.outcome,
            "open": self._open,
            "timers": {key: at for key, at in serving.timers.items() if key in self._open},
            "cycles": serving.cycles,
            "decided": serving.decided,
            "early": self._early,
            "heard": self._heard,
        }


_EVENT_KINDS: dict[type, str] = {
    intents.PaymentSettled: "collect",
    intents.Delivered: "deliver",
    intents.DocumentWritten: "write",
    intents.TaskCompleted: "ask",
    intents.TimerDue: "timer",
    intents.Signed: "sign",
    intents.Refunded: "refund",
}
