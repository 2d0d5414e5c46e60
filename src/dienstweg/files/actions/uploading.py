"""Files that arrive in pieces (tus 1.0.0): each piece is sealed and synced as it comes.

A piece counts when the row says so. What a crash or a lost race leaves in the store is swept. The
last piece is not counted before the whole has become a file, so that an upload is never complete
without one.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.files import rules, store
from dienstweg.files.actions.quota import in_line, refuse_without_room
from dienstweg.files.errors import (
    Empty,
    NoSuchUpload,
    TooLarge,
    TooManyPieces,
    WrongChecksum,
    WrongOffset,
)
from dienstweg.files.models import Upload
from dienstweg.files.queries import UploadCard
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a piece must hash to; ``algorithm`` is one that hashlib knows."""

    algorithm: str
    digest: bytes


def begin_upload(
    *, owner_id: UUID, key: bytes, place: str, name: str, length: int, limit: int
) -> UploadCard:
    """Keep room for a file of ``length`` bytes that will come in pieces; return its upload.

    ``place`` is the caller's word for where it belongs. Raises `Empty`, `TooLarge`, `TooMany`,
    `TooMuch`.
    """
    most = min(limit, rules.MAX_BYTES)
    if length <= 0:
        raise Empty
    if length > most:
        raise TooLarge(most)
    authority_id, upload_id = scope.one(), new_id()
    row = Upload(
        id=upload_id,
        authority_id=authority_id,
        owner_id=owner_id,
        place=place,
        name=encryption.seal(key, name.encode(), str(authority_id), "uploads", str(upload_id)),
        length=length,
        expires_at=clock.now() + rules.UPLOAD_KEPT,
    )
    with transaction.atomic():
        in_line(owner_id)
        refuse_without_room(owner_id, size=length, besides=upload_id)
        row.save(force_insert=True)
    return UploadCard(upload_id, owner_id, place, name, length, 0, row.expires_at, False, ())


def receive(
    *,
    upload: UploadCard,
    key: bytes,
    offset: int,
    chunks: Iterable[bytes],
    checksum: Checksum | None = None,
) -> UploadCard:
    """Store what comes next of an upload, piece by piece; return how it stands now.

    A line that breaks (`OSError` from ``chunks``) costs what was on its way: what has been
    stored counts, unless a checksum was to vouch for all of it. The last piece is stored and not
    yet counted: the caller makes the file of `content_of` and then calls `finish_upload`. Raises
    `WrongOffset`, `TooLarge`, `WrongChecksum`, `TooManyPieces`, `NoSuchUpload`.
    """
    if upload.done or offset != upload.offset:
        raise WrongOffset
    fresh = _Fresh(upload, key, checksum)
    try:
        fresh.store(_heard(chunks))
        fresh.prove()
    except Exception:
        fresh.take_back()
        raise
    if fresh.card.offset == upload.length:
        return fresh.card
    if fresh.card.offset == upload.offset:
        return upload
    expires_at = clock.now() + rules.UPLOAD_KEPT
    still = Upload.objects.filter(id=upload.id, offset=upload.offset, done=False)
    pieces = [[str(one), size] for one, size in fresh.card.pieces]
    if not still.update(offset=fresh.card.offset, pieces=pieces, expires_at=expires_at):
        fresh.take_back()
        raise WrongOffset
    return replace(fresh.card, expires_at=expires_at)


def _heard(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what comes until the line breaks; a full disk of ours is another error."""
    with suppress(OSError):
        yield from chunks


class _Fresh:
    """The pieces of one request, until it is clear whether they count."""

    def __init__(self, upload: UploadCard, key: bytes, checksum: Checksum | None) -> None:
        self.card = upload
        self._key, self._checksum = key, checksum
        self._known = len(upload.pieces)
        self._hash = hashlib.new(checksum.algorithm) if checksum else None

    def store(self, chunks: Iterable[bytes]) -> None:
        """Seal and sync each chunk; raises `TooLarge`, `TooManyPieces`."""
        for chunk in chunks:
            self._fits(chunk)
            if self._hash is not None:
                self._hash.update(chunk)
            piece, authority_id = new_id(), scope.one()
            place = _place(authority_id, self.card.id, self.card.offset)
            store.write(authority_id, piece, encryption.seal(self._key, chunk, *place))
            self.card = replace(
                self.card,
                offset=self.card.offset + len(chunk),
                pieces=(*self.card.pieces, (piece, len(chunk))),
            )

    def _fits(self, chunk: bytes) -> None:
        if self.card.offset + len(chunk) > self.card.length:
            raise TooLarge(self.card.length)
        if len(self.card.pieces) >= rules.MAX_PIECES:
            raise TooManyPieces

    def prove(self) -> None:
        """Hold what came against its checksum; raises `WrongChecksum`."""
        if self._checksum is None or self._hash is None:
            return
        if not hmac.compare_digest(self._hash.digest(), self._checksum.digest):
            raise WrongChecksum

    def take_back(self) -> None:
        """Delete what this request has stored."""
        for piece, _ in self.card.pieces[self._known :]:
            store.remove(scope.one(), piece)


def content_of(upload: UploadCard, *, key: bytes) -> Iterator[bytes]:
    """Yield the pieces of an upload in their order; raises `NoSuchUpload` if one is gone."""
    authority_id, offset = scope.one(), 0
    for piece, size in upload.pieces:
        place = _place(authority_id, upload.id, offset)
        try:
            yield encryption.unseal(key, store.read(authority_id, piece), *place)
        except FileNotFoundError as error:
            # Another request has just completed or ended this upload.
            raise NoSuchUpload from error
        offset += size


def vouch_for(*, upload: UploadCard, key: bytes, checksum: Checksum) -> None:
    """Hold all that has come of an upload against the beginning of the file somebody has now.

    Raises `WrongChecksum` where it is another file, and `NoSuchUpload`.
    """
    found = hashlib.new(checksum.algorithm)
    for piece in content_of(upload, key=key):
        found.update(piece)
    if not hmac.compare_digest(found.digest(), checksum.digest):
        raise WrongChecksum


def finish_upload(*, upload: UploadCard) -> None:
    """Note that the upload has become a file; its pieces are no longer needed."""
    Upload.objects.filter(id=upload.id).update(done=True, offset=upload.length, pieces=[])
    _remove(upload)


def end_upload(*, upload: UploadCard) -> None:
    """Forget an upload and what has come of it; the file it has become stays."""
    Upload.objects.filter(id=upload.id).delete()
    _remove(upload)


def _remove(upload: UploadCard) -> None:
    for piece, _ in upload.pieces:
        store.remove(scope.one(), piece)


def _place(authority_id: UUID, upload_id: UUID, offset: int) -> tuple[str, ...]:
    return (str(authority_id), "uploads", str(upload_id), str(offset))
