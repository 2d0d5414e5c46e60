"""Writes: ask for an e-mail, and send it."""

import logging
import smtplib
from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction

from dienstweg.authorities import queries as authorities
from dienstweg.events import actions as events
from dienstweg.events.job import defer
from dienstweg.events.queries import without_job
from dienstweg.kernel import clock, encryption, failpoints
from dienstweg.kernel.references import new_id
from dienstweg.mail import rules
from dienstweg.mail.errors import InvalidAddress
from dienstweg.mail.models import Mail

DELIVER = "mail.deliver"

log = logging.getLogger("dienstweg.mail")


def send(
    *,
    authority_id: UUID,
    to: str,
    template: str,
    context: Mapping[str, str],
    key: str,
    lang: str = "de",
    case_id: UUID | None = None,
) -> None:
    """Ask for the e-mail ``template`` to the address ``to``, once for each ``key``.

    Runs inside the transaction that wants it; raises `InvalidAddress`, `UnknownTemplate`.
    """
    try:
        validate_email(to)
    except ValidationError as error:
        raise InvalidAddress from error
    rules.text(template, lang, {"authority": "", **context})
    mail_id, owner = new_id(), authorities.authority_key(authority_id)
    place = (str(authority_id), "mail", str(mail_id))
    row = Mail(
        id=mail_id,
        authority_id=authority_id,
        key=key,
        case_id=case_id,
        template=template,
        lang=lang,
        address=encryption.seal(owner, to.encode(), *place, "address"),
        context=encryption.seal_json(owner, dict(context), *place, "context"),
        created_at=clock.now(),
    )
    Mail.objects.bulk_create([row], ignore_conflicts=True)
    defer(DELIVER, authority_id=authority_id, object_id=mail_id)


def deliver(*, mail_id: UUID) -> None:
    """Send the mail, or have it tried again later; safe to do twice."""
    row = Mail.objects.filter(id=mail_id, state="waiting").first()
    if row is None:
        return
    message = _message(row)
    failpoints.reach("mail.send.before")
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        _failed(row, error)
        return
    failpoints.reach("mail.send.after")
    Mail.objects.filter(id=mail_id).update(
        state="sent", sent_at=clock.now(), address=b"", context=b""
    )


def sweep(*, authority_id: UUID) -> int:
    """Send the scope's e-mails on that wait for nothing any more; return how many those were.

    There are none, unless a job has been lost. Looks again after `rules.SWEPT_EVERY`.
    """
    late = Mail.objects.filter(state="waiting", created_at__lt=clock.now() - rules.SENT_WITHIN)
    lost = without_job(late, job=DELIVER).order_by("id")
    ids = list(lost.values_list("id", flat=True)[: rules.SWEPT_AT_ONCE])
    for mail_id in ids:
        defer(DELIVER, authority_id=authority_id, object_id=mail_id)
    events.look_again(job="mail.sweep", authority_id=authority_id, after=rules.SWEPT_EVERY)
    return len(ids)


def forget(*, case_id: UUID) -> None:
    """Delete what is still to be sent about a case that is erased."""
    Mail.objects.filter(case_id=case_id).delete()


def _message(row: Mail) -> EmailMessage:
    owner = authorities.authority_key(row.authority_id)
    place = (str(row.authority_id), "mail", str(row.id))
    address = encryption.unseal(owner, bytes(row.address), *place, "address").decode()
    context = encryption.unseal_json(owner, bytes(row.context), *place, "context")
    card = authorities.card(row.authority_id)
    subject, body = rules.text(row.template, row.lang, {"authority": card.name, **context})
    # The same identifier at every attempt lets mailboxes recognise a repetition.
    headers = {"Message-ID": f"<{row.id}@{card.host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject=subject, body=body, to=[address], headers=headers)


def _failed(row: Mail, error: Exception) -> None:
    """Have a mail tried again, or give it up after `rules.GIVE_UP`."""
    attempts = row.attempts + 1
    log.warning("mail_failed mail=%s attempt=%d error=%s", row.id, attempts, type(error).__name__)
    with transaction.atomic():
        gives_up = clock.now() - row.created_at > rules.GIVE_UP
        Mail.objects.filter(id=row.id).update(
            attempts=attempts, state="given_up" if gives_up else "waiting"
        )
        if not gives_up:
            events.due(
                at=clock.now() + rules.pause(attempts),
                job=DELIVER,
                authority_id=row.authority_id,
                object_id=row.id,
            )
