"""Keeps what a process could not take, so that nothing is lost and a person sees it."""

import logging
import traceback
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from dienstweg.blueprint import happening, process
from dienstweg.cases import actions as cases
from dienstweg.cases.errors import NoSuchCase
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption
from dienstweg.processes import places
from dienstweg.processes.facts import ProcessStuck, ProcessUnstuck
from dienstweg.processes.models import Conduct, Halt

LONGEST_TEXT = 500

log = logging.getLogger("dienstweg.processes")


def keep(*, case_id: UUID, event: process.Event, error: Exception) -> None:
    """Write down that the process of a case could not take an event, and why.

    Once for an event; a repetition is counted. Does nothing for a case that is not there.
    """
    code, where, text = _described(error)
    log.error("process_stuck case=%s code=%s where=%s", case_id, code, where)
    try:
        with transaction.atomic():
            _keep(cases.hold(case_id=case_id), event, code, where, text)
    except NoSuchCase:
        return


def _keep(held: cases.Held, event: process.Event, code: str, where: str, text: str) -> None:
    now, case = clock.now(), held.case
    row = Halt(
        authority_id=case.authority_id,
        case_id=case.id,
        event=happening.name_of(event),
        code=code,
        where=where,
        first_at=now,
        tried_at=now,
    )
    known = Halt.objects.filter(case_id=case.id, event=row.event).first()
    if known is not None:
        row.id = known.id
    content = {"event": happening.as_json(event), "text": text}
    row.sealed = encryption.seal_json(held.key, content, *places.halt_place(row))
    if known is not None:
        Halt.objects.filter(id=known.id).update(
            code=code, where=where, sealed=row.sealed, tried_at=now, tries=F("tries") + 1
        )
        return
    row.save(force_insert=True)
    Conduct.objects.filter(id=case.id, stuck_at__isnull=True).update(stuck_at=now)
    events.record(
        ProcessStuck(authority_id=case.authority_id, case_id=case.id, code=code, where=where)
    )


def forget(*, case_id: UUID, event: process.Event) -> None:
    """Note that the process has taken an event that had stopped it; under the case's lock."""
    found = Halt.objects.filter(case_id=case_id, event=happening.name_of(event)).first()
    if found is None:
        return
    found.delete()
    if not Halt.objects.filter(case_id=case_id).exists():
        Conduct.objects.filter(id=case_id).update(stuck_at=None)
        events.record(ProcessUnstuck(authority_id=found.authority_id, case_id=case_id))


def content_of(row: Halt, *, key: bytes) -> tuple[process.Event, str]:
    """Return the event that could not be taken, and what was wrong; ``key`` is the case's."""
    content: dict[str, Any] = encryption.unseal_json(
        key, bytes(row.sealed), *places.halt_place(row)
    )
    return happening.from_json(content["event"]), str(content["text"])


def _described(error: Exception) -> tuple[str, str, str]:
    """Return code, place and words of what went wrong; never the text of a foreign error."""
    if isinstance(error, process.Stuck):
        return error.code or "stuck", error.where[:120], str(error)[:LONGEST_TEXT]
    if isinstance(error, process.UnknownState):
        return "unknown-state", "", str(error)[:LONGEST_TEXT]
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "dienstweg" in frame.filename] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return "error", place, type(error).__name__
