"""Messages: told once, provably provided, sealed; posted where number and code do not do."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from dienstweg.assistants.queries import Contact
from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.events import queries as events
from dienstweg.inbox import actions, errors, queries
from dienstweg.inbox.models import Message
from dienstweg.kernel.references import new_id
from dienstweg.mail.models import Mail
from seeding import GivenCase, given_case

pytestmark = pytest.mark.django_db

ANNA = UUID("01a20000-0000-7000-8000-0000000000aa")


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield authority


def tell(case: GivenCase, key: str = "bewilligt", **more: bool) -> bytes:
    sealed_with = cases.key(case.id)
    actions.tell(
        case_id=case.id,
        case_key=sealed_with,
        key=key,
        subject="Ihr Ausweis ist da",
        body="Guten Tag, Änne Ödegård",
        documents=["ausweis"],
        **more,
    )
    return sealed_with


def names(case: GivenCase) -> list[str]:
    return [entry.name for entry in events.timeline(case.id) if entry.name.startswith("message")]


def test_a_message_is_told_once_and_announced_without_a_word_of_it(inside: UUID) -> None:
    case = given_case()
    for _ in range(3):
        key = tell(case)
    (message,) = queries.of_case(case.id, key=key)
    assert (message.subject, message.documents) == ("Ihr Ausweis ist da", ("ausweis",))
    assert names(case) == ["message.sent"]
    (mail,) = Mail.objects.all()
    assert mail.template == "news"
    row = Message.objects.get()
    assert "Ödegård".encode() not in bytes(row.content)


def test_who_chose_letters_gets_a_letter_and_no_mail(inside: UUID) -> None:
    case = given_case(contact=Contact(way="post"))
    key = tell(case)
    assert not Mail.objects.exists()
    (message,) = queries.of_case(case.id, key=key)
    assert (message.by_post, message.withheld) == (True, False)
    (card,) = queries.to_be_posted()
    actions.posted(message_id=card.message_id, account_id=ANNA)
    assert queries.to_be_posted() == []
    assert names(case) == ["message.sent", "message.posted"]
    with pytest.raises(errors.NoSuchMessage):
        actions.posted(message_id=card.message_id, account_id=ANNA)


def test_a_decision_that_needs_a_sign_in_is_posted_and_withheld(inside: UUID) -> None:
    case = given_case()
    key = tell(case, sign_in_required=True)
    (message,) = queries.of_case(case.id, key=key)
    assert (message.by_post, message.withheld) == (True, True)
    assert len(queries.to_be_posted()) == 1


def test_the_first_reading_counts_and_no_other(inside: UUID) -> None:
    case = given_case()
    key = tell(case)
    actions.opened(case_id=case.id)
    (first,) = queries.of_case(case.id, key=key)
    actions.opened(case_id=case.id)
    (again,) = queries.of_case(case.id, key=key)
    assert first.first_opened_at is not None
    assert again.first_opened_at == first.first_opened_at
    assert names(case) == ["message.sent", "message.opened"]


def test_another_authority_posts_nothing_of_ours(inside: UUID, other_authority: UUID) -> None:
    case = given_case(contact=Contact(way="post"))
    tell(case)
    (card,) = queries.to_be_posted()
    with scope.enter(scope.of(other_authority)):
        assert queries.to_be_posted() == []
        for message_id in (card.message_id, new_id()):
            with pytest.raises(errors.NoSuchMessage):
                actions.posted(message_id=message_id, account_id=ANNA)
    assert len(queries.to_be_posted()) == 1
