"""The virus scan: a worker shows each file that waits to the scanner, outside any transaction.

While the scanner is away the file waits, for as long as that takes: it is neither lost nor
released. What is found is told by a fact.
"""

import io
import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from dienstweg.authorities import queries as authorities
from dienstweg.events import actions as events
from dienstweg.events.job import defer
from dienstweg.events.queries import without_job
from dienstweg.files import queries, rules, store
from dienstweg.files.facts import FileRefused, FileReleased
from dienstweg.files.models import File
from dienstweg.files.port import Infected, Scanner, Unavailable, Verdict
from dienstweg.kernel import clock, encryption, failpoints, plugins

SCAN = "files.scan"
GROUP = "dienstweg.scanners"
SWEPT_EVERY = timedelta(minutes=15)
SCANNED_WITHIN = timedelta(minutes=5)
"""A file that is not scanned this long after it came, and for which nothing is due, is lost."""
SWEPT_AT_ONCE = 500
_MAX_FINDING = 120

log = logging.getLogger("dienstweg.files")


def is_scanned() -> bool:
    """Tell whether files wait for a scanner here: the operator has named one."""
    return bool(settings.DIENSTWEG_SCANNER)


def scanner() -> Scanner:
    """Return the scanner that the setting names; raises `Unavailable` where it names none.

    A file that waits is not released because the setting is gone: a worker without it must not
    undo what the web server asked for.
    """
    kind, _, address = settings.DIENSTWEG_SCANNER.partition(":")
    options = {"address": address}
    try:
        if not plugins.fits(GROUP, kind, options, {}):
            raise Unavailable("the address does not fit")
        made: Scanner = plugins.made(GROUP, kind, options, {})
    except plugins.UnknownPlugin as error:
        raise Unavailable("no such scanner") from error
    return made


def scanner_problems() -> list[str]:
    """Return what is wrong with the scanner, in plain German; nothing when it works."""
    try:
        return scanner().check()
    except Unavailable as error:
        return [f"DIENSTWEG_SCANNER ist falsch gesetzt: {error}."]


def key_for_scan(row: File, key: bytes) -> bytes:
    """Return the owner's ``key`` as a worker may unwrap it for as long as the file waits."""
    by = authorities.authority_key(row.authority_id)
    return encryption.wrap(key, by, str(row.authority_id), "scan-key", str(row.id))


def scan(*, file_id: UUID) -> None:
    """Show a file that waits to the scanner; safe to do twice, and when it is gone.

    With the scanner away, the job is due again. Raises
    `dienstweg.kernel.encryption.Unreadable`, and `FileNotFoundError`: the job is repeated.
    """
    row = File.objects.filter(id=file_id, state="waiting").first()
    if row is None:
        return
    content = _content(row)
    failpoints.reach("files.scan.before")
    try:
        verdict = scanner().scan(io.BytesIO(content))
    except Unavailable as error:
        pause = rules.scan_pause(clock.now() - row.created_at)
        events.due(
            at=clock.now() + pause, job=SCAN, authority_id=row.authority_id, object_id=row.id
        )
        log.warning("scan_waits file=%s reason=%s", row.id, str(error)[:80])
        return
    _settle(row, verdict)
    failpoints.reach("files.scan.after")


def _content(row: File) -> bytes:
    """Return the bytes that the row speaks of, and no others."""
    wrapped = bytes(row.wrapped_key or b"")
    key = authorities.unwrap_key(row.authority_id, wrapped, "scan-key", str(row.id))
    return queries.whole(row, key)


def _settle(row: File, verdict: Verdict) -> None:
    """Write down what the scanner said, once, and what follows from it."""
    infected = isinstance(verdict, Infected)
    after = "refused" if infected else "ready"
    finding = verdict.name[:_MAX_FINDING] if isinstance(verdict, Infected) else ""
    kind = FileRefused if infected else FileReleased
    with transaction.atomic():
        waiting = File.objects.filter(id=row.id, state="waiting")
        if not waiting.update(state=after, finding=finding, wrapped_key=None):
            return
        events.record(
            kind(authority_id=row.authority_id, owner_id=row.owner_id, file_id=row.id),
            actor="system",
        )
        if infected:
            transaction.on_commit(lambda: store.remove(row.authority_id, row.id))
    log.info("scanned file=%s state=%s", row.id, after)


def sweep_waiting(*, authority_id: UUID) -> int:
    """Have the scope's files scanned that wait with nothing due for them; return how many.

    There are none, unless a job has been lost. Looks again after `SWEPT_EVERY`.
    """
    late = File.objects.filter(state="waiting", created_at__lt=clock.now() - SCANNED_WITHIN)
    lost = without_job(late, job=SCAN)
    ids = list(lost.order_by("id").values_list("id", flat=True)[:SWEPT_AT_ONCE])
    for file_id in ids:
        defer(SCAN, authority_id=authority_id, object_id=file_id)
    events.look_again(job="files.sweep_waiting", authority_id=authority_id, after=SWEPT_EVERY)
    return len(ids)
