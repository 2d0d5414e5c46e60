"""Hands a case over to another authority: ordered, called off, copied, closed with a pointer.

The whole is conducted by the room of processes, which knows the rooms whose rows go with it.
"""

from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import queries as authorities
from dienstweg.authorities.errors import NoSuchAuthority
from dienstweg.cases import places, queries, terms
from dienstweg.cases.actions import indexing
from dienstweg.cases.actions.copying import Copier, copy_rows
from dienstweg.cases.actions.ending import take_back_what_is_open
from dienstweg.cases.errors import NotAllowed
from dienstweg.cases.facts import (
    CaseMoved,
    CaseTakenOver,
    HandingOverCalledOff,
    HandingOverOrdered,
)
from dienstweg.cases.models import Case, Party
from dienstweg.events import actions as events
from dienstweg.kernel import clock
from dienstweg.kernel.references import case_number, new_id


def order_handing_over(*, case_id: UUID, to: UUID, account_id: UUID) -> None:
    """Order that a case goes to the authority ``to``; a job does it as soon as nothing hinders.

    The same order twice is one. Raises `NoSuchCase`, `Erased`, and `NotAllowed` where the case is
    not open, or where it is there already.
    """
    with transaction.atomic():
        row = queries.row_of(case_id, lock=True)
        queries.key_of(row)
        if row.handing_to == to:
            return
        if row.state != "open" or row.handing_to is not None or to == row.authority_id:
            raise NotAllowed
        _known(to)
        Case.objects.filter(id=case_id).update(handing_to=to)
        fact = HandingOverOrdered(
            authority_id=row.authority_id, case_id=case_id, to_authority_id=to
        )
        events.record(fact, actor=f"staff:{account_id}")


def call_off_handing_over(*, case_id: UUID, account_id: UUID) -> None:
    """Take the order back; raises `NoSuchCase`, and `NotAllowed` where it is carried out."""
    with transaction.atomic():
        row = queries.row_of(case_id, lock=True)
        if row.moved_to is not None:
            raise NotAllowed
        if row.handing_to is None:
            return
        Case.objects.filter(id=case_id).update(handing_to=None)
        fact = HandingOverCalledOff(authority_id=row.authority_id, case_id=case_id)
        events.record(fact, actor=f"staff:{account_id}")


def copy_case(*, case_id: UUID, offer_id: UUID) -> Copier:
    """Copy a case that is ordered to go to the authority that takes it; return the `Copier`.

    ``offer_id`` is the online service there. Runs under the case's lock, in the scope of the
    authority that gives. The case there is open at once; nobody sees it before the commit. Raises
    `NotAllowed` where nothing was ordered.
    """
    row = queries.row_of(case_id)
    to = row.handing_to
    if to is None:
        raise NotAllowed
    card = authorities.card(to)
    new_case_id = new_id()
    key, wrapped = authorities.new_wrapped_key(to, "draft-key", str(new_case_id))
    copier = Copier(
        case_id=case_id,
        new_case_id=new_case_id,
        from_authority=row.authority_id,
        to_authority=to,
        number=case_number(card.number_prefix),
        key=queries.key_of(row),
        new_key=key,
        ids={case_id: new_case_id, row.offer_id: offer_id},
    )

    def change(old: Case, new: Case) -> None:
        new.number = copier.number
        new.wrapped_key = wrapped
        new.code_of = old.code_of or old.id
        new.came_from, new.came_as = old.authority_id, old.number
        new.handing_to = None
        new.indexed = 0

    copier.copy(
        [row], sealed={name: _place(name) for name in ("contact", "withdrawal")}, change=change
    )
    copy_rows(copier)
    return copier


def conclude_handing_over(*, copier: Copier) -> None:
    """Close the case here with a pointer, and let it be found there; runs under the lock."""
    data = queries.application(copier.case_id, key=copier.key).data
    _point_parties(copier)
    indexing.forget(copier.case_id)
    take_back_what_is_open(copier.case_id)
    Case.objects.filter(id=copier.case_id).update(
        state="closed",
        closed_at=clock.now(),
        handing_to=None,
        moved_to=copier.to_authority,
        moved_as=copier.number,
    )
    events.record(
        CaseMoved(
            authority_id=copier.from_authority,
            case_id=copier.case_id,
            to_authority_id=copier.to_authority,
            number=copier.number,
        )
    )
    with copier.there():
        row = queries.row_of(copier.new_case_id)
        indexing.index(row, data)
        Case.objects.filter(id=row.id).update(indexed=terms.VERSION)
        events.record(
            CaseTakenOver(
                authority_id=copier.to_authority,
                case_id=copier.new_case_id,
                from_authority_id=copier.from_authority,
                number=row.came_as,
            )
        )


def _point_parties(copier: Copier) -> None:
    """Write to each party here under which number its invitation goes on there."""
    with copier.there():
        numbers = dict(Party.objects.filter(case_id=copier.new_case_id).values_list("id", "number"))
    for party_id in Party.objects.filter(case_id=copier.case_id).values_list("id", flat=True):
        Party.objects.filter(id=party_id).update(moved_to=numbers[copier.ids[party_id]])


def _place(name: str) -> Any:
    def of_row(row: Case) -> tuple[str, ...]:
        return places.case_place(row.authority_id, row.id, name)

    return of_row


def _known(authority_id: UUID) -> None:
    """Refuse an authority that there is not; raises `NotAllowed`."""
    try:
        authorities.card(authority_id)
    except NoSuchAuthority as error:
        raise NotAllowed from error
