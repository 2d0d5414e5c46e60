"""The adapter against the simulated platform, with every switch."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.adapters import xbezahldienste
from dienstweg.adapters.xbezahldienste import messages
from dienstweg.kernel import http
from dienstweg.payments.port import Item, Order, PaymentProvider, Rejected, Unavailable
from simulated import Simulator, payment_options, running

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running("payments", tmp_path_factory.mktemp("pay"), "--token", "geheim") as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def _well_behaved(platform: Simulator) -> None:
    platform.control(
        slow=0.0, down=False, fail_rate=0.0, drop_rate=0.0, status="true", twice=False,
        wrong_sum=0, forget=False, malformed=False, auto="",
    )  # fmt: skip


def provider(platform: Simulator, **client: Any) -> PaymentProvider:
    return xbezahldienste.make(
        payment_options(platform),
        {"token": "geheim"},
        http.Client([platform.base], private=True, **client),
    )


def order(amount: int = 3070, **more: Any) -> Order:
    values: dict[str, Any] = {
        "request_id": str(uuid4()),
        "amount": amount,
        "purpose": "Parken KRA-7F3K-9M2Q-4XB",
        "description": "Bewohnerparkausweis",
        "return_url": "http://127.0.0.1:9/zurueck",
        "items": (Item("gebuehr", "Gebühr", 1, amount, {"kostenstelle": "4711"}),),
        "timestamp": datetime(2026, 3, 2, 10, tzinfo=UTC),
        **more,
    }
    return Order(**values)


def pay(platform: Simulator, url: str, how: str) -> str:
    path = url.removeprefix(platform.base)
    status, body, headers = platform.call("POST", path, f"do={how}".encode(), FORM)
    assert status == 303, body
    return headers["Location"]


@pytest.mark.parametrize(
    ("how", "state"), [("PAYED", "paid"), ("FAILED", "failed"), ("CANCELED", "cancelled")]
)
def test_a_payment_from_opening_to_its_end(platform: Simulator, how: str, state: str) -> None:
    asked = order()
    account = provider(platform)
    opened = account.open(asked)
    assert opened.state == "open"
    assert opened.amount == asked.amount
    assert opened.request_id == asked.request_id
    assert opened.reference.startswith("KZ")
    assert opened.pay_url is not None
    assert pay(platform, opened.pay_url, how) == asked.return_url
    ended = account.status(opened.id)
    assert (ended.state, ended.pay_url) == (state, None)
    assert ended.reference == opened.reference


def test_an_end_is_final(platform: Simulator) -> None:
    account = provider(platform)
    opened = account.open(order())
    assert opened.pay_url is not None
    pay(platform, opened.pay_url, "CANCELED")
    pay(platform, opened.pay_url, "PAYED")
    assert account.status(opened.id).state == "cancelled"


def test_the_pay_page_is_plain_german_and_leads_back(platform: Simulator) -> None:
    opened = provider(platform).open(order(123456))
    assert opened.pay_url is not None
    path = opened.pay_url.removeprefix(platform.base)
    page = platform.call("GET", path)[1].decode()
    assert '<html lang="de">' in page
    for word in ("1.234,56 Euro", "Bezahlen", "Fehlschlag", "Abbrechen", opened.reference):
        assert word in page
    pay(platform, opened.pay_url, "PAYED")
    assert "http://127.0.0.1:9/zurueck" in platform.call("GET", path)[1].decode()


def test_the_same_request_opens_one_transaction(platform: Simulator) -> None:
    asked = order()
    account = provider(platform)
    first, second = account.open(asked), account.open(asked)
    assert first.id == second.id
    opened = [line["request"]["requestId"] for line in platform.lines("opened")]
    assert opened.count(asked.request_id) == 1


def test_a_lost_answer_is_found_again(platform: Simulator) -> None:
    asked = order()
    platform.control(drop_rate=1.0)
    with pytest.raises(Unavailable):
        provider(platform).open(asked)
    platform.control(drop_rate=0.0)
    assert provider(platform).open(asked).state == "open"
    opened = [line["request"]["requestId"] for line in platform.lines("opened")]
    assert opened.count(asked.request_id) == 1


@pytest.mark.parametrize("switch", [{"down": True}, {"fail_rate": 1.0}, {"malformed": True}])
def test_trouble_that_passes(platform: Simulator, switch: dict[str, Any]) -> None:
    opened = provider(platform).open(order())
    platform.control(**switch)
    with pytest.raises(Unavailable):
        provider(platform).open(order())
    with pytest.raises(Unavailable):
        provider(platform).status(opened.id)


def test_too_slow_is_unavailable(platform: Simulator) -> None:
    platform.control(slow=0.6)
    with pytest.raises(Unavailable):
        provider(platform, read=0.2).open(order())


def test_nobody_there_is_unavailable(tmp_path: Path) -> None:
    with running("payments", tmp_path) as other:
        account = provider(other)
        other.kill()
        with pytest.raises(Unavailable):
            account.open(order())
        assert account.check() == ["Die Bezahlplattform ist nicht erreichbar."]


def test_a_status_that_cannot_be_asked(platform: Simulator) -> None:
    opened = provider(platform).open(order())
    platform.control(status="fail")
    with pytest.raises(Unavailable):
        provider(platform).status(opened.id)


def test_a_status_that_never_changes_stays_open(platform: Simulator) -> None:
    opened = provider(platform).open(order())
    assert opened.pay_url is not None
    pay(platform, opened.pay_url, "PAYED")
    platform.control(status="never")
    assert provider(platform).status(opened.id).state == "open"


def test_a_wrong_sum_is_noticed(platform: Simulator) -> None:
    opened = provider(platform).open(order(3070))
    platform.control(wrong_sum=1)
    assert provider(platform).status(opened.id).amount == 3071
    with pytest.raises(Rejected, match="WRONG_AMOUNT"):
        provider(platform).open(order(3070))


def test_a_forgotten_transaction_is_rejected(platform: Simulator) -> None:
    opened = provider(platform).open(order())
    platform.control(forget=True)
    with pytest.raises(Rejected):
        provider(platform).status(opened.id)


def test_sums_are_checked_before_and_after(platform: Simulator) -> None:
    with pytest.raises(Rejected, match="CALCULATION_ERROR"):
        provider(platform).open(order(items=(Item("a", "A", 2, 1500),)))
    many = (Item("a", "A", 2, 1500), Item("b", "B", 7, 10))
    assert provider(platform).open(order(3070, items=many)).amount == 3070


def test_the_platform_names_what_it_refuses(platform: Simulator) -> None:
    with pytest.raises(Rejected, match="VALIDATION_ERROR"):
        provider(platform).open(order(purpose=""))


def test_survives_kill(platform: Simulator, tmp_path: Path) -> None:
    with running("payments", tmp_path) as other:
        account = xbezahldienste.make(
            payment_options(other), {}, http.Client([other.base], private=True)
        )
        opened = account.open(order())
        assert opened.pay_url is not None
        pay(other, opened.pay_url, "PAYED")
        other.kill()
        with other.ledger.open("ab") as file:
            file.write(b'{"event": "op')  # torn by the power cut
        other.start()
        assert account.status(opened.id).state == "paid"


def test_check_tells_what_is_wrong(platform: Simulator) -> None:
    assert provider(platform).check() == []
    stranger = xbezahldienste.make(
        payment_options(platform), {"token": "x"}, http.Client([platform.base], private=True)
    )
    assert stranger.check() == [
        "Die Bezahlplattform kennt diese Zugangsdaten oder Kennungen nicht."
    ]
    with pytest.raises(Unavailable):
        stranger.open(order())
    platform.control(down=True)
    assert provider(platform).check() == ["Die Bezahlplattform meldet den Status 503."]


@given(st.integers(1, messages.LARGEST))
def test_cents_survive_the_euros(amount: int) -> None:
    import json

    assert messages.cents(json.loads(json.dumps(messages.euros(amount)))) == amount


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "paymentInformation",
                        "paymentRequest",
                        "status",
                        "transactionId",
                        "grosAmount",
                    ]
                ),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_no_answer_breaks_the_reading(answer: Any) -> None:
    with pytest.raises(Rejected):
        messages.transaction(answer, plain_http=True)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://a.example/x", "//a.example", "https://", "", None, 7]
)
def test_a_pay_page_must_be_https(url: Any) -> None:
    info = {"status": "INITIAL", "transactionId": "a", "transactionRedirectUrl": url}
    with pytest.raises(Rejected):
        messages.transaction({"paymentInformation": info}, plain_http=False)


@pytest.mark.parametrize("text", ["", "../x", "a/b", "a" * 65, "ä", "a?b"])
def test_an_id_that_does_not_fit_an_address_is_refused(platform: Simulator, text: str) -> None:
    with pytest.raises(Rejected):
        provider(platform).status(text)
