"""What a case is told when the virus scan refuses one of its files."""

from uuid import UUID

from django.db import transaction

from dienstweg.cases.facts import AttachmentRefused
from dienstweg.cases.models import Attachment, Case
from dienstweg.events import actions as events
from dienstweg.events import queries as recorded


def note_refused_file(*, case_id: UUID, file_id: UUID) -> None:
    """Note on the timeline that malware was found in a file of the case; twice is once.

    Does nothing for what is still a draft, and for a file that the application does not name.
    """
    with transaction.atomic():
        row = Case.objects.select_for_update(no_key=True).filter(id=case_id).first()
        if row is None or not Attachment.objects.filter(case_id=case_id, file_id=file_id).exists():
            return
        told = {
            entry.data.get("file_id")
            for entry in recorded.timeline(case_id)
            if entry.name == AttachmentRefused.name
        }
        if str(file_id) not in told:
            events.record(
                AttachmentRefused(authority_id=row.authority_id, case_id=case_id, file_id=file_id)
            )
