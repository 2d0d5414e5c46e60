"""A draft of a withdrawn release goes on under the present one, when its applicant says so."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from dienstweg.assistants import queries, rules
from dienstweg.assistants.actions.writing import every_page, sealed_content
from dienstweg.assistants.errors import CannotCarryOver, ChangedMeanwhile
from dienstweg.assistants.models import Draft
from dienstweg.files import actions as files
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers


def carry_over(*, draft_id: UUID, secret: str, version: int, digest: str) -> None:
    """Let the draft go on under the release ``digest``, with all that still fits, in one act.

    ``version`` and ``digest`` are those of the preview that the applicant has seen
    (`queries.change_of_release`). The draft keeps its code, its address and its files; a file for
    which there is no question any more is deleted. Raises `CannotCarryOver`, `ChangedMeanwhile`,
    and as `queries.opened`.
    """
    draft = queries.opened(draft_id, secret)
    change = queries.change_of_release(draft)
    if change is None or change.carried is None:
        raise CannotCarryOver
    if draft.version != version or change.digest != digest:
        raise ChangedMeanwhile
    answers, now = change.carried.answers, clock.now()
    saved = dict.fromkeys(every_page(offers.release(digest)), version + 1)
    kept_days = offers.offer(draft.offer_id).draft_days
    with transaction.atomic():
        written = Draft.objects.filter(id=draft_id, version=version, state="open").update(
            digest=digest,
            version=version + 1,
            sealed=sealed_content(draft, answers, saved),
            changed_at=now,
            expires_at=now + timedelta(days=kept_days),
            kept_days=kept_days,
        )
        if not written:
            raise ChangedMeanwhile
        for file_id in set(rules.ids_in(draft.answers)) - set(rules.ids_in(answers)):
            files.discard(owner_id=draft_id, file_id=UUID(file_id))
