"""The life of a draft: begun, extended, handed over to a case, discarded or expired."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from dienstweg.accounts import queries as accounts
from dienstweg.assistants import queries, rules
from dienstweg.assistants.actions.prefilling import Given
from dienstweg.assistants.models import Draft
from dienstweg.assistants.queries import DraftView
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import prefilling
from dienstweg.events import actions as events
from dienstweg.files import actions as files
from dienstweg.kernel import clock, encryption, ledger, references
from dienstweg.mail import actions as mail
from dienstweg.offers import queries as offers

EXPIRE = "assistants.expire"


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft and the secret that unlocks it, which is also the code to resume it with."""

    draft_id: UUID
    offer_id: UUID
    secret: str = field(repr=False)

    @property
    def resume_code(self) -> str:
        """The code that the applicant may write down to go on elsewhere."""
        return self.secret


def begin(
    *, offer_id: UUID, lang: str, given: Given | None = None, account_id: UUID | None = None
) -> Begun:
    """Begin a draft of an offer, pinned to the offer's present release.

    It is empty, but for what is ``given``, and belongs to the account of whoever is signed in.
    Raises `dienstweg.offers.errors.NoSuchOffer`.
    """
    secret = references.secret_code()
    return _begin(references.new_id(), secret, offer_id, lang, given, account_id=account_id)


def begin_for(*, draft_id: UUID, offer_id: UUID, lang: str, given: Given) -> Begun:
    """Begin a draft in the name of a machine, to be handed over by `queries.handover_code`.

    The code is good for one opening. Raises `dienstweg.offers.errors.NoSuchOffer`.
    """
    secret = queries.handover_code(draft_id)
    return _begin(draft_id, secret, offer_id, lang, given, handover=True)


def _begin(
    draft_id: UUID,
    secret: str,
    offer_id: UUID,
    lang: str,
    given: Given | None,
    *,
    handover: bool = False,
    account_id: UUID | None = None,
) -> Begun:
    offer, now = offers.offer(offer_id), clock.now()
    authority_id = offer.authority_id
    key, wrapped = authorities.new_wrapped_key(authority_id, "draft-key", str(draft_id))
    row = Draft(
        id=draft_id,
        authority_id=authority_id,
        offer_id=offer_id,
        digest=offer.digest,
        lang=lang,
        secret_hash=queries.secret_hash(authority_id, secret),
        wrapped_key=wrapped,
        changed_at=now,
        expires_at=now + timedelta(days=offer.draft_days),
        kept_days=offer.draft_days,
        handover=handover,
        account_id=account_id,
    )
    if account_id is not None:
        row.kept_secret = queries.kept_secret(row, secret)
    content = {"answers": _first_answers(offer.digest, given), "saved": {}, "asked": {}}
    row.sealed = encryption.seal_json(key, content, *queries.place_of(row, "answers"))
    with transaction.atomic():
        row.save(force_insert=True)
        _look_again(row, rules.first_look(row.expires_at))
    return Begun(draft_id, offer_id, secret)


def _first_answers(digest: str, given: Given | None) -> dict[str, Any]:
    if given is None:
        return {}
    filled = prefilling.prefill(
        offers.release(digest), {}, given.values, source=given.source, label=given.label
    )
    return filled.answers


def extend(*, draft_id: UUID, secret: str) -> None:
    """Keep the draft for another full period from now on; raises as `queries.opened`."""
    draft, now = queries.opened(draft_id, secret), clock.now()
    Draft.objects.filter(id=draft_id, state="open").update(
        changed_at=now, expires_at=now + timedelta(days=draft.kept_days)
    )


def hand_over(*, draft: DraftView) -> bool:
    """Mark the draft as submitted and let go of its content; false if that is impossible.

    Runs inside the transaction that makes the case, which has taken key and contact over. The row
    is a lock: of two windows one is let through. False also when the draft has changed since
    ``draft`` was read, when its release is withdrawn, and when a verified value in it is not what
    was verified.
    """
    if offers.withdrawal(draft.digest) is not None:
        return False
    release = offers.release(draft.digest) if draft.answers.get("from") else None
    if release is not None and prefilling.broken_locks(release, draft.answers):
        return False
    changed = Draft.objects.filter(id=draft.id, version=draft.version, state="open").update(
        state="submitted", wrapped_key=b"", sealed=b"", contact=None
    )
    return bool(changed)


