"""Reads: cases, their applications and tasks, as frozen data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q

from dienstweg.assistants.queries import Contact, ids_in
from dienstweg.authorities.queries import unwrap_key
from dienstweg.cases import codes, places
from dienstweg.cases.errors import Erased, NoSuchCase, NoSuchTask
from dienstweg.cases.models import Application, Attachment, Case, Reading, Task
from dienstweg.kernel import encryption, references

PAGE = 50
"""Rows that a list of the desk shows at once."""
SWEPT = 1000
"""Cases that a sweeper looks at in one statement."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """What is said about a case without reading what the applicant wrote."""

    id: UUID
    authority_id: UUID
    number: str
    state: str
    outcome: str
    offer_id: UUID
    digest: str
    lang: str
    submitted_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answer to a submission: the number and the code that opens the case page.

    The code is empty when the applicant has asked for a new one since.
    """

    case_id: UUID
    number: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """One version of an application: the data, and what was declared with it."""

    version: int
    data: Mapping[str, Any]
    declaration: Mapping[str, Any]
    sha256: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with its key and the newest version of its application."""

    case: CaseView
    key: bytes = field(repr=False)
    application: ApplicationView = field(repr=False)


@dataclass(frozen=True, slots=True)
class AttachmentCard:
    """A file of an application: ``field`` is the JSON pointer to its place in the data."""

    file_id: UUID
    field: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task in a list of the desk, with what is said about its case."""

    id: UUID
    authority_id: UUID
    case_id: UUID
    number: str
    offer_id: UUID
    digest: str
    key: str
    task: str
    role: str
    outcomes: tuple[str, ...]
    state: str
    submitted_at: datetime
    asked_at: datetime
    due_at: datetime | None
    decided_by: UUID | None
    undo_until: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A task with the decision: reason and data are empty until there is one."""

    card: TaskCard
    reason: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReadingEntry:
    """One line of the access log."""

    account_id: UUID
    at: datetime
    purpose: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything a caseworker sees of a case."""

    case: CaseView
    application: ApplicationView
    attachments: tuple[AttachmentCard, ...]
    contact: Contact
    withdrawal: str
    tasks: tuple[TaskFile, ...]
    key: bytes = field(repr=False)


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


def sent(case_id: UUID, *, secret: str) -> tuple[Submitted, Opened]:
    """Return the answer to the submission again, as `receipt`, and what was sent with it."""
    row = newest(case_id)
    return receipt_of(row.case, secret), opened_of(row)


def newest(case_id: UUID, *, lock: bool = False) -> Application:
    """Return the newest version with its case's row, that locked if wanted; for this room.

    Raises `NoSuchCase`, `Erased`.
    """
    rows = Application.objects.filter(case_id=case_id).select_related("case").order_by("-version")
    if lock:
        rows = rows.select_for_update(of=("case",), no_key=True)
    row: Application | None = rows.first()
    if row is None:
        key_of(row_of(case_id))  # an erased case has none
        raise NoSuchCase
    return row


def opened_of(row: Application) -> Opened:
    """Return a version, read with its case, as frozen data; raises `Erased`."""
    key = key_of(row.case)
    return Opened(view_of(row.case), key, application_of(row, key))


def application(case_id: UUID, *, key: bytes) -> ApplicationView:
    """Return the newest version of a case's application; raises `NoSuchCase`."""
    row = Application.objects.filter(case_id=case_id).order_by("-version").first()
    if row is None:
        raise NoSuchCase
    return application_of(row, key)


def application_of(row: Application, key: bytes) -> ApplicationView:
    """Return the row as frozen data."""
    content = encryption.unseal_json(key, bytes(row.sealed), *places.application_place(row))
    return ApplicationView(
        version=row.version,
        data=content["data"],
        declaration=content["declaration"],
        sha256=bytes(row.sha256).hex(),
        made_at=row.made_at,
    )


def attachments(case_id: UUID, *, key: bytes) -> list[AttachmentCard]:
    """Return the files of the newest version, in the order of upload."""
    rows = list(Attachment.objects.filter(case_id=case_id).order_by("-version", "file_id"))
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
        if row.version == rows[0].version
    ]


def attachments_of(opened: Opened) -> list[AttachmentCard]:
    """Return the files of an opened case; asked only where its application names any."""
    if not ids_in(opened.application.data):
        return []
    return attachments(opened.case.id, key=opened.key)


def contact(case_id: UUID) -> Contact:
    """Return how the applicant wants to be told of news; raises `NoSuchCase`, `Erased`."""
    row = row_of(case_id)
    return contact_of(row, key_of(row))


def receipt(case_id: UUID, *, secret: str) -> Submitted:
    """Return the answer to the submission again, for whoever has the draft's ``secret``."""
    return receipt_of(row_of(case_id), secret)


