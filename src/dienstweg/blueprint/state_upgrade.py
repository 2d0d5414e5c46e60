"""Brings a stored process state of an earlier format to today's, so that its case goes on.

Format 1 knew one flat level and kept the engine's tree of it; format 2 keeps one such tree for
each level that is under way.
"""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from .bpmn import Diagram
from .intents import FORMAT, UnknownState

_PARENT, _NAME, _STATE, _ORDER, _KEY = range(5)


def upgraded(state: dict[str, Any], diagram: Diagram) -> dict[str, Any]:
    """Give a stored state in today's format, itself unchanged; raises `UnknownState`."""
    if state.get("format") == FORMAT:
        return state
    if state.get("format") != 1:
        message = f"state of format {state.get('format')}"
        raise UnknownState(message)
    return _from_1(state, diagram)


def _from_1(state: dict[str, Any], diagram: Diagram) -> dict[str, Any]:
    rows = [list(row) for row in state["tasks"]]
    _joins(rows, diagram)
    passage = {
        "level": diagram.process_id,
        "in": None,
        "context": "",
        "rows": rows,
        "open": dict(state["open"]),
        "starts": {},
        "beside": [],
        "undo": [],
        "taken": False,
    }
    values = {**state["values"], "case": {}, "sign": {}, "written": state["written"], "keys": {}}
    return {
        "format": FORMAT,
        "engine": state["engine"],
        "passages": {"0": passage},
        "busy": {},
        "owners": {},
        "counts": state["counts"],
        "finished": state["finished"],
        "passed": [],
        "made": 1,
        "values": {**values, "keys": _keys(state, diagram)},
        "contexts": {},
        "outcome": state["outcome"],
        "open": state["open"],
        "timers": state["timers"],
        "cycles": {},
        "decided": state["decided"],
        "early": state["early"],
        "heard": state["heard"],
    }


def _keys(state: dict[str, Any], diagram: Diagram) -> dict[str, str]:
    """Give the last key of each element: its count says which one that is."""
    return {
        name: name if count == 1 else f"{name}#{count}"
        for name, count in state["counts"].items()
        if name in diagram.elements
    }


def _joins(rows: list[list[Any]], diagram: Diagram) -> None:
    """Let every token wait at its join: the engine's own joins let only the last one wait."""
    for name in {row[_NAME] for row in rows if row[_STATE] == TaskState.WAITING}:
        element = diagram.elements.get(name)
        if element is None or element.kind not in ("parallelGateway", "inclusiveGateway"):
            continue
        mine = [row for row in rows if row[_NAME] == name]
        passed = [row[_ORDER] for row in mine if row[_STATE] == TaskState.COMPLETED]
        for row in mine:
            came = rows[row[_PARENT]][_STATE] == TaskState.COMPLETED
            fresh = row[_ORDER] > max(passed, default=-1)
            if row[_STATE] == TaskState.CANCELLED and came and fresh:
                row[_STATE] = TaskState.WAITING
