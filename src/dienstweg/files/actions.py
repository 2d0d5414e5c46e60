"""Writes: take, keep and discard files."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.events import actions as events
from dienstweg.files import rules, store
from dienstweg.files.errors import BY_CODE, Broken, Empty, TooLarge, TooMany
from dienstweg.files.models import File
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id

_INSPECTION_SECONDS = 30
_ORPHAN_AGE = timedelta(hours=24)
_SWEPT_AT_ONCE = 1000
"""Files that one statement is asked about."""
SWEPT_EVERY = timedelta(hours=6)


def take(
    *, owner_id: UUID, key: bytes, name: str, chunks: Iterable[bytes], limit: int = rules.MAX_BYTES
) -> FileCard:
    """Check an uploaded file by its content and keep it, encrypted with the owner's ``key``.

    ``limit`` is the size in bytes. Raises a kind of `dienstweg.files.errors.Refused`, and then
    leaves everything as it was.
    """
    if File.objects.filter(owner_id=owner_id).count() >= rules.MAX_FILES:
        raise TooMany
    content = _bounded(chunks, min(limit, rules.MAX_BYTES))
    if not content:
        raise Empty
    media_type, kept = _inspected(content)
    return keep(owner_id=owner_id, key=key, name=name, media_type=media_type, content=kept)


def keep(*, owner_id: UUID, key: bytes, name: str, media_type: str, content: bytes) -> FileCard:
    """Store ``content`` that is known to be good, encrypted with the owner's ``key``."""
    authority_id, file_id = scope.one(), new_id()
    place = (str(authority_id), "files", str(file_id))
    kept_name = rules.name_of(name, media_type)
    store.write(authority_id, file_id, encryption.seal(key, content, *place, "content"))
    row = File(
        id=file_id,
        authority_id=authority_id,
        owner_id=owner_id,
        name=encryption.seal(key, kept_name.encode(), *place, "name"),
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        created_at=clock.now(),
    )
    row.save(force_insert=True)
    return FileCard(file_id, kept_name, media_type, row.size, row.sha256.hex())


def discard(*, owner_id: UUID, file_id: UUID | None = None) -> None:
    """Delete one file of the owner, or all of them."""
    rows = File.objects.filter(owner_id=owner_id)
    if file_id is not None:
        rows = rows.filter(id=file_id)
    ids = list(rows.values_list("id", flat=True))
    authority_id = scope.one()

    def remove_bytes() -> None:
        for one in ids:
            store.remove(authority_id, one)

    with transaction.atomic():
        rows.filter(id__in=ids).delete()
        # Only when the rows are gone for good: a rollback must not leave a row without bytes.
        transaction.on_commit(remove_bytes)


def sweep(*, authority_id: UUID) -> int:
    """Delete the authority's stored bytes that no row speaks of; return how many.

    They are what a crash between storing and committing leaves behind. Bytes are looked at a day
    after they were written, so that no running request loses its own. Looks again after
    `SWEPT_EVERY`.
    """
    stored = store.stored_before(authority_id, (clock.now() - _ORPHAN_AGE).timestamp())
    removed = 0
    while some := list(islice(stored, _SWEPT_AT_ONCE)):
        known = set(File.objects.filter(id__in=some).values_list("id", flat=True))
        for orphan in set(some) - known:
            store.remove(authority_id, orphan)
            removed += 1
    events.look_again(job="files.sweep", authority_id=authority_id, after=SWEPT_EVERY)
    return removed


def _bounded(chunks: Iterable[bytes], limit: int) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > limit:
            raise TooLarge
    return bytes(content)


def _inspected(content: bytes) -> tuple[str, bytes]:
    """Have a child process look into the file; return its media type and the bytes to keep."""
    try:
        done = subprocess.run(  # our own module, no shell
            [sys.executable, "-I", "-m", "dienstweg.files.inspection"],
            input=content,
            capture_output=True,
            timeout=_INSPECTION_SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Broken from error
    head, _, kept = done.stdout.partition(b"\n")
    answer = json.loads(head)
    if "refused" in answer:
        raise BY_CODE.get(answer["refused"], Broken)
    return answer["type"], kept