def discard(*, draft_id: UUID, secret: str) -> None:
    """Delete the draft at the applicant's wish: key, answers and files; raises `NoSuchDraft`."""
    queries.opened(draft_id, secret)
    _delete(draft_id)


def forget(*, draft_id: UUID) -> None:
    """Delete a draft again that a restored backup has brought back, if it has."""
    if Draft.objects.filter(id=draft_id, state="open").exists():
        _delete_rows(draft_id)


def expire(*, draft_id: UUID) -> None:
    """Delete the draft if its time is over, or announce that, or look again later.

    Every change moves the draft's end without touching what is due, so the job looks at the row.
    """
    now = clock.now()
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(id=draft_id).first()
        if row is None:
            return
        if row.state == "submitted":
            _end_submitted(row)
            return
        address, page = _reached_by(row)
        what, again = rules.next_step(
            now=now,
            changed_at=row.changed_at,
            expires_at=row.expires_at,
            announced_at=row.announced_at,
            reachable=bool(address),
        )
        if what == "delete":
            _delete(draft_id)
            return
        if what == "announce":
            _announce(row, address, page)
        _look_again(row, again)


def sweep(*, authority_id: UUID) -> int:
    """Look at the scope's drafts that should have ended by now; return how many there were.

    There are none, unless what was due has been lost. Looks again after `rules.SWEPT_EVERY`.
    """
    now = clock.now()
    late = Draft.objects.filter(expires_at__lt=now - rules.SWEPT_EVERY)
    ids = list(late.order_by("expires_at").values_list("id", flat=True)[: rules.SWEPT_AT_ONCE])
    for draft_id in ids:
        expire(draft_id=draft_id)
    events.look_again(job="assistants.sweep", authority_id=authority_id, after=rules.SWEPT_EVERY)
    return len(ids)


def _end_submitted(row: Draft) -> None:
    """Delete what is left of a submitted draft when a repeated submission need not find it."""
    if clock.now() >= row.expires_at:
        Draft.objects.filter(id=row.id).delete()
    else:
        _look_again(row, row.expires_at)


def _reached_by(row: Draft) -> tuple[str, str]:
    """Return the address at which the applicant can be told, and where the draft goes on.

    The address that was confirmed for this draft, else that of the account it is kept in; empty
    where there is neither.
    """
    address, page = _confirmed_address(row), authorities.public_url(row.authority_id, "/fortsetzen")
    if row.account_id is None:
        return address, page
    return address or accounts.address(row.account_id), authorities.network_url("/konto/")


def _confirmed_address(row: Draft) -> str:
    key = authorities.unwrap_key(row.authority_id, bytes(row.wrapped_key), "draft-key", str(row.id))
    contact = queries.contact_of(row, key)
    if contact and contact.confirmed:
        return contact.email
    address, confirmed = queries.resume_address(row, key)
    return address if confirmed else ""


def _announce(row: Draft, address: str, page: str) -> None:
    Draft.objects.filter(id=row.id).update(announced_at=clock.now())
    mail.send(
        authority_id=row.authority_id,
        to=address,
        template="expiry",
        context={
            "date": f"{clock.local(row.expires_at):%d.%m.%Y}",
            "link": page,
        },
        key=f"expiry:{row.id}:{row.expires_at:%Y%m%d%H%M%S}",
        lang=row.lang,
    )


def _look_again(row: Draft, at: datetime) -> None:
    events.due(at=at, job=EXPIRE, authority_id=row.authority_id, object_id=row.id)


def _delete(draft_id: UUID) -> None:
    """Delete an open draft for good; noted outside the database first, for every restore."""
    ledger.append(Path(settings.DIENSTWEG_ERASURES), "draft", str(scope.one()), str(draft_id))
    _delete_rows(draft_id)


def _delete_rows(draft_id: UUID) -> None:
    with transaction.atomic():
        files.discard(owner_id=draft_id)
        events.no_longer_due(job=EXPIRE, object_id=draft_id)
        Draft.objects.filter(id=draft_id, state="open").delete()
