"""Send what waits: claim, call outside of any transaction, write down what came of it.

In order within a case; by the schedule of `rules`; one probe for a destination that is down.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection as database
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dienstweg.cases import queries as cases
from dienstweg.deliveries import parcels, rules
from dienstweg.deliveries.actions import escalation
from dienstweg.deliveries.actions.connections import connector_of
from dienstweg.deliveries.actions.handing_over import SEND
from dienstweg.deliveries.facts import DeliveryAccepted, DeliveryRefused
from dienstweg.deliveries.models import Connection, Delivery, DeliveryAttempt
from dienstweg.deliveries.port import Parcel, Receipt, Refused, Unavailable, Untrusted
from dienstweg.deliveries.queries import delivery_place
from dienstweg.events import actions as events
from dienstweg.events.job import Order, defer, defer_all
from dienstweg.events.queries import due_at, without_job
from dienstweg.files import queries as files
from dienstweg.kernel import clock, encryption, failpoints

PROBE = "deliveries.probe"
DRAIN = "deliveries.drain"
SCANNING = "scanning"
"""The trouble of a delivery whose files are not scanned yet."""
LOOK_AGAIN = timedelta(minutes=10)
"""When it is looked at again, should the word that they are scanned be lost."""
DRAINED = 200
"""Deliveries that are set going at once when a destination is back; the next follow them."""

log = logging.getLogger("dienstweg.deliveries")

_ACCEPT = """
UPDATE deliveries_delivery
SET state = 'accepted', reference = %s, proof = %s, accepted_at = %s, busy_until = NULL,
    next_at = NULL, trouble = '', content = NULL, known = ''::bytea
WHERE id = %s AND authority_id = %s AND state IN ('waiting', 'person')
RETURNING followed
"""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A delivery that this worker may try now."""

    row: Delivery
    connection: Connection
    parcel: Parcel | None = field(repr=False)


def send(*, delivery_id: UUID, probe: bool = False) -> None:
    """Try to hand a delivery over; safe to do twice, at once or after a crash.

    The back office is called outside of any transaction, under a key that stays the same.
    """
    claim = _claim(delivery_id, probe=probe)
    if claim is None or claim.parcel is None:
        return
    failpoints.reach("deliveries.send.before")
    try:
        receipt = connector_of(claim.connection).send(claim.parcel)
    except Unavailable as error:
        _failed(claim, "unavailable", str(error), asked_for=error.retry_after)
    except Untrusted as error:
        # It may have taken the delivery: the key makes the repetition harmless.
        _failed(claim, "untrusted", str(error))
    except Refused as error:
        _refused(claim, str(error))
    except Exception as error:  # a fault of our own must be seen, not lost
        _broken(claim, type(error).__name__)
    else:
        failpoints.reach("deliveries.send.after")
        _accepted(claim, receipt)


def send_after_scan(*, case_id: UUID) -> None:
    """Set going what has waited for the virus scan of a case's files, if they are all scanned."""
    waiting = Delivery.objects.filter(case_id=case_id, state__in=list(rules.SENT), trouble=SCANNING)
    if "waiting" in files.states(case_id).values():
        return
    for delivery_id, authority_id in waiting.values_list("id", "authority_id"):
        defer(SEND, authority_id=authority_id, object_id=delivery_id)


def probe(*, connection_id: UUID) -> None:
    """Knock at a destination that is down, with the delivery that has waited longest for a try."""
    ready = _heads(connection_id).exclude(trouble=SCANNING)
    heads = ready.order_by(F("next_at").asc(nulls_first=True), "id")
    first = heads.values_list("id", flat=True).first()
    if first is not None:
        send(delivery_id=first, probe=True)


def drain(*, connection_id: UUID, after: str = "") -> None:
    """Set going what has waited for a destination that is back, in its order, bit by bit."""
    heads = _heads(connection_id).order_by("id")
    if after:
        heads = heads.filter(id__gt=UUID(after))
    rows = list(heads.values_list("id", "authority_id")[:DRAINED])
    with transaction.atomic():
        defer_all(
            [
                Order(job=SEND, authority_id=authority_id, args=(("object_id", str(one)),))
                for one, authority_id in rows
            ]
        )
        if len(rows) == DRAINED:
            last, authority_id = rows[-1]
            defer(DRAIN, authority_id=authority_id, object_id=connection_id, key=str(last))


