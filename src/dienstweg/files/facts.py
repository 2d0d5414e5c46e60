"""What has happened to files."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dienstweg.events.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReleased(Fact):
    """The scanner found nothing: the file of this draft or case (``owner_id``) may be read."""

    name: ClassVar[str] = "file.released"

    owner_id: UUID
    file_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRefused(Fact):
    """The scanner found malware in the file of this draft or case; its content is deleted."""

    name: ClassVar[str] = "file.refused"

    owner_id: UUID
    file_id: UUID
