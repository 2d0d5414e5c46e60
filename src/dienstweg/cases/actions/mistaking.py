"""What becomes of an invitation that has reached the wrong person."""

from uuid import UUID

from django.db import transaction

from dienstweg.blueprint import parties as roles
from dienstweg.cases import party_rules, places, queries, rules
from dienstweg.cases.actions.as_named import as_named
from dienstweg.cases.actions.inviting import set_reminders
from dienstweg.cases.actions.party_links import locked, record_renewed, send_link
from dienstweg.cases.actions.taking_part import refuse_unless_open, visited
from dienstweg.cases.errors import NotAllowed
from dienstweg.cases.models import Party
from dienstweg.cases.party_facts import PartyNotMeant
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption
from dienstweg.offers import queries as offers


def say_not_meant(*, party_id: UUID) -> None:
    """Note that whoever opened an invitation is not the one who is meant.

    Nobody answers, signs or declines by that: everything waits for the right person. The link
    opens nothing any more, nothing is sent there, and caseworkers find it among what is overdue.
    Twice is once. Raises `NoSuchParty`, and `NotAllowed` where the case has ended or something was
    done.
    """
    with transaction.atomic():
        row = locked(party_id)
        if row.not_meant_since is not None:
            return
        refuse_unless_open(row)
        may = row.state == "invited" or rules.may(party_rules.PARTY, row.state, "invited")
        if not may or queries.open_things(row)[2]:
            raise NotAllowed
        now = clock.now()
        visited(row, "not_meant")
        Party.objects.filter(id=party_id).update(
            state="invited",
            not_meant_since=now,
            due_at=now,
            code_hash=None,
            code_made_at=None,
            account_id=None,
            joined_at=None,
        )
        fact = PartyNotMeant(
            authority_id=row.authority_id, case_id=row.case_id, party_id=party_id, role=row.role
        )
        events.record(fact, actor=f"party:{party_id}")


def invite_rightly(
    *, party_id: UUID, account_id: UUID, email: str = "", address: tuple[str, ...] = ()
) -> None:
    """Invite at the right address whom the first invitation did not reach.

    By e-mail, else a letter is to be posted. What they are asked is the same; the days begin anew.
    Raises `NoSuchParty`, `NotAllowed` where nobody said that they are not meant or the case is not
    open, and `dienstweg.mail.errors.InvalidAddress`.
    """
    with transaction.atomic():
        row = locked(party_id)
        refuse_unless_open(row)
        if row.not_meant_since is None:
            raise NotAllowed
        key, now = queries.key_of(row.case), clock.now()
        said = as_named(row, queries.said_of(row, key))
        said |= {"email": email, "address": list(address) or said.get("address", [])}
        role = roles.role(offers.release(row.case.digest), row.role)
        Party.objects.filter(id=party_id).update(
            sealed=encryption.seal_json(key, said, *places.party_place(row)),
            by_post=not email,
            posted_at=None,
            posted_by=None,
            news_since=None,
            not_meant_since=None,
            invited_at=now,
            expires_at=now + party_rules.VALID_FOR,
            due_at=now + role.due if role and role.due else None,
            reminded_at=None,
        )
        if email:
            send_link(row, email, template="party_invited")
        if role:
            set_reminders(row, role, now)
        record_renewed(row, actor=f"staff:{account_id}")
