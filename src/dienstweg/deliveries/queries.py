"""Reads: what was handed over, what is in trouble, what back offices have said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from dienstweg.deliveries import rules
from dienstweg.deliveries.errors import NoSuchNotice
from dienstweg.deliveries.models import Connection, Delivery, DeliveryAttempt, Notice
from dienstweg.kernel import clock, encryption

LISTED = 100
"""Rows that a list shows at once."""


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery by the connection of this slug.

    ``trouble`` is a word of ours for why it has not been taken yet.
    """

    id: UUID
    case_id: UUID
    key: str
    connection: str
    kind: str
    state: str
    attempts: int
    next_at: datetime | None
    trouble: str
    reference: str
    made_at: datetime
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConnectionCard:
    """A connection and how it does: how many deliveries wait for it, since when it fails."""

    id: UUID
    authority_id: UUID
    slug: str
    title: str
    kind: str
    waiting: int
    for_a_person: int
    failures: int
    failing_since: datetime | None
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """News from a back office; ``name`` is what a process waits for (``backoffice.decided``)."""

    id: UUID
    case_id: UUID
    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Try:
    """A try that failed: ``result`` is ``unavailable``, ``refused`` or ``untrusted``."""

    at: datetime
    result: str
    detail: str


def of_case(case_id: UUID) -> list[DeliveryView]:
    """Return the deliveries of a case in their order."""
    rows = Delivery.objects.select_related("connection").filter(case_id=case_id)
    return [view_of(row) for row in rows.order_by("sequence")]


def troubled() -> list[DeliveryView]:
    """Return the deliveries that a person must look at, the oldest first.

    Refused ones, and those that have waited longer than `rules.PERSON` or whose answer was a lie.
    """
    old = clock.now() - rules.PERSON
    lied = Q(state="waiting", trouble="untrusted")
    stuck = Q(state__in=["refused", "person"]) | Q(state="waiting", made_at__lt=old) | lied
    rows = Delivery.objects.select_related("connection").filter(stuck)
    return [view_of(row) for row in rows.order_by("id")[:LISTED]]


def tries(delivery_id: UUID) -> list[Try]:
    """Return the failed tries of a delivery, the oldest first."""
    rows = DeliveryAttempt.objects.filter(delivery_id=delivery_id).order_by("id")
    return [Try(row.at, row.result, row.detail) for row in rows]


def connections() -> list[ConnectionCard]:
    """Return the connections in scope with what waits for them; two statements."""
    counted: dict[tuple[UUID, str], int] = {}
    unfinished = Delivery.objects.filter(state__in=["waiting", "person", "refused"])
    for one in unfinished.values("connection_id", "state").annotate(number=Count("id")):
        counted[one["connection_id"], one["state"]] = one["number"]
    return [
        ConnectionCard(
            id=row.id,
            authority_id=row.authority_id,
            slug=row.slug,
            title=row.slug,
            kind=row.kind,
            waiting=sum(counted.get((row.id, state), 0) for state in rules.SENT),
            for_a_person=sum(counted.get((row.id, state), 0) for state in ("person", "refused")),
            failures=row.failures,
            failing_since=row.failing_since,
            paused_until=row.paused_until,
        )
        for row in Connection.objects.order_by("authority_id", "slug")
    ]


def notice(notice_id: UUID, *, key: bytes) -> NoticeView:
    """Return news, unsealed with the case's ``key``; raises `NoSuchNotice`."""
    row: Notice | None = Notice.objects.filter(id=notice_id).first()
    if row is None:
        raise NoSuchNotice
    data = encryption.unseal_json(key, bytes(row.data), *notice_place(row.authority_id, row.id))
    return NoticeView(row.id, row.case_id, f"backoffice.{row.kind}", data)


def proof(delivery_id: UUID) -> bytes:
    """Return the receipt of a delivery as the back office signed it; empty without one."""
    found = Delivery.objects.filter(id=delivery_id).values_list("proof", flat=True).first()
    return bytes(found or b"")


def view_of(row: Delivery) -> DeliveryView:
    """Return a row, read with its connection, as frozen data."""
    return DeliveryView(
        id=row.id,
        case_id=row.case_id,
        key=row.key,
        connection=row.connection.slug,
        kind=row.kind,
        state=row.state,
        attempts=row.tries,
        next_at=row.next_at,
        trouble=row.trouble,
        reference=row.reference,
        made_at=row.made_at,
        accepted_at=row.accepted_at,
    )


def notice_place(authority_id: UUID, notice_id: UUID) -> tuple[str, ...]:
    """Name the place the data of a notice is bound to."""
    return str(authority_id), "deliveries_notice", str(notice_id), "data"


def delivery_place(authority_id: UUID, delivery_id: UUID, column: str) -> tuple[str, ...]:
    """Name the place a sealed value of a delivery is bound to."""
    return str(authority_id), "deliveries_delivery", str(delivery_id), column
