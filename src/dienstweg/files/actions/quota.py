"""How much a draft or case may hold: files and bytes, uploads on their way among them."""

from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Sum

from dienstweg.files import rules
from dienstweg.files.errors import TooMany, TooMuch
from dienstweg.files.models import File, Upload
from dienstweg.kernel import clock


def in_line(owner_id: UUID) -> None:
    """Let nobody else count this owner's files until the transaction ends.

    Files know no row of their owner's that could be locked, so it is a lock of PostgreSQL by name.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(owner_id)])


def refuse_without_room(owner_id: UUID, *, size: int, besides: UUID) -> None:
    """Refuse one more file of ``size`` bytes where there is no room for it.

    ``besides`` is not counted: the upload that becomes this file; nor is an archive that was made
    of the case. Raises `TooMany`, `TooMuch`.
    """
    kept = File.objects.filter(owner_id=owner_id).exclude(state="refused").exclude(id=besides)
    kept = kept.exclude(media_type=rules.ARCHIVE)
    files, taken = kept.aggregate(n=Count("id"), bytes=Sum("size")).values()
    coming = Upload.objects.filter(owner_id=owner_id, done=False, expires_at__gt=clock.now())
    uploads, reserved = (
        coming.exclude(id=besides).aggregate(n=Count("id"), bytes=Sum(F("length"))).values()
    )
    if files + uploads >= settings.DIENSTWEG_CASE_FILES:
        raise TooMany
    if (taken or 0) + (reserved or 0) + size > settings.DIENSTWEG_CASE_BYTES:
        raise TooMuch
