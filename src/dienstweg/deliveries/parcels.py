"""Packs what is sent: the application in the form of a mapping, and its attachments."""

from functools import partial

from dienstweg.blueprint import mapping
from dienstweg.cases import queries as cases
from dienstweg.deliveries import queries
from dienstweg.deliveries.models import Delivery
from dienstweg.deliveries.port import Enclosure, Kind, Parcel
from dienstweg.files import queries as files
from dienstweg.kernel import encryption
from dienstweg.offers import queries as offers

MEDIA_TYPE = "application/json"


def content(row: Delivery, opened: cases.Opened) -> bytes:
    """Return the content of a delivery in the form of its mapping."""
    case = opened.case
    known = encryption.unseal_json(
        opened.key,
        bytes(row.known),
        *queries.delivery_place(row.authority_id, row.id, "known"),
    )
    packed, _media_type = mapping.apply(
        offers.release(case.digest),
        row.mapping,
        dict(opened.application.data),
        {"case_number": case.number, "submitted_at": case.submitted_at.isoformat()},
        known=known,
    )
    return packed


def parcel(row: Delivery, opened: cases.Opened, packed: bytes) -> Parcel:
    """Return the parcel; the attachments' bytes are read when the connector wants them.

    A file that the virus scan has refused is left out: there is nothing to send.
    """
    case = opened.case
    attachments = cases.attachments_of(opened)
    states = files.states(case.id) if attachments else {}
    kind: Kind = "application"
    if row.kind in ("withdrawal", "correction"):
        kind = "withdrawal" if row.kind == "withdrawal" else "correction"
    return Parcel(
        key=str(row.id),
        case_id=case.id,
        case_number=case.number,
        service=offers.offer(case.offer_id).slug,
        schema_digest=case.digest,
        content=packed,
        media_type=MEDIA_TYPE,
        attachments=tuple(
            Enclosure(
                id=str(one.file_id),
                name=one.name,
                media_type=one.media_type,
                sha256=one.sha256,
                open=partial(files.content, one.file_id, key=opened.key),
            )
            for one in attachments
            if states.get(one.file_id) != "refused"
        ),
        submitted_at=case.submitted_at,
        kind=kind,
    )
