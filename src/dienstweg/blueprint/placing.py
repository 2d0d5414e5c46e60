"""Puts tokens of a level in their places, as if they had come there by themselves.

For a case that is moved to another release: the engine's tree is made anew around what waits.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from .conduct import Activity, Carrier, Conduct
from .joins import Inclusive, Parallel


class Placing(Conduct):
    """One level of one case that is put together anew."""

    @classmethod
    def bare(cls, spec: Any, carrier: Carrier) -> "Placing":
        """Give a level on which nothing has happened and nothing waits yet."""
        return cls(spec, carrier, [[-1, spec.start.name, TaskState.COMPLETED, 0, None, False]])

    def place(self, element: str) -> None:
        """Put a token before an element: `run` lets it wait there, with what is on its border."""
        specs = self._workflow.spec.task_specs
        spec = specs.get(f"{element}.BoundaryEventSplit") or specs[element]
        task = self._workflow.task_tree._add_child(spec, TaskState.FUTURE)
        spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
        spec._update(task)

    def wait_at(self, join: str, source: str) -> None:
        """Put a token that came from an element at a join, where it waits for the others."""
        spec = self._workflow.spec.task_specs[join]
        way = next(each for each in spec.inputs if _base(each) == source)
        came = self._workflow.task_tree._add_child(way, TaskState.COMPLETED)
        came._add_child(spec, TaskState.WAITING)

    def keep(self, waits: Mapping[str, str]) -> None:
        """Let events wait under the keys that they have had before; `waits` is key -> element."""
        left = list(waits.items())
        for task in self._open():
            if isinstance(task.task_spec, Activity):
                continue
            for element in self._awaited(task):
                found = next((each for each in left if each[1] == element), None)
                if found is not None:
                    left.remove(found)
                    task.internal_data.setdefault("keys", {})[element] = found[0]

    def at_joins(self) -> list[tuple[str, str]]:
        """Give the tokens that wait for others: the gateway, and the element they came from."""
        return [
            (task.task_spec.name, _base(task.parent.task_spec))
            for task in self._workflow.get_tasks(state=TaskState.WAITING)
            if isinstance(task.task_spec, Parallel | Inclusive)
        ]

    def disarm(self, element: str) -> None:
        """Let an event on a border wait no more, as if it had come before."""
        for task in self._workflow.get_tasks(state=TaskState.WAITING):
            if task.task_spec.name == element:
                task._drop_children(force=True)
                task._set_state(TaskState.CANCELLED)


def _base(spec: Any) -> str:
    """Give the element that a task of the engine's own belongs to."""
    return str(spec.name).partition(".BoundaryEvent")[0]
