"""What was written for a decision stays until it is sent: own, sealed, gone with the decision."""

from datetime import timedelta

import pytest

import decided_blueprint
from amending import corrected
from deskwork import Clerk
from dienstweg.authorities import scope
from dienstweg.blueprint import archive, process
from dienstweg.cases import actions, queries
from dienstweg.cases.errors import AlreadyDecided
from dienstweg.cases.models import Case, Task
from dienstweg.desk.views.keeping import QUIETLY
from dienstweg.events.job import known_jobs
from dienstweg.kernel.references import new_id
from dienstweg.offers import actions as offers
from dienstweg.offers.models import Offer
from dienstweg.processes import actions as processes
from seeding import given_draft, submit
from working import live_through

pytestmark = pytest.mark.django_db
TYPED = {
    "fassung": "1",
    "ergebnis": "granted",
    "begruendung": "Noch nicht <fertig>.",
    "frist": "31.12.",
    "baustein": ["hof"],
    "baustein-hof": "Der Hof bleibt *immer* frei.",
    "baustein-frei": "Ein eigener Satz.",
}


@pytest.fixture
def anna(authority, settings):
    settings.DIENSTWEG_STRICT_WORDS = True
    known_jobs()
    return Clerk("anna", kranichsee="sachbearbeitung")


@pytest.fixture
def task_id(authority):
    with scope.enter(scope.of(authority)):
        offer_id = offers.go_live(archive=archive.pack(decided_blueprint.files()), settings={})
        case_id = submit(given_draft(offer_id), name="Änne", haustier=False).case_id
        Case.objects.filter(id=case_id).update(digest=Offer.objects.get(id=offer_id).digest)
        processes.go_on(case_id=case_id, event=process.Submitted())
        return Task.objects.get(case_id=case_id).id


def task(authority, task_id):
    with scope.enter(scope.of(authority)):
        return queries.task(task_id)


def page(clerk, authority, task_id):
    return clerk.open(f"vorgaenge/{task(authority, task_id).card.case_id}").html


def keep(clerk, task_id, **more):
    return clerk.send(f"aufgaben/{task_id}/entwurf", **{**TYPED, **more})


def test_what_was_written_stands_there_again_for_who_wrote_it(anna, authority, task_id):
    ben = Clerk("ben", kranichsee="sachbearbeitung")
    assert "Ihr Entwurf" not in page(anna, authority, task_id)
    assert keep(anna, task_id).status == 200
    again = page(anna, authority, task_id)
    for words in (
        "Ihr Entwurf vom",
        "Noch nicht &lt;fertig&gt;.",
        'value="31.12."',
        "Der Hof bleibt *immer* frei.",
        "Ein eigener Satz.",
        'value="granted" id="e-1-1" required checked',
    ):
        assert words in again, words
    assert "noch nicht gespeichert" not in again, "nothing is judged before it is sent"
    assert "Ein eigener Satz." not in page(ben, authority, task_id)
    assert b"fertig" not in bytes(row(authority, task_id).sealed)
    keep(ben, task_id, begruendung="Von Ben.")
    assert "Noch nicht &lt;fertig&gt;." in page(anna, authority, task_id)
    assert "Von Ben." in page(ben, authority, task_id)


def row(authority, task_id):
    with scope.enter(scope.of(authority)):
        return Task.objects.get(id=task_id)


def test_a_draft_goes_with_the_decision_and_when_it_is_discarded(anna, authority, task_id):
    keep(anna, task_id)
    anna.send(f"aufgaben/{task_id}/entwurf", verwerfen="1", **TYPED)
    assert task(authority, task_id).drafts == {}
    keep(anna, task_id)
    assert anna.id in task(authority, task_id).drafts
    anna.send(f"aufgaben/{task_id}/entscheiden", **{**TYPED, "frist": "31.12.2030"})
    assert task(authority, task_id).card.state == "decided"
    assert task(authority, task_id).drafts == {}
    late = keep(anna, task_id, begruendung="Zu spät gespeichert.")
    assert late.status == 422 and "Zu spät gespeichert." in late.html
    assert task(authority, task_id).drafts == {}


def test_looking_at_a_preview_keeps_what_was_written(anna, authority, task_id):
    anna.send(f"aufgaben/{task_id}/vorschau", **TYPED)
    assert "Noch nicht &lt;fertig&gt;." in page(anna, authority, task_id)


def test_while_typing_it_is_saved_without_a_word(anna, authority, task_id):
    path = f"/arbeitsplatz/aufgaben/{task_id}/entwurf"
    answer = anna.client.post(path, TYPED, headers={QUIETLY: "1"})
    assert (answer.status_code, answer.json()) == (200, {"version": 0})
    assert list(task(authority, task_id).drafts[anna.id].given["baustein"]) == ["hof"]
    with scope.enter(scope.of(authority)):
        actions.decide(task_id=task_id, account_id=new_id(), outcome="granted", reason="x")
    assert anna.client.post(path, TYPED, headers={QUIETLY: "1"}).status_code == 409
    assert Clerk("kim", kranichsee="kasse").client.post(path, TYPED).status_code == 404


def test_a_draft_says_what_has_changed_in_the_application_since(anna, authority, task_id):
    keep(anna, task_id)
    with scope.enter(scope.of(authority)):
        corrected(task(authority, task_id).card.case_id, name="Anna Neu")
    again = page(anna, authority, task_id)
    own = again[again.index("data-shortcut-first") : again.index("Entwurf speichern")]
    assert "<ins>Anna Neu</ins>" in own and "Noch nicht &lt;fertig&gt;." in own
    assert 'name="fassung" value="2"' in own


def test_drafts_are_bounded_and_go_with_the_task(anna, authority, task_id):
    case_id = task(authority, task_id).card.case_id
    with scope.enter(scope.of(authority)):
        people = [new_id() for _ in range(25)]
        for one in people:
            actions.keep_draft(task_id=task_id, account_id=one, given={"begruendung": ["x"]})
        assert set(queries.task(task_id).drafts) == set(people[-20:])
        actions.withdraw(case_id=case_id, actor="applicant")
        assert queries.task(task_id).drafts == {}
        with pytest.raises(AlreadyDecided):
            actions.keep_draft(task_id=task_id, account_id=people[0], given={"a": ["b"]})
        live_through(timedelta(minutes=2), "cases", "processes")
    wide = {f"feld-{number}": "x" * 20_000 for number in range(3)}
    assert keep(anna, task_id, **wide).status in {404, 422}
