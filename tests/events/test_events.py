"""Facts, the jobs that follow, and what falls due: with what they tell of, or not at all."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import ClassVar
from uuid import UUID

import pytest
from django.db import IntegrityError, InterfaceError, ProgrammingError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from dienstweg.authorities import scope
from dienstweg.authorities.errors import Unscoped
from dienstweg.events import actions, queries, worker
from dienstweg.events.facts import Fact
from dienstweg.events.job import TRY_AGAIN, Order, _run, defer, defer_all, job
from dienstweg.events.models import Due, Event
from dienstweg.events.worker import free_stalled_jobs
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class LampLit(Fact):
    name: ClassVar[str] = "lamp.lit"

    lamp_id: UUID


for _name in ("lamp.turn", "lamp.tell"):
    job(_name)(lambda **_args: None)


@pytest.fixture
def journey(monkeypatch: pytest.MonkeyPatch) -> None:
    table = SimpleNamespace(AFTER={LampLit: ["lamp.turn", "lamp.tell"]})
    monkeypatch.setattr(actions, "import_module", lambda _name: table)


def jobs() -> list[tuple[str, dict[str, str]]]:
    return [(one.task_name, one.args) for one in ProcrastinateJob.objects.order_by("id")]


def test_a_fact_stands_on_the_timeline_and_sets_off_its_jobs(
    authority: UUID, journey: None
) -> None:
    case, lamp = new_id(), new_id()
    with scope.enter(scope.of(authority)):
        fact = LampLit(authority_id=authority, case_id=case, lamp_id=lamp)
        event = actions.record(fact, actor="applicant")
        entry = queries.timeline(case)[0]
    assert (entry.id, entry.name, entry.actor) == (event, "lamp.lit", "applicant")
    assert entry.data == {"lamp_id": str(lamp)}
    assert [name for name, _ in jobs()] == ["lamp.turn", "lamp.tell"]
    assert jobs()[0][1] == {
        "authority_id": str(authority),
        "event_id": str(event),
        "case_id": str(case),
        "lamp_id": str(lamp),
    }


def test_a_rollback_takes_fact_and_jobs_back(authority: UUID, journey: None) -> None:
    case = new_id()
    with scope.enter(scope.of(authority)):
        with pytest.raises(RuntimeError), transaction.atomic():
            actions.record(LampLit(authority_id=authority, case_id=case, lamp_id=new_id()))
            raise RuntimeError
        assert queries.timeline(case) == []
    assert jobs() == []


def test_the_timeline_keeps_the_order_within_a_moment(authority: UUID, journey: None) -> None:
    case, lamps = new_id(), [new_id() for _ in range(50)]
    with scope.enter(scope.of(authority)):
        actions.record_all(
            [LampLit(authority_id=authority, case_id=case, lamp_id=one) for one in lamps]
        )
        told = [entry.data["lamp_id"] for entry in queries.timeline(case)]
    assert told == [str(one) for one in lamps]


@pytest.mark.parametrize(
    "change",
    ["UPDATE events_event SET name = 'lamp.broken'", "DELETE FROM events_event"],
)
def test_an_event_is_never_changed_or_deleted(authority: UUID, journey: None, change: str) -> None:
    with scope.enter(scope.of(authority)):
        actions.record(LampLit(authority_id=authority, case_id=new_id(), lamp_id=new_id()))
        with (
            pytest.raises(IntegrityError, match="written once"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


def test_what_is_due_becomes_a_job_at_its_time_and_once(authority: UUID) -> None:
    thing, soon = new_id(), clock.now() + timedelta(hours=1)
    with scope.enter(scope.of(authority)):
        for at in (soon + timedelta(days=1), soon):
            actions.due(at=at, job="lamp.turn", authority_id=authority, object_id=thing, key="k")
        assert queries.due_at(job="lamp.turn", object_id=thing, key="k") == soon
    assert actions.tick(now=soon - timedelta(seconds=1)) == 0
    assert actions.tick(now=soon) == 1
    assert actions.tick(now=soon + timedelta(days=3)) == 0
    assert jobs() == [
        (
            "lamp.turn",
            {
                "authority_id": str(authority),
                "object_id": str(thing),
                "key": "k",
            },
        )
    ]


def test_a_worker_of_an_older_release_can_do_what_is_due(authority: UUID) -> None:
    """It calls functions whose arguments are fixed with every argument of the job."""
    thing, now = new_id(), clock.now()
    actions.due(at=now, job="lamp.turn", authority_id=authority, object_id=thing)
    actions.tick(now=now)
    ((_, args),) = jobs()
    assert args.keys() == {"authority_id", "object_id", "key"}


def fulfilled() -> str | None:
    """Return the wish that the newest job fulfils."""
    found: str | None = ProcrastinateJob.objects.latest("id").queueing_lock
    return found


def test_clocks_that_differ_by_seconds_put_a_job_off_once_and_not_early(authority: UUID) -> None:
    """The ticker's machine is ten seconds ahead of the worker's: nothing goes round."""
    ahead, turned = timedelta(seconds=10), []
    at = clock.now() + timedelta(minutes=1)
    actions.due(at=at, job="lamp.turn", authority_id=authority, object_id=new_id())
    rounds = 0
    while (row := Due.objects.first()) is not None:
        rounds += 1
        with clock.shifted(row.due_at - ahead - clock.now()):
            assert actions.tick(now=clock.now() + ahead) == 1
            _run(
                "lamp.turn",
                lambda **_given: turned.append(clock.now()),
                dict(jobs()[-1][1]),
                fulfils=fulfilled(),
            )
        assert rounds < 5, "it goes round"
    assert rounds == 2
    assert len(turned) == 1
    assert at <= turned[0] < at + timedelta(seconds=30)


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=800)])
def test_what_a_clock_ahead_has_taken_is_put_back(authority: UUID, ahead: timedelta) -> None:
    """The clock jumps forth, the ticker takes what is not due, and the clock is put right."""
    turned: list[str] = []
    thing, at = new_id(), clock.now() + ahead / 2
    actions.due(at=at, job="lamp.turn", authority_id=authority, object_id=thing, key="k")
    with clock.shifted(ahead):
        assert actions.tick(now=clock.now()) == 1
    ((name, args),) = jobs()
    turn = partial(_run, name, lambda **given: turned.append(str(given["key"])))
    turn(dict(args), fulfils=fulfilled())
    assert turned == []
    assert queries.due_at(job="lamp.turn", object_id=thing, key="k") == at
    with clock.shifted(ahead):
        assert actions.tick(now=clock.now()) == 1
        turn(dict(jobs()[1][1]), fulfils=fulfilled())
    assert turned == ["k"], "at its time it is done, and once"
    assert not Due.objects.exists()


def test_a_later_wish_is_not_replaced_by_what_is_put_back(authority: UUID) -> None:
    thing, now = new_id(), clock.now()
    at, later = now + timedelta(days=1), now + timedelta(days=2)
    actions.due(at=at, job="lamp.turn", authority_id=authority, object_id=thing)
    actions.tick(now=at)
    actions.due(at=later, job="lamp.turn", authority_id=authority, object_id=thing)
    ((name, args),) = jobs()
    _run(name, lambda **_given: None, dict(args), fulfils=fulfilled())
    assert queries.due_at(job="lamp.turn", object_id=thing) == later


def test_a_clock_that_goes_back_holds_up_no_sweeper(authority: UUID) -> None:
    """Two years ahead a sweeper has looked and will look again: then the clock is put right."""
    thing = new_id()
    with clock.shifted(timedelta(days=730)):
        actions.look_again(job="lamp.sweep", authority_id=authority, after=timedelta(hours=1))
        actions.due(at=clock.now(), job="lamp.turn", authority_id=authority, object_id=thing)
    now = clock.now()
    assert actions.bring_back(now=now) == 1
    assert queries.due_at(job="lamp.sweep", object_id=authority) == now
    turned = queries.due_at(job="lamp.turn", object_id=thing)
    assert turned is not None and turned > now + timedelta(days=700), "it is due when it is due"
    actions.look_again(job="lamp.sweep", authority_id=authority, after=timedelta(days=6))
    assert actions.bring_back(now=now) == 0


def test_a_due_job_that_nobody_offers_holds_up_nothing(authority: UUID) -> None:
    now, one = clock.now(), new_id()
    for name in ("gone.verb", "lamp.turn"):
        actions.due(at=now, job=name, authority_id=authority, object_id=one)
    assert actions.tick(now=now) == 1
    assert [name for name, _ in jobs()] == ["lamp.turn"]
    assert queries.due_at(job="gone.verb", object_id=one) == now + actions.PUT_OFF


def test_what_is_no_longer_due_is_not_done(authority: UUID) -> None:
    thing, now = new_id(), clock.now()
    actions.due(at=now, job="lamp.turn", authority_id=authority, object_id=thing)
    actions.no_longer_due(job="lamp.turn", object_id=thing)
    assert actions.tick(now=now) == 0


def test_many_jobs_of_one_kind_are_one_statement(
    authority: UUID, django_assert_num_queries: object
) -> None:
    orders = [Order("lamp.turn", authority, (("lamp_id", str(new_id())),)) for _ in range(20)]
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        defer_all(orders)
    assert len(jobs()) == 20


def test_a_job_that_fails_comes_back_later_and_never_ends(authority: UUID) -> None:
    def fail(**_args: object) -> None:
        raise ZeroDivisionError

    args = {"authority_id": str(authority), "lamp_id": str(new_id())}
    pauses = []
    for _ in range(len(TRY_AGAIN) + 2):
        before = clock.now()
        _run("lamp.turn", fail, dict(args))
        row = Due.objects.get()
        pauses.append(round((row.due_at - before).total_seconds()))
        actions.tick(now=row.due_at)
        args = ProcrastinateJob.objects.latest("id").args
    assert pauses == [*TRY_AGAIN, TRY_AGAIN[-1], TRY_AGAIN[-1]]
    assert args["lamp_id"]
    assert "attempt" in args


def test_a_job_that_has_become_void_is_over(authority: UUID) -> None:
    def find_nothing(**_args: object) -> None:
        raise KeyError

    _run("lamp.turn", find_nothing, {"authority_id": str(authority)}, void=LookupError)
    assert not Due.objects.exists()
    _run("lamp.turn", find_nothing, {"authority_id": str(authority)}, void=ValueError)
    assert Due.objects.count() == 1


def test_a_job_runs_in_the_scope_of_its_authority(authority: UUID) -> None:
    seen: list[object] = []

    def look(**args: object) -> None:
        seen.append((scope.one(), args))

    thing = new_id()
    _run("lamp.turn", look, {"authority_id": str(authority), "lamp_id": str(thing), "key": "7"})
    assert seen == [
        (authority, {"authority_id": authority, "lamp_id": thing, "key": "7"}),
    ]
    assert not Due.objects.exists()


def test_a_failing_jobs_log_names_no_private_word(
    authority: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_args: object) -> None:
        raise ValueError("Erika Mustermann, Heidestraße 17")

    _run("lamp.turn", fail, {"authority_id": str(authority)})
    assert "ValueError" in caplog.text
    assert "Mustermann" not in caplog.text


def test_the_jobs_of_a_dead_worker_are_given_free(authority: UUID) -> None:
    for _ in range(3):
        defer("lamp.turn", authority_id=authority)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES"
            " (now() - interval '1 hour'), (now()) RETURNING id"
        )
        dead, alive = (row[0] for row in cursor.fetchall())
        first, second, third = ProcrastinateJob.objects.order_by("id").values_list("id", flat=True)
        for stuck, worker in ((first, dead), (second, alive), (third, alive)):
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s",
                [worker, stuck],
            )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [third])
    assert free_stalled_jobs() == 2
    states = dict(ProcrastinateJob.objects.values_list("id", "status"))
    assert states == {first: "todo", second: "doing", third: "todo"}


def test_the_ticker_outlives_any_error(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    seen: list[datetime] = []

    def tick(*, now: datetime) -> int:
        seen.append(now)
        if len(seen) == 1:
            raise InterfaceError("the connection is closed")
        if len(seen) == 2:
            raise RuntimeError("a fault of our own")
        stop.set()
        return 0

    monkeypatch.setattr(worker, "tick", tick)
    monkeypatch.setattr(worker, "TICK", 0.001)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "connection", SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(worker, "beat", lambda *, worker: None)
    monkeypatch.setattr(worker, "free_stalled_jobs", lambda: 0)
    worker._tick_on(stop)
    assert len(seen) == 3


def test_an_event_of_another_authority_is_refused_before_the_database_would(
    authority: UUID, other_authority: UUID, journey: None
) -> None:
    foreign = LampLit(authority_id=authority, case_id=new_id(), lamp_id=new_id())
    with (
        scope.enter(scope.of(other_authority)),
        pytest.raises(Unscoped),
        transaction.atomic(),
    ):
        actions.record(foreign)
    with (
        scope.enter(scope.of(other_authority)),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Event(authority_id=authority, name="x", happened_at=clock.now()).save(force_insert=True)
