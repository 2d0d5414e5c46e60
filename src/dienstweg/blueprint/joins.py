"""Joins of the engine that hold what BPMN says: one token from each arrow, in loops as well.

SpiffWorkflow 3.2 counts a token of an earlier round once more when a parallel join lies in a loop,
and asks only the first of several ways back for an inclusive one. A token that arrives simply
waits here as a task of the gateway, until it is taken together with the others.
"""

from collections import deque
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.util.task import TaskState


class Parallel(ParallelGateway):  # type: ignore[misc]  # the engine has no types
    """Goes on when a token waits on every incoming arrow; more than one on an arrow stay."""

    def _update_hook(self, my_task: Any) -> bool:
        if len(self.inputs) < 2:
            return True
        waiting = _waiting(my_task.workflow, self, besides=my_task)
        own = my_task.parent.task_spec.name
        others = [waiting.get(each.name) for each in self.inputs if each.name != own]
        if any(each is None for each in others):
            _wait(my_task)
            return False
        for task in others:
            _take(task)
        return True

    def _run_hook(self, my_task: Any) -> bool:
        return True


class Inclusive(InclusiveGateway):  # type: ignore[misc]  # the engine has no types
    """Goes on when no token is under way any more that could come on another arrow."""

    def _update_hook(self, my_task: Any) -> bool:
        if len(self.inputs) < 2:
            return True
        _wait(my_task)
        return False

    def _predict_hook(self, my_task: Any) -> None:
        my_task._sync_children(self.outputs, TaskState.MAYBE)

    def _run_hook(self, my_task: Any) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


def merge(workflow: Any) -> bool:
    """Let an inclusive join go on that has all it can get, once nothing else moves."""
    live = [
        task
        for task in workflow.get_tasks(
            state=TaskState.READY | TaskState.STARTED | TaskState.WAITING
        )
        if not task.has_state(TaskState.PREDICTED_MASK)
    ]
    for place, task in enumerate(live):
        spec = task.task_spec
        if not isinstance(spec, Inclusive) or any(each.task_spec is spec for each in live[:place]):
            continue
        arrived = _waiting(workflow, spec)
        if not _more_may_come(spec, set(arrived), live):
            for other in arrived.values():
                if other is not task:
                    _take(other)
            task._ready()
            return True
    return False


def _more_may_come(spec: Any, arrived: set[str], live: list[Any]) -> bool:
    """Say whether a token elsewhere can reach an arrow without a token, and none that has one.

    BPMN 2.0, section 13.4.3 (inclusive gateway).
    """
    empty = _leading_to(spec, {each.name for each in spec.inputs} - arrived)
    full = _leading_to(spec, arrived)
    return any(
        task.task_spec.name in empty and task.task_spec.name not in full
        for task in live
        if task.task_spec is not spec
    )


def _leading_to(spec: Any, inputs: set[str]) -> set[str]:
    """Give the names from which a way leads to one of the inputs without passing the gateway."""
    found: set[str] = set()
    pending = deque(each for each in spec.inputs if each.name in inputs)
    while pending:
        each = pending.popleft()
        if each is not spec and each.name not in found:
            found.add(each.name)
            pending.extend(each.inputs)
    return found


def _waiting(workflow: Any, spec: Any, besides: Any = None) -> dict[str, Any]:
    """Give one waiting token for each arrow: the name of where it came from -> task."""
    found: dict[str, Any] = {}
    for task in workflow.get_tasks(state=TaskState.WAITING):
        if task.task_spec is spec and task is not besides:
            found.setdefault(task.parent.task_spec.name, task)
    return found


def _wait(task: Any) -> None:
    if task.state != TaskState.WAITING:
        task._set_state(TaskState.WAITING)


def _take(task: Any) -> None:
    """Take a token that goes on as part of another."""
    task._drop_children(force=True)
    task._set_state(TaskState.COMPLETED)
