"""What cannot go to another authority hinders, what was paid is known there, the rest ends here."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

import neighbourhood
from dienstweg.authorities import scope
from dienstweg.cases import actions as cases
from dienstweg.cases import queries
from dienstweg.cases.models import Task
from dienstweg.deliveries.models import Connection, Delivery
from dienstweg.events import queries as recorded
from dienstweg.events.models import Due
from dienstweg.inbox import queries as messages
from dienstweg.inbox.models import Message
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from dienstweg.payments import actions as payments
from dienstweg.payments import queries as paid
from dienstweg.payments.models import Payment, PaymentAttempt, Refund
from dienstweg.processes import actions
from dienstweg.processes.actions import handing_over
from dienstweg.processes.models import Conduct, Deadline
from working import work

pytestmark = pytest.mark.django_db
ANNA = new_id()
ROOMS = ("cases", "processes", "mail", "inbox")
OPTIONS = {"base_url": "https://pay.example", "originator_id": "o", "endpoint_id": "e"}
WAITS_FOR_THE_OFFICE = (
    '<userTask id="pruefen" dw:role="sachbearbeitung" dw:outcomes="ja nein"/>',
    '<receiveTask id="pruefen" dw:message="backoffice.decided"/>',
)


@pytest.fixture
def case_id(authority: UUID, settings, tmp_path) -> Iterator[UUID]:
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield begun()
    offers.forget()


def begun() -> UUID:
    case_id = neighbourhood.given_case()
    work(*ROOMS)
    return case_id


def moved(case_id: UUID, to: UUID) -> UUID:
    """Hand a case over; return the id of the one there."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    actions.order(case_id=case_id, to=to, account_id=ANNA)
    work(*ROOMS)
    number = queries.case(case_id).moved_as
    assert number, actions.hindrances(case_id)
    with scope.enter(scope.of(to)):
        return next(one.id for one in queries.recent(limit=5) if one.number == number)


def owed(case_id: UUID, state: str, key: str = "gebuehr") -> UUID:
    payments.add_account(slug="kasse", kind="xbezahldienste", options=OPTIONS, secrets={})
    payment_id = payments.collect(
        case_id=case_id, key=key, amount=3070, purpose="P", items=[], account_slug="kasse"
    )
    PaymentAttempt.objects.filter(payment_id=payment_id).delete()
    attempt = PaymentAttempt(
        id=new_id(), authority_id=scope.one(), payment_id=payment_id, number=1, request_id="r",
        reference="KZ-1", state="paid" if state == "paid" else "failed", began_at=clock.now(),
    )  # fmt: skip
    attempt.save(force_insert=True)
    Payment.objects.filter(id=payment_id).update(state=state)
    return payment_id


def handed(case_id: UUID, state: str) -> None:
    link = Connection(
        id=new_id(), authority_id=scope.one(), slug="fach", kind="webhook", secrets=b"x"
    )
    link.save(force_insert=True)
    Delivery(
        id=new_id(), authority_id=scope.one(), case_id=case_id, key="uebergabe", connection=link,
        sequence=1, kind="webhook", mapping="standard", known=b"x", state=state,
        made_at=clock.now(), accepted_at=clock.now() if state == "accepted" else None,
    ).save(force_insert=True)  # fmt: skip


def test_what_was_paid_can_be_given_back_there(case_id: UUID, other_authority: UUID) -> None:
    old_id = owed(case_id, "paid")
    first = payments.refund(case_id=case_id, key="teil", of="gebuehr", amount=1000)
    payments.refund_done(refund_id=first, account_id=ANNA)
    there = moved(case_id, other_authority)
    with scope.enter(scope.of(other_authority)):
        (view,) = paid.of_case(there)
        assert (view.state, view.amount, view.reference) == ("paid", 3070, "KZ-1")
        payments.refund(case_id=there, key="zurueck", of="gebuehr")
        (todo,) = paid.refunds_to_do()
        assert (todo.amount, todo.elsewhere, todo.reference) == (2070, True, "KZ-1")
        payments.ask(payment_id=view.id)
        payments.sweep()
        assert paid.troubled() == []
    assert Payment.objects.get(id=old_id).account_id is not None
    assert list(Refund.objects.values_list("id", flat=True)) == [first]


@pytest.mark.parametrize("state", ["due", "open", "failed", "cancelled", "withdrawn"])
@pytest.mark.parametrize("waits", [True, False])
def test_money_that_may_still_come_hinders(case_id: UUID, state: str, waits: bool) -> None:
    owed(case_id, state, key="pruefen" if waits else "gebuehr")
    hinders = waits or state in ("due", "open")
    assert ("payment" in actions.hindrances(case_id)) == hinders


