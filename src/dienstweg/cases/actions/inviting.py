"""Who takes part in a case: invited by the process or a caseworker, reminded, removed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dienstweg.blueprint import parties as roles
from dienstweg.blueprint.parties import Person, Role
from dienstweg.cases import party_codes, party_rules, places, queries
from dienstweg.cases.actions.party_links import mail_news, send_link
from dienstweg.cases.facts import PartyInvited, TaskAsked
from dienstweg.cases.models import Case, Party, Task
from dienstweg.cases.queries import Opened
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption, references
from dienstweg.mail.errors import InvalidAddress
from dienstweg.offers import queries as offers

REMIND = "cases.remind_party"


def invite(*, case_id: UUID, key: str, party: str) -> list[UUID]:
    """Invite the people of the role ``party`` whom the application names, each once.

    ``key`` is the intent's; it is not needed, since a person of a case is invited once. Runs under
    the case's lock. Returns the ids of all who have the role. Raises `NoSuchCase`, `Erased`.
    """
    del key
    opened = queries.opened(case_id)
    return [row.id for row in those_of(opened, party)]


def those_of(opened: Opened, role: str) -> list[Party]:
    """Return everybody who has the role in a case, inviting whom the application names; here.

    A role that the blueprint does not know has nobody but whom a caseworker named.
    """
    release = offers.release(opened.case.digest)
    declared = roles.role(release, role)
    case_id = opened.case.id
    known = list(Party.objects.filter(case_id=case_id, role=role).order_by("id"))
    if declared is not None:
        today = clock.local(opened.case.submitted_at).date()
        people = roles.people(release, role, opened.application.data, today)
        taken = {row.key for row in known}
        room = party_rules.MOST_PARTIES - Party.objects.filter(case_id=case_id).count()
        new = [one for one in people if one.key not in taken][: max(0, room)]
        known += [invited(opened, declared, one, actor="system") for one in new]
    return [row for row in known if row.state not in ("removed", "declined")]


def meant_by(opened: Opened, role: str, item: Any) -> tuple[list[Party], UUID | None]:
    """Return who has the role, and which one a task about ``item`` is for; for this room.

    An item that is an entry of ``parties`` (it has an id) means that person; else the only one
    who has the role, or nobody in particular where there are several.
    """
    rows = those_of(opened, role)
    wanted = item.get("id") if isinstance(item, dict) else None
    for row in rows:
        if row.key == wanted:
            return [row], row.id
    return rows, rows[0].id if len(rows) == 1 else None


def tell_of_more(rows: Sequence[Party]) -> None:
    """Tell parties that something new is asked of them; whoever was just invited knows already."""
    for row in rows:
        if row.state == "done":
            Party.objects.filter(id=row.id).update(state="joined")
        if row.state in ("joined", "done"):
            mail_news(party_id=row.id)


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
    said = {"name": person.name, "email": person.email, "address": list(person.address)}
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
    _set_reminders(row, role, now)
    return row


def _ask_of_role(row: Party, role: Role) -> None:
    """Ask what a role is asked without the process: to take note, to agree, for an opinion."""
    offer_id = Case.objects.filter(id=row.case_id).values_list("offer_id", flat=True).first()
    for what in role.asks:
        task = Task(
            id=references.new_id(),
            authority_id=row.authority_id,
            case_id=row.case_id,
            key=f"party:{row.id}:{what}",
            task=what,
            role=f"{queries.TASKS_OF}{role.name}",
            outcomes=list(roles.ANSWERS[what]),
            offer_id=offer_id,
            asked_at=clock.now(),
            due_at=row.due_at,
            party_id=row.id,
        )
        task.save(force_insert=True)
        events.record(
            TaskAsked(
                authority_id=row.authority_id,
                case_id=row.case_id,
                task_id=task.id,
                key=task.key,
                role=task.role,
            )
        )


def _set_reminders(row: Party, role: Role, now: datetime) -> None:
    for number, after in enumerate(role.remind):
        events.due(
            at=now + after,
            job=REMIND,
            authority_id=row.authority_id,
            object_id=row.id,
            key=str(number),
        )
