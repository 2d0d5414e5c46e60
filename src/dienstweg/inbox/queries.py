"""Reads: the messages of a case, and what is to be posted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dienstweg.inbox.models import Message
from dienstweg.kernel import encryption


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as the applicant reads it; ``documents`` are keys."""

    id: UUID
    subject: str
    body: str
    provided_at: datetime
    first_opened_at: datetime | None
    documents: tuple[str, ...]
    by_post: bool
    withheld: bool
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class PostingCard:
    """A message that a caseworker is to post."""

    message_id: UUID
    case_id: UUID
    authority_id: UUID
    since: datetime
    party_id: UUID | None = None


def of_case(case_id: UUID, *, key: bytes) -> list[MessageView]:
    """Return the messages to the applicant of a case, the newest first."""
    rows = Message.objects.filter(case_id=case_id, party_id=None).order_by("-id")
    return [_view(row, key) for row in rows]


def of_party(case_id: UUID, party_id: UUID, *, key: bytes) -> list[MessageView]:
    """Return the messages to one party of a case, the newest first."""
    rows = Message.objects.filter(case_id=case_id, party_id=party_id).order_by("-id")
    return [_view(row, key) for row in rows]


def to_be_posted(limit: int = 100) -> list[PostingCard]:
    """Return the messages of the scope that wait for the post, the oldest first."""
    rows = Message.objects.filter(by_post=True, posted_at=None).order_by("id")[:limit]
    return [
        PostingCard(row.id, row.case_id, row.authority_id, row.provided_at, row.party_id)
        for row in rows
    ]


def _view(row: Message, key: bytes) -> MessageView:
    place = (str(row.authority_id), "inbox", str(row.id), "content")
    content = encryption.unseal_json(key, bytes(row.content), *place)
    return MessageView(
        id=row.id,
        subject=content["subject"],
        body=content["body"],
        provided_at=row.provided_at,
        first_opened_at=row.first_opened_at,
        documents=tuple(row.documents),
        by_post=row.by_post,
        withheld=row.withheld,
        posted_at=row.posted_at,
    )
