"""An authority's electronic seal: set up, asked, and what happens while it is away."""

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.documents.errors import InvalidOptions
from dienstweg.documents.models import Document, Seal
from dienstweg.documents.places import seal_place
from dienstweg.documents.port import Sealer, Unavailable
from dienstweg.kernel import clock, encryption, failpoints, plugins
from dienstweg.kernel.references import new_id

GROUP = "dienstweg.seals"
KEPT = 256
"""Seals, with their keys, that a process keeps ready."""

log = logging.getLogger("dienstweg.documents")


def set_seal(*, kind: str, options: Mapping[str, Any], secrets: Mapping[str, Any]) -> UUID:
    """Give the scope's authority an electronic seal, or change it; return its id.

    ``kind`` names the plug-in, which says by schemas what ``options`` and ``secrets`` must be. From
    now on its decisions are sealed; those that are ordered and not yet written as well. Raises
    `InvalidOptions`, `dienstweg.kernel.plugins.UnknownPlugin`.
    """
    if not plugins.fits(GROUP, kind, options, secrets):
        raise InvalidOptions
    authority_id = scope.one()
    with transaction.atomic():
        known = Seal.objects.first()
        seal_id = known.id if known is not None else new_id()
        key = authorities.authority_key(authority_id)
        place = seal_place(authority_id, seal_id)
        Seal.objects.update_or_create(
            id=seal_id,
            defaults={
                "authority_id": authority_id,
                "kind": kind,
                "options": dict(options),
                "secrets": encryption.seal_json(key, dict(secrets), *place),
            },
        )
    return seal_id


def remove_seal() -> None:
    """Take the seal of the scope's authority away: its decisions go out without one again."""
    Seal.objects.all().delete()


def seal(row: Document, pdf: bytes) -> bytes | None:
    """Return the PDF with the authority's seal; None where it has none.

    Called outside any transaction: the seal may stand on another machine. Raises `Unavailable`
    after noting that the document waits for it.
    """
    own = Seal.objects.first()
    if own is None:
        return None
    failpoints.reach("documents.seal.before")
    try:
        sealed = _sealer_of(own).seal(pdf)
    except Unavailable:
        Document.objects.filter(id=row.id, state="ordered", seal_failed_at=None).update(
            seal_failed_at=clock.now()
        )
        log.warning("document_waits_for_seal document=%s", row.id)
        raise
    failpoints.reach("documents.seal.after")
    return sealed


def check_seals() -> list[tuple[str, list[str]]]:
    """Check every seal in scope; return each authority's short name with what is wrong with it."""
    return [
        (authorities.card(row.authority_id).short_name, _sealer_of(row).check())
        for row in Seal.objects.order_by("authority_id")
    ]


def _sealer_of(row: Seal) -> Sealer:
    """Return the sealer that a row describes, kept as long as the row stays the same."""
    return _made(row.kind, repr(row.options), bytes(row.secrets), row.id, row.authority_id)


@lru_cache(maxsize=KEPT)
def _made(kind: str, _options: str, secrets: bytes, seal_id: UUID, authority_id: UUID) -> Sealer:
    key = authorities.authority_key(authority_id)
    opened = encryption.unseal_json(key, secrets, *seal_place(authority_id, seal_id))
    options = Seal.objects.get(id=seal_id).options
    sealer: Sealer = plugins.made(GROUP, kind, options, opened)
    return sealer
