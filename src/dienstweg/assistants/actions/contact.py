"""How the applicant wants to be told of news: a confirmed e-mail address, or by post."""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.assistants import queries, rules
from dienstweg.assistants.errors import InvalidAddress, NoSuchDraft, TooManyCodes
from dienstweg.assistants.models import Draft
from dienstweg.assistants.queries import Contact, DraftView, Way
from dienstweg.kernel import clock, encryption
from dienstweg.mail import actions as mail
from dienstweg.mail.errors import InvalidAddress as UnusableAddress

_HOUR = timedelta(hours=1)


def set_contact(
    *, draft_id: UUID, secret: str, way: Way, email: str = "", proven: str = ""
) -> Contact:
    """Note that the applicant wants news ``way``; an address is sent a code of six digits.

    Returns what stands now. An address that is confirmed already stays so; one that is ``proven``
    (that of the account that is signed in) needs no code. Raises `InvalidAddress`,
    `TooManyCodes`, and as `queries.opened`.
    """
    address = email.strip()
    if way == "email" and not rules.is_address(address):
        raise InvalidAddress
    try:
        return _set(draft_id, secret, way, address, proven)
    except UnusableAddress as error:
        raise InvalidAddress from error


def _set(draft_id: UUID, secret: str, way: Way, address: str, proven: str) -> Contact:
    with transaction.atomic():
        row, draft = locked(draft_id, secret)
        entry = queries.contact_entry(row, draft.key)
        if way == "post":
            entry = {**entry, "way": "post", "email": "", "confirmed": False}
        elif queries.resume_address(row, draft.key) == (address, True) or (
            proven and address.lower() == proven.lower()
        ):
            entry = {**entry, "way": "email", "email": address, "confirmed": True}
        elif not (entry.get("email") == address and entry.get("confirmed")):
            entry = {**entry, "way": "email", **with_new_code(entry, address)}
            send_code(row, entry)
        keep(row, draft.key, entry)
    return Contact(way=entry["way"], email=entry["email"], confirmed=entry["confirmed"])


def confirm_contact(*, draft_id: UUID, secret: str, code: str) -> bool:
    """Confirm the address if ``code`` is the one sent to it; tell whether it was.

    After `rules.GUESSES` wrong codes, or when it is too old, no code is right any more and a new
    one must be asked for. Raises as `queries.opened`.
    """
    with transaction.atomic():
        row, draft = locked(draft_id, secret)
        entry = queries.contact_entry(row, draft.key)
        if entry.get("confirmed"):
            return True
        entry = guessed(entry, code)
        keep(row, draft.key, entry)
    return bool(entry.get("confirmed"))


def guessed(entry: dict[str, Any], code: str) -> dict[str, Any]:
    """Return the entry of an address after a guess at its code: confirmed, or one try fewer."""
    if not _can_be_guessed(entry):
        return entry
    digits = "".join(letter for letter in code if letter in "0123456789")
    if hmac.compare_digest(digits, entry["code"]):
        return {**entry, "confirmed": True, "code": ""}
    return {**entry, "wrong": entry["wrong"] + 1}


def locked(draft_id: UUID, secret: str) -> tuple[Draft, DraftView]:
    """Return the draft's row, held until the transaction ends; raises as `queries.opened`."""
    row = Draft.objects.select_for_update().filter(id=draft_id).first()
    if row is None or not hmac.compare_digest(
        bytes(row.secret_hash), queries.secret_hash(row.authority_id, secret)
    ):
        raise NoSuchDraft
    return row, queries.view_of(row, secret)


def with_new_code(entry: dict[str, Any], address: str) -> dict[str, Any]:
    """Return what is kept about ``address``, with a fresh code; raises `TooManyCodes`."""
    return {
        "email": address,
        "confirmed": False,
        "code": f"{secrets.randbelow(1_000_000):06d}",
        "wrong": 0,
        "sent": counted(entry),
    }


def counted(entry: dict[str, Any]) -> list[str]:
    """Return the times of this hour's mails with one more, for now; raises `TooManyCodes`."""
    now = clock.now()
    sent = [at for at in entry.get("sent", []) if now - datetime.fromisoformat(at) < _HOUR]
    if len(sent) >= rules.CODES_PER_HOUR:
        raise TooManyCodes
    return [*sent, now.isoformat()]


def _can_be_guessed(entry: dict[str, Any]) -> bool:
    if not entry.get("code") or entry["wrong"] >= rules.GUESSES:
        return False
    sent = datetime.fromisoformat(entry["sent"][-1])
    return clock.now() - sent < rules.CONFIRMATION_LASTS


def send_code(row: Draft, entry: dict[str, Any]) -> None:
    """Ask for the mail with the code that confirms an address."""
    mail.send(
        authority_id=row.authority_id,
        to=entry["email"],
        template="confirm",
        context={"code": entry["code"]},
        key=f"confirm:{row.id}:{entry['sent'][-1]}",
        lang=row.lang,
    )


def keep(row: Draft, key: bytes, entry: dict[str, Any]) -> None:
    """Seal what is kept about the addresses, and write it."""
    sealed = encryption.seal_json(key, entry, *queries.place_of(row, "contact"))
    Draft.objects.filter(id=row.id).update(contact=sealed)
