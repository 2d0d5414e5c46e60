"""Who is told by e-mail of what falls due: those who answer for it, once a day, without a name."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from procrastinate.contrib.django import app as queue

from dienstweg.accounts import actions as accounts
from dienstweg.accounts.models import Reminding
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import actions as cases
from dienstweg.cases import queries
from dienstweg.cases.models import Case, Task
from dienstweg.events import queries as events
from dienstweg.events.job import known_jobs
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.clock import LOCAL
from dienstweg.mail import rules as words
from dienstweg.mail.models import Mail
from dienstweg.processes import actions, reminders
from dienstweg.processes.models import Deadline
from made import make_case
from staffing import colleague

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MONDAY = datetime(2027, 3, 1, 8, tzinfo=LOCAL)


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    authorities.forget()
    with clock.shifted(MONDAY - clock.now()), scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def anna(inside: UUID) -> UUID:
    return colleague("anna", kranichsee="amt")


def asked(place: UUID, *, days: float, role: str = "amt", to: UUID | None = None) -> UUID:
    case_id = make_case(place)
    task_id = cases.ask(
        case_id=case_id, key="t", task="t", role=role, outcomes=["ja"],
        due=clock.now() + days * DAY,
    )  # fmt: skip
    if to is not None:
        Task.objects.filter(id=task_id).update(assignee=to)
    return case_id


def period(case_id: UUID, **values: object) -> None:
    now = clock.now()
    given = {"starts_at": now, "due_at": now + 10 * DAY, "state": "running", **values}
    Deadline.objects.create(authority_id=scope.one(), case_id=case_id, name="frist", **given)


def told() -> list[tuple[str, dict[str, str]]]:
    """Return address and content of each e-mail about what falls due."""
    found = []
    for row in Mail.objects.filter(template="falling_due").order_by("id"):
        owner = authorities.authority_key(row.authority_id)
        place = (str(row.authority_id), "mail", str(row.id))
        address = encryption.unseal(owner, bytes(row.address), *place, "address").decode()
        found.append(
            (address, encryption.unseal_json(owner, bytes(row.context), *place, "context"))
        )
    return sorted(found, key=lambda one: one[0])


def addresses() -> list[str]:
    return [address.partition("@")[0] for address, _ in told()]


def test_an_overdue_task_is_told_to_whose_it_is(inside: UUID, anna: UUID) -> None:
    colleague("ben", kranichsee="amt")
    colleague("kasse", kranichsee="kasse")
    asked(inside, days=-1, to=anna)
    assert actions.remind_staff(authority_id=inside) == 1
    assert addresses() == ["anna"]
    asked(inside, days=-0.1)
    actions.remind_staff(authority_id=inside)
    assert addresses() == ["anna", "ben"], "nobody's is everybody's who may do it"


def test_who_is_given_what_is_overdue_already_is_told(inside: UUID, anna: UUID) -> None:
    ben = colleague("ben", kranichsee="amt")
    asked(inside, days=-1)
    actions.remind_staff(authority_id=inside)
    Mail.objects.all().delete()
    with clock.shifted(DAY):
        assert actions.remind_staff(authority_id=inside) == 0
        cases.assign(task_id=Task.objects.get().id, to=ben, account_id=anna)
    with clock.shifted(2 * DAY):
        assert actions.remind_staff(authority_id=inside) == 1
        assert addresses() == ["ben"]
    with clock.shifted(3 * DAY):
        assert actions.remind_staff(authority_id=inside) == 0, "once is enough"


def test_what_was_proposed_or_asked_after_its_day_is_told(inside: UUID, anna: UUID) -> None:
    colleague("lead", kranichsee="leitung")
    asked(inside, days=-20)
    task_id = Task.objects.get().id
    Task.objects.filter(id=task_id).update(approval_role="leitung")
    actions.remind_staff(authority_id=inside)
    assert addresses() == ["anna"], "it was asked when its day was over"
    with clock.shifted(DAY):
        cases.decide(task_id=task_id, account_id=anna, outcome="ja", reason="Passt.")
        actions.remind_staff(authority_id=inside)
        assert addresses() == ["anna", "lead"]


def test_of_too_much_that_waits_for_parties_the_newest_is_told(
    inside: UUID, anna: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = [asked(inside, days=-days, role="party:nachbar") for days in (3, 2)]
    new = asked(inside, days=-0.1, role="party:nachbar")
    now, first = clock.now(), clock.now() - 14 * DAY
    found = queries.awaited(before=now, since=first, limit=1, newest_first=True)
    assert [one.case_id for one in found] == [new]
    found = queries.awaited(before=now, since=first, limit=2, newest_first=True)
    assert [one.case_id for one in found] == [new, late[1]]
    found = queries.awaited(before=now, since=first, limit=1)
    assert [one.case_id for one in found] == late[:1]
    asks = []
    monkeypatch.setattr(queries, "awaited", lambda **given: asks.append(given) or [])
    actions.remind_staff(authority_id=inside)
    assert all(one["newest_first"] for one in asks) and asks


def test_nothing_new_is_no_mail_and_one_a_day_is_enough(inside: UUID, anna: UUID) -> None:
    asked(inside, days=-1)
    for _ in range(2):
        actions.remind_staff(authority_id=inside)
    asked(inside, days=-0.01)
    actions.remind_staff(authority_id=inside)
    assert len(told()) == 1, "the rest waits for tomorrow"
    asked(inside, days=0.5)
    with clock.shifted(DAY):
        actions.remind_staff(authority_id=inside)
        assert [content["over"] for _, content in told()] == ["1", "2"], "and comes then"
    with clock.shifted(2 * DAY):
        assert actions.remind_staff(authority_id=inside) == 0, "nothing has come since"


def test_periods_that_are_near_over_or_escalated(inside: UUID, anna: UUID) -> None:
    colleague("lead", kranichsee="leitung")
    now = clock.now()
    period(asked(inside, days=9), reminded_at=now)
    period(asked(inside, days=9), state="missed", due_at=now - DAY)
    period(asked(inside, days=9), state="deemed", due_at=now - DAY)
    period(asked(inside, days=9), state="met", due_at=now - DAY, met_at=now)
    period(asked(inside, days=9), escalated_at=now, escalated_to="leitung")
    closed = asked(inside, days=9)
    period(closed, state="missed", due_at=now - DAY)
    Case.objects.filter(id=closed).update(state="closed")
    actions.remind_staff(authority_id=inside)
    (_, to_anna), (_, to_lead) = told()
    assert {name: to_anna[name] for name in ("over", "near", "told")} == {
        "over": "2", "near": "1", "told": "0",
    }  # fmt: skip
    assert (to_lead["over"], to_lead["near"], to_lead["told"]) == ("0", "0", "1")


def test_while_a_case_waits_for_others_who_worked_on_it_answers(inside: UUID, anna: UUID) -> None:
    colleague("kasse", kranichsee="kasse")
    case_id = asked(inside, days=9)
    Task.objects.filter(case_id=case_id).update(state="done")
    period(case_id, state="missed", due_at=clock.now() - DAY)
    actions.remind_staff(authority_id=inside)
    assert addresses() == ["anna"]


def test_who_is_away_is_not_told_but_who_stands_in(inside: UUID, anna: UUID) -> None:
    ben = colleague("ben", kranichsee="kasse")
    today = clock.today()
    accounts.be_away(account_id=anna, begins=today, ends=today, deputy_id=ben, made_by=anna)
    asked(inside, days=-1, to=anna)
    actions.remind_staff(authority_id=inside)
    assert addresses() == ["ben"]


def test_who_wants_none_gets_none(inside: UUID, anna: UUID) -> None:
    accounts.want_reminders(account_id=anna, wanted=False)
    asked(inside, days=-1, to=anna)
    assert actions.remind_staff(authority_id=inside) == 0
    assert told() == []


def test_who_works_for_several_gets_one_about_all(
    inside: UUID, anna: UUID, other_authority: UUID
) -> None:
    colleague("anna", moorwald="amt")
    asked(inside, days=-1)
    with scope.enter(scope.of(other_authority)):
        asked(other_authority, days=-1)
    actions.remind_staff(authority_id=inside)
    with scope.enter(scope.of(other_authority)):
        assert actions.remind_staff(authority_id=other_authority) == 0
    assert [content["over"] for _, content in told()] == ["2"]


def test_not_in_the_night_and_not_on_a_holiday(inside: UUID, anna: UUID) -> None:
    asked(inside, days=-1)
    for away in (timedelta(hours=-2), -DAY, 25 * DAY):  # 6 o'clock, a Sunday, Good Friday
        with clock.shifted(away):
            assert actions.remind_staff(authority_id=inside) == 0
            again = events.due_at(job="processes.remind", object_id=inside)
            assert again is not None and again > clock.now()
            assert reminders.is_time(again, land="")


def test_the_sweeper_has_people_reminded_and_the_job_looks_again(inside: UUID) -> None:
    known_jobs()
    actions.sweep(authority_id=inside)
    first = events.due_at(job="processes.remind", object_id=inside)
    assert first == MONDAY.replace(hour=7) + DAY
    actions.sweep(authority_id=inside)
    assert events.due_at(job="processes.remind", object_id=inside) == first
    with clock.shifted(DAY):
        queue.tasks["processes.remind"].func(
            authority_id=str(inside), object_id=str(inside), key=""
        )
    assert events.due_at(job="processes.remind", object_id=inside) == first + DAY


def test_a_clock_that_jumps_tells_nobody_twice_and_silences_nobody(
    inside: UUID, anna: UUID
) -> None:
    asked(inside, days=-1)
    with clock.shifted(365 * DAY):  # a Monday too, to the day
        Reminding.objects.create(account_id=anna, told_at=clock.now())
    assert actions.remind_staff(authority_id=inside) == 0, "they were told, by a clock ahead"
    assert Reminding.objects.get().told_at == pytest.approx(clock.now(), abs=timedelta(minutes=1))
    asked(inside, days=0.5)
    with clock.shifted(DAY):
        assert actions.remind_staff(authority_id=inside) == 1
    with clock.shifted(-3 * DAY):
        assert actions.remind_staff(authority_id=inside) == 0
    with clock.shifted(DAY + timedelta(hours=2)):
        assert actions.remind_staff(authority_id=inside) == 0
    assert len(told()) == 1


def test_the_mail_says_how_much_and_nothing_else() -> None:
    context = {"over": "2", "near": "1", "told": "0", "link": "https://x/y", "authority": "A"}
    subject, body = words.text("falling_due", "de", context)
    assert subject == "Fristen und Aufgaben am Arbeitsplatz"
    assert "neu überfällig: 2" in body and "https://x/y" in body
