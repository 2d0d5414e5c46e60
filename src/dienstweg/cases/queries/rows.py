"""Makes frozen data of this room's rows, unsealing what is sealed; for this room."""

from collections.abc import Mapping
from typing import Any

from dienstweg.assistants.queries import Contact
from dienstweg.authorities.queries import unwrap_key
from dienstweg.cases import codes, places
from dienstweg.cases.errors import Erased
from dienstweg.cases.models import Application, Case, Task
from dienstweg.cases.queries.views import (
    ApplicationView,
    CaseView,
    Opened,
    Submitted,
    TaskCard,
    TaskFile,
)
from dienstweg.kernel import encryption


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
        account_id=row.account_id,
        code_renewed_at=row.code_renewed_at,
        handing_to=row.handing_to,
        moved_to=row.moved_to,
        moved_as=row.moved_as,
        came_from=row.came_from,
        came_as=row.came_as,
    )


def key_of(row: Case) -> bytes:
    """Return the key of the row; raises `Erased`."""
    if row.wrapped_key is None:
        raise Erased
    return unwrap_key(row.authority_id, bytes(row.wrapped_key), "draft-key", str(row.id))


def opened_of(row: Application) -> Opened:
    """Return a version, read with its case, as frozen data; raises `Erased`."""
    key = key_of(row.case)
    return Opened(view_of(row.case), key, application_of(row, key))


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


def receipt_of(row: Case, secret: str) -> Submitted:
    """Return the answer to the submission of a row, its code only as long as it fits."""
    code = codes.of(secret)
    return Submitted(row.id, row.number, code if codes.fits(row, code) else "")


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
        form=tuple(row.form),
        assignee=row.assignee,
        claimed_at=row.claimed_at,
        approval_role=row.approval_role,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        returned_from=row.returned_from,
    )


def task_file(row: Task, key: bytes) -> TaskFile:
    """Return a task row with its decision unsealed."""
    content = task_content(row, key)
    return TaskFile(
        task_card(row),
        reason=content.get("reason", ""),
        data=content.get("data", {}),
        item=content.get("item"),
        remark=content.get("remark", ""),
        version=content.get("version", 0),
    )


def task_content(row: Task, key: bytes) -> Mapping[str, Any]:
    """Return what is sealed in a task row; empty where nothing is."""
    if row.sealed is None:
        return {}
    content: Mapping[str, Any] = encryption.unseal_json(
        key, bytes(row.sealed), *places.task_place(row)
    )
    return content
