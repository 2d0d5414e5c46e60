"""What stands around a rehearsed case: its clock, its data, legal periods, people with a part.

And the words with which an acceptance case says what happens, turned into events of the process.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import catching, deadlines, intents, parties, timers
from dienstweg.blueprint.bpmn import Element, awaited
from dienstweg.blueprint.timers import LOCAL

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

NUMBER = "MUS-0000-0000-0"
"""The number of a case that never was."""
Words = Mapping[str, Any]


class Impossible(Exception):
    """The process cannot take the event that the case names."""


class Stage:
    """The surroundings of one case; time goes forwards only."""

    def __init__(
        self, release: "Release", application: dict[str, Any], *, today: date, land: str = ""
    ) -> None:
        self.release, self.application, self.today, self.land = release, application, today, land
        self.now = datetime.combine(today, time(10), LOCAL)
        self.submitted_at = self.now.isoformat()
        self._answers: dict[str, str] = {}
        self._rules = deadlines.rules(release)
        self._periods = {
            name: deadlines.begin(rule, submitted_at=self.now, land=land)
            for name, rule in self._rules.items()
        }

    @property
    def facts(self) -> dict[str, Any]:
        """Give what a process sees of its case besides the application."""
        return {
            "case_number": NUMBER,
            "submitted_at": self.submitted_at,
            "land": self.land,
            "parties": self._people(),
            "deadlines": deadlines.facts(self._periods.values()),
        }

    def _people(self) -> list[dict[str, str]]:
        release, application = self.release, self.application
        return [
            {
                "id": f"{role}-{number}",
                "role": role,
                "name": person.name,
                "state": "done" if role in self._answers else "invited",
                "answer": self._answers.get(role, ""),
                "reason": "",
            }
            for role in parties.roles(release)
            if parties.applies(release, role, application, self.today)
            for number, person in enumerate(
                parties.people(release, role, application, self.today), 1
            )
        ]

    def move(self, moment: datetime) -> None:
        """Let time go on; legal periods whose end it passes end."""
        self.now = max(self.now, moment)
        self._periods = {
            name: deadlines.pass_by(self._rules[name], each, now=self.now)
            for name, each in self._periods.items()
        }

    def decided(self, task: str, outcome: str) -> None:
        """Note a caseworker's outcome: it may say that nothing is missing."""
        self._periods = {
            name: deadlines.confirm(self._rules[name], each, task=task, outcome=outcome)
            for name, each in self._periods.items()
        }

    def concluded(self, step: intents.Step) -> None:
        """Note what a step does: it may be what a legal period is for."""
        self._periods = {
            name: deadlines.meet(each, now=self.now)
            if deadlines.is_met(self._rules[name], step, self.release)
            else each
            for name, each in self._periods.items()
        }

    def stand_still(self, name: str) -> None:
        """Let a legal period stand still."""
        self._periods[name] = deadlines.suspend(self._period(name), now=self.now)

    def run_again(self, name: str) -> None:
        """Let a legal period run again."""
        rule, period = self._rules.get(name), self._period(name)
        if rule is not None:
            self._periods[name] = deadlines.resume(rule, period, now=self.now, land=self.land)

    def _period(self, name: str) -> deadlines.Standing:
        if name not in self._periods:
            message = f"Die Frist {name} gibt es nicht."
            raise Impossible(message)
        return self._periods[name]

    def answered(self, answers: Mapping[str, Any]) -> None:
        """Let all parties of a role have answered; raises `Impossible` for what there is not."""
        for role, answer in answers.items():
            declared = parties.role(self.release, role)
            asked = declared.asks if declared is not None else ()
            if not any(answer in parties.ANSWERS[what] for what in asked):
                message = f"Beteiligte „{role}“ können nicht „{answer}“ antworten."
                raise Impossible(message)
            self._answers[role] = str(answer)

    def correct(self, changes: Mapping[str, Any]) -> None:
        """Let a new version of the application come: what is named is changed, the rest stays."""
        self.application = _changed(self.application, changes)


