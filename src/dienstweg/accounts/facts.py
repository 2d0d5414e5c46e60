"""What has happened to the staff of an authority."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dienstweg.events.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesChanged(Fact):
    """Somebody left a team or may do less at the authority; what they had to do is to be given."""

    name: ClassVar[str] = "staff.roles_changed"

    account_id: UUID
