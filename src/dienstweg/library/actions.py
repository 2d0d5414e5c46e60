"""Writes: a release is added once and never changed."""

from dienstweg.blueprint import archive as archives
from dienstweg.blueprint import release as releases
from dienstweg.kernel import clock
from dienstweg.library.errors import TooLarge
from dienstweg.library.models import Release
from dienstweg.library.queries import ReleaseCard


def add(*, archive: bytes) -> ReleaseCard:
    """Add the release in ``archive`` if the library does not have it; return what it is.

    Raises `TooLarge`, and `dienstweg.blueprint.problems.Invalid` for what is no blueprint.
    """
    if len(archive) > archives.LARGEST_ARCHIVE:
        raise TooLarge
    digest = archives.digest(archive)
    row = Release.objects.defer("archive").filter(digest=digest).first()
    if row is None:
        opened = releases.compile(archives.unpack(archive))
        row = Release(
            digest=digest,
            blueprint_id=opened.id,
            version=opened.version,
            archive=archive,
            added_at=clock.now(),
        )
        Release.objects.bulk_create([row], ignore_conflicts=True)
    return ReleaseCard(row.digest, row.blueprint_id, row.version, row.added_at)
