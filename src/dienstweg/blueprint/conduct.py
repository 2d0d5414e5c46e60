"""Drives SpiffWorkflow on one flat level: our own activities and events, joins and a small state.

The engine keeps the tokens; everything it would look up by itself (the time, scripts, data) is
taken from it. Task data stays empty: what a process knows stands in `Values`, which is why a step
costs no copying of the application from task to task. What is nested, repeated, thrown or undone
is conducted by `passages`, one `Conduct` for each level that is under way.
"""

from collections.abc import Iterator
from typing import Any, Protocol

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    IntermediateCatchEventParser,
    ReceiveTaskParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EventBasedGateway,
    IntermediateCatchEvent,
    ReceiveTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.version import __version__ as spiff_version

from . import lean
from .bpmn import Diagram
from .joins import Inclusive, Parallel, merge
from .level import Level
from .pruning import FEW, prune
from .reduced import reduced

lean.leave_out()
ENGINE = f"SpiffWorkflow {spiff_version}"
Row = list[Any]


class Carrier(Protocol):
    """What the engine needs from whoever conducts a level."""

    def decide(self, condition: str, element: str) -> bool:
        """Answer the condition of an arrow that leaves an element."""

    def carry_out(self, element: str) -> str | None:
        """Begin an activity; give the key it waits under, or None where it is done at once."""

    def name(self, element: str) -> str:
        """Give the key of an event that is waited for from now on."""

    def count(self) -> None:
        """Take note that an element is passed; raises where there have been too many."""


class Idle:
    """A carrier for looking at a level without moving it: nothing is ever asked of it."""

    def decide(self, condition: str, element: str) -> bool:
        """Never asked while nothing moves."""
        raise AssertionError(condition, element)

    def carry_out(self, element: str) -> str | None:
        """Never asked while nothing moves."""
        raise AssertionError(element)

    def name(self, element: str) -> str:
        """Never asked while nothing moves."""
        raise AssertionError(element)

    def count(self) -> None:
        """Never asked while nothing moves."""
        raise AssertionError


class Activity(BpmnSpecMixin):  # type: ignore[misc]  # the engine has no types
    """A task of any kind: begun when a token arrives, done when its event has come."""

    def _run_hook(self, my_task: Any) -> bool | None:
        key = my_task.workflow.script_engine.carrier.carry_out(self.bpmn_id)
        if key is None:
            return True
        my_task.internal_data["key"] = key
        return None


class Awaited(EventDefinition):  # type: ignore[misc]  # the engine has no types
    """An event that we wait for ourselves: a timer or a report, named by its element."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Awaited) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


class _CatchParser(IntermediateCatchEventParser):  # type: ignore[misc]  # no types
    def get_event_definition(self, _paths: list[str]) -> Awaited:
        """Replace the engine's timers and messages by ours."""
        return Awaited(self.bpmn_id)


class _BoundaryParser(BoundaryEventParser):  # type: ignore[misc]  # no types
    def get_event_definition(self, _paths: list[str]) -> Awaited:
        """Replace the engine's timers and messages by ours."""
        return Awaited(self.bpmn_id)


class _ReceiveParser(ReceiveTaskParser):  # type: ignore[misc]  # no types
    def create_task(self) -> Any:
        """Make a receive task that waits for a report."""
        return self._create_task(Awaited(self.bpmn_id))


class _Parser(BpmnParser):  # type: ignore[misc]  # no types
    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012 - the engine's own interface
        full_tag("serviceTask"): (TaskParser, Activity),
        full_tag("receiveTask"): (_ReceiveParser, ReceiveTask),
        full_tag("intermediateCatchEvent"): (_CatchParser, IntermediateCatchEvent),
        full_tag("boundaryEvent"): (_BoundaryParser, BoundaryEvent),
        full_tag("parallelGateway"): (GatewayParser, Parallel),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, Inclusive),
    }


