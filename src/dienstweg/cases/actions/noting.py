"""Notes of caseworkers for each other: written, and corrected within minutes."""

from uuid import UUID

from django.db import transaction

from dienstweg.cases import places, queries, rules
from dienstweg.cases.errors import EmptyNote, NoSuchNote, TooLateToCorrect
from dienstweg.cases.models import Note
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id


def note(*, case_id: UUID, account_id: UUID, key: str, text: str) -> UUID:
    """Keep a note about a case, once for each ``key``; the applicant never sees it.

    Raises `NoSuchCase`, `Erased`, `EmptyNote`.
    """
    if not text.strip():
        raise EmptyNote
    with transaction.atomic():
        case = queries.row_of(case_id, lock=True)
        case_key = queries.key_of(case)
        known = Note.objects.filter(case_id=case_id, key=key).values_list("id", flat=True).first()
        if known is not None:
            return UUID(str(known))
        row = Note(
            id=new_id(),
            authority_id=case.authority_id,
            case_id=case_id,
            key=key,
            account_id=account_id,
            at=clock.now(),
        )
        row.sealed = encryption.seal(case_key, text.strip().encode(), *places.note_place(row))
        row.save(force_insert=True)
    return UUID(str(row.id))


def correct_note(*, note_id: UUID, account_id: UUID, text: str) -> None:
    """Write a note of one's own anew within `rules.NOTE_OPEN`, or delete it with an empty text.

    Raises `NoSuchNote` (another's is none), `TooLateToCorrect`.
    """
    with transaction.atomic():
        rows = Note.objects.select_related("case").select_for_update(of=("self",), no_key=True)
        row = rows.filter(id=note_id, account_id=account_id).first()
        if row is None:
            raise NoSuchNote
        now = clock.now()
        if not rules.is_note_open(written_at=row.at, now=now):
            raise TooLateToCorrect
        if not text.strip():
            row.delete()
            return
        key = queries.key_of(row.case)
        row.sealed = encryption.seal(key, text.strip().encode(), *places.note_place(row))
        row.corrected_at = now
        row.save(update_fields=["sealed", "corrected_at"])
