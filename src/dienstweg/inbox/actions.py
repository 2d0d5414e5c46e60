"""Writes: tell an applicant something, note that it was read or posted."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint.parties import SILENT
from dienstweg.cases import actions as case_actions
from dienstweg.cases import queries as cases
from dienstweg.cases.actions import Copier
from dienstweg.events import actions as events
from dienstweg.inbox import rules
from dienstweg.inbox.errors import NoSuchMessage
from dienstweg.inbox.facts import MessageOpened, MessagePosted, MessageSent, PartyTold
from dienstweg.inbox.models import Message
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id
from dienstweg.mail import actions as mail


def tell(
    *,
    case_id: UUID,
    case_key: bytes,
    key: str,
    subject: str,
    body: str,
    documents: Sequence[str] = (),
    sign_in_required: bool = False,
) -> None:
    """Put a message into the inbox of a case, once for each ``key``.

    ``documents`` are the keys of documents that go with it. An applicant with a confirmed e-mail
    address is told that there is news; for one who chose letters, and where the law wants a
    sign-in that isn't there (``sign_in_required``), a caseworker is asked to post it. The
    latter is withheld from whoever opens the case with number and code.
    """
    authority_id, message_id = scope.one(), new_id()
    contact = cases.contact(case_id)
    by_post = contact.way == "post" or sign_in_required
    content = {"subject": subject, "body": body}
    row = Message(
        id=message_id,
        authority_id=authority_id,
        case_id=case_id,
        key=key,
        content=encryption.seal_json(case_key, content, *_place(authority_id, message_id)),
        documents=list(documents),
        provided_at=clock.now(),
        by_post=by_post,
        withheld=sign_in_required,
    )
    with transaction.atomic():
        Message.objects.bulk_create([row], ignore_conflicts=True)
        if not Message.objects.filter(id=message_id).exists():
            return
        events.record(
            MessageSent(authority_id=authority_id, case_id=case_id, message_id=message_id, key=key)
        )
        if contact.email and contact.confirmed:
            mail.send(
                authority_id=authority_id,
                to=contact.email,
                template="news",
                # The page where case number and code are entered: the link names no case.
                context={"link": authorities.public_url(authority_id, "/vorgang")},
                key=f"message:{message_id}",
                lang=cases.case(case_id).lang,
                case_id=case_id,
            )


def tell_parties(
    *,
    case_id: UUID,
    case_key: bytes,
    key: str,
    role: str,
    subject: str,
    body: str,
    documents: Sequence[str] = (),
    answers: Sequence[str] = (),
) -> None:
    """Write to each party of a case that has the ``role``, once for each ``key``.

    With ``answers`` to those alone who have answered so (`dienstweg.blueprint.parties.SILENT`: not
    at all). Each has a message of its own, which neither the applicant nor another party sees.
    Whoever has an e-mail address is told that there is news; for the others a letter is to be
    posted. Who would rather not take part gets documents alone, and by post.
    """
    authority_id = scope.one()
    for party in _addressed(case_id, case_key, role, answers):
        away = party.state == "declined"
        if away and not documents:
            continue
        message_id, own = new_id(), f"{key}:{party.id}"
        content = {"subject": subject, "body": body}
        row = Message(
            id=message_id,
            authority_id=authority_id,
            case_id=case_id,
            key=own,
            content=encryption.seal_json(case_key, content, *_place(authority_id, message_id)),
            documents=list(documents),
            provided_at=clock.now(),
            by_post=party.by_post or away,
            party_id=party.id,
        )
        _tell_party(row, party.id, key, by_mail=not away)


def _addressed(
    case_id: UUID, case_key: bytes, role: str, answers: Sequence[str]
) -> list[cases.PartyCard]:
    """Return the parties of a role, or those of them who have answered so."""
    said = cases.party_answers(case_id, key=case_key) if answers else {}
    return [
        party
        for party in cases.parties(case_id, key=case_key)
        if party.role == role
        and party.state != "removed"
        and (not answers or (said.get(party.id, ("", ""))[0] or SILENT) in answers)
    ]


def _tell_party(row: Message, party_id: UUID, key: str, *, by_mail: bool) -> None:
    """Write a message for a party down, once, and tell that there is news."""
    with transaction.atomic():
        Message.objects.bulk_create([row], ignore_conflicts=True)
        if not Message.objects.filter(id=row.id).exists():
            return
        fact = PartyTold(
            authority_id=row.authority_id,
            case_id=row.case_id,
            message_id=row.id,
            party_id=party_id,
            key=key,
        )
        events.record(fact)
        if by_mail:
            case_actions.mail_news(party_id=party_id)


def copy_messages(*, copier: Copier) -> int:
    """Copy the messages of a case to another authority; return how many that is.

    What is still to be posted is posted by whoever takes the case.
    """
    rows = Message.objects.filter(case_id=copier.case_id).order_by("id")
    made = copier.copy(rows, sealed={"content": lambda row: _place(row.authority_id, row.id)})
    Message.objects.filter(case_id=copier.case_id, posted_at=None).update(by_post=False)
    return len(made)


def tell_handed_over(
    *, case_id: UUID, case_key: bytes, to_authority: UUID, number: str, changes_lost: bool
) -> None:
    """Tell applicant and parties that another authority goes on, and how they get there.

    ``changes_lost``: the applicant had begun to change the application, which ends with it.
    """
    case, card = cases.case(case_id), authorities.card(to_authority)
    subject, body = rules.about_handed_over(
        case.lang,
        authority=card.name,
        number=number,
        link=authorities.public_url(to_authority, "/vorgang"),
        changes_lost=changes_lost,
    )
    tell(case_id=case_id, case_key=case_key, key="handed-over", subject=subject, body=body)
    for party in cases.parties(case_id, key=case_key):
        if party.state not in ("removed", "declined"):
            case_actions.mail_news(party_id=party.id)


def tell_refused_file(*, case_id: UUID, file_id: UUID) -> None:
    """Tell the applicant that malware was found in a file of the case; twice is once.

    Raises `dienstweg.cases.errors.Erased`, `dienstweg.cases.errors.NoSuchCase`.
    """
    key = cases.key(case_id)
    names = {one.file_id: one.name for one in cases.attachments(case_id, key=key)}
    lang = cases.case(case_id).lang
    subject, body = rules.about_refused_file(lang, names.get(file_id, ""))
    tell(
        case_id=case_id,
        case_key=key,
        key=f"refused-file:{file_id}",
        subject=subject,
        body=body,
    )


def tell_of_correction(*, case_id: UUID, correction_id: UUID) -> None:
    """Tell the applicant what is asked back of them, or that it is not wanted any more.

    Each is told once; what was taken back before anybody was told of it is not spoken of. Raises
    `dienstweg.cases.errors.Erased`, `dienstweg.cases.errors.NoSuchCase`.
    """
    case, key = cases.case(case_id), cases.key(case_id)
    asked = cases.correction(correction_id, key=key)
    own = f"correction:{correction_id}"
    if asked.card.state == "asked":
        tell(case_id=case_id, case_key=key, key=own, subject=asked.subject, body=asked.body)
        return
    told = Message.objects.filter(case_id=case_id, key=own).exists()
    if asked.card.state == "withdrawn" and case.state == "open" and told:
        subject, body = rules.about_taken_back(case.lang)
        tell(case_id=case_id, case_key=key, key=f"{own}:back", subject=subject, body=body)


def opened(*, case_id: UUID, party_id: UUID | None = None) -> None:
    """Note that the messages of a case are before whom they are for; the first time counts.

    That is the applicant, or the party ``party_id``.
    """
    with transaction.atomic():
        rows = Message.objects.select_for_update().filter(
            case_id=case_id, party_id=party_id, first_opened_at=None
        )
        new = list(rows)
        if not new:
            return
        Message.objects.filter(id__in=[row.id for row in new]).update(first_opened_at=clock.now())
        events.record_all(
            [
                MessageOpened(authority_id=row.authority_id, case_id=case_id, message_id=row.id)
                for row in new
            ],
            actor=f"party:{party_id}" if party_id else "applicant",
        )


def posted(*, message_id: UUID, account_id: UUID) -> None:
    """Note that a caseworker has posted a message; raises `NoSuchMessage`."""
    with transaction.atomic():
        row = (
            Message.objects.select_for_update()
            .filter(id=message_id, by_post=True, posted_at=None)
            .first()
        )
        if row is None:
            raise NoSuchMessage
        Message.objects.filter(id=message_id).update(posted_at=clock.now(), posted_by=account_id)
        events.record(
            MessagePosted(
                authority_id=row.authority_id, case_id=row.case_id, message_id=message_id
            ),
            actor=f"staff:{account_id}",
        )


def _place(authority_id: UUID, message_id: UUID) -> tuple[str, ...]:
    return (str(authority_id), "inbox", str(message_id), "content")
