"""Reads: which releases there are, and their archives."""

from dataclasses import dataclass
from datetime import datetime

from dienstweg.library.errors import NoSuchRelease
from dienstweg.library.models import Release


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """What is said about a release without opening it."""

    digest: str
    blueprint_id: str
    version: str
    added_at: datetime


def archive(digest: str) -> bytes:
    """Return the archive of a release; raises `NoSuchRelease`."""
    found = Release.objects.filter(digest=digest).values_list("archive", flat=True).first()
    if found is None:
        raise NoSuchRelease
    return bytes(found)


def releases(blueprint_id: str) -> list[ReleaseCard]:
    """Return the releases of a blueprint, the newest first."""
    rows = Release.objects.filter(blueprint_id=blueprint_id).defer("archive").order_by("-added_at")
    return [ReleaseCard(row.digest, row.blueprint_id, row.version, row.added_at) for row in rows]
