"""Writes: a service is listed, or no longer; a register of streets is loaded."""

import json
import logging
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.catalogue import queries, streets
from dienstweg.catalogue.errors import UnusableStreets
from dienstweg.catalogue.models import Listing, Street, StreetRegister
from dienstweg.catalogue.streets import Refused, StreetLine
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id

_log = logging.getLogger(__name__)
AT_ONCE = 2_000
"""Streets that are written with one statement."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many streets were loaded, and which lines were not; the first hundred with reasons."""

    streets: int
    refused: tuple[Refused, ...]
    refused_count: int


def list_offer(*, authority_id: UUID, offer_id: UUID, slug: str, listing: str) -> None:
    """List an online service, or list it anew; ``listing`` is JSON text.

    Its keys are ``subject``, ``keywords``, ``titles`` and ``summaries`` (texts by language).
    """
    words = json.loads(listing)
    Listing.objects.update_or_create(
        authority_id=authority_id,
        offer_id=offer_id,
        defaults={
            "slug": slug,
            "subject": words["subject"],
            "keywords": words["keywords"],
            "titles": words["titles"],
            "summaries": words["summaries"],
        },
    )
    queries.forget()


def unlist_offer(*, offer_id: UUID) -> None:
    """List an online service no longer."""
    Listing.objects.filter(offer_id=offer_id).delete()
    queries.forget()


def load_streets(*, content: bytes) -> Loaded:
    """Replace the register of streets of the scope's authority by that of a CSV file.

    Lines that cannot be used are left out and told. Raises `UnusableStreets` where the file as a
    whole cannot be read or holds no usable line; the register stays as it was then.
    """
    authority_id = scope.one()
    try:
        found = streets.read_file(content)
    except streets.Unreadable as error:
        raise UnusableStreets(str(error)) from error
    if not found.lines:
        raise UnusableStreets("In der Datei steht keine brauchbare Straße.", found.refused)
    latitude, longitude = _middle(found.lines)
    with transaction.atomic():
        # The register's row is the lock: of two loads at once, the later one stays as a whole.
        StreetRegister.objects.select_for_update().filter(authority_id=authority_id).first()
        Street.objects.all().delete()
        rows = (_street(authority_id, line) for line in found.lines)
        Street.objects.bulk_create(list(rows), batch_size=AT_ONCE)
        StreetRegister.objects.update_or_create(
            authority_id=authority_id,
            defaults={
                "edition": new_id(),
                "loaded_at": clock.now(),
                "latitude": latitude,
                "longitude": longitude,
            },
        )
    _log.info(
        "streets_loaded authority=%s streets=%s refused=%s",
        authority_id,
        len(found.lines),
        found.refused_count,
    )
    return Loaded(len(found.lines), found.refused, found.refused_count)


def _street(authority_id: UUID, line: StreetLine) -> Street:
    return Street(
        authority_id=authority_id,
        key=streets.folded(line.name),
        name=line.name,
        from_number=line.from_number,
        to_number=line.to_number,
        postcode=line.postcode,
        town=line.town,
        district=line.district,
        latitude=line.latitude,
        longitude=line.longitude,
    )


def _middle(lines: tuple[StreetLine, ...]) -> tuple[float, float] | tuple[None, None]:
    """Return the mean place of the streets, where a map of them begins."""
    places = [
        (line.latitude, line.longitude)
        for line in lines
        if line.latitude is not None and line.longitude is not None
    ]
    if not places:
        return None, None
    return (
        sum(place[0] for place in places) / len(places),
        sum(place[1] for place in places) / len(places),
    )
