"""Who takes part in a case: invited by the process or a caseworker, reminded, removed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from dienstweg.blueprint import parties as roles
from dienstweg.blueprint.parties import Person, Role
from dienstweg.cases import party_codes, party_rules, places, queries
from dienstweg.cases.actions.as_named import as_named, named_by
from dienstweg.cases.actions.leaving import GONE, means, no_longer_named, staff_role
from dienstweg.cases.actions.party_links import send_link
from dienstweg.cases.facts import PartyInvited, TaskAsked
from dienstweg.cases.models import Case, Party, Task
from dienstweg.cases.party_matching import Named, free_key, match
from dienstweg.cases.party_rules import plain_address
from dienstweg.cases.queries import Opened
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption, references
from dienstweg.mail.errors import InvalidAddress
from dienstweg.offers import queries as offers

REMIND = "cases.remind_party"
BY_STAFF = "staff:"
"""Before the key of whom a caseworker named: no version of the application removes them."""


def invite(*, case_id: UUID, key: str, party: str) -> list[UUID]:
    """Invite the people of the role ``party`` whom the application names, each once.

    Whom a correction names later is invited then. ``key`` is the intent's; it is not needed, since
    a person of a case is invited once. Runs under the case's lock. Returns the ids of all who have
    the role. Raises `NoSuchCase`, `Erased`.
    """
    del key
    opened = queries.opened(case_id)
    before = queries.row_of(case_id).invited_roles or []
    known = sorted({*before, party})
    if known != before:
        Case.objects.filter(id=case_id).update(invited_roles=known)
    return [row.id for row in those_of(opened, party)]


def those_of(opened: Opened, role: str) -> list[Party]:
    """Return everybody who has the role in a case and takes part; here.

    Whom the application names and who is not here yet is invited; whom it names no longer is
    removed and told. A role that the blueprint does not know has nobody but whom a caseworker
    named.
    """
    return [row for row in _all_of(opened, role) if row.state not in GONE]


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a task of a process is for: the role, who of it is told, and the one person if it is."""

    role: str
    told: tuple[Party, ...] = ()
    party_id: UUID | None = None
    given_up_by: UUID | None = None


def meant_by(opened: Opened, role: str, item: Any) -> Meant:
    """Return who of a role a task about ``item`` is for; for this room.

    An item that is an entry of ``parties`` (it has an id) means that person; else it is for the
    only one who has the role, or for nobody in particular where there are several. For somebody
    who was there and takes no part any more caseworkers stand in, by their role; where nobody ever
    had the role, somebody may yet be named.
    """
    rows = _all_of(opened, role)
    own = [row for row in rows if means(item, row)]
    here = [row for row in own or rows if row.state not in GONE]
    own_role = f"{queries.TASKS_OF}{role}"
    if rows and not here:
        return Meant(staff_role(rows[0].case) or own_role, given_up_by=(own or rows)[0].id)
    return Meant(own_role, tuple(here), here[0].id if len(here) == 1 else None)


def _all_of(opened: Opened, role: str) -> list[Party]:
    """Return everybody who has or had the role, after those whom the newest version names."""
    declared = roles.role(offers.release(opened.case.digest), role)
    if declared is not None:
        _follow_application(opened, declared)
    rows = Party.objects.select_related("case").filter(case_id=opened.case.id, role=role)
    return list(rows.order_by("id"))


def _follow_application(opened: Opened, role: Role) -> None:
    """Invite whom the application names, remove whom it names no longer, note what has changed."""
    release, data = offers.release(opened.case.digest), opened.application.data
    today = clock.local(opened.case.submitted_at).date()
    people = roles.people(release, role.name, data, today)
    rows = {
        row.key: row
        for row in Party.objects.select_related("case")
        .filter(case_id=opened.case.id, role=role.name)
        .exclude(key__startswith=BY_STAFF)
        .order_by("id")
    }
    if opened.application.version == 1 and all(one.key in rows for one in people):
        return
    said = {key: as_named(row, queries.said_of(row, opened.key)) for key, row in rows.items()}
    known = [
        Named(key, one["name"], one["email"], tuple(one["address"]))
        for key, one in ((key, queries.named_of(each)) for key, each in said.items())
        if not said[key].get("no_longer_named")
    ]
    found = match(people, known)
    for key, person in found.stay.items():
        if rows[key].state != "removed":
            _now_named(rows[key], role, said[key], person, key=opened.key)
    taken = frozenset(Party.objects.filter(case_id=opened.case.id).values_list("key", flat=True))
    for person in found.new[: max(0, party_rules.MOST_PARTIES - len(taken))]:
        own = free_key(person.key, role.name, taken)
        taken |= {own}
        invited(opened, role, replace(person, key=own), actor="system")
    for key in found.gone:
        if rows[key].state != "removed":
            no_longer_named(rows[key])


