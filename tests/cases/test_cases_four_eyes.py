"""Four eyes, and whose a task is: checked where it is written, whatever a page showed."""

from datetime import timedelta

import pytest

from dienstweg.accounts import actions as accounts
from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.cases.errors import (
    AlreadyDecided,
    NoSuchTask,
    NotTheirs,
    ReasonNeeded,
    SamePerson,
    TakenMeanwhile,
    TooLateToUndo,
)
from dienstweg.cases.models import Task
from dienstweg.events import queries as events
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from seeding import given_case
from staffing import colleague, team
from working import live_through, work

pytestmark = pytest.mark.django_db
ANNA, BEN, CORA = new_id(), new_id(), new_id()


@pytest.fixture
def inside(authority):
    offers.forget()
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def case(inside):
    return given_case()


def ask(case, *, approval="leitung", key="pruefen", **more):
    return actions.ask(
        case_id=case.id, key=key, task="pruefen", role="sachbearbeitung",
        outcomes=["granted", "refused"], approval=approval, **more,
    )  # fmt: skip


def propose(task_id, by=ANNA, outcome="granted"):
    return actions.decide(task_id=task_id, account_id=by, outcome=outcome, reason="Liegt vor.")


def state(task_id):
    return queries.task(task_id).card.state


def names(case):
    return [entry.name for entry in events.timeline(case.id)][2:]


def test_what_one_proposes_another_agrees_to(case):
    task_id = ask(case)
    assert propose(task_id) is None
    assert propose(task_id) is None, "twice is once"
    live_through(timedelta(minutes=5), "cases")
    assert state(task_id) == "proposed", "nothing happens by itself"
    until = actions.agree(task_id=task_id, account_id=BEN)
    assert actions.agree(task_id=task_id, account_id=BEN) == until
    card = queries.task(task_id).card
    assert (card.state, card.outcome, card.proposed_by, card.decided_by) == (
        "decided", "granted", ANNA, BEN,
    )  # fmt: skip
    live_through(timedelta(minutes=5), "cases")
    assert names(case) == ["task.proposed", "task.decided", "task.completed"]


def test_nobody_agrees_to_their_own_proposal(case):
    task_id = ask(case)
    propose(task_id)
    for step in (
        lambda: actions.agree(task_id=task_id, account_id=ANNA),
        lambda: actions.send_back(task_id=task_id, account_id=ANNA, remark="Nein."),
    ):
        with pytest.raises(SamePerson):
            step()
    assert state(task_id) == "proposed"


def test_only_a_proposal_is_agreed_to(case):
    task_id = ask(case)
    for step in (
        lambda: actions.agree(task_id=task_id, account_id=BEN),
        lambda: actions.send_back(task_id=task_id, account_id=BEN, remark="Nein."),
    ):
        with pytest.raises(AlreadyDecided):
            step()
        with pytest.raises(NoSuchTask):
            actions.agree(task_id=new_id(), account_id=BEN)
    propose(task_id)
    actions.agree(task_id=task_id, account_id=BEN)
    with pytest.raises(AlreadyDecided):
        actions.agree(task_id=task_id, account_id=CORA)


def test_a_proposal_is_sent_back_with_a_remark_and_keeps_what_was_written(case):
    task_id = ask(case, item={"stelle": "Denkmalschutz"})
    propose(task_id)
    with pytest.raises(ReasonNeeded):
        actions.send_back(task_id=task_id, account_id=BEN, remark="  ")
    actions.send_back(task_id=task_id, account_id=BEN, remark="Der Nachweis fehlt.")
    file = queries.task(task_id)
    assert (file.card.state, file.card.outcome, file.card.assignee) == ("open", "", ANNA)
    assert (file.reason, file.remark) == ("Liegt vor.", "Der Nachweis fehlt.")
    assert b"Nachweis" not in bytes(Task.objects.get(id=task_id).sealed)
    propose(task_id, by=BEN, outcome="refused")
    file = queries.task(task_id)
    assert (file.card.proposed_by, file.remark, file.item) == (BEN, "", {"stelle": "Denkmalschutz"})
    assert names(case) == ["task.proposed", "task.returned", "task.proposed"]


def test_a_proposal_is_taken_back_by_whose_it_is_alone(case):
    task_id = ask(case)
    propose(task_id)
    with pytest.raises(NotTheirs):
        actions.undo(task_id=task_id, account_id=BEN)
    actions.undo(task_id=task_id, account_id=ANNA)
    assert state(task_id) == "open"
    assert queries.task(task_id).reason == ""


