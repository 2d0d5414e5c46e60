"""Reads: which files there are, their bytes, and what is on its way."""

import hashlib
import hmac
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from dienstweg.files import rules, store
from dienstweg.files.errors import NoSuchFile, NoSuchUpload, NotReleased
from dienstweg.files.models import File, Upload
from dienstweg.kernel import clock, encryption, sealed_pieces

_STANDING = ("id", "copy_of", "state")


@dataclass(frozen=True, slots=True)
class FileCard:
    """What a page or a delivery says about a file: size in bytes, SHA-256 in hex.

    ``state`` is ``waiting`` (for the virus scan), ``ready`` or ``refused`` (its content is gone).
    """

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    state: str = "ready"


@dataclass(frozen=True, slots=True)
class UploadCard:
    """A file that arrives in pieces: how many of its bytes have come, and until when it may.

    ``lately``: a piece has just come, so that it may still be on its way in another window.
    """

    id: UUID
    owner_id: UUID
    place: str
    name: str
    length: int
    offset: int
    expires_at: datetime
    done: bool
    pieces: tuple[tuple[UUID, int], ...] = field(repr=False)
    lately: bool = False


def cards(owner_id: UUID, *, key: bytes) -> list[FileCard]:
    """Return the files of a draft or case, the oldest first; their names need the owner's key."""
    rows = File.objects.filter(owner_id=owner_id).order_by("id")
    return [card_of(row, key) for row in rows]


def card(file_id: UUID, *, key: bytes) -> FileCard:
    """Return one file; raises `NoSuchFile`."""
    return card_of(_row(file_id), key)


def states(owner_id: UUID, *, lock: bool = False) -> dict[UUID, str]:
    """Return how each file of a draft or case stands.

    With ``lock`` no scan changes that until the transaction ends.
    """
    rows = File.objects.filter(owner_id=owner_id).order_by("id")
    if lock:
        rows = rows.select_for_update()
    return {copy_of or own: state for own, copy_of, state in rows.values_list(*_STANDING)}


def waiting() -> int:
    """Return how many files of the scope wait for the virus scan."""
    return File.objects.filter(state="waiting").count()


def content(file_id: UUID, *, key: bytes) -> bytes:
    """Return the decrypted bytes of a file that is released.

    The one gate for everybody who reads. Raises `NotReleased`, and `NoSuchFile`, also where
    malware was found.
    """
    try:
        return whole(_released(file_id), key)
    except FileNotFoundError as error:
        raise NoSuchFile from error


def pieces(file_id: UUID, *, key: bytes) -> Iterator[bytes]:
    """Return the decrypted bytes of a file that is released, one piece at a time.

    What `actions.keep_archive` has kept takes memory for a piece only, anything else for the
    whole. The last piece comes when all are known to be those that the row speaks of. Raises as
    `content` at once; while they are read, `dienstweg.kernel.encryption.Unreadable`. Needs no
    database while they are read.
    """
    row = _released(file_id)
    if not store.path_of(row.authority_id, row.id).exists():
        raise NoSuchFile
    return _read_on(row, key)


def _read_on(row: File, key: bytes) -> Iterator[bytes]:
    with store.opened(row.authority_id, row.id) as stored:
        is_whole = stored.read(len(sealed_pieces.MARK)) != sealed_pieces.MARK
        stored.seek(0)
        if is_whole:
            yield whole(row, key)
            return
        found, held = hashlib.sha256(), b""
        for piece in sealed_pieces.unseal(stored, key, *content_place(row)):
            if held:
                yield held
            found.update(piece)
            held = piece
        if not hmac.compare_digest(found.digest(), bytes(row.sha256)):
            raise encryption.Unreadable
        yield held


def _released(file_id: UUID) -> File:
    """Return the row of a file that may be read; raises `NotReleased`, `NoSuchFile`."""
    row = _row(file_id)
    if row.state == "waiting":
        raise NotReleased
    if row.state != "ready":
        raise NoSuchFile
    return row


def whole(row: File, key: bytes) -> bytes:
    """Return the bytes of a row for this room, once they are those that it speaks of.

    What was inspected and scanned is what is read: bytes that were exchanged since are
    `dienstweg.kernel.encryption.Unreadable`.
    """
    sealed, place = store.read(row.authority_id, row.id), content_place(row)
    if sealed.startswith(sealed_pieces.MARK):
        found = b"".join(sealed_pieces.unseal(io.BytesIO(sealed), key, *place))
    else:
        found = encryption.unseal(key, sealed, *place)
    if not hmac.compare_digest(hashlib.sha256(found).digest(), bytes(row.sha256)):
        raise encryption.Unreadable
    return found


def uploads(owner_id: UUID, *, key: bytes) -> list[UploadCard]:
    """Return what has come in part of an owner's files and may still go on, the oldest first."""
    now = clock.now()
    rows = Upload.objects.filter(owner_id=owner_id, done=False, expires_at__gt=now)
    return [_upload_card(row, key) for row in rows.filter(offset__gt=0).order_by("id")]


def upload(upload_id: UUID, *, owner_id: UUID, key: bytes) -> UploadCard:
    """Return how an upload of this owner stands; raises `NoSuchUpload`."""
    rows = Upload.objects.filter(id=upload_id, owner_id=owner_id, expires_at__gt=clock.now())
    row: Upload | None = rows.first()
    if row is None:
        raise NoSuchUpload
    return _upload_card(row, key)


def _upload_card(row: Upload, key: bytes) -> UploadCard:
    place = (str(row.authority_id), "uploads", str(row.id))
    name = encryption.unseal(key, bytes(row.name), *place).decode()
    return UploadCard(
        id=row.id,
        owner_id=row.owner_id,
        place=row.place,
        name=name,
        length=row.length,
        offset=row.offset,
        expires_at=row.expires_at,
        done=row.done,
        pieces=tuple((UUID(one), size) for one, size in row.pieces),
        lately=row.expires_at > clock.now() + rules.UPLOAD_KEPT - rules.UPLOAD_LATELY,
    )


def card_of(row: File, key: bytes) -> FileCard:
    """Return a row of this room as frozen data."""
    place = (str(row.authority_id), "files", str(row.id), "name")
    name = encryption.unseal(key, bytes(row.name), *place).decode()
    return FileCard(
        row.copy_of or row.id, name, row.media_type, row.size, bytes(row.sha256).hex(), row.state
    )


def content_place(row: File) -> tuple[str, ...]:
    """Name the place that the bytes of a row are bound to, for this room."""
    return str(row.authority_id), "files", str(row.id), "content"


def _row(file_id: UUID) -> File:
    row: File | None = File.objects.filter(called(file_id)).first()
    if row is None:
        raise NoSuchFile
    return row


def called(file_id: UUID) -> Q:
    """Return the condition on a file of that id, or a copy that answers to it; for this room."""
    return Q(id=file_id) | Q(copy_of=file_id)