@pytest.mark.parametrize(
    ("state", "hinders"),
    [("accepted", False), ("waiting", True), ("person", True), ("refused", False)],
)
def test_a_delivery_that_is_not_taken_hinders(case_id: UUID, state: str, hinders: bool) -> None:
    handed(case_id, state)
    assert ("delivery" in actions.hindrances(case_id)) == hinders


def test_a_report_that_would_not_come_there_hinders(
    authority: UUID, settings, tmp_path, monkeypatch
) -> None:
    settings.DIENSTWEG_FILES = tmp_path / "files"
    drawn = neighbourhood._PROCESS
    monkeypatch.setattr(neighbourhood, "_PROCESS", drawn.replace(*WAITS_FOR_THE_OFFICE))
    assert drawn != neighbourhood._PROCESS
    offers.forget()
    with scope.enter(scope.of(authority)):
        case_id = begun()
        assert "report" not in actions.hindrances(case_id), "nothing was handed over yet"
        handed(case_id, "accepted")
        assert "report" in actions.hindrances(case_id)
    offers.forget()


def test_periods_run_on_there_alone(case_id: UUID, other_authority: UUID) -> None:
    now = clock.now()
    for name, state in (("entscheidung", "running"), ("alt", "met")):
        Deadline.objects.create(
            authority_id=scope.one(), case_id=case_id, name=name, state=state,
            starts_at=now, due_at=now + timedelta(days=9),
        )  # fmt: skip
    there = moved(case_id, other_authority)
    assert [one.name for one in Deadline.objects.filter(case_id=case_id)] == ["alt"]
    assert not Due.objects.filter(object_id=case_id).exists()
    with scope.enter(scope.of(other_authority)):
        names = Deadline.objects.filter(case_id=there).values_list("name", flat=True)
        assert sorted(names) == ["alt", "entscheidung"]


def test_letters_are_posted_from_there_and_tasks_are_nobodys(
    case_id: UUID, other_authority: UUID
) -> None:
    from dienstweg.inbox import actions as inbox

    inbox.tell(case_id=case_id, case_key=queries.key(case_id), key="m", subject="S", body="B")
    Message.objects.filter(key="m").update(by_post=True)
    Task.objects.filter(case_id=case_id).update(
        assignee=ANNA, claimed_at=clock.now(), claimed_for=new_id(), returned_from=new_id()
    )
    there = moved(case_id, other_authority)
    assert [one.case_id for one in messages.to_be_posted()] == []
    with scope.enter(scope.of(other_authority)):
        assert [one.case_id for one in messages.to_be_posted()] == [there]
        task = Task.objects.get(case_id=there)
        assert (task.state, task.assignee, task.claimed_at) == ("open", None, None)
        assert (task.claimed_for, task.returned_from) == (None, None)


def test_changes_that_were_begun_end_here_and_who_made_them_is_told(
    case_id: UUID, other_authority: UUID
) -> None:
    begun_id = cases.offer_correction(case_id=case_id)
    key = queries.key(case_id)
    assert not set(actions.hindrances(case_id)) - handing_over.PASSING
    there = moved(case_id, other_authority)
    assert queries.correction(begun_id, key=key).card.state == "withdrawn"
    (told,) = messages.of_case(case_id, key=key)
    assert "nicht mitgegeben" in told.body.replace("\n", " ")
    with scope.enter(scope.of(other_authority)):
        assert cases.offer_correction(case_id=there) != begun_id


def test_nothing_is_said_of_changes_where_there_were_none(
    case_id: UUID, other_authority: UUID
) -> None:
    moved(case_id, other_authority)
    (told,) = messages.of_case(case_id, key=queries.key(case_id))
    assert "mitgegeben" not in told.body


@pytest.mark.parametrize("end", ["withdraw", "close"])
def test_a_case_that_ends_otherwise_stays(case_id: UUID, other_authority: UUID, end: str) -> None:
    actions.order(case_id=case_id, to=other_authority, account_id=ANNA)
    if end == "withdraw":
        cases.withdraw(case_id=case_id)
    else:
        cases.close(case_id=case_id, outcome="granted")
    assert queries.case(case_id).handing_to is None
    actions.hand_over(case_id=case_id)
    work(*ROOMS)
    assert queries.case(case_id).moved_to is None
    with scope.enter(scope.of(other_authority)):
        assert queries.recent(limit=5) == []


def test_nothing_happens_to_the_old_case_any_more(case_id: UUID, other_authority: UUID) -> None:
    moved(case_id, other_authority)
    told = len(recorded.timeline(case_id))
    actions.suspend(case_id=case_id)
    actions.resume(case_id=case_id)
    assert Conduct.objects.get(id=case_id).finished
    assert len(recorded.timeline(case_id)) == told
