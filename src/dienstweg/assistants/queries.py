"""Reads: a draft, opened by its secret, in one statement."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from dienstweg.assistants import rules
from dienstweg.assistants.corrections import (
    DOCUMENT,
    Correction,
    Wanted,
    correction_of,
    mark_of,
    marked,
)
from dienstweg.assistants.errors import AlreadySubmitted, Expired, NoSuchDraft
from dienstweg.assistants.models import Draft
from dienstweg.authorities import scope
from dienstweg.authorities.queries import authority_key, unwrap_key
from dienstweg.blueprint.carrying import Carried, carry_over
from dienstweg.kernel import clock, encryption, references
from dienstweg.offers import queries as offers

Way = Literal["email", "post"]
OWN = 200
"""Drafts that the list of an account shows at most."""

__all__ = [
    "DOCUMENT",
    "ChangeOfRelease",
    "Contact",
    "Correction",
    "DraftCard",
    "DraftView",
    "HandedOver",
    "Wanted",
    "Way",
    "address_for_link",
    "asking",
    "by_code",
    "change_of_release",
    "contact_entry",
    "contact_of",
    "correction_secret",
    "handed_over",
    "handover_code",
    "ids_in",
    "mark_of",
    "marked",
    "opened",
    "own",
    "own_places",
    "place_of",
    "resume_address",
    "secret_hash",
    "secret_of",
    "view_of",
]


@dataclass(frozen=True, slots=True)
class Contact:
    """How an applicant wants to be told of news: by a confirmed e-mail address, or by post."""

    way: Way
    email: str = ""
    confirmed: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do: by post, or the address is confirmed."""
        return self.way == "post" or self.confirmed


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its applicant sees it; ``answers`` are the blueprint's own data.

    ``asked`` says of each source of values that was asked how that stands (`rules.asking`).
    """

    id: UUID
    authority_id: UUID
    offer_id: UUID
    digest: str
    lang: str
    version: int
    answers: dict[str, Any]
    contact: Contact | None
    expires_at: datetime
    kept_days: int
    saved: Mapping[str, int]
    asked: Mapping[str, Any]
    secret: str = field(repr=False)
    key: bytes = field(repr=False)
    wrapped_key: bytes = field(repr=False)
    state: str = "open"
    case_id: UUID | None = None
    correction: Correction | None = field(default=None, repr=False)
    account_id: UUID | None = None

    @property
    def resume_code(self) -> str:
        """The code with which the applicant goes on elsewhere."""
        return self.secret

    @property
    def owner_id(self) -> UUID:
        """Whose the files are: the draft's, or those of the case that it corrects."""
        return self.correction.case_id if self.correction else self.id

    def judged_on(self, today: date) -> date:
        """Return the day by which rules judge: ``today``, of a correction the application's."""
        return self.correction.opening.day if self.correction else today

    def with_correction(self, correction: Correction) -> "DraftView":
        """Return the draft with another state of what it corrects."""
        return replace(self, correction=correction)


