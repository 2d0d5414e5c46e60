"""Take news from a back office: proven, once each, and in the hands of the case's process."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from dienstweg.cases import queries as cases
from dienstweg.deliveries import port, queries
from dienstweg.deliveries.actions.connections import connection_named, connector_of
from dienstweg.deliveries.errors import AnotherNotice, NoSuchDelivery, NotListening
from dienstweg.deliveries.facts import BackofficeReported
from dienstweg.deliveries.models import Connection, Delivery, Notice
from dienstweg.deliveries.queries import notice_place
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to a call: our id for the notice, and whether we had it already."""

    notice_id: UUID
    repeated: bool


def take_notice(*, connection_slug: str, call: port.Call) -> Taken:
    """Take the news in ``call`` from a back office of the scope's authority, once for each.

    Raises `dienstweg.deliveries.errors.NoSuchConnection`, `NotListening`, `NoSuchDelivery`,
    `AnotherNotice` (a known id with other content), `dienstweg.cases.errors.NoSuchCase` (erased)
    and `dienstweg.deliveries.port.Untrusted`.
    """
    connection = connection_named(connection_slug)
    notice = _listener(connection).read_notice(call)
    with transaction.atomic():
        delivery = _delivery(connection, notice.key)
        row = _row(connection, delivery, notice)
        Notice.objects.bulk_create([row], ignore_conflicts=True)
        kept: Notice = Notice.objects.get(connection=connection, foreign_id=notice.id)
        if kept.id != row.id:
            _must_be_the_same(kept, notice, delivery)
            return Taken(kept.id, repeated=True)
        events.record(
            BackofficeReported(
                authority_id=connection.authority_id,
                case_id=delivery.case_id,
                notice_id=row.id,
                kind=notice.kind,
            ),
            actor="backoffice",
        )
    return Taken(row.id, repeated=False)


def _must_be_the_same(kept: Notice, notice: port.Notice, delivery: Delivery) -> None:
    """Make sure that a repeat says what was said first; raises `AnotherNotice`."""
    first = queries.notice(kept.id, key=cases.key(kept.case_id))
    if (kept.kind, kept.delivery_id, first.data) != (notice.kind, delivery.id, notice.data):
        raise AnotherNotice


def _listener(connection: Connection) -> port.Listener:
    connector = connector_of(connection)
    if "reports" not in connector.capabilities:
        raise NotListening
    listener: port.Listener = connector  # type: ignore[assignment]  # its capability says so
    return listener


def _delivery(connection: Connection, key: str) -> Delivery:
    """Return the delivery that the news are about: one that went by this connection."""
    try:
        delivery_id = UUID(key)
    except ValueError as error:
        raise NoSuchDelivery from error
    row: Delivery | None = Delivery.objects.filter(id=delivery_id, connection=connection).first()
    if row is None:
        raise NoSuchDelivery
    return row


def _row(connection: Connection, delivery: Delivery, notice: port.Notice) -> Notice:
    notice_id = new_id()
    return Notice(
        id=notice_id,
        authority_id=connection.authority_id,
        case_id=delivery.case_id,
        delivery=delivery,
        connection=connection,
        foreign_id=notice.id,
        kind=notice.kind,
        data=encryption.seal_json(
            cases.key(delivery.case_id),
            dict(notice.data),
            *notice_place(connection.authority_id, notice_id),
        ),
        taken_at=clock.now(),
    )
