"""Two caseworkers decide the same task at the same moment: one wins, the other is told who."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from dienstweg.accounts import actions as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.cases.models import Task
from dienstweg.events import queries as events
from dienstweg.processes import actions
from dienstweg.processes.models import Conduct
from processes.process_stage import ASK, CLOSE, live, straight, submitted

pytestmark = pytest.mark.django_db(transaction=True)

WORD = "ein-langes-Kennwort-fuer-Tests"
OUTCOMES = {"Frau Ada": "ja", "Herr Bob": "nein"}


def clerk(authority: UUID, name: str) -> Client:
    email = f"{name.split()[1].lower()}@example.org"
    slug = authorities.card(authority).slug
    accounts.add_staff(email=email, name=name, password=WORD, authority_slugs=[slug], role="amt")
    client = Client(headers={"host": settings.DIENSTWEG_NETWORK_HOST})
    client.post("/arbeitsplatz/anmelden", {"email": email, "passwort": WORD})
    return client


def at_once(clerks: dict[str, Client], task_id: UUID) -> dict[str, Any]:
    """Let all of them send their decision at the same moment."""
    barrier = Barrier(len(clerks))

    def decide(name: str) -> Any:
        try:
            barrier.wait(20)
            return clerks[name].post(
                f"/arbeitsplatz/aufgaben/{task_id}/entscheiden",
                {
                    "handlung": f"handlung-{name.split()[1]}-0123456789",
                    "fassung": "1",
                    "ergebnis": OUTCOMES[name],
                    "begruendung": f"weil {name} es so sieht",
                },
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clerks)) as pool:
        return dict(zip(clerks, pool.map(decide, clerks), strict=True))


def test_one_wins_and_the_other_is_told_who_and_what(authority: UUID) -> None:
    authorities.forget()
    texts = {"tasks": {"pruefen": {"title": "T", "outcomes": {"ja": "Dafür", "nein": "Dagegen"}}}}
    with scope.enter(scope.of(authority)):
        case_id = submitted(live(straight(ASK, CLOSE), texts=texts))
        task_id = Task.objects.get(case_id=case_id).id
    clerks = {name: clerk(authority, name) for name in OUTCOMES}
    answers = at_once(clerks, task_id)
    codes = {name: answer.status_code for name, answer in answers.items()}
    assert sorted(codes.values()) == [302, 422], codes
    winner = next(name for name, code in codes.items() if code == 302)
    loser = next(name for name in codes if name != winner)
    told = answers[loser].content.decode()
    assert "wurde schon entschieden" in told
    assert winner in told
    assert {"ja": "Dafür", "nein": "Dagegen"}[OUTCOMES[winner]] in told
    with scope.enter(scope.of(authority)):
        task = Task.objects.get(id=task_id)
        assert (task.state, task.outcome) == ("decided", OUTCOMES[winner])
        assert [one.name for one in events.timeline(case_id)].count("task.decided") == 1


def test_two_workers_take_the_same_event_once(authority: UUID) -> None:
    with scope.enter(scope.of(authority)):
        second = ASK.replace("pruefen", "ablegen")
        case_id = submitted(live(straight(ASK, second, CLOSE)))
    barrier = Barrier(4)

    def work(_number: int) -> None:
        try:
            barrier.wait(20)
            with scope.enter(scope.of(authority)):
                actions.go_on(case_id=case_id, event=process.TaskCompleted("pruefen", "ja"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with scope.enter(scope.of(authority)):
        assert Conduct.objects.get(id=case_id).waiting == ["ablegen"]
        assert sorted(Task.objects.values_list("key", flat=True)) == ["ablegen", "pruefen"]