@dataclass(frozen=True, slots=True)
class DraftCard:
    """A draft in the list of an account: where, of which release, and how long it is kept."""

    id: UUID
    authority_id: UUID
    digest: str
    changed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A draft that a machine has begun and nobody has opened: of which release, kept how long.

    ``sources`` say in words where its values come from.
    """

    digest: str
    kept_days: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeOfRelease:
    """A draft whose release is withdrawn: why, and what would fit into the present one.

    Without ``carried`` there is no release to go on with now.
    """

    why: str
    digest: str = ""
    carried: Carried | None = field(default=None, repr=False)


def change_of_release(draft: DraftView) -> ChangeOfRelease | None:
    """Return what is to be said about the draft's release; None where it is as it was.

    Reads afresh: the process that led here knew of the withdrawal, and this one may not yet.
    """
    offers.forget()
    withdrawal = offers.withdrawal(draft.digest)
    if withdrawal is None:
        return None
    offer = offers.offer(draft.offer_id)
    if offer.state != "live" or offers.withdrawal(offer.digest) is not None:
        return ChangeOfRelease(withdrawal.why)
    old, new = offers.release(draft.digest), offers.release(offer.digest)
    carried = carry_over(old, new, draft.answers)
    return ChangeOfRelease(withdrawal.why, offer.digest, carried)


def opened(draft_id: UUID, secret: str) -> DraftView:
    """Return the open draft that ``secret`` unlocks, in one statement.

    Raises `NoSuchDraft` (the same for an unknown id and a wrong secret), `Expired`, and
    `AlreadySubmitted` with the id of the case.
    """
    row = _row(draft_id)
    if row is None or not hmac.compare_digest(
        bytes(row.secret_hash), secret_hash(row.authority_id, secret)
    ):
        raise NoSuchDraft
    return view_of(row, secret)


def _row(draft_id: UUID) -> Draft | None:
    """Return the row of a draft of the scope."""
    found: list[Draft] = Draft.objects.by_hand("id = %s", draft_id)
    return found[0] if found else None


def asking(draft: DraftView, source: str) -> rules.Asking | None:
    """Return how the question to a source of values stands, if it was asked."""
    return rules.asking(draft.asked, source, clock.now())


def handover_code(draft_id: UUID) -> str:
    """Return the code by which a draft that a machine has begun is handed over: always the same.

    It is good for one opening; nothing of it is stored but its hash.
    """
    key = authority_key(scope.one()).hex()
    return references.derived_code(key, f"handover:{draft_id}")


def by_code(code: str) -> tuple[UUID, UUID]:
    """Return the ids of draft and offer for a resume ``code``, however it was typed.

    Raises `NoSuchDraft`, `Expired`, and `AlreadySubmitted`.
    """
    row = Draft.objects.filter(secret_hash=secret_hash(scope.one(), code)).first()
    if row is None:
        raise NoSuchDraft
    _refuse_closed(row)
    return row.id, row.offer_id


def handed_over(code: str) -> HandedOver | None:
    """Return what a machine has begun for somebody who has not opened it yet; None for any other.

    Raises as `by_code`.
    """
    draft_id, _ = by_code(code)
    row = Draft.objects.get(id=draft_id)
    if not row.handover:
        return None
    origins = view_of(row, code).answers.get("from", {}).values()
    labels = dict.fromkeys(str(one.get("label", "")) for one in origins)
    return HandedOver(row.digest, row.kept_days, tuple(filter(None, labels)))


def ids_in(value: Any) -> dict[str, str]:
    """Return every id in a JSON ``value`` with the JSON pointer to it; files are among them."""
    return rules.ids_in(value)


def correction_secret(draft_id: UUID) -> str:
    """Return the secret of the draft of a correction: always the same, known to the house only."""
    return references.derived_code(authority_key(scope.one()).hex(), f"correction:{draft_id}")


def own() -> list[DraftCard]:
    """Return the open drafts of the account whose scope is entered, the last changed first."""
    rows = Draft.objects.filter(
        account_id=scope.current().account, state="open", expires_at__gt=clock.now()
    )
    columns = ("id", "authority_id", "digest", "changed_at", "expires_at")
    newest = rows.filter(corrects__isnull=True).order_by("-changed_at")[:OWN]
    return [DraftCard(*row) for row in newest.values_list(*columns)]


def own_places() -> set[UUID]:
    """Return the authorities at which the account whose scope is entered has drafts."""
    rows = Draft.objects.filter(account_id=scope.current().account)
    return set(rows.values_list("authority_id", flat=True))


def secret_of(draft_id: UUID, *, account_id: UUID) -> str:
    """Return the secret of a draft of an account; raises `NoSuchDraft` if it is not its own.

    That of a submitted draft as well: the page that says so is opened by it.
    """
    row = Draft.objects.filter(id=draft_id, account_id=account_id).first()
    if row is None or row.kept_secret is None:
        raise NoSuchDraft
    place = place_of(row, "kept_secret")
    key = authority_key(row.authority_id)
    return encryption.unseal(key, bytes(row.kept_secret), *place).decode()


def kept_secret(row: Draft, secret: str) -> bytes:
    """Return the secret as it is kept for the account that the draft belongs to."""
    key = authority_key(row.authority_id)
    return encryption.seal(key, secret.encode(), *place_of(row, "kept_secret"))


def secret_hash(authority_id: UUID, secret: str) -> bytes:
    """Return what is stored instead of a draft's secret."""
    return references.digest(secret, f"draft:{authority_id}")


def view_of(row: Draft, secret: str) -> DraftView:
    """Return the row as its applicant sees it; raises `Expired` and `AlreadySubmitted`."""
    _refuse_closed(row)
    subject = str(row.corrects or row.id)
    key = unwrap_key(row.authority_id, bytes(row.wrapped_key), "draft-key", subject)
    content = encryption.unseal_json(key, bytes(row.sealed), *place_of(row, "answers"))
    return DraftView(
        id=row.id,
        authority_id=row.authority_id,
        offer_id=row.offer_id,
        digest=row.digest,
        lang=row.lang,
        version=row.version,
        answers=content["answers"],
        saved=content["saved"],
        asked=content.get("asked", {}),
        contact=contact_of(row, key),
        expires_at=row.expires_at,
        kept_days=row.kept_days,
        secret=secret,
        key=key,
        wrapped_key=bytes(row.wrapped_key),
        correction=correction_of(row.corrects, content["correction"]) if row.corrects else None,
        account_id=row.account_id,
    )


def contact_of(row: Draft, key: bytes) -> Contact | None:
    """Return the contact of the row, if the applicant has said one."""
    entry = contact_entry(row, key)
    if "way" not in entry:
        return None
    return Contact(way=entry["way"], email=entry["email"], confirmed=entry["confirmed"])


def resume_address(row: Draft, key: bytes) -> tuple[str, bool]:
    """Return the address to which the link to resume shall go, and whether it is confirmed."""
    entry = contact_entry(row, key)
    kept = entry.get("resume", {})
    if kept.get("email"):
        return str(kept["email"]), bool(kept["confirmed"])
    confirmed = bool(entry.get("confirmed"))
    return (str(entry.get("email", "")), True) if confirmed else ("", False)


def address_for_link(draft_id: UUID, secret: str) -> tuple[str, bool]:
    """Return where the link to resume would go (maybe nowhere yet), and whether that is confirmed.

    Raises as `opened`.
    """
    draft = opened(draft_id, secret)
    row = Draft.objects.get(id=draft_id)
    return resume_address(row, draft.key)


def contact_entry(row: Draft, key: bytes) -> dict[str, Any]:
    """Return all that is kept about the contact, with the code that confirms it."""
    if row.contact is None:
        return {}
    entry: dict[str, Any] = encryption.unseal_json(
        key, bytes(row.contact), *place_of(row, "contact")
    )
    return entry


def place_of(row: Draft, column: str) -> tuple[str, str, str, str]:
    """Name the place a sealed value of the row is bound to."""
    return str(row.authority_id), "assistants_draft", str(row.id), column


def _refuse_closed(row: Draft) -> None:
    if row.state == "submitted":
        raise AlreadySubmitted(row.id)
    if clock.now() >= row.expires_at:
        raise Expired
