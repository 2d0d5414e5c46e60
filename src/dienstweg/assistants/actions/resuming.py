"""Going on elsewhere: by the code, by a link that is mailed, by a code handed over by a machine."""

from typing import Literal
from uuid import UUID

from django.db import transaction

from dienstweg.assistants import queries, rules
from dienstweg.assistants.actions.contact import (
    counted,
    guessed,
    keep,
    locked,
    send_code,
    with_new_code,
)
from dienstweg.assistants.actions.life import Begun
from dienstweg.assistants.errors import InvalidAddress, NoSuchDraft
from dienstweg.assistants.models import Draft
from dienstweg.authorities import queries as authorities
from dienstweg.kernel import clock, references
from dienstweg.mail import actions as mail
from dienstweg.mail.errors import InvalidAddress as UnusableAddress

Step = Literal["confirm", "sent"]


def resume(*, code: str) -> Begun:
    """Return the draft that the resume ``code`` unlocks, for a cookie on another device.

    A code by which a machine has handed a draft over is good once: the draft gets a new secret.
    Raises `NoSuchDraft`, `Expired`, and `AlreadySubmitted`.
    """
    draft_id, offer_id = queries.by_code(code)
    secret = references.normalise(code)
    row = Draft.objects.get(id=draft_id)
    if row.handover:
        fresh = references.secret_code()
        taken = Draft.objects.filter(id=draft_id, handover=True, state="open").update(
            secret_hash=queries.secret_hash(row.authority_id, fresh), handover=False
        )
        if not taken:
            raise NoSuchDraft
        secret = fresh
    return Begun(draft_id, offer_id, secret)


def mail_link(*, draft_id: UUID, secret: str, email: str = "") -> Step:
    """Send the link to go on to an address of the applicant's, once that is confirmed.

    Without ``email`` to the one that is confirmed. Another is sent a code of six digits first: a
    slip of the finger must not give a draft away. Raises `InvalidAddress`, `TooManyCodes`, and as
    `queries.opened`.
    """
    address = email.strip()
    try:
        return _mail_link(draft_id, secret, address)
    except UnusableAddress as error:
        raise InvalidAddress from error


def _mail_link(draft_id: UUID, secret: str, address: str) -> Step:
    with transaction.atomic():
        row, draft = locked(draft_id, secret)
        entry = queries.contact_entry(row, draft.key)
        known, confirmed = queries.resume_address(row, draft.key)
        wanted = address or known
        if not rules.is_address(wanted):
            raise InvalidAddress
        kept = entry.get("resume", {})
        if confirmed and wanted == known:
            kept = {**kept, "email": known, "confirmed": True, "sent": counted(kept)}
            _send_link(row, secret, known)
        else:
            kept = with_new_code(kept, wanted)
            send_code(row, kept)
        keep(row, draft.key, {**entry, "resume": kept})
    return "sent" if kept["confirmed"] else "confirm"


def confirm_link(*, draft_id: UUID, secret: str, code: str) -> bool:
    """Confirm the address by the ``code`` that was sent to it, and send the link; tell whether.

    As often wrong as `rules.GUESSES` says, and no code is right any more. Raises as
    `queries.opened`.
    """
    with transaction.atomic():
        row, draft = locked(draft_id, secret)
        entry = queries.contact_entry(row, draft.key)
        kept = entry.get("resume", {})
        if kept.get("confirmed"):
            return True
        kept = guessed(kept, code)
        if kept.get("confirmed"):
            _send_link(row, secret, kept["email"])
        keep(row, draft.key, {**entry, "resume": kept})
    return bool(kept.get("confirmed"))


def _send_link(row: Draft, secret: str, address: str) -> None:
    """Ask for the mail with the link; the code stands behind "#", which no server gets to see."""
    code = references.normalise(secret)
    mail.send(
        authority_id=row.authority_id,
        to=address,
        template="resume",
        context={
            "date": f"{clock.local(row.expires_at):%d.%m.%Y}",
            "link": authorities.public_url(row.authority_id, f"/fortsetzen#{code}"),
            "page": authorities.public_url(row.authority_id, "/fortsetzen"),
            "code": code,
        },
        key=f"resume:{row.id}:{clock.now():%Y%m%d%H%M%S%f}",
        lang=row.lang,
    )
