"""What was written for a decision stays until it is sent: own, sealed, gone with the decision."""

import re
from datetime import timedelta

import pytest

import decided_blueprint
from amending import corrected
from deskwork import Clerk
from dienstweg.authorities import scope
from dienstweg.blueprint import archive, process
from dienstweg.cases import actions, queries
from dienstweg.cases.errors import AlreadyDecided, DraftChanged, DraftTooLong
from dienstweg.cases.models import Case, Task, TaskDraft
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


def drafts(authority, task_id):
    """Return what is kept for the task by account, of everybody; what was discarded is not."""
    with scope.enter(scope.of(authority)):
        case = queries.task(task_id).card.case_id
        key = queries.key(case)
        people = TaskDraft.objects.values_list("account_id", flat=True)
        found = {one: queries.drafts(case, account_id=one, key=key).get(task_id) for one in people}
    return {one: draft.given for one, draft in found.items() if draft and draft.given}


def page(clerk, authority, task_id):
    return clerk.open(f"vorgaenge/{task(authority, task_id).card.case_id}").html


def keep(clerk, task_id, **more):
    return clerk.send(f"aufgaben/{task_id}/entwurf", **{**TYPED, **more})


def versions(html):
    """Return the versions of the drafts that stand in the forms of a page."""
    return re.findall(r'name="version" value="(\d+)"', html)


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
    assert versions(again) == ["1"]
    keep(ben, task_id, begruendung="Von Ben.")
    assert "Noch nicht &lt;fertig&gt;." in page(anna, authority, task_id)
    assert "Von Ben." in page(ben, authority, task_id)


def row(authority, task_id):
    with scope.enter(scope.of(authority)):
        return TaskDraft.objects.get(task_id=task_id)


def test_a_draft_goes_with_the_decision_and_when_it_is_discarded(anna, authority, task_id):
    keep(anna, task_id)
    keep(anna, task_id, verwerfen="1", version="1")
    assert drafts(authority, task_id) == {}
    assert "Ihr Entwurf" not in page(anna, authority, task_id)
    keep(anna, task_id, version="2")
    assert anna.id in drafts(authority, task_id)
    anna.send(f"aufgaben/{task_id}/entscheiden", **{**TYPED, "frist": "31.12.2030"})
    assert task(authority, task_id).card.state == "decided"
    assert drafts(authority, task_id) == {}
    late = keep(anna, task_id, begruendung="Zu spät gespeichert.")
    assert late.status == 422 and "Zu spät gespeichert." in late.html
    assert drafts(authority, task_id) == {}


def test_looking_at_a_preview_keeps_what_was_written(anna, authority, task_id):
    anna.send(f"aufgaben/{task_id}/vorschau", **TYPED)
    again = page(anna, authority, task_id)
    assert "Noch nicht &lt;fertig&gt;." in again
    assert versions(again) == ["0"], "the page from which it was sent goes on with its version"
    anna.send(f"aufgaben/{task_id}/vorschau", **{**TYPED, "begruendung": "Weiter."})
    keep(anna, task_id, begruendung="Noch weiter.")
    assert "Noch weiter." in page(anna, authority, task_id)


def test_the_preview_of_many_leaves_ones_draft_alone(anna, authority, task_id):
    keep(anna, task_id)
    many = {"tun": "entscheiden", "ergebnis": "granted", "begruendung": "Für alle gleich."}
    anna.send(f"aufgaben/{task_id}/vorschau", **many, aufgabe=[str(task_id)])
    assert "Noch nicht &lt;fertig&gt;." in page(anna, authority, task_id)
    anna.send(f"aufgaben/{task_id}/vorschau", **many, fassung="1", an="x", tür="y", version="7")
    assert "Noch nicht &lt;fertig&gt;." in page(anna, authority, task_id), "another window"
    anna.send(f"aufgaben/{task_id}/vorschau", **many, fassung="1", an="x", tür="y", version="1")
    assert set(drafts(authority, task_id)[anna.id]) == {"fassung", "ergebnis", "begruendung"}


