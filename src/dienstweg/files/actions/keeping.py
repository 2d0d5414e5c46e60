"""Take, keep and discard files."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from dienstweg.authorities import scope
from dienstweg.events.job import defer
from dienstweg.files import queries, rules, store
from dienstweg.files.actions.quota import in_line, refuse_without_room
from dienstweg.files.actions.scanning import SCAN, is_scanned, key_for_scan
from dienstweg.files.errors import BY_CODE, AlreadyKept, Broken, Empty, TooLarge
from dienstweg.files.models import File, Upload
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id
from dienstweg.kernel.sealed_pieces import SealedWriter

_INSPECTION_SECONDS = 30


def take(
    *,
    owner_id: UUID,
    key: bytes,
    name: str,
    chunks: Iterable[bytes],
    limit: int = rules.MAX_BYTES,
    file_id: UUID | None = None,
) -> FileCard:
    """Check an uploaded file by its content and keep it, encrypted with the owner's ``key``.

    ``limit`` is the size in bytes. With ``file_id`` it is safe to do twice: the first one stays,
    and the second is told by `AlreadyKept`. Where there is a scanner the file is kept ``waiting``
    for it. Raises a kind of `dienstweg.files.errors.Refused`, and then leaves everything as it
    was.
    """
    own = file_id or new_id()
    if file_id is not None and File.objects.filter(id=own, owner_id=owner_id).exists():
        raise AlreadyKept(queries.card(own, key=key))
    refuse_without_room(owner_id, size=1, besides=own)
    content = _bounded(chunks, min(limit, rules.MAX_BYTES))
    if not content:
        raise Empty
    media_type, kept = _inspected(content)
    row = _stored(own, owner_id, key, name=name, media_type=media_type, content=kept)
    try:
        with transaction.atomic():
            in_line(owner_id)
            refuse_without_room(owner_id, size=len(kept), besides=own)
            if is_scanned():
                row.state, row.wrapped_key = "waiting", key_for_scan(row, key)
                defer(SCAN, authority_id=row.authority_id, object_id=own)
            row.save(force_insert=True)
    except IntegrityError as error:
        if file_id is None:
            raise
        raise AlreadyKept(queries.card(own, key=key)) from error
    except Exception:
        if file_id is None:  # else another request may have stored the same place; it is swept
            store.remove(row.authority_id, own)
        raise
    return queries.card_of(row, key)


def keep(*, owner_id: UUID, key: bytes, name: str, media_type: str, content: bytes) -> FileCard:
    """Store ``content`` that we made ourselves, encrypted with the owner's ``key``."""
    row = _stored(new_id(), owner_id, key, name=name, media_type=media_type, content=content)
    row.save(force_insert=True)
    return queries.card_of(row, key)


def keep_archive(
    *, owner_id: UUID, key: bytes, name: str, fill: Callable[[SealedWriter], None]
) -> FileCard:
    """Store the ZIP file that ``fill`` writes, encrypted with the owner's ``key``.

    However long it is: no more than a piece of it is in memory, none of it on the disk in the
    clear. It counts as no file of the case; see `dienstweg.files.rules.ARCHIVE`.
    """
    row = _row(new_id(), owner_id, key, name=name, media_type=rules.ARCHIVE)
    with store.written(row.authority_id, row.id) as out:
        sealed = SealedWriter(out, key, *queries.content_place(row))
        fill(sealed)
        sealed.close()
    row.size, row.sha256 = sealed.size, sealed.sha256.digest()
    row.save(force_insert=True)
    return queries.card_of(row, key)


def _stored(
    file_id: UUID, owner_id: UUID, key: bytes, *, name: str, media_type: str, content: bytes
) -> File:
    """Store the bytes; return the row that is to speak of them."""
    row = _row(file_id, owner_id, key, name=name, media_type=media_type)
    sealed = encryption.seal(key, content, *queries.content_place(row))
    store.write(row.authority_id, file_id, sealed)
    row.size, row.sha256 = len(content), hashlib.sha256(content).digest()
    return row


def _row(file_id: UUID, owner_id: UUID, key: bytes, *, name: str, media_type: str) -> File:
    """Return the row of a file that is not stored yet."""
    authority_id, kept_name = scope.one(), rules.name_of(name, media_type)
    place = (str(authority_id), "files", str(file_id), "name")
    return File(
        id=file_id,
        authority_id=authority_id,
        owner_id=owner_id,
        name=encryption.seal(key, kept_name.encode(), *place),
        media_type=media_type,
        created_at=clock.now(),
    )


def discard(*, owner_id: UUID, file_id: UUID | None = None) -> None:
    """Delete one file of the owner, or all of them and what is on its way."""
    rows, uploads = File.objects.filter(owner_id=owner_id), Upload.objects.none()
    if file_id is not None:
        rows = rows.filter(queries.called(file_id))
    else:
        uploads = Upload.objects.filter(owner_id=owner_id)
    ids = list(rows.values_list("id", flat=True))
    pieces = [UUID(one) for many in uploads.values_list("pieces", flat=True) for one, _ in many]
    authority_id = scope.one()

    def remove_bytes() -> None:
        for one in (*ids, *pieces):
            store.remove(authority_id, one)

    with transaction.atomic():
        rows.filter(id__in=ids).delete()
        uploads.delete()
        # Only when the rows are gone for good: a rollback must not leave a row without bytes.
        transaction.on_commit(remove_bytes)


def _bounded(chunks: Iterable[bytes], limit: int) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > limit:
            raise TooLarge(limit)
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
