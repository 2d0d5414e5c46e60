"""Copies the files of a case to another authority: stored again, sealed anew under another key."""

from uuid import UUID

from dienstweg.authorities import scope
from dienstweg.files import queries, rules, store
from dienstweg.files.errors import NotReleased
from dienstweg.files.models import File
from dienstweg.kernel import encryption
from dienstweg.kernel.references import new_id


def copy_owned(
    *, owner_id: UUID, key: bytes, to_authority: UUID, new_owner_id: UUID, new_key: bytes
) -> int:
    """Copy all files of ``owner_id`` to ``new_owner_id`` at another authority; return how many.

    Runs in the scope of the authority that gives, and enters the other to write. To whoever asks,
    a copy has the id of its original. Bytes are stored before the transaction commits; what no
    commit follows is swept. Raises `dienstweg.files.errors.NotReleased` while a file waits for
    its scan. Archives of the case stay behind: nobody there has asked for them.
    """
    own = File.objects.filter(owner_id=owner_id).exclude(media_type=rules.ARCHIVE)
    rows = list(own.order_by("id"))
    if any(row.state == "waiting" for row in rows):
        raise NotReleased
    for row in rows:
        new = File(
            id=new_id(),
            authority_id=to_authority,
            owner_id=new_owner_id,
            copy_of=row.copy_of or row.id,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            created_at=row.created_at,
            state=row.state,
            finding=row.finding,
        )
        place = (str(to_authority), "files", str(new.id))
        name = queries.card_of(row, key).name
        new.name = encryption.seal(new_key, name.encode(), *place, "name")
        if row.state == "ready":
            content = queries.whole(row, key)
            store.write(to_authority, new.id, encryption.seal(new_key, content, *place, "content"))
        with scope.enter(scope.of(to_authority)):
            new.save(force_insert=True)
    return len(rows)
