"""Payments against PostgreSQL: any order, any repetition, exactly one end."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from dienstweg.authorities import scope
from dienstweg.events import queries as events
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.payments import actions, queries
from dienstweg.payments.actions import collecting, settling
from dienstweg.payments.errors import InvalidOptions, NoSuchAccount, NoSuchPayment, NotRepeatable
from dienstweg.payments.models import Payment, PaymentAttempt
from dienstweg.payments.port import Rejected, Unavailable
from fakes import FakePaymentProvider
from made import make_case
from working import live_through, work

pytestmark = pytest.mark.django_db

OPTIONS = {
    "base_url": "https://pay.example",
    "originator_id": "dienstweg",
    "endpoint_id": "06999001",
}


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> FakePaymentProvider:
    fake = FakePaymentProvider()
    for module in (collecting, settling):
        monkeypatch.setattr(module, "provider_of", lambda _account: fake)
    return fake


@pytest.fixture
def case_id(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        actions.add_account(slug="epay", kind="xbezahldienste", options=OPTIONS, secrets={})
        yield make_case(authority)


def collect(case_id: UUID, key: str = "zahlen") -> UUID:
    return actions.collect(
        case_id=case_id, key=key, amount=3070, purpose="Parken", items=[], account_slug="epay"
    )


def facts(case_id: UUID) -> list[str]:
    return [
        f"{one.name}:{one.data.get('state', '')}".rstrip(":")
        for one in events.timeline(case_id)
        if one.name.startswith("payment.")
    ]


def opened(case_id: UUID) -> UUID:
    payment_id = collect(case_id)
    work("payments")
    return payment_id


def test_a_payment_is_collected_once(case_id: UUID, platform: FakePaymentProvider) -> None:
    first, second = collect(case_id), collect(case_id)
    assert first == second
    assert collect(case_id, key="nachzahlung") != first
    work("payments")
    assert len(platform.transactions) == 2
    view = queries.of_case(case_id)[0]
    assert (view.state, view.amount, view.reference) == ("open", 3070, "KZ-t1")
    assert view.pay_url == "https://pay.example/t1"
    assert platform.orders[0].return_url.endswith(f"/zahlung/{first}")
    assert facts(case_id) == ["payment.opened", "payment.opened"]


@pytest.mark.parametrize("end", ["paid", "failed", "cancelled"])
def test_return_schedule_and_job_settle_once(
    case_id: UUID, platform: FakePaymentProvider, end: str
) -> None:
    payment_id = opened(case_id)
    actions.ask(payment_id=payment_id)
    assert facts(case_id) == ["payment.opened"]
    platform.change("t1", state=end, pay_url=None)
    actions.ask_soon(payment_id=payment_id)
    actions.ask(payment_id=payment_id)
    work("payments")
    live_through(timedelta(hours=2), "payments")
    actions.ask(payment_id=payment_id)
    assert facts(case_id) == ["payment.opened", f"payment.settled:{end}"]
    assert queries.payment(payment_id).state == end
    assert queries.payment(payment_id).pay_url == ""


def test_a_payment_nobody_returns_from_is_found_by_the_schedule(
    case_id: UUID, platform: FakePaymentProvider
) -> None:
    payment_id = opened(case_id)
    platform.change("t1", state="paid")
    live_through(timedelta(minutes=1), "payments")
    assert queries.payment(payment_id).state == "paid"
    asked = platform.asked
    live_through(timedelta(days=10), "payments")
    assert platform.asked == asked


def test_an_open_payment_is_asked_about_ever_more_rarely(
    case_id: UUID, platform: FakePaymentProvider
) -> None:
    payment_id = opened(case_id)
    live_through(timedelta(days=1), "payments")
    assert 20 < platform.asked < 50
    for days, more in ((29, True), (31, True), (33, False)):
        asked = platform.asked
        with clock.shifted(timedelta(days=days)):
            live_through(timedelta(hours=3), "payments")
        assert (platform.asked > asked) is more
    with clock.shifted(timedelta(days=2)):
        assert [one.id for one in queries.troubled()] == [payment_id]


def test_a_browser_that_reloads_asks_rarely(case_id: UUID, platform: FakePaymentProvider) -> None:
    payment_id = opened(case_id)
    for _ in range(20):
        actions.ask_soon(payment_id=payment_id)
    work("payments")
    assert platform.asked == 1
    with clock.shifted(timedelta(seconds=3)):
        actions.ask_soon(payment_id=payment_id)
        work("payments")
    assert platform.asked == 2


@pytest.mark.parametrize("end", ["failed", "cancelled"])
def test_a_failed_payment_is_repeated(
    case_id: UUID, platform: FakePaymentProvider, end: str
) -> None:
    payment_id = opened(case_id)
    platform.change("t1", state=end)
    actions.ask(payment_id=payment_id)
    assert queries.payment(payment_id).repeatable
    assert actions.repeat(payment_id=payment_id).attempt == 2
    assert actions.repeat(payment_id=payment_id).attempt == 2  # a second click
    work("payments")
    view = queries.payment(payment_id)
    assert (view.state, view.pay_url) == ("open", "https://pay.example/t2")
    platform.change("t2", state="paid")
    actions.ask(payment_id=payment_id)
    assert facts(case_id) == [
        "payment.opened", f"payment.settled:{end}", "payment.opened", "payment.settled:paid",
    ]  # fmt: skip
    with pytest.raises(NotRepeatable):
        actions.repeat(payment_id=payment_id)


def test_money_that_comes_late_for_an_old_attempt(
    case_id: UUID, platform: FakePaymentProvider
) -> None:
    payment_id = opened(case_id)
    platform.change("t1", state="failed")
    actions.ask(payment_id=payment_id)
    actions.repeat(payment_id=payment_id)
    work("payments")
    platform.change("t1", state="paid")
    live_through(timedelta(minutes=1), "payments")
    view = queries.payment(payment_id)
    assert (view.state, view.reference) == ("paid", "KZ-t1")
    platform.change("t2", state="paid")
    live_through(timedelta(hours=2), "payments")
    assert facts(case_id)[-2:] == ["payment.settled:paid", "payment.overpaid"]
    assert [one.trouble for one in queries.troubled()] == ["paid_twice"]


def test_money_that_comes_late_although_nothing_was_repeated(
    case_id: UUID, platform: FakePaymentProvider
) -> None:
    payment_id = opened(case_id)
    platform.change("t1", state="cancelled")
    actions.ask(payment_id=payment_id)
    platform.change("t1", state="paid")
    live_through(timedelta(hours=2), "payments")
    assert queries.payment(payment_id).state == "paid"


def test_money_for_what_was_taken_back_is_shown_to_somebody(
    case_id: UUID, platform: FakePaymentProvider
) -> None:
    payment_id = opened(case_id)
    actions.no_longer_collect(case_id=case_id, key="zahlen")
    assert queries.payment(payment_id).state == "withdrawn"
    platform.change("t1", state="paid")
    live_through(timedelta(hours=2), "payments")
    assert [one.trouble for one in queries.troubled()] == ["paid_late"]
    live_through(timedelta(hours=2), "payments")
    assert queries.payment(payment_id).state == "paid"
    assert [one.trouble for one in queries.troubled()] == ["paid_late"]


def test_what_a_person_has_cleared_up_is_troubled_no_more(
    case_id: UUID, platform: FakePaymentProvider
) -> None:
    payment_id, anna = opened(case_id), new_id()
    actions.clear(payment_id=payment_id, account_id=anna)
    assert "payment.cleared" not in facts(case_id), "nothing was wrong with it"
    actions.no_longer_collect(case_id=case_id, key="zahlen")
    platform.change("t1", state="paid")
    live_through(timedelta(hours=2), "payments")
    for _ in range(2):
        actions.clear(payment_id=payment_id, account_id=anna)
    assert queries.troubled() == []
    live_through(timedelta(days=5), "payments")
    actions.ask(payment_id=payment_id)
    assert queries.troubled() == [], "no later word of the platform brings it back"
    (entry,) = (one for one in events.timeline(case_id) if one.name == "payment.cleared")
    assert (entry.actor, entry.data["trouble"]) == (f"staff:{anna}", "paid_late")
    with pytest.raises(NoSuchPayment):
        actions.clear(payment_id=new_id(), account_id=anna)


def test_new_troubles_are_not_crowded_out_by_old_ones(
    case_id: UUID, platform: FakePaymentProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LISTED", 2)
    ids = [collect(case_id, key=f"k{number}") for number in range(4)]
    Payment.objects.update(trouble="paid_twice")
    assert [one.id for one in queries.troubled()] == [ids[3], ids[2]]


def test_an_unreachable_platform_is_asked_by_the_schedule(
    case_id: UUID, platform: FakePaymentProvider
) -> None:
    platform.trouble = Unavailable("away")
    payment_id = collect(case_id)
    live_through(timedelta(hours=24), "payments")
    assert 90 < len(platform.orders) < 110
    assert len({one.request_id for one in platform.orders}) == 1
    assert queries.payment(payment_id).trouble == "unavailable"
    platform.trouble = None
    with clock.shifted(timedelta(hours=24)):
        live_through(timedelta(minutes=30), "payments")
    view = queries.payment(payment_id)
    assert (view.state, view.trouble) == ("open", "")
    assert facts(case_id) == ["payment.opened"]


def test_a_refusal_is_shown_to_a_person(case_id: UUID, platform: FakePaymentProvider) -> None:
    platform.trouble = Rejected("VALIDATION_ERROR", "purpose")
    payment_id = opened(case_id)
    assert [(one.id, one.trouble) for one in queries.troubled()] == [
        (payment_id, "VALIDATION_ERROR")
    ]


def test_a_wrong_amount_settles_nothing(case_id: UUID, platform: FakePaymentProvider) -> None:
    payment_id = opened(case_id)
    platform.change("t1", state="paid", amount=3071)
    actions.ask(payment_id=payment_id)
    view = queries.payment(payment_id)
    assert (view.state, view.trouble) == ("open", "wrong_amount")
    platform.change("t1", amount=3070)
    live_through(timedelta(minutes=5), "payments")
    view = queries.payment(payment_id)
    assert (view.state, view.trouble) == ("paid", "")


def test_a_worker_that_died_while_opening_is_repeated(
    case_id: UUID, platform: FakePaymentProvider
) -> None:
    def die() -> None:
        raise KeyboardInterrupt  # nothing of ours catches it, as nothing catches a kill

    payment_id = collect(case_id)
    platform.after_open = die
    with pytest.raises(KeyboardInterrupt):
        actions.open(payment_id=payment_id)
    platform.after_open = None
    work("payments")  # the queue gives the job to another worker, who finds the lease
    assert queries.payment(payment_id).state == "due"
    live_through(timedelta(minutes=3), "payments")
    assert queries.payment(payment_id).state == "open"
    assert len(platform.transactions) == 1
    assert PaymentAttempt.objects.count() == 1


def test_nobody_waits_any_more_but_money_is_seen(
    case_id: UUID, platform: FakePaymentProvider
) -> None:
    payment_id = opened(case_id)
    actions.no_longer_collect(case_id=case_id, key="zahlen")
    with pytest.raises(NotRepeatable):
        actions.repeat(payment_id=payment_id)
    assert queries.payment(payment_id).pay_url == ""
    platform.change("t1", state="paid")
    live_through(timedelta(minutes=1), "payments")
    assert facts(case_id)[-1] == "payment.settled:paid"


def test_the_sweeper_drives_on_what_was_lost(case_id: UUID, platform: FakePaymentProvider) -> None:
    from dienstweg.events.models import Due

    payment_id = opened(case_id)
    platform.change("t1", state="paid")
    Due.objects.filter(object_id=payment_id).delete()
    live_through(timedelta(hours=3), "payments")
    assert queries.payment(payment_id).state == "paid"


def test_accounts_belong_to_their_authority(case_id: UUID, other_authority: UUID) -> None:
    with scope.enter(scope.of(other_authority)), pytest.raises(NoSuchAccount):
        actions.check(slug="epay")


def test_options_are_checked_by_the_plugs_schema(case_id: UUID) -> None:
    for options in ({}, {**OPTIONS, "base_url": "ftp://x"}, {**OPTIONS, "more": 1}):
        with pytest.raises(InvalidOptions):
            actions.add_account(slug="b", kind="xbezahldienste", options=options, secrets={})


def test_secrets_are_sealed_and_change_with_the_account(case_id: UUID) -> None:
    from dienstweg.payments.actions.accounts import account_named, provider_of

    first = actions.add_account(
        slug="epay", kind="xbezahldienste", options=OPTIONS, secrets={"token": "hochgeheim"}
    )
    account = account_named("epay")
    assert account.id == first
    assert b"hochgeheim" not in bytes(account.secrets)
    assert provider_of(account) is provider_of(account_named("epay"))


def test_payments_are_walled_off(
    case_id: UUID, other_authority: UUID, platform: FakePaymentProvider
) -> None:
    opened(case_id)
    with scope.enter(scope.of(other_authority)):
        assert queries.of_case(case_id) == []
        assert Payment.objects.count() == 0
