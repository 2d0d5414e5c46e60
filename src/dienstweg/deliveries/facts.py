"""What has happened to deliveries, and what back offices have reported."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dienstweg.events.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAccepted(Fact):
    """The back office has taken a delivery; ``reference`` is its own file number."""

    name: ClassVar[str] = "delivery.accepted"

    delivery_id: UUID
    key: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRefused(Fact):
    """The back office will not take a delivery: a person must look."""

    name: ClassVar[str] = "delivery.refused"

    delivery_id: UUID
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackofficeReported(Fact):
    """The back office has reported something about a case, such as its decision."""

    name: ClassVar[str] = "backoffice.reported"

    notice_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionFailing(Fact):
    """A connection has not worked for a while; ``step`` counts the times this was told."""

    name: ClassVar[str] = "connection.failing"

    connection_id: UUID
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRecovered(Fact):
    """A connection that was told to be failing works again."""

    name: ClassVar[str] = "connection.recovered"

    connection_id: UUID
