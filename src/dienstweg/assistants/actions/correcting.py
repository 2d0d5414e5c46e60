"""A draft in which a submitted application is corrected: begun, ended, its files.

It is filled in like any other, as far as its places are open. Its key and its files are the case's.
"""

from datetime import timedelta
from uuid import UUID

from dienstweg.assistants import queries
from dienstweg.assistants.actions.writing import ATTEMPTS, save
from dienstweg.assistants.corrections import Correction, content_of
from dienstweg.assistants.errors import NoSuchField, TooBusy
from dienstweg.assistants.models import Draft
from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint.correcting import uploaded
from dienstweg.files.errors import TooMany
from dienstweg.kernel import clock, encryption
from dienstweg.offers import queries as offers

KEPT_DAYS = 3650
"""A correction ends with its case or when it is taken back, not by itself."""
MOST_FILES = 20
"""Files of one document that was asked for."""


def begin_correction(
    *,
    draft_id: UUID,
    authority_id: UUID,
    offer_id: UUID,
    digest: str,
    lang: str,
    key: bytes,
    wrapped_key: bytes,
    correction: Correction,
) -> None:
    """Begin to correct an application, in the transaction that asks for it.

    The secret is `queries.correction_secret`; nobody is told it: number and code of the case open
    the correction.
    """
    now = clock.now()
    secret = queries.correction_secret(draft_id)
    row = Draft(
        id=draft_id,
        authority_id=authority_id,
        offer_id=offer_id,
        digest=digest,
        lang=lang,
        secret_hash=queries.secret_hash(authority_id, secret),
        wrapped_key=wrapped_key,
        changed_at=now,
        expires_at=now + timedelta(days=KEPT_DAYS),
        kept_days=KEPT_DAYS,
        corrects=correction.case_id,
    )
    content = {
        "answers": correction.opening.base,
        "saved": {},
        "asked": {},
        "correction": content_of(correction),
    }
    row.sealed = encryption.seal_json(key, content, *queries.place_of(row, "answers"))
    row.save(force_insert=True)


def end_correction(*, draft: DraftView) -> bool:
    """Delete the draft of a correction that is sent; false if it has changed or is gone.

    The row is a lock: of two windows one is let through.
    """
    rows = Draft.objects.filter(id=draft.id, version=draft.version, corrects__isnull=False)
    deleted, _ = rows.delete()
    return bool(deleted)


def drop_correction(*, draft_id: UUID) -> frozenset[str]:
    """Delete the draft of a correction that nobody wants any more; return its files.

    Among them are some that no version names: the case deletes them. Twice is once.
    """
    row = Draft.objects.select_for_update().filter(id=draft_id, corrects__isnull=False).first()
    if row is None:
        return frozenset()
    draft = queries.view_of(row, "")
    row.delete()
    others = draft.correction.uploaded if draft.correction else frozenset()
    return uploaded(offers.release(draft.digest), draft.answers) | others


def forget_corrections(*, case_id: UUID) -> None:
    """Delete whatever draft corrects the case, unread: its key is gone or going."""
    Draft.objects.filter(corrects=case_id).delete()


def put_document(*, draft_id: UUID, secret: str, field: str, file_id: UUID) -> None:
    """Note an uploaded file for a document that was asked for; twice is once.

    Raises `NoSuchField`, `dienstweg.files.errors.TooMany`, `TooBusy`, and as `queries.opened`.
    """
    for _ in range(ATTEMPTS):
        draft = queries.opened(draft_id, secret)
        if draft.correction is None:
            raise NoSuchField
        place = draft.correction.asked(field)
        files = draft.correction.documents[place].files
        if str(file_id) in files:
            return
        if len(files) >= MOST_FILES:
            raise TooMany
        if _save(draft, draft.correction.with_files(place, (*files, str(file_id)))):
            return
    raise TooBusy


def drop_document(*, draft_id: UUID, secret: str, file_id: UUID) -> bool:
    """Take a file out of the documents that were asked for; tell whether it was among them."""
    for _ in range(ATTEMPTS):
        draft = queries.opened(draft_id, secret)
        correction = draft.correction
        if correction is None or str(file_id) not in correction.uploaded:
            return False
        for place, wanted in enumerate(correction.documents):
            files = tuple(one for one in wanted.files if one != str(file_id))
            correction = correction.with_files(place, files)
        if _save(draft, correction):
            return True
    raise TooBusy


def _save(draft: DraftView, correction: Correction) -> bool:
    return save(draft.with_correction(correction), draft.answers, touched=()) is not None
