"""An operator helps a case that stands still, and moves one to another release."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases.models import Case
from dienstweg.config import case_commands, checkup_peers, command
from dienstweg.kernel import clock
from dienstweg.processes import actions, queries
from dienstweg.processes.models import Deadline
from made import make_case
from processes.process_stage import ASK, CLOSE, live, straight, submitted
from processes.test_halts import CHOICE
from processes.test_moves import LEAD, RENAMED

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(authority: UUID, monkeypatch: pytest.MonkeyPatch) -> Iterator[UUID]:
    @contextmanager
    def database() -> Iterator[None]:
        yield

    monkeypatch.setattr(case_commands.station, "database", database)
    monkeypatch.setattr(case_commands.station, "set_up_django", lambda: None)
    with scope.enter(scope.of(authority)):
        yield authority


def number(case_id: UUID) -> str:
    return str(Case.objects.get(id=case_id).number)


def test_what_stands_still_is_shown_and_tried_again(inside: UUID, capsys: Any) -> None:
    assert command.main(["case", "stuck"]) == 0
    case_id = submitted(live(CHOICE))
    actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja", {}, "geheim"))
    assert command.main(["case", "stuck"]) == 1
    told = capsys.readouterr().out
    assert number(case_id) in told
    assert "weg" in told
    assert "geheim" not in told
    assert command.main(["case", "stuck", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["number"] == number(case_id)
    (finding,) = checkup_peers.standstills()
    assert (finding.state, "1 Vorgänge" in finding.what) == ("warning", True)
    assert command.main(["case", "retry", number(case_id)]) == 1
    assert "steht weiter still" in capsys.readouterr().out


def test_a_case_is_moved_after_a_look_and_back(inside: UUID, capsys: Any) -> None:
    case_id = submitted(live(straight(ASK, CLOSE)))
    old = Case.objects.get(id=case_id).digest
    live(straight(RENAMED, LEAD, CLOSE), version="1.1.0")
    line = ["case", "move", number(case_id)]
    assert command.main(line) == 1
    assert "gibt es dort nicht" in capsys.readouterr().out
    line += ["--map", "pruefen=sichten"]
    assert command.main(line) == 0
    assert "Kann umgestellt werden" in capsys.readouterr().out
    assert Case.objects.get(id=case_id).digest == old
    assert command.main([*line, "--do"]) == 0
    assert "1.0.0 → 1.1.0" in capsys.readouterr().out
    assert Case.objects.get(id=case_id).digest != old
    assert command.main(line) == 2, "it is there already"
    assert command.main(["case", "undo-move", number(case_id)]) == 0
    assert Case.objects.get(id=case_id).digest == old
    assert command.main(["case", "undo-move", number(case_id)]) == 2


@pytest.mark.parametrize(
    "line", [["case", "retry", "KRA-0000-0000-0"], ["case", "move", "KRA-0", "--map", "a"]]
)
def test_what_cannot_be_is_told(inside: UUID, capsys: Any, line: list[str]) -> None:
    assert command.main(line) == 2
    assert capsys.readouterr().err.startswith("dienstweg: ")


def counted(capsys: Any, *more: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    command.main(["case", "due", "--json", *more])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def with_period(place: UUID, days: int, **values: Any) -> None:
    with scope.enter(scope.of(place)):
        now, case_id = clock.now(), make_case(place)
        given = {"state": "running", "due_at": now + timedelta(days=days), **values}
        Deadline.objects.create(
            authority_id=place, case_id=case_id, name="frist", starts_at=now, **given
        )


def test_legal_periods_are_counted_by_authority(
    inside: UUID, other_authority: UUID, capsys: Any
) -> None:
    authorities.forget()
    assert command.main(["case", "due"]) == 0
    for days in (3, 40):
        with_period(inside, days)
    with_period(inside, 3, state="suspended")
    for met in (None, clock.now()):
        with_period(inside, -2, state="missed", met_at=met)
    with_period(other_authority, -9, state="missed")
    rows = {(one["authority"], one["state"]): one for one in counted(capsys)}
    figures = {key: (one["number"], one["soon"], one["overdue"]) for key, one in rows.items()}
    assert figures == {
        ("kranichsee", "running"): (2, 1, 0),
        ("kranichsee", "suspended"): (1, 0, 0),
        ("kranichsee", "missed"): (2, 0, 1),
        ("moorwald", "missed"): (1, 0, 1),
    }
    assert {one["authority"] for one in counted(capsys, "--authority", "moorwald")} == {"moorwald"}
    assert command.main(["case", "due"]) == 1
    told = capsys.readouterr().out
    assert "kranichsee probe/frist läuft: 2, endet bald: 1" in told
    assert "2 Fristen sind überschritten" in told
    assert command.main(["case", "due", "--authority", "nirgends"]) == 2


def test_the_figures_of_a_scope_are_its_own(inside: UUID, other_authority: UUID) -> None:
    with_period(other_authority, -9, state="missed")
    assert queries.deadline_counts() == [], "we are inside of the first one only"
    with_period(inside, 3)
    assert [one.number for one in queries.deadline_counts()] == [1]
    with scope.enter(scope.of(inside, other_authority)):
        assert sum(one.number for one in queries.deadline_counts()) == 2