class Happening:
    """Turns the words of a case into events, by what its process waits for."""

    def __init__(self, stage: Stage, waiting: Callable[[], dict[str, str]]) -> None:
        self._stage, self._waiting = stage, waiting
        self._elements: dict[str, Element] = stage.release.process.diagram.elements
        self._news = 0
        self._words: dict[str, Callable[[Words], intents.Event]] = {
            "payment": lambda words: intents.PaymentSettled(
                self._key("collect", words), str(words["payment"])
            ),
            "delivery": lambda words: intents.Delivered(self._key("deliver", words), "EMPFANG-1"),
            "refunded": lambda words: intents.Refunded(self._key("refund", words)),
            "signed": lambda words: intents.Signed(
                self._key("sign", words), "signed" if words["signed"] else "declined"
            ),
            "refused": self._refused,
            "task": self._task,
            "report": self._report,
            "corrected": self._corrected,
            "signal": self._signal,
            "suspended": self._suspended,
            "resumed": self._resumed,
            "withdrawn": lambda _words: intents.Withdrawn(),
        }

    def event(self, words: Words, timers_set: Mapping[str, str]) -> intents.Event:
        """Give the event; moves the clock where the words say so. Raises `Impossible`."""
        if "after" in words:
            self._stage.move(timers.due(str(words["after"]), now=self._stage.now))
        if isinstance(words.get("answers"), Mapping):
            self._stage.answered(words["answers"])
        if "timer" in words:
            return self._timer(words, timers_set)
        for word, made in self._words.items():
            if words.get(word) is not None:
                return made(words)
        message = f"Das Ereignis {sorted(words)} gibt es nicht."
        raise Impossible(message)

    def word(self, key: str) -> str:
        """Give the word for what is waited for under a key."""
        return awaited(self._elements[self._waiting()[key]])

    def _key(self, word: str, words: Words, named: str = "of") -> str:
        """Find what waits for a kind of event, at an element if the case names one.

        `item` is the number of an entry of a list, counted from 0, or a list of such numbers.
        """
        element = words.get(named)
        for key, name in self._waiting().items():
            if self.word(key) == word and element in (None, key, name) and _is_of(key, words):
                return key
        message = f"Auf {element or word} wird nicht gewartet."
        raise Impossible(message)

    def _refused(self, words: Words) -> intents.Event:
        code = str(words["refused"])
        for intent, codes in catching.CODES.items():
            if code in codes:
                return intents.Refused(self._key(intent, words), code)
        message = f"Den Fehler {code} gibt es nicht."
        raise Impossible(message)

    def _task(self, words: Words) -> intents.Event:
        key, outcome = self._key("ask", words, "task"), str(words.get("outcome"))
        self._stage.decided(self._waiting()[key], outcome)
        data, reason = dict(words.get("data") or {}), str(words.get("reason") or "")
        return intents.TaskCompleted(key, outcome, data, reason)

    def _report(self, words: Words) -> intents.Event:
        data = dict(words.get("data") or {})
        return intents.Reported(str(words["report"]), data, self._new("report"))

    def _signal(self, words: Words) -> intents.Event:
        data = dict(words.get("data") or {})
        return intents.Signalled(str(words["signal"]), data, self._new("signal"))

    def _corrected(self, words: Words) -> intents.Event:
        changes = words["corrected"]
        self._stage.correct(changes if isinstance(changes, Mapping) else {})
        return intents.Corrected(self._new("corrected"))

    def _suspended(self, words: Words) -> intents.Event:
        self._stage.stand_still(str(words["suspended"]))
        return intents.Suspended(str(words["suspended"]))

    def _resumed(self, words: Words) -> intents.Event:
        self._stage.run_again(str(words["resumed"]))
        return intents.Resumed(str(words["resumed"]))

    def _timer(self, words: Words, timers_set: Mapping[str, str]) -> intents.Event:
        key = self._key("timer", words, "timer")
        if key not in timers_set:
            message = f"Der Timer {key} läuft nicht."
            raise Impossible(message)
        due = datetime.fromisoformat(timers_set[key])
        if "after" in words and due > self._stage.now:
            # A case that says when it happens notices a period that has become longer.
            message = f"Der Timer {key} läuft erst am {due.astimezone(timers.LOCAL):%d.%m.%Y} ab."
            raise Impossible(message)
        self._stage.move(due)
        return intents.TimerDue(key)

    def _new(self, word: str) -> str:
        self._news += 1
        return f"{word}-{self._news}"


def _is_of(key: str, words: Words) -> bool:
    """Say whether a key is that of the entry which the words name, if they name one."""
    item = words.get("item")
    if item is None:
        return True
    places = item if isinstance(item, list) else [item]
    ending = "".join(f"@{place}" for place in places)
    return key.partition("#")[0].endswith(ending)


def _changed(before: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change what is named, in objects inside of objects as well; lists are replaced whole."""
    found = dict(before) if isinstance(before, Mapping) else {}
    for name, value in changes.items():
        inner = isinstance(value, Mapping)
        found[name] = _changed(found.get(name), value) if inner else value
    return found
