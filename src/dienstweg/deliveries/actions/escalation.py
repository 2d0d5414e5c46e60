"""Tell the authority of what does not work: in steps for a connection, one by one after 14 days."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import queries as authorities
from dienstweg.deliveries import rules
from dienstweg.deliveries.facts import ConnectionFailing, ConnectionRecovered
from dienstweg.deliveries.models import Connection, Delivery
from dienstweg.events import actions as events
from dienstweg.kernel import clock
from dienstweg.mail import actions as mail

TELL = "deliveries.tell"


def note_failure(connection: Connection, after: rules.Health) -> None:
    """Write down how a connection does after a failure; have the authority told if it lasts."""
    Connection.objects.filter(id=connection.id).update(
        failures=after.failures,
        failing_since=after.failing_since,
        paused_until=after.paused_until,
    )
    if connection.failing_since is None and after.failing_since is not None:
        _tell_at(connection, rules.next_telling(after.failing_since, 0))


def note_recovery(connection: Connection) -> None:
    """Write down that a connection works, and record it if the authority was told otherwise."""
    Connection.objects.filter(id=connection.id).update(
        failures=0, failing_since=None, paused_until=None, told=0
    )
    events.no_longer_due(job=TELL, object_id=connection.id)
    if connection.told:
        events.record(
            ConnectionRecovered(authority_id=connection.authority_id, connection_id=connection.id)
        )


def tell(*, connection_id: UUID) -> None:
    """Tell the authority that a connection still fails, once for each step of the schedule."""
    now = clock.now()
    with transaction.atomic():
        row = Connection.objects.select_for_update().get(id=connection_id)
        if row.failing_since is None:
            return
        step = rules.steps(now - row.failing_since)
        if step > row.told:
            Connection.objects.filter(id=row.id).update(told=step)
            events.record(
                ConnectionFailing(authority_id=row.authority_id, connection_id=row.id, step=step)
            )
            _write(row, row.failing_since, step)
        _tell_at(row, rules.next_telling(row.failing_since, max(step, row.told)))


def show_old_ones(connection_id: UUID, now: datetime) -> int:
    """Show deliveries that have waited 14 days to a person; they are tried on all the same."""
    old = Delivery.objects.filter(
        connection_id=connection_id, state="waiting", made_at__lte=now - rules.PERSON
    )
    shown: int = old.update(state="person")
    return shown


def _tell_at(connection: Connection, at: datetime | None) -> None:
    if at is not None:
        events.due(at=at, job=TELL, authority_id=connection.authority_id, object_id=connection.id)


def _write(connection: Connection, since: datetime, step: int) -> None:
    """Write to the authority's own address; the mail names no person and no matter."""
    card = authorities.card(connection.authority_id)
    if not card.email:
        return
    waiting = Delivery.objects.filter(connection=connection, state__in=list(rules.SENT)).count()
    mail.send(
        authority_id=connection.authority_id,
        to=card.email,
        template="trouble",
        context={
            "connection": connection.slug,
            "since": clock.local(since).strftime("%d.%m.%Y, %H:%M Uhr"),
            "waiting": str(waiting),
            "link": authorities.public_url(connection.authority_id, "/arbeitsplatz/"),
        },
        key=f"connection:{connection.id}:{since.isoformat()}:{step}",
    )
