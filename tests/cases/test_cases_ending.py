"""How a case ends: withdrawn, closed, erased; and erased again after a restore."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.assistants import actions as assistants
from dienstweg.assistants.models import Draft
from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.cases.errors import Erased, NotAllowed, WrongNumberOrCode
from dienstweg.cases.models import Application, Attachment, Case, Reading
from dienstweg.events import queries as events
from dienstweg.files import actions as files
from dienstweg.files.models import File
from dienstweg.kernel import clock, ledger
from dienstweg.kernel.references import new_id
from dienstweg.mail.models import Mail
from dienstweg.offers import queries as offers
from seeding import given_case, given_draft

ANNA = new_id()


@pytest.fixture
def inside(authority):
    offers.forget()
    Path(settings.DIENSTWEG_ERASURES).unlink(missing_ok=True)
    with scope.enter(scope.of(authority)):
        yield authority


@pytest.fixture
def case(inside):
    return given_case()


def ask(case):
    return actions.ask(
        case_id=case.id, key="pruefen", task="pruefen", role="x", outcomes=["granted"]
    )


def names(case):
    return [entry.name for entry in events.timeline(case.id)][1:]


@pytest.mark.django_db
def test_a_withdrawal_takes_its_tasks_back_and_is_told_once(case):
    task_id = ask(case)
    actions.decide(task_id=task_id, account_id=ANNA, outcome="granted", reason="Gut.")
    for _ in range(2):
        actions.withdraw(case_id=case.id, reason=" Ich ziehe nicht um. ")
    assert queries.case(case.id).state == "withdrawn"
    assert names(case) == ["task.asked", "task.decided", "case.withdrawn"]
    with clock.shifted(timedelta(minutes=2)):
        actions.settle_task(task_id=task_id)
    assert queries.task(task_id).card.state == "withdrawn"
    seen = actions.open_for(case_id=case.id, account_id=ANNA)
    assert seen.withdrawal == "Ich ziehe nicht um."


@pytest.mark.django_db
def test_a_closed_case_keeps_its_outcome_and_cannot_be_withdrawn(case):
    actions.close(case_id=case.id, outcome="granted")
    actions.close(case_id=case.id, outcome="refused")
    seen = queries.case(case.id)
    assert (seen.state, seen.outcome) == ("closed", "granted")
    assert seen.closed_at is not None
    assert names(case) == ["case.closed"]
    with pytest.raises(NotAllowed):
        actions.withdraw(case_id=case.id)


@pytest.mark.django_db
def test_a_withdrawn_case_is_closed_by_its_process(case):
    actions.withdraw(case_id=case.id)
    actions.close(case_id=case.id, outcome="withdrawn")
    assert names(case) == ["case.withdrawn", "case.closed"]


@pytest.mark.django_db
def test_erasing_leaves_nothing_that_can_be_read(inside):
    draft = given_draft()
    card = files.keep(
        owner_id=draft.id, key=draft.key, name="a.pdf", media_type="application/pdf",
        content=b"%PDF-",
    )  # fmt: skip
    from seeding import submit

    submitted = submit(draft, datei=str(card.id))
    task_id = ask_id = actions.ask(
        case_id=draft.id, key="k", task="t", role="r", outcomes=["granted"]
    )
    actions.decide(task_id=ask_id, account_id=ANNA, outcome="granted", reason="Geheimer Grund")
    actions.withdraw(case_id=draft.id, reason="Noch ein Grund")
    actions.renew_code(number=submitted.number, email="anna@example.org")
    for _ in range(2):
        actions.erase(case_id=draft.id, reason="retention")
    row = Case.objects.get(id=draft.id)
    sealed = (row.wrapped_key, row.contact, row.code_hash, row.withdrawal)
    assert (row.state, sealed) == ("erased", (None, None, None, None))
    for table in (Application, Attachment, File, Mail):
        assert table.objects.count() == 0, table
    for read in (queries.key, queries.contact):
        with pytest.raises(Erased):
            read(draft.id)
    for act in (actions.withdraw, actions.hold):
        with pytest.raises(Erased):
            act(case_id=draft.id)
    with pytest.raises(Erased):
        queries.task(task_id)
    with pytest.raises(WrongNumberOrCode):
        actions.let_in(number=submitted.number, code=submitted.code)
    assert events.timeline(draft.id)[-1].data == {"reason": "retention"}
    noted = ledger.lines(Path(settings.DIENSTWEG_ERASURES))
    assert noted[0] == ("case", str(inside), str(draft.id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM cases_task t")
        assert draft.key.hex() not in cursor.fetchone()[0]


@pytest.mark.django_db
def test_what_a_backup_brings_back_is_erased_again(inside):
    kept, erased, draft = given_case(), given_case(), given_draft()
    place = Path(settings.DIENSTWEG_ERASURES)
    place.unlink(missing_ok=True)
    ledger.append(place, "case", str(inside), str(erased.id))
    ledger.append(place, "case", str(inside), str(new_id()))
    ledger.append(place, "case", str(new_id()), str(new_id()))
    ledger.append(place, "draft", str(inside), str(draft.id))
    ledger.append(place, "draft", str(inside), str(kept.id))
    for _ in range(2):
        assert actions.replay_erasures() == 5
    assert queries.case(erased.id).state == "erased"
    assert queries.case(kept.id).state == "open"
    assert not Draft.objects.filter(id=draft.id).exists()
    assert len(ledger.lines(place)) == 5, "a replay notes nothing new"


@pytest.mark.django_db
def test_the_log_of_readings_survives_the_erasure(case):
    actions.open_for(case_id=case.id, account_id=ANNA)
    actions.erase(case_id=case.id, reason="request")
    assert Reading.objects.count() == 1


@pytest.mark.django_db
def test_a_discarded_draft_is_not_a_case(inside):
    draft = given_draft()
    assistants.discard(draft_id=draft.id, secret=draft.secret)
    assert Case.objects.count() == 0


def test_a_torn_last_line_of_the_ledger_is_left_out(tmp_path):
    place = tmp_path / "deep" / "erasures.log"
    assert ledger.lines(place) == []
    ledger.append(place, "case", "a", "b")
    with place.open("a") as file:
        file.write("case a half")
    assert ledger.lines(place) == [("case", "a", "b")]
    assert place.stat().st_mode & 0o077 == 0


@given(st.lists(st.lists(st.uuids().map(str), min_size=1, max_size=4), max_size=10))
def test_the_ledger_gives_back_what_it_was_told(tmp_path_factory, entries):
    place = tmp_path_factory.mktemp("ledger") / "erasures.log"
    for words in entries:
        ledger.append(place, *words)
    assert ledger.lines(place) == [tuple(words) for words in entries]
