"""What parties do on paper: a caseworker writes it down, and the case goes on as if online.

Nobody may be made to go online to be heard. Each is written down with the day on which it came and
a scan, which shows what was really written or signed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from dienstweg.cases import queries
from dienstweg.cases.actions.party_links import locked
from dienstweg.cases.actions.signing import decline_signature, give_signature
from dienstweg.cases.actions.taking_part import answer_as_party, hand_in, refuse_unless_open
from dienstweg.cases.errors import NotYours, WrongDay
from dienstweg.cases.facts import PartyNotedOnPaper
from dienstweg.cases.models import PaperNote, Party, Signature, Task
from dienstweg.events import actions as events
from dienstweg.files import actions as files
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id


@dataclass(frozen=True, slots=True)
class Paper:
    """A letter: the day on which it came, who writes it down, the scan's name and bytes."""

    came_on: date
    account_id: UUID
    name: str = field(repr=False)
    chunks: Iterable[bytes] = field(repr=False)


def answer_on_paper(
    *, party_id: UUID, task_id: UUID, outcome: str, reason: str, paper: Paper
) -> None:
    """Write down an answer that came on paper. Raises as `answer_as_party`, and as `_noted`."""

    def answer(row: Party) -> None:
        if not Task.objects.filter(queries.own_tasks(row), id=task_id, state="open").exists():
            raise NotYours
        answer_as_party(
            party_id=party_id,
            task_id=task_id,
            outcome=outcome,
            reason=reason,
            by=paper.account_id,
        )

    _noted(party_id, paper, what="answer", about_id=task_id, act=answer)


def sign_on_paper(
    *, party_id: UUID, signature_id: UUID, version: int, sha256: str, name: str, paper: Paper
) -> None:
    """Write down a signature on paper under the version that the caseworker has before them.

    Raises as `give_signature`, and as `_noted`.
    """

    def give(row: Party) -> None:
        _refuse_unless_asked(row, signature_id)
        give_signature(
            party_id=party_id,
            signature_id=signature_id,
            version=version,
            sha256=sha256,
            name=name,
            by=paper.account_id,
        )

    _noted(party_id, paper, what="signature", about_id=signature_id, act=give)


def refuse_on_paper(*, party_id: UUID, signature_id: UUID, reason: str, paper: Paper) -> None:
    """Write down that a party has written not to sign. Raises as `decline_signature`, `_noted`."""

    def refuse(row: Party) -> None:
        _refuse_unless_asked(row, signature_id)
        decline_signature(
            party_id=party_id, signature_id=signature_id, reason=reason, by=paper.account_id
        )

    _noted(party_id, paper, what="refusal", about_id=signature_id, act=refuse)


def hand_in_on_paper(*, party_id: UUID, paper: Paper) -> None:
    """Keep the scan of something that a party has handed in on paper, like any file of theirs.

    Raises as `hand_in`, and `WrongDay`.
    """
    _refuse_wrong_day(queries.party_row(id=party_id), paper)
    card = hand_in(party_id=party_id, name=paper.name, chunks=paper.chunks, by=paper.account_id)
    with transaction.atomic():
        _write(_come(party_id), paper, what="file", about_id=card.id, file_id=card.id)


def _noted(
    party_id: UUID, paper: Paper, *, what: str, about_id: UUID, act: Callable[[Party], None]
) -> None:
    """Keep the scan, then do ``act`` and write that it came on paper, all or nothing; once.

    Raises `NoSuchParty`, `NotAllowed`, `NotYours` for what is not open any more, `WrongDay`, and a
    kind of `dienstweg.files.errors.Refused`.
    """
    row = queries.party_row(id=party_id)
    refuse_unless_open(row)
    _refuse_wrong_day(row, paper)
    if PaperNote.objects.filter(case_id=row.case_id, about_id=about_id, what=what).exists():
        return
    key = queries.key_of(row.case)
    card = files.take(owner_id=row.case_id, key=key, name=paper.name, chunks=paper.chunks)
    try:
        with transaction.atomic():
            row = _come(party_id)
            act(row)
            _write(row, paper, what=what, about_id=about_id, file_id=card.id)
    except Exception:
        files.discard(owner_id=row.case_id, file_id=card.id)
        raise


def _come(party_id: UUID) -> Party:
    """Lock a party; whoever writes a letter takes part without ever having come in."""
    row = locked(party_id)
    if row.state == "invited":
        Party.objects.filter(id=party_id).update(state="joined")
        row = queries.party_row(id=party_id)
    return row


def _refuse_unless_asked(row: Party, signature_id: UUID) -> None:
    if not Signature.objects.filter(party_id=row.id, id=signature_id, state="asked").exists():
        raise NotYours


def _refuse_wrong_day(row: Party, paper: Paper) -> None:
    if not clock.local(row.invited_at).date() <= paper.came_on <= clock.today():
        raise WrongDay


def _write(row: Party, paper: Paper, *, what: str, about_id: UUID, file_id: UUID) -> None:
    PaperNote(
        id=new_id(),
        authority_id=row.authority_id,
        case_id=row.case_id,
        party_id=row.id,
        what=what,
        about_id=about_id,
        came_on=paper.came_on,
        file_id=file_id,
        noted_by=paper.account_id,
        noted_at=clock.now(),
    ).save(force_insert=True)
    fact = PartyNotedOnPaper(
        authority_id=row.authority_id,
        case_id=row.case_id,
        party_id=row.id,
        role=row.role,
        what=what,
        came_on=paper.came_on.isoformat(),
    )
    events.record(fact, actor=f"staff:{paper.account_id}")
