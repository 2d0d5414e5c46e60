"""What a process knows: results of its elements, outside and for each entry of a list.

Whatever happens while something is done for one entry of a list is known there by itself, so that
entries do not see one another's answers; outside, the last answer counts, and `task.<id>.all` has
them all. A context is named by its path, such as "umlauf@0/gutachten@1".
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .expressions import Surroundings
from .timers import LOCAL
from .when_asked import WhenAsked

WORDS = ("decision", "task", "payment", "delivery", "report", "case", "sign")
"""What expressions see of a process, by kind."""
_KEPT = (*WORDS, "written", "keys")


class Values:
    """The values of one case's process; changed in place, given back as plain JSON."""

    def __init__(self, state: dict[str, Any]) -> None:
        values = state.get("values", {})
        self.outside: dict[str, dict[str, Any]] = {
            word: dict(values.get(word, {})) for word in _KEPT
        }
        self.contexts: dict[str, dict[str, Any]] = {
            name: {**each, "values": {word: dict(v) for word, v in each["values"].items()}}
            for name, each in state.get("contexts", {}).items()
        }

    def enter(self, context: str, index: int, item: Any, restarted: list[str]) -> None:
        """Open a context for one entry; the first forgets what `restarted` tasks said before."""
        self.contexts[context] = {"index": index, "item": item, "values": {}}
        if index == 0:
            for outer in self._chain(context)[:-1]:
                for name in restarted:
                    outer.setdefault("task", {}).pop(name, None)

    def leave(self, contexts: list[str]) -> None:
        """Forget contexts."""
        for name in contexts:
            self.contexts.pop(name, None)

    def put(self, context: str, word: str, name: str, value: Any) -> None:
        """Keep a result in its context and in those around it."""
        for values in self._chain(context):
            values.setdefault(word, {})[name] = value

    def put_task(self, context: str, name: str, result: dict[str, Any]) -> None:
        """Keep what a person has decided; around an entry of a list also among all of them."""
        chain = self._chain(context)
        chain[-1].setdefault("task", {})[name] = result
        if len(chain) == 1:
            return
        here = self.contexts[context]
        places = [int(part.rpartition("@")[2]) for part in context.split("/")]
        for depth, values in enumerate(chain[:-1]):
            answer = {"index": here["index"], "at": places[depth:], "item": here["item"], **result}
            before = values.setdefault("task", {}).get(name, {}).get("all", [])
            others = [each for each in before if each["at"] != answer["at"]]
            every = sorted([*others, answer], key=lambda each: each["at"])
            values["task"][name] = {**result, "all": every}

    def put_empty(self, context: str, name: str) -> None:
        """Let a task that nobody is asked be known as one without answers."""
        self.put(context, "task", name, {"outcome": None, "reason": "", "data": {}, "all": []})

    def assign(self, context: str, name: str, value: Any) -> None:
        """Set a variable where it was set first, otherwise in the innermost context."""
        chain = self._chain(context)
        found = next((each for each in reversed(chain) if name in each.get("case", {})), chain[-1])
        found.setdefault("case", {})[name] = value

    def get(self, context: str, word: str, name: str) -> Any:
        """Look a value up, from the inside to the outside; None where there is none."""
        for values in reversed(self._chain(context)):
            if name in values.get(word, {}):
                return values[word][name]
        return None

    def known(self, context: str) -> dict[str, Any]:
        """Give what expressions, documents and messages may see of the process."""
        chain = self._chain(context)
        found: dict[str, Any] = {
            word: {name: value for values in chain for name, value in values.get(word, {}).items()}
            for word in WORDS
        }
        if context in self.contexts:
            found["item"] = self.contexts[context]["item"]
            found["index"] = self.contexts[context]["index"]
        return found

    def _chain(self, context: str) -> list[dict[str, Any]]:
        """Give the values from the outside to the inside."""
        parts = context.split("/") if context else []
        names = ["/".join(parts[: place + 1]) for place in range(len(parts))]
        found = [self.contexts[name]["values"] for name in names if name in self.contexts]
        return [self.outside, *found]

    def as_state(self) -> dict[str, Any]:
        """Give all this as plain JSON."""
        return {"values": self.outside, "contexts": self.contexts}


def surroundings(
    application: dict[str, Any], facts: Mapping[str, Any], known: dict[str, Any], lists: Any
) -> Surroundings:
    """Give what a CEL expression of a process can see; today is the day of submission."""
    submitted = datetime.fromisoformat(facts["submitted_at"])
    offered = {
        "data": application,
        "facts": facts,
        "deadlines": facts.get("deadlines", {}),
        **known,
    }
    seen = WhenAsked(offered, {"parties": lambda: facts.get("parties", [])})
    return Surroundings(seen, submitted.astimezone(LOCAL).date(), lists)
