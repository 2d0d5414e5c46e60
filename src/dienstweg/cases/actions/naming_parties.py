"""What caseworkers do about parties: name one, remove one, note that one is nobody else."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from dienstweg.blueprint import parties as roles
from dienstweg.blueprint.parties import Person
from dienstweg.cases import party_rules, queries, rules
from dienstweg.cases.actions.inviting import BY_STAFF, invited
from dienstweg.cases.actions.leaving import removed
from dienstweg.cases.actions.party_links import locked
from dienstweg.cases.actions.signing import join_signings, reconsider_signings
from dienstweg.cases.errors import AlreadyTookPart, NoSuchRole, NotAllowed, TooManyParties
from dienstweg.cases.facts import PartyProven
from dienstweg.cases.models import Party
from dienstweg.cases.queries import Opened
from dienstweg.events import actions as events
from dienstweg.kernel import references
from dienstweg.offers import queries as offers


@dataclass(frozen=True, slots=True)
class NewParty:
    """What a caseworker says of somebody who shall take part."""

    role: str
    name: str
    email: str = ""
    address: tuple[str, ...] = ()


def add_party(*, case_id: UUID, party: NewParty, account_id: UUID) -> UUID:
    """Invite somebody whom a caseworker names; they are asked what their role is asked.

    Raises `NoSuchCase`, `Erased`, `NotAllowed` where the case is not open, `NoSuchRole`,
    `TooManyParties`, and `dienstweg.mail.errors.InvalidAddress`.
    """
    with transaction.atomic():
        opened = _held(case_id)
        release = offers.release(opened.case.digest)
        declared = roles.role(release, party.role)
        if declared is None:
            raise NoSuchRole
        if Party.objects.filter(case_id=case_id).count() >= party_rules.MOST_PARTIES:
            raise TooManyParties
        person = Person(f"{BY_STAFF}{references.new_id()}", party.name, party.email, party.address)
        row = invited(opened, declared, person, actor=f"staff:{account_id}", strict=True)
        join_signings(party_id=row.id)
    return UUID(str(row.id))


def remove_party(*, party_id: UUID, account_id: UUID) -> None:
    """Remove a party that has done nothing yet: its link opens nothing any more.

    What the process asked of it goes to the others of its role, else to caseworkers. Raises
    `NoSuchParty`, `AlreadyTookPart`.
    """
    with transaction.atomic():
        row = locked(party_id)
        if row.state == "removed":
            return
        if queries.open_things(row)[2] or not rules.may(party_rules.PARTY, row.state, "removed"):
            raise AlreadyTookPart
        removed(row, actor=f"staff:{account_id}")
        reconsider_signings(case_id=row.case_id)


def prove_person(*, party_id: UUID, account_id: UUID) -> None:
    """Note that a caseworker knows the party to be a person of their own; see `clash`.

    Twice is once. Raises `NoSuchParty`.
    """
    with transaction.atomic():
        row = locked(party_id)
        if row.proven_by is not None:
            return
        Party.objects.filter(id=party_id).update(proven_by=account_id)
        fact = PartyProven(
            authority_id=row.authority_id, case_id=row.case_id, party_id=party_id, role=row.role
        )
        events.record(fact, actor=f"staff:{account_id}")


def _held(case_id: UUID) -> Opened:
    """Lock the case and return it; raises `NotAllowed` where it is not open."""
    opened = queries.opened_of(queries.held(case_id)[0])
    if opened.case.state != "open":
        raise NotAllowed
    return opened
