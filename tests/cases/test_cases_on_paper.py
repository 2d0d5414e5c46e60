"""Who answers or signs on paper takes part like everybody else: a caseworker writes it down."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

import building_permit
from dienstweg.authorities import scope
from dienstweg.cases import actions, queries
from dienstweg.cases.actions import Paper
from dienstweg.cases.errors import (
    ApplicationChanged,
    NotAllowed,
    NotYours,
    ProofNeeded,
    ReasonNeeded,
    UnknownOutcome,
    WrongDay,
)
from dienstweg.cases.models import PaperNote, PartyVisit
from dienstweg.cases.queries import PartyCard
from dienstweg.events import queries as events
from dienstweg.files import queries as files
from dienstweg.files.errors import Refused
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offered
from neighbourhood import new_version
from working import work

pytestmark = pytest.mark.django_db

HUBER = new_id()


@pytest.fixture
def case_id(authority: UUID, settings: Any, tmp_path: Any) -> Any:
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offered.forget()
    with scope.enter(scope.of(authority)):
        yield building_permit.given_case()
    offered.forget()


def paper(days_ago: int = 0, content: bytes | None = None) -> Paper:
    scan = building_permit.picture() if content is None else content
    came_on = clock.today() - timedelta(days=days_ago)
    return Paper(came_on=came_on, account_id=HUBER, name="scan.png", chunks=[scan])


def designer(case_id: UUID) -> PartyCard:
    return building_permit.party(case_id, building_permit.DESIGNER)


def sign(case_id: UUID, **changed: Any) -> None:
    key, own = queries.key(case_id), designer(case_id)
    (asked,) = [one for one in queries.signatures(case_id, key=key) if one.state == "asked"]
    given = {"version": asked.version, "sha256": asked.sha256, "paper": paper()} | changed
    actions.sign_on_paper(party_id=own.id, signature_id=asked.id, name="Thi Mai Nguyễn", **given)


def signed_on_paper(case_id: UUID) -> None:
    actions.hand_in_on_paper(party_id=designer(case_id).id, paper=paper())
    sign(case_id)
    work(*building_permit.ROOMS)


def asked_neighbour(case_id: UUID) -> tuple[PartyCard, UUID]:
    """Take the case to where the neighbour is asked; return them and their task."""
    signed_on_paper(case_id)
    building_permit.decide(case_id, "vollstaendigkeit-pruefen", "vollstaendig", "Alles da.")
    neighbour = building_permit.party(case_id, building_permit.NEIGHBOUR)
    found = queries.party_tasks(case_id, key=queries.key(case_id))
    (task,) = [one.card.id for owner, one in found if owner == neighbour.id]
    return neighbour, task


def test_a_signature_on_paper_lets_the_process_go_on(case_id: UUID) -> None:
    signed_on_paper(case_id)
    key, own = queries.key(case_id), designer(case_id)
    (signature,) = queries.signatures(case_id, key=key)
    assert (signature.state, signature.name) == ("signed", "Thi Mai Nguyễn")
    assert own.state == "done"
    assert [one.card.task for one in queries.tasks(case_id, key=key)] == [
        "vollstaendigkeit-pruefen"
    ]
    note = queries.papers(case_id)[signature.id]
    assert (note.what, note.came_on, note.noted_by) == ("signature", clock.today(), HUBER)
    assert files.content(note.file_id, key=key) == building_permit.picture()
    told = [one for one in events.timeline(case_id) if one.name == "signature.given"]
    assert [one.actor for one in told] == [f"staff:{HUBER}"]
    noted = [one for one in events.timeline(case_id) if one.name == "party.noted_on_paper"]
    assert [one.data["what"] for one in noted] == ["file", "signature"]
    assert not PartyVisit.objects.filter(party_id=own.id).exists(), "they have not been here"


def test_what_must_be_handed_in_before_comes_on_paper_as_well(case_id: UUID) -> None:
    before = set(files.states(case_id))
    with pytest.raises(ProofNeeded):
        sign(case_id)
    assert set(files.states(case_id)) == before, "the scan of what was refused is not kept"
    actions.hand_in_on_paper(party_id=designer(case_id).id, paper=paper())
    (proof,) = queries.proofs(case_id)
    assert queries.papers(case_id)[proof.file_id].what == "file"


def test_an_answer_by_letter_is_an_answer(case_id: UUID) -> None:
    neighbour, task_id = asked_neighbour(case_id)
    answer: dict[str, Any] = {"party_id": neighbour.id, "task_id": task_id, "paper": paper()}
    with pytest.raises(ReasonNeeded):
        actions.answer_on_paper(**answer, outcome="objected", reason=" ")
    with pytest.raises(UnknownOutcome):
        actions.answer_on_paper(**answer, outcome="vielleicht", reason="x")
    actions.answer_on_paper(**answer, outcome="objected", reason="Zu nah am Zaun.")
    actions.answer_on_paper(**answer, outcome="objected", reason="Zu nah am Zaun.")
    assert PaperNote.objects.filter(what="answer").count() == 1
    found = queries.party_tasks(case_id, key=queries.key(case_id))
    (task,) = [one for owner, one in found if owner == neighbour.id]
    assert (task.card.state, task.card.outcome, task.reason) == (
        "done",
        "objected",
        "Zu nah am Zaun.",
    )
    assert building_permit.party(case_id, building_permit.NEIGHBOUR).state == "done"


def test_what_was_answered_online_is_not_answered_again(case_id: UUID) -> None:
    neighbour, task_id = asked_neighbour(case_id)
    building_permit.object_as_neighbour(case_id)
    before = set(files.states(case_id))
    with pytest.raises(NotYours):
        actions.answer_on_paper(
            party_id=neighbour.id, task_id=task_id, outcome="objected", reason="x", paper=paper()
        )
    assert set(files.states(case_id)) == before


def test_who_writes_not_to_sign_ends_the_signing(case_id: UUID) -> None:
    (asked,) = queries.signatures(case_id, key=queries.key(case_id))
    actions.refuse_on_paper(
        party_id=designer(case_id).id, signature_id=asked.id, reason="Nein.", paper=paper()
    )
    (refused,) = queries.signatures(case_id, key=queries.key(case_id))
    assert (refused.state, refused.reason) == ("declined", "Nein.")
    assert queries.papers(case_id)[asked.id].what == "refusal"


def test_a_paper_signed_under_an_earlier_version_is_none(case_id: UUID) -> None:
    actions.hand_in_on_paper(party_id=designer(case_id).id, paper=paper())
    (asked,) = queries.signatures(case_id, key=queries.key(case_id))
    new_version(case_id, entwurf={"name": "Thi Mai Nguyễn", "email": "nguyen@example.org"})
    with pytest.raises(ApplicationChanged):
        sign(case_id, version=asked.version, sha256=asked.sha256)


@pytest.mark.parametrize("days_ago", [-1, 1])
def test_it_came_on_a_day_on_which_it_can_have_come(case_id: UUID, days_ago: int) -> None:
    with pytest.raises(WrongDay):
        actions.hand_in_on_paper(party_id=designer(case_id).id, paper=paper(days_ago))
    with pytest.raises(WrongDay):
        sign(case_id, paper=paper(days_ago))


def test_a_scan_is_checked_like_any_upload(case_id: UUID) -> None:
    with pytest.raises(Refused):
        actions.hand_in_on_paper(party_id=designer(case_id).id, paper=paper(content=b"MZ\x90\x00"))
    assert queries.papers(case_id) == {}


def test_of_a_case_that_has_ended_nothing_is_written_down(case_id: UUID) -> None:
    own = designer(case_id)
    actions.withdraw(case_id=case_id, reason="")
    work(*building_permit.ROOMS)
    with pytest.raises(NotAllowed):
        actions.hand_in_on_paper(party_id=own.id, paper=paper())


def test_another_authority_neither_sees_nor_writes_it(case_id: UUID, other_authority: UUID) -> None:
    from dienstweg.cases.errors import NoSuchParty

    own = designer(case_id)
    actions.hand_in_on_paper(party_id=own.id, paper=paper())
    with scope.enter(scope.of(other_authority)):
        assert queries.papers(case_id) == {}
        with pytest.raises(NoSuchParty):
            actions.hand_in_on_paper(party_id=own.id, paper=paper())