def sweep(*, connection_id: UUID) -> int:
    """Drive on deliveries whose next step was lost, and show old ones to a person."""
    now = clock.now()
    escalation.show_old_ones(connection_id, now)
    connection = Connection.objects.get(id=connection_id)
    if not rules.may_knock(_health(connection), now=now, probe=False):
        if due_at(job=PROBE, object_id=connection_id) is None:
            _due(PROBE, connection, connection_id, now)
        return 0
    old = _heads(connection_id).filter(made_at__lt=now - 2 * rules.LEASE)
    late = old.filter(Q(next_at=None) | Q(next_at__lt=now - rules.LEASE))
    lost = without_job(late, job=SEND).order_by("id")
    ids = list(lost.values_list("id", flat=True)[:DRAINED])
    for one in ids:
        defer(SEND, authority_id=connection.authority_id, object_id=one)
    return len(ids)


def _heads(connection_id: UUID) -> QuerySet[Delivery]:
    """Return what waits for a destination and has nothing of its case before it."""
    before = Delivery.objects.filter(
        case_id=OuterRef("case_id"), sequence__lt=OuterRef("sequence")
    ).exclude(state="accepted")
    waiting = Delivery.objects.filter(connection_id=connection_id, state__in=list(rules.SENT))
    return waiting.filter(~Exists(before))


def _claim(delivery_id: UUID, *, probe: bool) -> _Claim | None:
    """Take the lease for one try, if it is this delivery's turn; pack what is sent."""
    now = clock.now()
    with transaction.atomic():
        row = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("connection")
            .filter(id=delivery_id, state__in=list(rules.SENT))
            .first()
        )
        if row is None:
            return None
        connection = row.connection
        if row.busy_until is not None and row.busy_until > now:
            # Another worker is at it, or was when it died: then this is its repetition.
            _due(SEND, connection, row.id, row.busy_until)
            return None
        if not _is_its_turn(row) or _waits_for_scan(row, connection, probe=probe):
            return None
        if not rules.may_knock(_health(connection), now=now, probe=probe):
            _wait_for_probe(connection, now)
            return None
        parcel = _packed(row)
        if parcel is None:
            return _Claim(row, connection, None)
        row.tries += 1
        row.busy_until = now + rules.LEASE
        row.save(update_fields=["tries", "busy_until", "content"])
    return _Claim(row, connection, parcel)


def _is_its_turn(row: Delivery) -> bool:
    """Tell whether nothing of the case goes before it; if so, have that call it when it is done."""
    if row.sequence == 1:
        return True
    before = Delivery.objects.filter(case_id=row.case_id, sequence__lt=row.sequence)
    return not before.exclude(state="accepted").update(followed=True)


def _waits_for_scan(row: Delivery, connection: Connection, *, probe: bool) -> bool:
    """Tell whether a file of the case is not scanned yet; then it is asked again, without end.

    The destination is not to blame, so this is no failure of its.
    """
    if "waiting" not in files.states(row.case_id).values():
        if row.trouble == SCANNING:
            Delivery.objects.filter(id=row.id).update(trouble="")
        return False
    next_at = clock.now() + LOOK_AGAIN
    Delivery.objects.filter(id=row.id).update(trouble=SCANNING, next_at=next_at)
    _due(SEND, connection, row.id, next_at)
    if probe:  # whoever knocks next must not be this one
        _due(PROBE, connection, connection.id, clock.now())
    return True


def _packed(row: Delivery) -> Parcel | None:
    """Return the parcel; what is sent is packed once and kept, so that every try is the same.

    What cannot be packed (a case that was erased, a faulty mapping) is shown to a person.
    """
    try:
        opened = cases.opened(row.case_id)
        place = delivery_place(row.authority_id, row.id, "content")
        if row.content is None:
            content = parcels.content(row, opened)
            row.content = encryption.seal(opened.key, content, *place)
        else:
            content = encryption.unseal(opened.key, bytes(row.content), *place)
        return parcels.parcel(row, opened, content)
    except Exception as error:  # whatever a blueprint gets wrong must not be lost
        log.error("delivery_not_packed delivery=%s error=%s", row.id, type(error).__name__)
        _note(row, "not_packed", type(error).__name__)
        Delivery.objects.filter(id=row.id).update(state="refused", trouble="not_packed")
        events.record(_refusal(row))
        return None


def _accepted(claim: _Claim, receipt: Receipt) -> None:
    """Write the receipt down, once; call what waits behind it, and what waits for the place."""
    row, connection = claim.row, claim.connection
    now = clock.now()
    with transaction.atomic():
        with database.cursor() as cursor:
            values: list[Any] = [receipt.reference, receipt.proof, now, row.id, row.authority_id]
            cursor.execute(_ACCEPT, values)
            changed = cursor.fetchone()
        if changed is None:
            return
        events.record(
            DeliveryAccepted(
                authority_id=row.authority_id,
                case_id=row.case_id,
                delivery_id=row.id,
                key=row.key,
                reference=receipt.reference,
            )
        )
        if changed[0]:
            _call_next(row)
        if connection.failures:
            _recovered(connection)
    failpoints.reach("deliveries.receipt.after")


