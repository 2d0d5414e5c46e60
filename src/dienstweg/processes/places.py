"""The places that sealed values of processes are bound to, so that none can be moved elsewhere."""

from typing import Any
from uuid import UUID

from dienstweg.kernel import encryption
from dienstweg.processes.models import Conduct, Halt, Move


def state_place(authority_id: UUID, case_id: UUID) -> tuple[str, ...]:
    """Name the place the state of a case's process is bound to."""
    return (str(authority_id), "processes", str(case_id), "state")


def halt_place(row: Halt) -> tuple[str, ...]:
    """Name the place an event that could not be taken is bound to."""
    return (str(row.authority_id), "processes_halt", str(row.id), "sealed")


def move_place(row: Move) -> tuple[str, ...]:
    """Name the place the state before a move is bound to."""
    return (str(row.authority_id), "processes_move", str(row.id), "sealed")


def unsealed_state(key: bytes, conduct: Conduct) -> dict[str, Any]:
    """Return the state of a process; ``key`` is the case's."""
    place = state_place(conduct.authority_id, conduct.id)
    state: dict[str, Any] = encryption.unseal_json(key, bytes(conduct.state), *place)
    return state
