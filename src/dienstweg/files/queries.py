"""Reads: which files there are, and their bytes."""

from dataclasses import dataclass
from uuid import UUID

from dienstweg.files import store
from dienstweg.files.errors import NoSuchFile
from dienstweg.files.models import File
from dienstweg.kernel import encryption


@dataclass(frozen=True, slots=True)
class FileCard:
    """What a page or a delivery says about a file: size in bytes, SHA-256 in hex."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


def cards(owner_id: UUID, *, key: bytes) -> list[FileCard]:
    """Return the files of a draft or case, the oldest first; their names need the owner's key."""
    rows = File.objects.filter(owner_id=owner_id).order_by("id")
    return [_card(row, key) for row in rows]


def card(file_id: UUID, *, key: bytes) -> FileCard:
    """Return one file; raises `NoSuchFile`."""
    return _card(_row(file_id), key)


def content(file_id: UUID, *, key: bytes) -> bytes:
    """Return the decrypted bytes of a file; raises `NoSuchFile`."""
    row = _row(file_id)
    place = (str(row.authority_id), "files", str(file_id), "content")
    try:
        return encryption.unseal(key, store.read(row.authority_id, file_id), *place)
    except FileNotFoundError as error:
        raise NoSuchFile from error


def _row(file_id: UUID) -> File:
    row: File | None = File.objects.filter(id=file_id).first()
    if row is None:
        raise NoSuchFile
    return row


def _card(row: File, key: bytes) -> FileCard:
    place = (str(row.authority_id), "files", str(row.id), "name")
    name = encryption.unseal(key, bytes(row.name), *place).decode()
    return FileCard(row.id, name, row.media_type, row.size, bytes(row.sha256).hex())