def _call_next(row: Delivery) -> None:
    following = Delivery.objects.filter(case_id=row.case_id, sequence__gt=row.sequence)
    next_one = following.filter(state__in=list(rules.SENT)).order_by("sequence").first()
    if next_one is not None:
        defer(SEND, authority_id=row.authority_id, object_id=next_one.id)


def _recovered(connection: Connection) -> None:
    """Note that a destination works, and set going what has waited for it."""
    row = Connection.objects.select_for_update().get(id=connection.id)
    rested = row.paused_until is not None
    escalation.note_recovery(row)
    if rested:
        events.no_longer_due(job=PROBE, object_id=row.id)
        defer(DRAIN, authority_id=row.authority_id, object_id=row.id)


def _failed(claim: _Claim, result: str, detail: str, *, asked_for: float | None = None) -> None:
    """Write a failed try down, and when the next one is made: by itself, or by the probe."""
    row, now = claim.row, clock.now()
    with transaction.atomic():
        changed = Delivery.objects.filter(id=row.id, state__in=list(rules.SENT))
        next_at = now + rules.pause(row.tries, seed=str(row.id), asked_for=asked_for)
        if not changed.update(busy_until=None, trouble=result, next_at=next_at):
            return
        _note(row, result, detail)
        connection = Connection.objects.select_for_update().get(id=row.connection_id)
        after = rules.after_failure(
            _health(connection),
            now=now,
            seed=str(connection.id),
            ready_at=_ready_at(connection.id, now),
            asked_for=asked_for,
        )
        if after.paused_until is not None:
            _due(PROBE, connection, connection.id, after.paused_until)
        else:
            _due(SEND, connection, row.id, next_at)
        escalation.note_failure(connection, after)
    log.info("delivery_failed delivery=%s result=%s tries=%d", row.id, result, row.tries)


def _ready_at(connection_id: UUID, now: datetime) -> datetime:
    """Return when the first that waits for a destination wants to be tried by its own schedule."""
    soonest = _heads(connection_id).order_by(F("next_at").asc(nulls_first=True), "id")
    return soonest.values_list("next_at", flat=True).first() or now


def _broken(claim: _Claim, detail: str) -> None:
    """Write down that we ourselves could not send: shown to a person, and tried on."""
    row, now = claim.row, clock.now()
    with transaction.atomic():
        changed = Delivery.objects.filter(id=row.id, state__in=list(rules.SENT))
        next_at = now + rules.pause(row.tries, seed=str(row.id))
        changed.update(state="person", busy_until=None, next_at=next_at, trouble="broken")
        _note(row, "broken", detail)
        _due(SEND, claim.connection, row.id, next_at)
    log.error("delivery_broken delivery=%s error=%s", row.id, detail)


def _refused(claim: _Claim, detail: str) -> None:
    """Write a refusal down: a person must look. The destination works, or it could not refuse."""
    row = claim.row
    with transaction.atomic():
        changed = Delivery.objects.filter(id=row.id, state__in=list(rules.SENT)).update(
            state="refused", busy_until=None, next_at=None, trouble="refused"
        )
        if not changed:
            return
        _note(row, "refused", detail)
        events.record(_refusal(row))
        if claim.connection.failures:
            _recovered(claim.connection)
    log.warning("delivery_refused delivery=%s", row.id)


def _refusal(row: Delivery) -> DeliveryRefused:
    return DeliveryRefused(
        authority_id=row.authority_id, case_id=row.case_id, delivery_id=row.id, key=row.key
    )


def _note(row: Delivery, result: str, detail: str) -> None:
    DeliveryAttempt.objects.create(
        authority_id=row.authority_id,
        delivery_id=row.id,
        number=row.tries,
        at=clock.now(),
        result=result,
        detail=detail[:200],
    )


def _wait_for_probe(connection: Connection, now: datetime) -> None:
    """Make sure that a probe will knock for those who wait."""
    if due_at(job=PROBE, object_id=connection.id) is None:
        _due(PROBE, connection, connection.id, max(connection.paused_until or now, now))


def _due(job: str, connection: Connection, object_id: UUID, at: datetime) -> None:
    events.due(at=at, job=job, authority_id=connection.authority_id, object_id=object_id)


def _health(connection: Connection) -> rules.Health:
    return rules.Health(
        failures=connection.failures,
        failing_since=connection.failing_since,
        paused_until=connection.paused_until,
    )
