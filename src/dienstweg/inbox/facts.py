"""What has happened to messages."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dienstweg.events.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Fact):
    """A message was put into the inbox of a case."""

    name: ClassVar[str] = "message.sent"

    message_id: UUID
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOpened(Fact):
    """The applicant has opened the messages of a case for the first time."""

    name: ClassVar[str] = "message.opened"

    message_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(Fact):
    """A caseworker has put a message into the post."""

    name: ClassVar[str] = "message.posted"

    message_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyTold(Fact):
    """A message was written to a party of a case."""

    name: ClassVar[str] = "party.told"

    message_id: UUID
    party_id: UUID
    key: str
