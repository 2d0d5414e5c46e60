"""Reads: where the process of a case stands."""

from uuid import UUID

from dienstweg.processes.models import Conduct


def has_begun(case_id: UUID) -> bool:
    """Tell whether the process of a case has taken its first step."""
    return Conduct.objects.filter(id=case_id).exists()
