"""What the engine does at every task and nobody here asks for: left out, since every step pays.

It stamps, names, describes for a log and foresees far ahead. A stamp is used only to sort, so that
a counter does as well, and a step stays pure. What is foreseen is looked at by nobody: a task's
next ones are made when a token comes to it. A new release of the engine has to be looked at here.
"""

import itertools
import logging
from typing import Any

from SpiffWorkflow import task as spiff_task
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


class _Order:
    """Stands where the engine would read the system clock to stamp a change of state."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1_000_000)

    def time(self) -> int:
        """Give the next number."""
        return next(self._numbers)


_order, _numbers = _Order(), itertools.count(1_000_000)
ENGINES_OWN = {"ready": Task._ready, "predict": TaskSpec._predict}
"""How the engine foresees by itself."""


def _set_state(task: Any, value: int) -> None:
    """Set a task's state, without a line for a log."""
    if value != task._state:
        task.last_state_change = _order.time()
        task._state = value


def _predict(
    spec: Any,
    task: Any,
    _seen: list[Any] | None = None,
    _looked_ahead: int = 0,
    mask: int = TaskState.PREDICTED_MASK,
) -> None:
    """Foresee what comes next after a task, and not what comes after that."""
    if task.has_state(mask):
        spec._predict_hook(task)


def _ready(task: Any) -> None:
    """Make a task ready, after what comes next of which nobody has foreseen."""
    if not task._children:
        task.task_spec._predict_hook(task)
    ENGINES_OWN["ready"](task)


def leave_out() -> None:
    """Let the engine do without all this from now on."""
    spiff_task.time = _order
    spiff_task.uuid4 = lambda: next(_numbers)  # names a task as long as a step takes, as rows do
    Task.collect_log_extras = lambda *_more: {}  # else the data of every task
    for name in ("spiff.task", "spiff.workflow"):
        logging.getLogger(name).setLevel(logging.WARNING)
    Task._set_state = _set_state
    Task._ready = _ready
    TaskSpec._predict = _predict
