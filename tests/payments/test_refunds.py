"""Money goes back: ordered once, never more than was paid, carried out by a person."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from dienstweg.authorities import scope
from dienstweg.events import queries as events
from dienstweg.kernel.references import new_id
from dienstweg.payments import actions, queries, rules
from dienstweg.payments.errors import NoSuchRefund
from dienstweg.payments.models import Payment, Refund
from made import make_case
from working import waiting

pytestmark = pytest.mark.django_db

OPTIONS = {"base_url": "https://pay.example", "originator_id": "o", "endpoint_id": "e"}


@pytest.fixture
def case_id(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        actions.add_account(slug="kasse", kind="xbezahldienste", options=OPTIONS, secrets={})
        yield make_case(authority)


def paid(case_id: UUID, state: str = "paid") -> None:
    payment_id = actions.collect(
        case_id=case_id, key="gebuehr", amount=3070, purpose="P", items=[], account_slug="kasse"
    )
    Payment.objects.filter(id=payment_id).update(state=state)


def facts(case_id: UUID) -> list[str]:
    return [one.name for one in events.timeline(case_id) if one.name.startswith("refund.")]


def test_all_of_a_payment_goes_back_once(case_id: UUID) -> None:
    paid(case_id)
    first = actions.refund(case_id=case_id, key="zurueck", of="gebuehr")
    assert actions.refund(case_id=case_id, key="zurueck", of="gebuehr") == first
    (todo,) = queries.refunds_to_do()
    assert (todo.id, todo.amount, todo.purpose) == (first, 3070, "P")
    assert facts(case_id) == ["refund.ordered"]
    person = new_id()
    for _ in range(2):
        actions.refund_done(refund_id=first, account_id=person)
    assert facts(case_id) == ["refund.ordered", "refund.done"]
    assert waiting("processes") == ["processes.after_refund"]
    assert queries.refunds_to_do() == []
    (done,) = queries.refunds_of_case(case_id)
    assert (done.state, done.done_by) == ("done", person)


def test_never_more_goes_back_than_was_paid(case_id: UUID) -> None:
    paid(case_id)
    actions.refund(case_id=case_id, key="a", of="gebuehr", amount=3000)
    actions.refund(case_id=case_id, key="b", of="gebuehr", amount=3000)
    actions.refund(case_id=case_id, key="c", of="gebuehr")
    amounts = dict(Refund.objects.values_list("key", "amount"))
    assert amounts == {"a": 3000, "b": 70, "c": 0}
    assert [one.key for one in queries.refunds_to_do()] == ["a", "b"]


@pytest.mark.parametrize("state", ["due", "open", "failed", "withdrawn"])
def test_where_nothing_was_paid_it_is_done_at_once(case_id: UUID, state: str) -> None:
    paid(case_id, state)
    actions.refund(case_id=case_id, key="zurueck", of="gebuehr")
    assert queries.refunds_to_do() == []
    assert facts(case_id) == ["refund.done"]


def test_an_order_that_is_taken_back_cannot_be_carried_out(case_id: UUID) -> None:
    paid(case_id)
    refund_id = actions.refund(case_id=case_id, key="zurueck", of="gebuehr")
    actions.no_longer_refund(case_id=case_id, key="zurueck")
    with pytest.raises(NoSuchRefund):
        actions.refund_done(refund_id=refund_id, account_id=new_id())
    actions.refund(case_id=case_id, key="neu", of="gebuehr")
    assert [one.amount for one in queries.refunds_to_do()] == [3070]


def test_what_was_carried_out_stays(case_id: UUID) -> None:
    paid(case_id)
    refund_id = actions.refund(case_id=case_id, key="zurueck", of="gebuehr")
    actions.refund_done(refund_id=refund_id, account_id=new_id())
    actions.no_longer_refund(case_id=case_id, key="zurueck")
    assert queries.refund(refund_id).state == "done"


@pytest.mark.parametrize(
    ("given", "wanted", "left"), [(0, None, 10), (4, None, 6), (4, 9, 6), (12, 1, 0), (0, -3, 0)]
)
def test_what_is_left(given: int, wanted: int | None, left: int) -> None:
    assert rules.refundable(paid=10, given=given, wanted=wanted) == left
