"""Reads: cases, their applications and tasks, as frozen data.

A new read stands in the module of its theme and is named here. What returns rows is for this room.
"""

from dienstweg.cases.queries.lists import (
    PAGE,
    SWEPT,
    recent,
    unfinished,
)
from dienstweg.cases.queries.rows import (
    application_of,
    contact_of,
    key_of,
    opened_of,
    receipt_of,
    task_card,
    task_file,
    view_of,
    withdrawal_of,
)
from dienstweg.cases.queries.single import (
    application,
    attachments,
    attachments_of,
    by_number,
    case,
    contact,
    key,
    newest,
    opened,
    readings,
    receipt,
    row_of,
    sent,
)
from dienstweg.cases.queries.tasking import (
    open_tasks,
    task,
    tasks,
)
from dienstweg.cases.queries.views import (
    ApplicationView,
    AttachmentCard,
    CaseFile,
    CaseView,
    Opened,
    ReadingEntry,
    Submitted,
    TaskCard,
    TaskFile,
)

__all__ = [
    "PAGE",
    "SWEPT",
    "ApplicationView",
    "AttachmentCard",
    "CaseFile",
    "CaseView",
    "Opened",
    "ReadingEntry",
    "Submitted",
    "TaskCard",
    "TaskFile",
    "application",
    "application_of",
    "attachments",
    "attachments_of",
    "by_number",
    "case",
    "contact",
    "contact_of",
    "key",
    "key_of",
    "newest",
    "open_tasks",
    "opened",
    "opened_of",
    "readings",
    "receipt",
    "receipt_of",
    "recent",
    "row_of",
    "sent",
    "task",
    "task_card",
    "task_file",
    "tasks",
    "unfinished",
    "view_of",
    "withdrawal_of",
]
