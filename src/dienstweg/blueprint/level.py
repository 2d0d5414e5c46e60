"""The engine's workflow for one flat level: it walks its tree without looking for nested ones.

The engine looks through its tree before and after every task. What is nested is no part of it here
(`passages` conducts that), so that a plain walk finds the same tasks in half the time of a step.
"""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState


class Level(BpmnWorkflow):  # type: ignore[misc]  # the engine has no types
    """One flat level of a process inside the engine."""

    completed: bool

    def get_tasks_iterator(self, first_task: Any = None, **wanted: Any) -> Iterator[Any]:
        """Yield tasks as the engine does; by the short way where only their state matters."""
        if first_task is None and wanted.keys() == {"state"}:
            return self._walk(wanted["state"])
        found: Iterator[Any] = super().get_tasks_iterator(first_task, **wanted)
        return found

    def update_waiting_tasks(self) -> None:
        """Let all tasks that wait look at where they stand."""
        for task in self._walk(TaskState.WAITING):
            task.task_spec._update(task)

    def is_completed(self) -> bool:
        """Say whether no task is unfinished."""
        done: bool = self.completed or next(self._walk(TaskState.NOT_FINISHED_MASK), None) is None
        self.completed = done
        return done

    def _walk(self, state: int) -> Iterator[Any]:
        """Yield the tasks in one of these states, parents first, while they may change.

        Below a task in an earlier state than the wanted ones there are none of them. Mostly there
        is one or none at all, and no order to find: a task changes only what is below it.
        """
        found = [task for task in self.tasks.values() if task._state & state]
        if len(found) <= 1:
            yield from found
            return
        earliest = TaskState.COMPLETED
        if state & TaskState.PREDICTED_MASK:
            earliest = TaskState.MAYBE
        elif state & TaskState.DEFINITE_MASK:
            earliest = TaskState.FUTURE
        tasks = self.tasks
        pending = [self.task_tree]
        while pending:
            task = pending.pop()
            if task._children and task._state >= earliest:
                pending.extend([tasks[child] for child in reversed(task._children)])
            if task._state & state:
                yield task
