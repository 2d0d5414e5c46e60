"""Reads: where the process of a case stands."""

from uuid import UUID

from dienstweg.processes.models import Conduct


def waiting_for(case_id: UUID) -> list[str]:
    """Return the keys that the process of a case waits for; empty when it has ended."""
    waiting = Conduct.objects.filter(id=case_id).values_list("waiting", flat=True).first()
    return list(waiting or [])


def has_begun(case_id: UUID) -> bool:
    """Tell whether the process of a case has taken its first step."""
    return Conduct.objects.filter(id=case_id).exists()
