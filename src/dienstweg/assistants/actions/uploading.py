"""Files that arrive in pieces: each upload belongs to a draft, a field and an entry of it.

When the last piece is there, the file is checked and put into the answers as by `attach`. Until
that is done the last piece does not count, so that an upload which is complete has its file,
whatever dies meanwhile; it may be sent twice.
"""

from collections.abc import Iterable
from uuid import UUID

from dienstweg.assistants import queries
from dienstweg.assistants.actions.filling import attach, most_bytes, schema_of
from dienstweg.assistants.errors import NoSuchField
from dienstweg.assistants.queries import DraftView
from dienstweg.files import actions as files
from dienstweg.files import queries as stored
from dienstweg.files.actions import Checksum
from dienstweg.files.errors import Refused
from dienstweg.files.queries import UploadCard


def begin_upload(
    *,
    draft_id: UUID,
    secret: str,
    field: str,
    name: str,
    length: int,
    entry: tuple[int, ...] = (),
) -> UploadCard:
    """Keep room for a file of ``length`` bytes that will come in pieces; return its upload.

    Raises the kinds of `dienstweg.files.errors.Refused`, `NoSuchField`, and as
    `queries.opened`.
    """
    draft = queries.opened(draft_id, secret)
    schema = schema_of(draft, field, entry)
    return files.begin_upload(
        owner_id=draft.owner_id,
        key=draft.key,
        place="/".join((field, *map(str, entry))),
        name=name,
        length=length,
        limit=most_bytes(schema),
    )


def upload(
    *, draft_id: UUID, secret: str, upload_id: UUID, checksum: Checksum | None = None
) -> UploadCard:
    """Return how an upload of the draft stands.

    With a ``checksum`` only if that is the one of all that has come: who chooses a file again after
    a reload goes on with the same one. Raises `dienstweg.files.errors` `NoSuchUpload` and
    `WrongChecksum`, and as `queries.opened`.
    """
    draft = queries.opened(draft_id, secret)
    card = _upload(draft, upload_id)
    if checksum is not None:
        files.vouch_for(upload=card, key=draft.key, checksum=checksum)
    return card


def continue_upload(
    *,
    draft_id: UUID,
    secret: str,
    upload_id: UUID,
    offset: int,
    chunks: Iterable[bytes],
    checksum: Checksum | None = None,
) -> UploadCard:
    """Take what comes next of an upload; with its last piece it becomes a file of the draft.

    A file that is refused then ends its upload. Raises as `attach`, and
    `dienstweg.files.errors` `NoSuchUpload`, `WrongOffset`, `WrongChecksum`, `TooManyPieces`.
    """
    draft = queries.opened(draft_id, secret)
    card = files.receive(
        upload=_upload(draft, upload_id),
        key=draft.key,
        offset=offset,
        chunks=chunks,
        checksum=checksum,
    )
    if card.offset < card.length:
        return card
    field, *entry = card.place.split("/")
    try:
        attach(
            draft_id=draft_id,
            secret=secret,
            field=field,
            name=card.name,
            chunks=files.content_of(card, key=draft.key),
            entry=tuple(int(number) for number in entry),
            file_id=card.id,
        )
    except (Refused, NoSuchField):
        files.end_upload(upload=card)
        raise
    files.finish_upload(upload=card)
    return card


def end_upload(*, draft_id: UUID, secret: str, upload_id: UUID) -> None:
    """Forget an upload and what has come of it; raises as `upload`."""
    files.end_upload(upload=_upload(queries.opened(draft_id, secret), upload_id))


def _upload(draft: DraftView, upload_id: UUID) -> UploadCard:
    return stored.upload(upload_id, owner_id=draft.owner_id, key=draft.key)
