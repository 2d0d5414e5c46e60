"""The shape of a fact: what every room's ``facts.py`` builds on."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened, in the past tense; holds ids and words of our own only."""

    name: ClassVar[str]

    authority_id: UUID
    case_id: UUID | None = None

    def data(self) -> Mapping[str, Any]:
        """Return all but the authority and the case, as JSON."""
        own = (one.name for one in fields(self) if one.name not in {"authority_id", "case_id"})
        return {name: _plain(getattr(self, name)) for name in own}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