def _now_named(row: Party, role: Role, said: dict[str, Any], person: Person, *, key: bytes) -> None:
    """Write what a new version says of somebody who stays.

    A mailbox that is new gets a link; a new address gets a letter, and the code in the one that
    went to the old address opens nothing any more.
    """
    before, now = queries.named_of(said), named_by(person)
    known = queries.said_of(row, key)
    moved = plain_address(person.address) != plain_address(before["address"])
    if said["email"] == before["email"]:
        said["email"] = person.email
    if moved or list(said["address"]) == list(before["address"]):
        said["address"] = now["address"]
    if now != before:
        said |= {"name": person.name, "named": now}
    if said == known:
        return
    sealed = encryption.seal_json(key, said, *places.party_place(row))
    Party.objects.filter(id=row.id).update(sealed=sealed)
    if row.state == "declined" or now == before:
        return
    if row.by_post and said["email"] and _by_mail(row, said["email"]):
        _reached(row, role)
    elif (moved and row.by_post) or not (said["email"] or row.by_post):
        _by_letter(row)
        _reached(row, role)


def _by_mail(row: Party, email: str) -> bool:
    """Send the link to somebody who had none by e-mail so far, if that is an address."""
    try:
        send_link(row, email, template="party_invited")
    except InvalidAddress:
        return False
    Party.objects.filter(id=row.id).update(by_post=False)
    return True


def _by_letter(row: Party) -> None:
    """Have a letter posted; what was sent to another address opens nothing any more."""
    first = row.by_post and row.posted_at is None
    Party.objects.filter(id=row.id).update(
        by_post=True,
        code_hash=None,
        code_made_at=None,
        posted_at=None,
        posted_by=None,
        news_since=row.news_since if first else clock.now(),
    )


def _reached(row: Party, role: Role) -> None:
    """Let the days begin anew for whom the invitation had not reached so far."""
    if row.not_meant_since is not None:
        due_at = clock.now() + role.due if role.due else None
        Party.objects.filter(id=row.id).update(not_meant_since=None, due_at=due_at)


def invited(
    opened: Opened,
    role: Role,
    person: Person,
    *,
    actor: str,
    strict: bool = False,
) -> Party:
    """Write a party, send the invitation (or leave a letter to be posted), ask what is asked.

    ``strict``: an address that is none is refused, where else a letter is posted.
    """
    now = clock.now()
    row = Party(
        id=references.new_id(),
        authority_id=opened.case.authority_id,
        case_id=opened.case.id,
        key=person.key,
        role=role.name,
        number=party_codes.new_number(),
        by_post=not person.email,
        invited_at=now,
        expires_at=now + party_rules.VALID_FOR,
        due_at=now + role.due if role.due else None,
    )
    said = {**named_by(person), "named": named_by(person)}
    row.sealed = encryption.seal_json(opened.key, said, *places.party_place(row))
    row.save(force_insert=True)
    fact = PartyInvited(
        authority_id=row.authority_id, case_id=row.case_id, party_id=row.id, role=role.name
    )
    events.record(fact, actor=actor)
    if person.email:
        try:
            send_link(row, person.email, template="party_invited")
        except InvalidAddress:
            if strict:
                raise
            row.by_post = True
            Party.objects.filter(id=row.id).update(by_post=True)
    _ask_of_role(row, role)
    set_reminders(row, role, now)
    return row


def _ask_of_role(row: Party, role: Role) -> None:
    """Ask what a role is asked without the process: to take note, to agree, for an opinion."""
    for what in role.asks:
        asked_of(row, role, what, key=f"{queries.TASKS_OF}{row.id}:{what}")


def asked_of(row: Party, role: Role, what: str, *, key: str) -> None:
    """Ask a party something that its role is asked, until its day; for this room."""
    offer_id = Case.objects.filter(id=row.case_id).values_list("offer_id", flat=True).first()
    task = Task(
        id=references.new_id(),
        authority_id=row.authority_id,
        case_id=row.case_id,
        key=key,
        task=what,
        role=f"{queries.TASKS_OF}{role.name}",
        outcomes=list(roles.ANSWERS[what]),
        offer_id=offer_id,
        asked_at=clock.now(),
        due_at=row.due_at,
        party_id=row.id,
    )
    task.save(force_insert=True)
    fact = TaskAsked(
        authority_id=row.authority_id,
        case_id=row.case_id,
        task_id=task.id,
        key=task.key,
        role=task.role,
    )
    events.record(fact)


def set_reminders(row: Party, role: Role, now: datetime) -> None:
    """Have somebody reminded as their role wants it, counted from ``now``; for this room."""
    for number, after in enumerate(role.remind):
        events.due(
            at=now + after,
            job=REMIND,
            authority_id=row.authority_id,
            object_id=row.id,
            key=str(number),
        )
