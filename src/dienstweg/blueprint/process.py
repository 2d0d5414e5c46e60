"""The process of a case as a pure step: (state, what happened, now) -> (state, what to do).

Whoever conducts a case stores the state and carries out the intents; nothing here knows how. A
step can be repeated: the same event changes nothing a second time, and an intent's key is the same
however often the step is made.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import bpmn, bpmn_reading, catching, conduct, process_expressions, soundness
from .expressions import Expression, compile_expression
from .intents import (
    FORMAT,
    Ask,
    Close,
    Collect,
    Corrected,
    Deliver,
    Delivered,
    DocumentWritten,
    Event,
    Intent,
    Invite,
    NoLongerWait,
    PaymentSettled,
    Refund,
    Refunded,
    Refused,
    Reported,
    Resumed,
    Sign,
    Signalled,
    Signed,
    Step,
    Stuck,
    Submitted,
    Suspended,
    TaskCompleted,
    Tell,
    TimerDue,
    UnknownState,
    Wait,
    Withdrawn,
    Write,
)
from .ledger import Ledger
from .picture import draw
from .problems import Files, Invalid, Problem, errors
from .state_upgrade import upgraded

if TYPE_CHECKING:
    from .release import Release

__all__ = [
    "FORMAT",
    "Ask",
    "Close",
    "Collect",
    "Corrected",
    "Deliver",
    "Delivered",
    "DocumentWritten",
    "Event",
    "Intent",
    "Invite",
    "NoLongerWait",
    "PaymentSettled",
    "Process",
    "Refund",
    "Refunded",
    "Refused",
    "Reported",
    "Resumed",
    "Sign",
    "Signalled",
    "Signed",
    "Step",
    "Stuck",
    "Submitted",
    "Suspended",
    "TaskCompleted",
    "Tell",
    "TimerDue",
    "UnknownState",
    "Wait",
    "Withdrawn",
    "Write",
    "catches",
    "check",
    "parse",
    "passed",
    "picture",
    "step",
]


@dataclass(frozen=True, slots=True)
class Process:
    """A process ready to be conducted: the diagram, the engine's specifications by level, CEL."""

    diagram: bpmn.Diagram
    specs: dict[str, Any]
    expressions: dict[str, Expression]


def parse(files: Files) -> Process:
    """Read and compile the process of a blueprint; raises `Invalid`."""
    made, problems = _compiled(files)
    if made is None or errors(problems):
        raise Invalid(problems)
    return made


def check(files: Files) -> list[Problem]:
    """Say what is wrong with a blueprint's process: its elements, its paths, what it refers to."""
    return _compiled(files)[1]


def _compiled(files: Files) -> tuple[Process | None, list[Problem]]:
    content = files.get(bpmn.FILE)
    if content is None:
        return None, [Problem("file-missing", "Der Ablauf process.bpmn fehlt.", file=bpmn.FILE)]
    diagram, problems = bpmn_reading.read(content)
    if diagram is None:
        return None, problems
    problems = problems + soundness.check(diagram, files)
    if errors(problems):
        return None, problems
    try:
        specs = conduct.specifications(diagram)
    except Exception as error:  # whatever the engine has to say: it must not end the check
        text = re.sub(r"\s+", " ", str(error))[:300]
        message = f"Der Ablauf lässt sich nicht laden: {text}"
        return None, [*problems, Problem("bpmn-engine", message, file=bpmn.FILE)]
    expressions = {
        text: compile_expression(text) for _, text, _ in process_expressions.expressions(diagram)
    }
    return Process(diagram, specs, expressions), problems


def step(
    release: "Release",
    state: dict[str, Any] | None,
    event: Event,
    *,
    application: dict[str, Any],
    facts: Mapping[str, Any],
    now: datetime,
) -> Step:
    """Let a case's process take note of an event and go on until it waits again.

    `state` is None before the first step, and may be of an earlier format. `facts` are case_number
    and submitted_at (ISO time), and as far as the process asks for them land ("NW"), parties (a
    list of id, role, name, state) and deadlines (name -> due, an ISO time, and state). The
    `application` is the data as it was submitted last. Pure: nothing is read but the arguments.
    Raises `Stuck` and `UnknownState`; the given state is never changed.
    """
    kept = None if state is None else upgraded(state, release.process.diagram)
    ledger = Ledger(release, kept, application=application, facts=facts, now=now)
    if ledger.heed(event):
        ledger.go_on()
    return ledger.step()


def heard(release: "Release", state: dict[str, Any]) -> frozenset[str]:
    """Give the names of the messages that a stored process waits for: backoffice.decided."""
    elements = release.process.diagram.elements
    waited = (elements[each].message for each in state["open"].values() if each in elements)
    return frozenset(name for name in waited if name)


def catches(release: "Release", element: str, code: str) -> bool:
    """Say whether a process has a way for an error such as delivery.refused at an element.

    Where it has none, `Refused` changes nothing: a person has to see to it.
    """
    return catching.catches(release.process.diagram, element, code)


def passed(release: "Release", state: dict[str, Any]) -> frozenset[str]:
    """Give the ids of the elements and flows that a stored process has passed."""
    process = release.process
    kept = upgraded(state, process.diagram)
    found = set(kept["passed"])
    for each in kept["passages"].values():
        running = conduct.Conduct(process.specs[each["level"]], conduct.Idle(), each["rows"])
        found |= running.passed(process.diagram)
    return frozenset(found)


def picture(release: "Release", state: dict[str, Any] | None = None) -> str:
    """Draw the process as SVG; with a state, what waits and what has been passed stands out."""
    marked = passed(release, state) if state else frozenset()
    waiting = frozenset(state["open"].values()) if state else frozenset()
    return draw(release.process.diagram, passed=marked, waiting=waiting)