class _Engine:
    """Stands where the engine would evaluate Python: passes everything on to the carrier."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier

    def evaluate(self, task: Any, condition: str, external_context: Any = None) -> bool:
        """Answer a condition in CEL."""
        return self.carrier.decide(condition, task.task_spec.bpmn_id)


def specifications(diagram: Diagram) -> dict[str, Any]:
    """Let the engine read each level of a process that was found to be sound."""
    found = {}
    for level in diagram.levels:
        parser = _Parser()
        parser.add_bpmn_xml(reduced(diagram, level), "process.bpmn")
        found[level] = parser.get_spec(level)
    return found


class Conduct:
    """One level of one case inside the engine, made from and kept as plain JSON rows.

    A row is [parent, element, state, order, key, triggered].
    """

    def __init__(self, spec: Any, carrier: Carrier, rows: list[Row] | None) -> None:
        self._carrier = carrier
        engine = _Engine(carrier)
        if rows is None:
            self._workflow = Level(spec, script_engine=engine)
        else:
            self._workflow = Level(spec, script_engine=engine, deserializing=True)
            self._restore(spec, rows)

    @property
    def finished(self) -> bool:
        """Whether every path has come to an end."""
        return bool(self._workflow.is_completed())

    def run(self) -> None:
        """Go on until every path waits."""

        def count(_task: Any) -> None:
            self._carrier.count()

        self._workflow.do_engine_steps(will_complete_task=count)
        while merge(self._workflow):
            self._workflow.do_engine_steps(will_complete_task=count)

    def waiting(self) -> dict[str, str]:
        """Give what is waited for: key -> element, in a stable order.

        Events get their key here, because the engine only notes that it waits.
        """
        found: dict[str, str] = {}
        for task in self._open():
            spec = task.task_spec
            if isinstance(spec, Activity):
                found[task.internal_data["key"]] = spec.bpmn_id
                continue
            keys = task.internal_data.setdefault("keys", {})
            for element in self._awaited(task):
                if element not in keys:
                    keys[element] = self._carrier.name(element)
                found[keys[element]] = element
        return found

    def complete(self, key: str, *, again: bool = False) -> None:
        """Let what waits under `key` go on; `again`: an event that is waited for once more."""
        for task in self._open():
            if task.internal_data.get("key") == key:
                task.complete()
                return
            for element, given in task.internal_data.get("keys", {}).items():
                if given == key:
                    self._come(task, element, again=again)
                    return

    def _come(self, task: Any, element: str, *, again: bool) -> None:
        task.internal_data.pop("keys")
        task.task_spec.catch(task, BpmnEvent(Awaited(element)))
        task.task_spec._update(task)
        if again:
            fresh = task.parent._add_child(task.task_spec, TaskState.WAITING)
            fresh.task_spec._predict(fresh, mask=TaskState.NOT_FINISHED_MASK)

    def border(self, key: str) -> dict[str, str]:
        """Give the events on the border of what waits under a key: element -> key."""
        for task in self._open():
            if task.internal_data.get("key") == key or (
                key in task.internal_data.get("keys", {}).values()
            ):
                split = task.parent
                if not isinstance(split.task_spec, BoundaryEventSplit):
                    return {}
                return {
                    element: given
                    for each in split.children
                    if each is not task and each.has_state(TaskState.WAITING)
                    for element, given in each.internal_data.get("keys", {}).items()
                }
        return {}

    def cancel(self) -> None:
        """End everything."""
        self._workflow.cancel()

    def forget(self, diagram: Diagram) -> set[str]:
        """Forget what is over, if there is much; give what was passed and is not seen any more."""
        if len(self._workflow.tasks) <= FEW:
            return set()
        before = self.passed(diagram)
        prune(self._workflow)
        return before - self.passed(diagram)

    def rows(self) -> list[Row]:
        """Give the tree as rows, parents before children, orders as ranks."""
        tasks: list[Any] = []
        pending = [self._workflow.task_tree]
        while pending:
            task = pending.pop()
            tasks.append(task)
            pending.extend(reversed(task.children))
        places = {task.id: place for place, task in enumerate(tasks)}
        ranks = {
            task.id: rank
            for rank, task in enumerate(sorted(tasks, key=lambda each: each.last_state_change))
        }
        return [
            [
                places.get(task._parent, -1),
                task.task_spec.name,
                task.state,
                ranks[task.id],
                task.internal_data.get("key") or task.internal_data.get("keys"),
                task.triggered,
            ]
            for task in tasks
        ]

    def passed(self, diagram: Diagram) -> set[str]:
        """Give the ids of the flows that tokens have taken, and of the elements reached."""
        reached: set[str] = set()
        pairs = {(flow.source, flow.target): flow.id for flow in diagram.flows.values()}
        for task in self._workflow.tasks.values():
            element = getattr(task.task_spec, "bpmn_id", None)
            if element not in diagram.elements or not self._happened(task, diagram):
                continue
            reached.add(element)
            before = self._before(task, diagram)
            if before is not None:
                reached.add(pairs.get((before.task_spec.bpmn_id, element), element))
        return reached

    def _happened(self, task: Any, diagram: Diagram) -> bool:
        """Tell a token that was there from one that the engine only foresees."""
        if task.has_state(TaskState.PREDICTED_MASK) or task.has_state(TaskState.FUTURE):
            return False
        if diagram.elements[task.task_spec.bpmn_id].kind == "boundaryEvent":
            return bool(task.has_state(TaskState.COMPLETED))
        before = self._before(task, diagram)
        return before is None or bool(before.has_state(TaskState.COMPLETED))

    @staticmethod
    def _before(task: Any, diagram: Diagram) -> Any:
        """Give the task of the element that a token came from; the engine adds some of its own."""
        before = task.parent
        while before is not None and (
            getattr(before.task_spec, "bpmn_id", None) not in diagram.elements
        ):
            before = before.parent
        return before

    def _open(self) -> Iterator[Any]:
        """Yield the tasks that wait for something from outside, in the order of the tree."""
        for task in self._workflow.get_tasks(state=TaskState.STARTED | TaskState.WAITING):
            started = task.has_state(TaskState.STARTED) and isinstance(task.task_spec, Activity)
            if started or (task.has_state(TaskState.WAITING) and self._awaited(task)):
                yield task

    @staticmethod
    def _awaited(task: Any) -> list[str]:
        """Give the elements of the events that a task waits for."""
        spec = task.task_spec
        if isinstance(spec, EventBasedGateway):
            return [each.name for each in spec.event_definition.event_definitions]
        definition = getattr(spec, "event_definition", None)
        return [definition.name] if isinstance(definition, Awaited) else []

    def _restore(self, spec: Any, rows: list[Row]) -> None:
        workflow = self._workflow
        tasks: list[Any] = []
        for place, (parent, name, value, order, key, triggered) in enumerate(rows, 1):
            task = Task(workflow, spec.task_specs[name], state=value, id=place)
            task.last_state_change = order
            task.triggered = triggered
            if isinstance(key, dict):
                task.internal_data["keys"] = dict(key)
            elif key:
                task.internal_data["key"] = key
            if parent >= 0:
                task._parent = parent + 1
                tasks[parent]._children.append(place)
            tasks.append(task)
        workflow.task_tree = tasks[0]
        workflow.completed = False
        workflow.last_task = None


def key_of(base: str, number: int) -> str:
    """Give the stable key of an intent: its base, and from the second time on its number."""
    return base if number == 1 else f"{base}#{number}"
