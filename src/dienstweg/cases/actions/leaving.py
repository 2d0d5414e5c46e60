"""What becomes of what somebody was asked who does not take part (any more)."""

from collections.abc import Sequence

from dienstweg.cases import places, queries
from dienstweg.cases.actions.party_links import post_again, tell_of_more, write_to
from dienstweg.cases.facts import PartyRemoved, TaskAsked
from dienstweg.cases.models import Case, Party, Signature, Task
from dienstweg.events import actions as events
from dienstweg.kernel import encryption, references
from dienstweg.offers import queries as offers

GONE = ("removed", "declined")
"""States of a party of whom nothing is asked."""


def removed(row: Party, *, actor: str) -> None:
    """Write that a party takes no part any more: its link opens nothing; for this room.

    What it has said and signed stays on record. Runs under the case's lock.
    """
    Party.objects.filter(id=row.id).update(state="removed", code_hash=None)
    hand_tasks_on(row)
    own = Task.objects.filter(party_id=row.id, state="open")
    own.filter(key__startswith=queries.TASKS_OF).update(state="withdrawn")
    Signature.objects.filter(party_id=row.id, state__in=["waiting", "asked"]).update(
        state="withdrawn"
    )
    fact = PartyRemoved(
        authority_id=row.authority_id, case_id=row.case_id, party_id=row.id, role=row.role
    )
    events.record(fact, actor=actor)


def no_longer_named(row: Party) -> None:
    """Remove somebody whom the corrected application does not name, and tell them; for this room.

    By e-mail, or with a letter to be posted where they have had one.
    """
    key = queries.key_of(row.case)
    said = {**queries.said_of(row, key), "no_longer_named": True}
    sealed = encryption.seal_json(key, said, *places.party_place(row))
    Party.objects.filter(id=row.id).update(sealed=sealed)
    removed(row, actor="system")
    if row.state == "declined" or row.not_meant_since is not None:
        return
    if row.by_post:
        post_again(row)
    elif said.get("email"):
        write_to(row, said["email"], "party_gone", key=f"party-gone:{references.new_id()}")


def hand_tasks_on(row: Party) -> None:
    """Give what the process asked of a party to the others of its role, else to caseworkers.

    So the process goes on. What is about that very person is not for the others to answer.
    """
    key = queries.key_of(row.case)
    others = list(
        Party.objects.filter(case_id=row.case_id, role=row.role)
        .exclude(id=row.id)
        .exclude(state__in=GONE)
        .order_by("id")
    )
    tasks = Task.objects.select_related("case").filter(queries.own_tasks(row), state="open")
    for task in tasks.exclude(key__startswith=queries.TASKS_OF).order_by("id"):
        item = queries.task_file(task, key).item
        if others and not means(item, row):
            _to_others(task, others)
        else:
            _to_staff(task, row)


def hand_tasks_back(row: Party) -> None:
    """Ask a party that takes part again what its role was asked and nobody has answered yet.

    What is about another person of the role is not theirs, and what a caseworker has taken on stays
    with that one.
    """
    key = queries.key_of(row.case)
    of_role = list(Party.objects.filter(case_id=row.case_id, role=row.role))
    others = [one for one in of_role if one.id != row.id]
    alone = all(one.state in GONE for one in others)
    tasks = Task.objects.select_related("case").filter(
        case_id=row.case_id,
        state="open",
        assignee=None,
        given_up_by__in=[one.id for one in of_role],
    )
    for task in tasks.order_by("id"):
        item = queries.task_file(task, key).item
        own = means(item, row)
        if any(means(item, one) for one in others):
            continue
        role_of = f"{queries.TASKS_OF}{row.role}"
        Task.objects.filter(id=task.id).update(
            role=role_of, party_id=row.id if own or alone else None, given_up_by=None
        )
        if role_of != task.role:
            _asked(task, role_of)


def means(item: object, row: Party) -> bool:
    """Tell whether an entry of ``parties``, as expressions see them, is this party."""
    return isinstance(item, dict) and item.get("id") == row.key


def staff_role(case: Case) -> str:
    """Return the role of caseworkers that stands in for parties: the first of the blueprint."""
    return next(iter(offers.release(case.digest).manifest.get("roles", {})), "")


def _to_others(task: Task, others: Sequence[Party]) -> None:
    """Let the only other answer, or whoever of several does so first; they are told."""
    if task.party_id is None:
        return
    only = others[0].id if len(others) == 1 else None
    Task.objects.filter(id=task.id).update(party_id=only, given_up_by=task.party_id)
    tell_of_more(others)


def _to_staff(task: Task, row: Party) -> None:
    """Let a caseworker answer; where the blueprint has none, whoever gets the role later."""
    role = staff_role(task.case) or task.role
    Task.objects.filter(id=task.id).update(role=role, party_id=None, given_up_by=row.id)
    if role != task.role:
        _asked(task, role)


def _asked(task: Task, role: str) -> None:
    fact = TaskAsked(
        authority_id=task.authority_id,
        case_id=task.case_id,
        task_id=task.id,
        key=task.key,
        role=role,
    )
    events.record(fact)
