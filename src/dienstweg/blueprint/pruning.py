"""Forgets what is over in the engine's tree of a level, so that a state does not grow with time.

The engine keeps every task that a token has ever passed. What goes on needs only the tasks that
are not finished, the activity whose borders still wait, and where a token at a join came from.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from .joins import Inclusive, Parallel

FEW = 20
"""Tasks below which a tree is left as it is."""


def prune(workflow: Any) -> None:
    """Take out of the tree what nothing needs; its children go to the next task above that stays.

    Only between two steps, when no task is ready to be run.
    """
    needed, root = _needed(workflow), workflow.task_tree
    for task in list(workflow.tasks.values()):
        if task.id in needed:
            continue
        above = workflow.tasks[task._parent]
        place = above._children.index(task.id)
        if isinstance(above.task_spec, BoundaryEventSplit):
            # Its children are the activity and its borders only: the engine counts on that.
            above._children.pop(place)
            above = root
            above._children.extend(task._children)
        else:
            above._children[place : place + 1] = task._children
        for child in task._children:
            workflow.tasks[child]._parent = above.id
        del workflow.tasks[task.id]


def _needed(workflow: Any) -> set[Any]:
    found = {workflow.task_tree.id}
    for task in workflow.tasks.values():
        if task.has_state(TaskState.FINISHED_MASK) or _spent(task):
            continue
        found.add(task.id)
        if isinstance(task.task_spec, Parallel | Inclusive):
            found.add(task._parent)
    for task in workflow.tasks.values():
        if isinstance(task.task_spec, BoundaryEventSplit) and found & set(task._children):
            found.add(task.id)
            found |= {child.id for child in task.children if not _has_come(child)}
    return found


def _has_come(task: Any) -> bool:
    """Say whether a task is an event that came beside an activity that goes on."""
    spec = task.task_spec
    gentle = isinstance(spec, BoundaryEvent) and not spec.cancel_activity
    return bool(gentle and task.has_state(TaskState.FINISHED_MASK))


def _spent(task: Any) -> bool:
    """Say whether a task only waits for the activity beside which an event has come."""
    if not isinstance(task.task_spec, BoundaryEventJoin) or task.has_state(
        TaskState.PREDICTED_MASK
    ):
        return False
    return _has_come(task.parent)
