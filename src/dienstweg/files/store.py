"""The folder in which bytes lie: encrypted, under names that say nothing.

A file is written beside its place, synced, and renamed, before the transaction that speaks of it
commits: after a crash there may be a file without a row, which is swept, never the reverse.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from dienstweg.kernel import failpoints

_HALF = ".part"


def folder_of(authority_id: UUID) -> Path:
    """Return the folder of one authority's files."""
    return Path(settings.DIENSTWEG_FILES) / authority_id.hex


def path_of(authority_id: UUID, file_id: UUID) -> Path:
    """Return where the bytes of a file lie: spread over 256 folders by the id's random end."""
    return folder_of(authority_id) / file_id.hex[-2:] / file_id.hex


def write(authority_id: UUID, file_id: UUID, sealed: bytes) -> None:
    """Store the bytes for good: when this returns they survive a power cut."""
    with written(authority_id, file_id) as file:
        file.write(sealed)


@contextmanager
def written(authority_id: UUID, file_id: UUID) -> Iterator[BinaryIO]:
    """Give a file to write sealed bytes to; when the block is left they are stored for good.

    Where the block ends with an error nothing is stored, nor left of what was begun.
    """
    place = path_of(authority_id, file_id)
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_suffix(_HALF)
    failpoints.reach("files.write.before")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.rename(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    failpoints.reach("files.write.after")


def read(authority_id: UUID, file_id: UUID) -> bytes:
    """Return the stored bytes; raises `FileNotFoundError`."""
    return path_of(authority_id, file_id).read_bytes()


def opened(authority_id: UUID, file_id: UUID) -> BinaryIO:
    """Return the stored bytes as an open file, to be closed; raises `FileNotFoundError`."""
    return path_of(authority_id, file_id).open("rb")


def remove(authority_id: UUID, file_id: UUID) -> None:
    """Delete the bytes, if they are there, whole or half written."""
    place = path_of(authority_id, file_id)
    for path in (place, place.with_suffix(_HALF)):
        path.unlink(missing_ok=True)


def stored_before(authority_id: UUID, moment: float) -> Iterator[UUID]:
    """Yield the ids of an authority's files last written before ``moment`` (seconds since 1970)."""
    for path in folder_of(authority_id).glob("??/*"):
        with suppress(FileNotFoundError, ValueError):
            if path.stat().st_mtime < moment:
                yield UUID(path.name.removesuffix(_HALF))