def test_an_agreement_is_taken_back_in_time_and_the_proposal_stays(case):
    task_id = ask(case)
    propose(task_id)
    actions.agree(task_id=task_id, account_id=BEN)
    actions.undo(task_id=task_id, account_id=BEN)
    file = queries.task(task_id)
    assert (file.card.state, file.card.proposed_by, file.reason) == (
        "proposed", ANNA, "Liegt vor.",
    )  # fmt: skip
    assert events.due_at(job="cases.settle_task", object_id=task_id) is None
    actions.agree(task_id=task_id, account_id=CORA)
    with clock.shifted(timedelta(minutes=2)), pytest.raises(TooLateToUndo):
        actions.undo(task_id=task_id, account_id=CORA)


def test_a_withdrawn_case_takes_its_proposals_back(case):
    task_id = ask(case)
    propose(task_id)
    actions.withdraw(case_id=case.id)
    assert state(task_id) == "withdrawn"
    with pytest.raises(AlreadyDecided):
        actions.agree(task_id=task_id, account_id=BEN)


@pytest.fixture
def staff(inside, other_authority):
    anna = colleague("anna", kranichsee="sachbearbeitung")
    ben = colleague("ben", kranichsee="sachbearbeitung")
    colleague("leiterin", kranichsee="leitung")
    return anna, ben, colleague("carl", moorwald="sachbearbeitung")


def assign(task_id, to, by, instead_of=None):
    actions.assign(task_id=task_id, to=to, account_id=by, instead_of=instead_of)


def assignee(task_id):
    return queries.task(task_id).card.assignee


def test_a_task_is_claimed_released_and_given_away(case, staff):
    anna, ben, _ = staff
    task_id = ask(case, approval="")
    for to in (anna, anna, None, ben):
        assign(task_id, to, anna)
        assert assignee(task_id) == to
    card = queries.task(task_id).card
    assert card.claimed_at is not None
    assert names(case) == ["task.assigned"] * 3


def test_a_task_that_somebody_else_has_is_taken_over_knowingly_only(case, staff):
    anna, ben, _ = staff
    task_id = ask(case, approval="")
    assign(task_id, anna, anna)
    for to in (ben, None):
        with pytest.raises(TakenMeanwhile):
            assign(task_id, to, ben)
    assign(task_id, ben, ben, instead_of=anna)
    assert assignee(task_id) == ben


def test_a_task_is_given_only_to_who_may_do_it(case, staff):
    anna, _, stranger = staff
    task_id = ask(case, approval="")
    for to in (stranger, colleague("leiterin"), colleague("buerger"), new_id()):
        with pytest.raises(NotTheirs):
            assign(task_id, to, anna)
    assert assignee(task_id) is None


def test_a_deputy_takes_a_task_but_is_not_given_one_for_good(case, staff):
    anna, _, _ = staff
    deputy = colleague("dora", kranichsee="kasse")
    today = clock.today()
    accounts.be_away(account_id=anna, begins=today, ends=today, deputy_id=deputy, made_by=anna)
    task_id = ask(case, approval="")
    with pytest.raises(NotTheirs):
        assign(task_id, deputy, anna)
    assign(task_id, deputy, deputy)
    with clock.shifted(timedelta(days=1)):
        other = ask(case, approval="", key="zweite")
        with pytest.raises(NotTheirs):
            assign(other, deputy, deputy)


def test_a_decided_task_is_nobodys_to_take(case, staff):
    anna, ben, _ = staff
    task_id = ask(case, approval="")
    propose(task_id, by=anna)
    assert assignee(task_id) == anna
    with pytest.raises(AlreadyDecided):
        assign(task_id, ben, ben, instead_of=anna)


def test_who_leaves_the_team_leaves_their_tasks_to_the_others(inside, staff):
    anna, ben, _ = staff
    dora = colleague("dora", kranichsee="kasse")
    team_id = team("amt", ["kranichsee"], ["sachbearbeitung"], ["dora"], leaders=["anna"])
    own, others = ask(given_case(), approval=""), ask(given_case(), approval="")
    assign(own, dora, dora)
    assign(others, ben, ben)
    accounts.remove_member(team_id=team_id, member_id=dora, account_id=anna)
    assert work("cases") >= 1
    assert (assignee(own), assignee(others)) == (None, ben)
