"""Who does not want to take part in a case, and who thinks better of it."""

from uuid import UUID

from django.db import transaction

from dienstweg.cases import party_rules, places, queries, rules
from dienstweg.cases.actions.leaving import hand_tasks_back, hand_tasks_on
from dienstweg.cases.actions.party_links import locked
from dienstweg.cases.actions.signing import decline_signings
from dienstweg.cases.actions.taking_part import refuse_unless_open, settle_standing, visited
from dienstweg.cases.errors import NotAllowed
from dienstweg.cases.facts import PartyDeclined
from dienstweg.cases.models import Party
from dienstweg.cases.party_facts import PartyReturned
from dienstweg.events import actions as events
from dienstweg.kernel import encryption


def decline_invitation(*, party_id: UUID, reason: str) -> None:
    """Note that somebody does not want to take part; what they were asked stays unanswered.

    What they were to sign counts as not signed. What the process asked of them goes to the others
    of their role, else to caseworkers. Raises `NoSuchParty`, `NotAllowed` where the case has ended
    or they have done something.
    """
    with transaction.atomic():
        row = locked(party_id)
        if row.state == "declined":
            return
        refuse_unless_open(row)
        if queries.open_things(row)[2] or not rules.may(party_rules.PARTY, row.state, "declined"):
            raise NotAllowed
        key = queries.key_of(row.case)
        said = {**queries.said_of(row, key), "declined": reason.strip()}
        Party.objects.filter(id=party_id).update(
            state="declined", sealed=encryption.seal_json(key, said, *places.party_place(row))
        )
        visited(row, "decline")
        fact = PartyDeclined(
            authority_id=row.authority_id, case_id=row.case_id, party_id=party_id, role=row.role
        )
        events.record(fact, actor=f"party:{party_id}")
        hand_tasks_on(row)
        decline_signings(party=row, reason=reason)


def take_part_again(*, party_id: UUID) -> None:
    """Take back that somebody does not want to take part; they are asked what is still open.

    That they sign nothing stays: the process has heard of it. Raises `NoSuchParty`, `NotAllowed`.
    """
    with transaction.atomic():
        row = locked(party_id)
        refuse_unless_open(row)
        if row.state != "declined":
            return
        Party.objects.filter(id=party_id).update(state="joined")
        visited(row, "return")
        fact = PartyReturned(
            authority_id=row.authority_id, case_id=row.case_id, party_id=party_id, role=row.role
        )
        events.record(fact, actor=f"party:{party_id}")
        hand_tasks_back(row)
        settle_standing(row)
