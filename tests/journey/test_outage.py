"""A back office is away for a day, in virtual time: hundreds of cases wait, and lose nothing."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from django.core import mail

from dienstweg.authorities import scope
from dienstweg.blueprint.archive import pack
from dienstweg.blueprint.folder import read_folder
from dienstweg.blueprint.process import Submitted
from dienstweg.cases.models import Case
from dienstweg.deliveries import actions as deliveries
from dienstweg.deliveries.models import Delivery, DeliveryAttempt
from dienstweg.events.models import Event
from dienstweg.kernel import clock
from dienstweg.offers import actions as offers
from dienstweg.processes import actions as processes
from seeding import given_draft, submit
from simulated import OUR_KEY, Simulator, backoffice_options, running
from working import live_through

pytestmark = pytest.mark.django_db(transaction=True)

CASES = int(os.environ.get("OUTAGE_CASES", "60"))
"""`make chaos` lives through it with 500."""
NEIGHBOURS = 10
"""Every so many cases, one of another town comes, whose back office is well."""
OUTAGE = timedelta(hours=24, minutes=20)
BACK = timedelta(minutes=30)
"""Time within which everything must have arrived once the back office is back."""
ROOMS = ("processes", "deliveries", "cases", "mail")
"""Receipts take the time of a typesetter, and have nothing to do with the back office."""
BLUEPRINT = Path(__file__).parents[2] / "bench" / "chaos" / "leistung"


class Town:
    """An authority with a back office of its own."""

    def __init__(self, authority: UUID, office: Simulator) -> None:
        self.authority, self.office = authority, office
        # The test's clock runs ahead of the back office's.
        office.control(tolerance=10_000_000.0)
        with scope.enter(scope.of(authority)):
            self.connection = deliveries.add_connection(
                slug="fach",
                kind="http",
                options=backoffice_options(office),
                secrets={"private_key": OUR_KEY},
            )
            self.offer = offers.go_live(
                archive=pack(read_folder(BLUEPRINT)), settings={"connection": "fach"}
            )

    def submit(self) -> None:
        """Send one application."""
        with scope.enter(scope.of(self.authority)):
            case = submit(given_draft(self.offer), name="Änne", anliegen="Bitte")
            processes.go_on(case_id=case.case_id, event=Submitted())


@pytest.fixture
def towns(make_authority: Callable[..., UUID], tmp_path: Path) -> Iterator[tuple[Town, Town]]:
    with (
        running("backoffice", tmp_path) as first,
        running("backoffice", tmp_path, "--seed", "2") as second,
    ):
        luv = make_authority("luv")
        lee = make_authority("lee", ars="120650136136")
        yield Town(luv, first), Town(lee, second)


def test_a_day_without_the_back_office_loses_nothing(towns: tuple[Town, Town]) -> None:
    luv, lee = towns
    luv.office.control(down=True)
    began, step = clock.now(), OUTAGE / CASES
    for number in range(CASES):
        with clock.shifted(step * number):
            if number % NEIGHBOURS == 0:
                lee.submit()
            luv.submit()
            live_through(step, *ROOMS)
    with scope.enter(scope.of(luv.authority)):
        assert luv.office.lines("accepted") == []
        assert Delivery.objects.filter(state="waiting").count() == 2 * CASES
        assert DeliveryAttempt.objects.count() <= 150
        was_told_at(began, timedelta(minutes=15), timedelta(days=1))
    luv.office.control(down=False)
    with clock.shifted(OUTAGE):
        live_through(BACK, *ROOMS)
    for town, cases in ((luv, CASES), (lee, CASES // NEIGHBOURS)):
        with scope.enter(scope.of(town.authority)):
            arrived_once_and_in_order(town, cases)
    with scope.enter(scope.of(lee.authority)):
        for one in Delivery.objects.select_related("case"):
            assert one.accepted_at is not None
            assert one.accepted_at - one.case.submitted_at < timedelta(seconds=60)


def was_told_at(began: datetime, *after: timedelta) -> None:
    """Expect that the authority was told at these times, by an event and an e-mail each."""
    told = Event.objects.filter(name="connection.failing").order_by("id")
    assert [one.data["step"] for one in told] == list(range(1, len(after) + 1))
    for one, pause in zip(told, after, strict=True):
        assert pause <= one.happened_at - began < pause + timedelta(minutes=2)
    assert [one.to for one in mail.outbox] == [["info@luv.example"]] * len(after)


def arrived_once_and_in_order(town: Town, cases: int) -> None:
    """Compare the back office's ledger with what should have arrived."""
    taken = [one["key"] for one in town.office.lines("accepted")]
    assert max(Counter(taken).values()) == 1
    place = {key: index for index, key in enumerate(taken)}
    rows = list(Delivery.objects.order_by("case_id", "sequence"))
    assert sorted(str(one.id) for one in rows) == sorted(taken)
    assert len(rows) == 2 * cases
    for before, after in pairwise(rows):
        if before.case_id == after.case_id:
            assert place[str(before.id)] < place[str(after.id)]
    assert Counter(Case.objects.values_list("state", "outcome")) == {("closed", "accepted"): cases}