def receipt_of(row: Case, secret: str) -> Submitted:
    """Return the answer to the submission of a row, its code only as long as it fits."""
    code = codes.of(secret)
    return Submitted(row.id, row.number, code if codes.fits(row, code) else "")


def by_number(number: str) -> CaseView | None:
    """Return the case with this number, however it was typed; for the desk."""
    row = Case.objects.filter(number=references.normalise(number)).first()
    return view_of(row) if row else None


def recent(*, before: UUID | None = None, limit: int = PAGE) -> list[CaseView]:
    """Return the newest cases, or those ``before`` the last one of a page."""
    rows = Case.objects.order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [view_of(row) for row in rows[:limit]]


def unfinished(*, submitted_before: datetime, after: UUID | None = None) -> list[UUID]:
    """Return the oldest `SWEPT` cases that have not ended, and of them those behind ``after``."""
    rows = Case.objects.filter(state__in=["open", "withdrawn"], submitted_at__lt=submitted_before)
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.order_by("id").values_list("id", flat=True)[:SWEPT])


def open_tasks(
    *,
    after: UUID | None = None,
    limit: int = PAGE,
    roles: Mapping[UUID, Collection[str]] | None = None,
) -> list[TaskCard]:
    """Return what waits for a caseworker, the oldest first, or those ``after`` a page's last.

    With ``roles`` (by authority) only what is for somebody who has them. Decided tasks are among
    them for as long as they can be undone.
    """
    rows = Task.objects.select_related("case").filter(state__in=["open", "decided"])
    if after is not None:
        rows = rows.filter(id__gt=after)
    if roles is not None:
        own = [Q(authority_id=place, role__in=list(names)) for place, names in roles.items()]
        rows = rows.filter(reduce(or_, own)) if own else rows.none()
    return [task_card(row) for row in rows.order_by("id")[:limit]]


def task(task_id: UUID) -> TaskFile:
    """Return a task with its decision; raises `NoSuchTask`, `Erased`."""
    row = Task.objects.select_related("case").filter(id=task_id).first()
    if row is None:
        raise NoSuchTask
    return task_file(row, key_of(row.case))


def tasks(case_id: UUID, *, key: bytes) -> list[TaskFile]:
    """Return all tasks of a case, the oldest first."""
    rows = Task.objects.select_related("case").filter(case_id=case_id).order_by("id")
    return [task_file(row, key) for row in rows]


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


def view_of(row: Case) -> CaseView:
    """Return the row as frozen data."""
    return CaseView(
        id=row.id,
        authority_id=row.authority_id,
        number=row.number,
        state=row.state,
        outcome=row.outcome,
        offer_id=row.offer_id,
        digest=row.digest,
        lang=row.lang,
        submitted_at=row.submitted_at,
        closed_at=row.closed_at,
    )


def key_of(row: Case) -> bytes:
    """Return the key of the row; raises `Erased`."""
    if row.wrapped_key is None:
        raise Erased
    return unwrap_key(row.authority_id, bytes(row.wrapped_key), "draft-key", str(row.id))


def contact_of(row: Case, key: bytes) -> Contact:
    """Return the contact of the row; by post where nothing else was said."""
    if row.contact is None:
        return Contact(way="post")
    place = places.case_place(row.authority_id, row.id, "contact")
    entry = encryption.unseal_json(key, bytes(row.contact), *place)
    return Contact(way=entry["way"], email=entry["email"], confirmed=entry["confirmed"])


def withdrawal_of(row: Case, key: bytes) -> str:
    """Return what the applicant gave as the reason for withdrawing, if anything."""
    if row.withdrawal is None:
        return ""
    place = places.case_place(row.authority_id, row.id, "withdrawal")
    return encryption.unseal(key, bytes(row.withdrawal), *place).decode()


def task_card(row: Task) -> TaskCard:
    """Return a task row, read with its case, as frozen data."""
    return TaskCard(
        id=row.id,
        authority_id=row.authority_id,
        case_id=row.case_id,
        number=row.case.number,
        offer_id=row.case.offer_id,
        digest=row.case.digest,
        key=row.key,
        task=row.task,
        role=row.role,
        outcomes=tuple(row.outcomes),
        state=row.state,
        submitted_at=row.case.submitted_at,
        asked_at=row.asked_at,
        due_at=row.due_at,
        decided_by=row.decided_by,
        undo_until=row.undo_until,
        outcome=row.outcome,
    )


def task_file(row: Task, key: bytes) -> TaskFile:
    """Return a task row with its decision unsealed."""
    if row.sealed is None:
        return TaskFile(task_card(row), "", {})
    content = encryption.unseal_json(key, bytes(row.sealed), *places.task_place(row))
    return TaskFile(task_card(row), content["reason"], content["data"])
