"""What falls due, what stands still and what is to be given back, as the desk shows it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from dienstweg.accounts import actions as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.blueprint import process
from dienstweg.kernel import clock
from dienstweg.payments import actions as payments
from dienstweg.payments.models import Payment, Refund
from dienstweg.processes import actions, queries
from dienstweg.processes.models import Deadline
from processes.process_stage import ASK, CLOSE, live, straight, submitted
from processes.test_halts import CHOICE

pytestmark = pytest.mark.django_db

RULE: dict[str, Any] = {
    "period": "P3M",
    "law": "§ 42a VwVfG",
    "escalate": {"before": "P3D", "role": "leitung"},
}


@pytest.fixture
def inside(authority: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(authority)):
        yield authority


def person(authority: UUID, role: str) -> Client:
    authorities.forget()
    word, email = "ein-langes-Kennwort-fuer-Tests", f"{role}@example.org"
    slug = authorities.card(authority).slug
    accounts.add_staff(email=email, name=role, password=word, authority_slugs=[slug], role=role)
    client = Client(headers={"host": settings.DIENSTWEG_NETWORK_HOST})
    answer = client.post("/arbeitsplatz/anmelden", {"email": email, "passwort": word})
    assert answer.status_code == 302
    return client


def with_period(days: int) -> UUID:
    offer = live(
        straight(ASK, CLOSE),
        manifest={"deadlines": {"frist": RULE}},
        texts={"deadlines": {"frist": {"title": "Entscheidung über den Antrag"}}},
    )
    case_id = submitted(offer)
    at = clock.now() + timedelta(days=days)
    Deadline.objects.filter(case_id=case_id).update(due_at=at)
    return case_id


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_what_falls_due_stands_in_a_list_by_its_end(inside: UUID) -> None:
    later, soon = with_period(9), with_period(2)
    far = with_period(40)
    numbers = {one.case_id: one.number for one in queries.falling_due(before=_in(60))}
    Deadline.objects.filter(case_id=soon).update(escalated_to="leitung")
    page = shown(person(inside, "leitung"), "/arbeitsplatz/fristen")
    assert page.index(numbers[soon]) < page.index(numbers[later])
    assert numbers[far] not in page
    assert "Entscheidung über den Antrag" in page
    assert page.count("<strong>Ihnen gemeldet</strong>") == 1
    assert "Ihnen gemeldet (1)" in page
    assert "Ihnen gemeldet" not in shown(person(inside, "amt"), "/arbeitsplatz/fristen")


def test_the_case_says_how_its_period_stands(inside: UUID) -> None:
    case_id, client = with_period(40), person(inside, "amt")
    path = f"/arbeitsplatz/vorgaenge/{case_id}"
    assert "§ 42a VwVfG" in shown(client, path)
    actions.suspend(case_id=case_id, name="frist")
    assert "Die Frist ruht seit" in shown(client, path)
    Deadline.objects.filter(case_id=case_id).update(
        state="missed", suspended_at=None, due_at=clock.now() - timedelta(days=5)
    )
    assert "überschritten" in shown(client, path)
    assert "Tagen vorbei" in shown(client, "/arbeitsplatz/fristen")


def test_a_case_that_stands_still_is_shown_and_tried_again(
    inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, client = submitted(live(CHOICE)), person(inside, "amt")
    path = f"/arbeitsplatz/vorgaenge/{case_id}"
    assert "Dieser Vorgang steht still" not in shown(client, path)
    event = process.TaskCompleted("pruefen", "ja", {}, "gut")
    actions.go_on(case_id=case_id, event=event)
    assert "Dieser Vorgang steht still" in shown(client, path)
    assert "task.pruefen.data.betrag" in shown(client, path)
    listing = shown(client, "/arbeitsplatz/stoerungen")
    assert queries.stuck()[0].number in listing
    assert "betrag" not in listing
    answer = client.post(f"{path}/weiter")
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    assert "2 Mal versucht" in shown(client, path)
    monkeypatch.setattr(process, "step", _taken(case_id))
    client.post(f"{path}/weiter")
    assert "Dieser Vorgang steht still" not in shown(client, path)


def _taken(_case_id: UUID) -> Any:
    def step(_release: Any, state: dict[str, Any], *_: Any, **__: Any) -> process.Step:
        return process.Step(state, (), finished=False, waiting=("pruefen",))

    return step


def test_money_to_give_back_is_listed_until_it_is_done(inside: UUID) -> None:
    case_id, client = submitted(live(CHOICE)), person(inside, "kasse")
    payments.add_account(
        slug="kasse",
        kind="xbezahldienste",
        options={"base_url": "https://p.example", "originator_id": "o", "endpoint_id": "e"},
        secrets={},
    )
    payments.collect(
        case_id=case_id, key="z", amount=3070, purpose="Gebühr", items=[], account_slug="kasse"
    )
    Payment.objects.update(state="paid")
    refund_id = payments.refund(case_id=case_id, key="r", of="z")
    assert "30,70 € · Gebühr" in shown(client, "/arbeitsplatz/erstattungen")
    assert "Erstattungen</a> (1)" in shown(client, "/arbeitsplatz/anbindungen")
    done = f"/arbeitsplatz/erstattungen/{refund_id}/erledigt"
    assert person(inside, "datenschutz").post(done).status_code == 403, "who only watches"
    answer = client.post(done)
    assert answer.status_code == 302
    assert Refund.objects.get().state == "done"
    assert "nichts zu erstatten" in shown(client, "/arbeitsplatz/erstattungen")


def test_money_that_came_late_is_listed_until_somebody_has_cleared_it_up(inside: UUID) -> None:
    case_id, client = submitted(live(CHOICE)), person(inside, "kasse")
    payments.add_account(
        slug="kasse",
        kind="xbezahldienste",
        options={"base_url": "https://p.example", "originator_id": "o", "endpoint_id": "e"},
        secrets={},
    )
    payment_id = payments.collect(
        case_id=case_id, key="z", amount=3070, purpose="Gebühr", items=[], account_slug="kasse"
    )
    Payment.objects.update(state="paid", trouble="paid_late")
    listing = shown(client, "/arbeitsplatz/anbindungen")
    assert "30,70 € · Gebühr" in listing
    assert "als niemand mehr darauf gewartet hat" in listing
    cleared = f"/arbeitsplatz/zahlungen/{payment_id}/geklaert"
    assert person(inside, "datenschutz").post(cleared).status_code == 403, "who only watches"
    assert client.post(cleared).status_code == 302
    assert "30,70 €" not in shown(client, "/arbeitsplatz/anbindungen")
    assert "Fehler bei der Zahlung geklärt" in shown(client, f"/arbeitsplatz/vorgaenge/{case_id}")


def _in(days: int) -> Any:
    return clock.now() + timedelta(days=days)