def test_a_second_window_is_told_and_nothing_of_either_is_lost(anna, authority, task_id):
    path = f"/arbeitsplatz/aufgaben/{task_id}/entwurf"
    keep(anna, task_id, begruendung="Im ersten Fenster.")
    second = {**TYPED, "begruendung": "Im zweiten Fenster."}
    answer = anna.client.post(path, {**second, "version": "0"}, headers={QUIETLY: "1"})
    assert answer.status_code == 409
    told = keep(anna, task_id, **second)
    assert told.status == 422 and "in einem anderen Fenster weitergeschrieben" in told.html
    assert "Im ersten Fenster." in told.html and "Im zweiten Fenster." in told.html
    assert drafts(authority, task_id)[anna.id]["begruendung"] == ["Im ersten Fenster."]
    assert versions(told.html) == ["1"], "who saves now knows both"
    keep(anna, task_id, **second, version="1")
    assert drafts(authority, task_id)[anna.id]["begruendung"] == ["Im zweiten Fenster."]
    refused = anna.send(f"aufgaben/{task_id}/entscheiden", **{**second, "frist": "x"}, version="1")
    assert versions(refused.html) == ["1"], "what is refused knows no more than before"


def test_of_two_saves_at_once_the_newer_words_win(authority, task_id):
    me = new_id()
    with scope.enter(scope.of(authority)):

        def save(words, version):
            return actions.keep_draft(
                task_id=task_id, account_id=me, given={"begruendung": [words]}, version=version
            )

        assert save("a", 0) == 1
        assert save("abc", 2) == 3, "the page was left while a save was under way"
        with pytest.raises(DraftChanged):
            save("ab", 1)
        assert save("abc", 1) == 3, "the same again"
    assert drafts(authority, task_id)[me]["begruendung"] == ["abc"]


def test_while_typing_it_is_saved_without_a_word(anna, authority, task_id):
    path = f"/arbeitsplatz/aufgaben/{task_id}/entwurf"
    answer = anna.client.post(path, TYPED, headers={QUIETLY: "1"})
    assert (answer.status_code, answer.json()) == (200, {"version": 1})
    kept = drafts(authority, task_id)[anna.id]
    assert list(kept["baustein"]) == ["hof"]
    assert set(kept) == set(TYPED)
    with scope.enter(scope.of(authority)):
        actions.decide(task_id=task_id, account_id=new_id(), outcome="granted", reason="x")
    assert anna.client.post(path, TYPED, headers={QUIETLY: "1"}).status_code == 410
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
    wide = {"begruendung": "ä" * 9_000, "baustein": [str(n) for n in range(5)]}
    wide |= {f"baustein-{number}": "ß" * 10_000 for number in range(5)}
    assert keep(anna, task_id, **wide).status == 422
    quiet = anna.client.post(
        f"/arbeitsplatz/aufgaben/{task_id}/entwurf", wide, headers={QUIETLY: "1"}
    )
    assert quiet.status_code == 413
    keep(anna, task_id, **{f"feld-{number}": "x" * 20_000 for number in range(9)})
    assert set(drafts(authority, task_id)[anna.id]) == set(TYPED)
    one, given = new_id(), {"begruendung": ["x"]}
    with scope.enter(scope.of(authority)):
        words = {"task_id": task_id, "account_id": one, "version": 0}
        with pytest.raises(DraftTooLong):
            actions.keep_draft(**words, given={"begruendung": ["x" * 70_000]})
        assert actions.keep_draft(**words, given={}) == 0
        assert TaskDraft.objects.count() == 1
        actions.keep_draft(**words, given=given)
        actions.withdraw(case_id=case_id, actor="applicant")
        assert not TaskDraft.objects.exists()
        with pytest.raises(AlreadyDecided):
            actions.keep_draft(**words, given=given)
        live_through(timedelta(minutes=2), "cases", "processes")


@pytest.mark.parametrize("end", ["taken back", "closed", "erased"])
def test_nothing_of_a_draft_stays_when_nobody_decides_any_more(authority, task_id, end):
    with scope.enter(scope.of(authority)):
        found = Task.objects.get(id=task_id)
        actions.keep_draft(
            task_id=task_id, account_id=new_id(), given={"begruendung": ["x"]}, version=0
        )
        if end == "taken back":
            actions.no_longer_ask(case_id=found.case_id, key=found.key)
        else:
            actions.close(case_id=found.case_id, outcome="granted")
        if end == "erased":
            actions.erase(case_id=found.case_id, reason="request")
        assert not TaskDraft.objects.exists()
