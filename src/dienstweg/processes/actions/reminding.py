"""Tells those who answer for it by e-mail of what falls due: one a day at most, without a name."""

import logging
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from dienstweg.accounts import actions as accounts
from dienstweg.accounts import queries as staff
from dienstweg.accounts.queries import ToRemind
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.events import actions as events
from dienstweg.events import queries as falling
from dienstweg.kernel import clock
from dienstweg.mail import actions as mail
from dienstweg.mail.errors import InvalidAddress
from dienstweg.processes import reminders
from dienstweg.processes.models import Deadline
from dienstweg.processes.reminders import Kind, News

REMIND = "processes.remind"

log = logging.getLogger("dienstweg.processes")


def remind_staff(*, authority_id: UUID) -> int:
    """Tell the staff of an authority of what is new since they were told last; return how many.

    Who works for several authorities gets one e-mail about all of them. Safe to do twice, and by
    several workers: an e-mail and the note that it was made are one transaction. Looks again on
    the next morning of a working day.
    """
    now, land = clock.now(), authorities.land(authority_id)
    told = 0
    if reminders.is_time(now, land=land):
        known = {authority_id: list(_news(now))}
        people = staff.to_remind(authority_id) if known[authority_id] else []
        told = sum(_remind(one, authority_id, known, now) for one in people)
    events.due(
        at=reminders.next_time(now, land=land),
        job=REMIND,
        authority_id=authority_id,
        object_id=authority_id,
    )
    return told


def begin_reminding(*, authority_id: UUID) -> None:
    """Have the staff of an authority reminded from now on, unless that is so already."""
    if falling.due_at(job=REMIND, object_id=authority_id) is None:
        at = reminders.next_time(clock.now(), land=authorities.land(authority_id))
        events.due(at=at, job=REMIND, authority_id=authority_id, object_id=authority_id)


def _remind(
    person: ToRemind, authority_id: UUID, known: dict[UUID, list[News]], now: datetime
) -> bool:
    """Tell one person; tell whether there was something, and nobody had done so today."""
    if person.told_at is not None and person.told_at > now:
        accounts.set_reminded_back(account_id=person.account_id, at=now)
        return False
    standing = staff.standing(person.account_id)
    for place in standing.roles.keys() - known.keys():
        with scope.enter(scope.of(place)):
            known[place] = list(_news(now))
    found = reminders.counted(
        [one for place in standing.roles for one in known[place]],
        people={person.account_id, *standing.stands_in},
        roles=standing.roles,
        since=person.told_at,
        now=now,
    )
    if not found:
        return False
    with transaction.atomic():
        if not accounts.note_reminded(
            account_id=person.account_id, at=now, not_since=reminders.day_began(now)
        ):
            return False
        context = {kind: str(found.get(kind, 0)) for kind in ("over", "near", "told")}
        return _write(person, authority_id, context, now)


def _write(person: ToRemind, authority_id: UUID, context: dict[str, str], now: datetime) -> bool:
    day = clock.local(now).date()
    link = authorities.network_url("/arbeitsplatz/fristen")
    try:
        mail.send(
            authority_id=authority_id,
            to=person.email,
            template="falling_due",
            context={**context, "link": link},
            key=f"falling-due:{person.account_id}:{day.isoformat()}",
        )
    except InvalidAddress:
        # They see it at the desk; the others are to be told all the same.
        log.warning("reminder_without_address account=%s", person.account_id)
        return False
    return True


def _news(now: datetime) -> Iterator[News]:
    """Yield what the scope's authority has to be told of, at most `reminders.LOOKED_BACK` old."""
    first = now - reminders.LOOKED_BACK
    for task in cases.overdue_tasks(since=first, now=now):
        people = frozenset([task.assignee] if task.assignee else [])
        roles = frozenset([] if task.assignee else [task.role])
        yield News("over", task.at, task.authority_id, people, roles)
    periods = _periods(first, now)
    awaited = cases.awaited(before=now, since=first, newest_first=True)
    who = cases.answerable({row.case_id for row in periods} | {one.case_id for one in awaited})
    for one in awaited:
        yield _about(who[one.case_id], "over", one.due_at, one.authority_id)
    for row in periods:
        if row.state != "running":
            yield _about(who[row.case_id], "over", row.due_at, row.authority_id)
        elif row.reminded_at is not None:
            yield _about(who[row.case_id], "near", row.reminded_at, row.authority_id)
        if row.escalated_at is not None:
            told = frozenset([row.escalated_to])
            yield News("told", row.escalated_at, row.authority_id, frozenset(), told)


def _periods(first: datetime, now: datetime) -> list[Deadline]:
    """Return the periods of open cases that are over without a decision, near, or escalated.

    What counts as granted since nobody has decided is among them.
    """
    over = Q(state__in=["missed", "deemed"], met_at=None, due_at__gt=first, due_at__lte=now)
    near = Q(state="running", reminded_at__gt=first) | Q(state="running", escalated_at__gt=first)
    rows = Deadline.objects.filter(over | near, case__state="open")
    return list(rows.order_by("-due_at")[: cases.LATE])


def _about(who: cases.Answerable, kind: Kind, at: datetime, authority_id: UUID) -> News:
    return News(kind, at, authority_id, frozenset(who.people), frozenset(who.roles))
