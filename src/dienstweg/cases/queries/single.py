"""Reads about one case: its state, its application, its files, who read it."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Subquery
from django.db.transaction import TransactionManagementError

from dienstweg.assistants.queries import Contact, ids_in
from dienstweg.authorities import scope
from dienstweg.cases import places
from dienstweg.cases.errors import NoSuchCase
from dienstweg.cases.models import Application, Attachment, Case, Reading
from dienstweg.cases.queries.rows import (
    application_of,
    contact_of,
    key_of,
    opened_of,
    receipt_of,
    view_of,
)
from dienstweg.cases.queries.views import (
    ApplicationView,
    AttachmentCard,
    CaseView,
    Opened,
    ReadingEntry,
    Submitted,
)
from dienstweg.kernel import encryption, references


def case(case_id: UUID) -> CaseView:
    """Return a case; raises `NoSuchCase`."""
    return view_of(row_of(case_id))


def key(case_id: UUID) -> bytes:
    """Return the key under which the case's data is sealed; raises `NoSuchCase`, `Erased`."""
    return key_of(row_of(case_id))


def opened(case_id: UUID) -> Opened:
    """Return a case, its key and its application, in one statement.

    Raises `NoSuchCase`, `Erased`.
    """
    return opened_of(newest(case_id))


def opened_version(case_id: UUID, version: int) -> Opened:
    """Return a case, its key and this version of its application; raises as `opened`."""
    rows = Application.objects.filter(case_id=case_id, version=version).select_related("case")
    row: Application | None = rows.first()
    if row is None:
        key_of(row_of(case_id))  # an erased case has none
        raise NoSuchCase
    return opened_of(row)


def sent(case_id: UUID, *, secret: str) -> tuple[Submitted, Opened]:
    """Return the answer to the submission again, as `receipt`, and what was sent with it."""
    row = newest(case_id)
    return receipt_of(row.case, secret), opened_of(row)


def newest(case_id: UUID) -> Application:
    """Return the newest version with its case's row; for this room; raises as `opened`."""
    rows = Application.objects.filter(case_id=case_id).select_related("case").order_by("-version")
    row: Application | None = rows.first()
    if row is None:
        key_of(row_of(case_id))  # an erased case has none
        raise NoSuchCase
    return row


def held(case_id: UUID, *besides: scope.Asked) -> tuple[Application, list[list[Any]]]:
    """Return the newest version with its case's row, locked till the transaction ends; as `newest`.

    ``besides`` is asked in the same message, after the lock.

    The lock comes first, in a statement of its own: one statement that waits for it would still
    see the versions of when it began, and miss the one that came meanwhile.
    """
    if not connection.in_atomic_block:
        message = "a lock ends with its transaction, and there is none"
        raise TransactionManagementError(message)
    cases, rows, *others = scope.read_by_hand(
        (Case.objects, "id = %s FOR NO KEY UPDATE", [case_id]),
        (Application.objects, "case_id = %s ORDER BY version DESC LIMIT 1", [case_id]),
        *besides,
    )
    if not cases:
        raise NoSuchCase
    if not rows:
        key_of(cases[0])  # an erased case has none
        raise NoSuchCase
    row: Application = rows[0]
    row.case = cases[0]
    return row, others


def application(case_id: UUID, *, key: bytes) -> ApplicationView:
    """Return the newest version of a case's application; raises `NoSuchCase`."""
    row = Application.objects.filter(case_id=case_id).order_by("-version").first()
    if row is None:
        raise NoSuchCase
    return application_of(row, key)


def attachments(case_id: UUID, *, key: bytes, version: int | None = None) -> list[AttachmentCard]:
    """Return the files of a version, of the newest if none is named, in the order of upload."""
    wanted: Any = version
    if version is None:
        newest_first = Application.objects.filter(case_id=case_id).order_by("-version")
        wanted = Subquery(newest_first.values("version")[:1])
    rows = Attachment.objects.filter(case_id=case_id, version=wanted).order_by("file_id")
    return [
        AttachmentCard(
            file_id=row.file_id,
            field=row.field,
            name=encryption.unseal(key, bytes(row.name), *places.attachment_place(row)).decode(),
            media_type=row.media_type,
            size=row.size,
            sha256=bytes(row.sha256).hex(),
        )
        for row in rows
    ]


def attachments_of(opened: Opened) -> list[AttachmentCard]:
    """Return the files of an opened version of a case; asked only where there can be some.

    The first version has none but those that it names; with a later one others may come.
    """
    if opened.application.version == 1 and not ids_in(opened.application.data):
        return []
    return attachments(opened.case.id, key=opened.key, version=opened.application.version)


def contact(case_id: UUID) -> Contact:
    """Return how the applicant wants to be told of news; raises `NoSuchCase`, `Erased`."""
    row = row_of(case_id)
    return contact_of(row, key_of(row))


def receipt(case_id: UUID, *, secret: str) -> Submitted:
    """Return the answer to the submission again, for whoever has the draft's ``secret``."""
    return receipt_of(row_of(case_id), secret)


def by_number(number: str) -> CaseView | None:
    """Return the case with this number, however it was typed; for the desk."""
    row = Case.objects.filter(number=references.normalise(number)).first()
    return view_of(row) if row else None


def readings(case_id: UUID) -> list[ReadingEntry]:
    """Return who read the case, the oldest first."""
    rows = Reading.objects.filter(case_id=case_id).order_by("id")
    return [ReadingEntry(row.account_id, row.at, row.purpose) for row in rows]


def row_of(case_id: UUID, *, lock: bool = False) -> Case:
    """Return the row of a case for this room, locked if wanted; raises `NoSuchCase`."""
    rows = Case.objects.filter(id=case_id)
    row: Case | None = (rows.select_for_update(no_key=True) if lock else rows).first()
    if row is None:
        raise NoSuchCase
    return row
