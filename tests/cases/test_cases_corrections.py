"""Asking back: marked places are opened, a new version comes of it, the old one stays."""

from datetime import timedelta

import psycopg
import pytest
from django.db import transaction

import structured_blueprint
from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.actions.writing import change
from dienstweg.assistants.errors import ChangedMeanwhile, NoSuchDraft, NoSuchField
from dienstweg.authorities import scope
from dienstweg.blueprint import pages
from dienstweg.blueprint.correcting import Mark
from dienstweg.cases import actions, queries, rules
from dienstweg.cases.errors import (
    AlreadyAsked,
    EmptyNote,
    NoSuchNote,
    NotAllowed,
    NothingAsked,
    TooLateToCorrect,
)
from dienstweg.cases.models import Application
from dienstweg.events import queries as events
from dienstweg.files import queries as files
from dienstweg.inbox import actions as inbox
from dienstweg.inbox import queries as messages
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered
from seeding import BY_MAIL
from working import work

pytestmark = pytest.mark.django_db
ANNA, BEN = new_id(), new_id()
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.fixture
def inside(authority, settings, tmp_path):
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.DIENSTWEG_ERASURES = str(tmp_path / "erasures")
    offered.forget()
    with scope.enter(scope.of(authority)):
        yield authority
    offered.forget()


@pytest.fixture
def case_id(inside):
    """A submitted application of the structured blueprint: two dogs, a picture of the second."""
    offer_id = offers.go_live(archive=structured_blueprint.packed(), settings={})
    begun = assistants.begin(offer_id=offer_id, lang="de")
    change(begun.draft_id, begun.secret, lambda release, _: structured_blueprint.filled())
    assistants.attach(
        draft_id=begun.draft_id,
        secret=begun.secret,
        field="bild",
        name="mia.png",
        chunks=[PNG],
        entry=(1,),
    )
    draft = drafts.opened(begun.draft_id, begun.secret)
    release = offered.release(draft.digest)
    data = pages.application(release, dict(draft.answers), today=clock.today())
    return actions.submit(draft=draft, application=data, notify=BY_MAIL, declaration={}).case_id


def ask(case_id, *marks, key="1", documents=(), **more):
    return actions.ask_correction(
        case_id=case_id,
        account_id=ANNA,
        key=key,
        marks=marks,
        documents=documents,
        subject="Bitte ergänzen",
        body="Es fehlt etwas.",
        **more,
    )


def opened(correction_id):
    return drafts.opened(correction_id, drafts.correction_secret(correction_id))


def save(correction_id, page, entry=(), go="next", **posted):
    return assistants.answer(
        draft_id=correction_id,
        secret=drafts.correction_secret(correction_id),
        page=page,
        posted={name: [text] for name, text in posted.items()},
        version=opened(correction_id).version,
        go=go,
        entry=entry,
    )


def attach(correction_id, field, entry=(), name="neu.png"):
    return assistants.attach(
        draft_id=correction_id,
        secret=drafts.correction_secret(correction_id),
        field=field,
        name=name,
        chunks=[PNG],
        entry=entry,
    )


def answer(correction_id, remark=""):
    draft = opened(correction_id)
    release = offered.release(draft.digest)
    data = pages.application(release, dict(draft.answers), today=draft.judged_on(clock.today()))
    return actions.answer_correction(
        draft=draft, application=data, declaration={"confirmed": True}, remark=remark
    )


def names(case_id):
    return [entry.name for entry in events.timeline(case_id)][1:]


def newest(case_id):
    return queries.application(case_id, key=queries.key(case_id))


def test_what_is_asked_is_answered_by_a_new_version_and_the_old_one_stays(case_id):
    before = newest(case_id)
    asked = ask(case_id, Mark("ort", "platz", remark="Bitte zählen Sie nach."))
    saved = save(asked, "ort", platz="7", ort="halle")
    assert (saved.next, list(saved.problems)) == ("summary", [])
    assert answer(asked, "Nachgezählt.") == 2
    old, new = queries.versions(case_id, key=queries.key(case_id))
    assert old == before
    assert new.data == {**old.data, "platz": 7}, "what was not open is as it was"
    assert new.declaration == {"confirmed": True}
    assert names(case_id) == ["correction.asked", "correction.answered", "case.corrected"]
    view = queries.correction(asked, key=queries.key(case_id))
    assert (view.card.state, view.card.base, view.card.made) == ("answered", 1, 2)
    assert (view.remark, view.marks[0].remark) == ("Nachgezählt.", "Bitte zählen Sie nach.")
    with pytest.raises(NoSuchDraft):
        opened(asked)


def test_asked_and_answered_twice_is_once(case_id):
    asked = ask(case_id, Mark("ort", "platz"))
    assert ask(case_id, Mark("ort", "platz")) == asked
    with pytest.raises(AlreadyAsked):
        ask(case_id, Mark("ort", "ort"), key="2")
    save(asked, "ort", platz="7")
    draft, data = opened(asked), {**newest(case_id).data, "platz": 7}
    first = actions.answer_correction(draft=draft, application=data, declaration={})
    assert actions.answer_correction(draft=draft, application=data, declaration={}) == first
    assert len(queries.versions(case_id, key=queries.key(case_id))) == 2
    assert names(case_id).count("case.corrected") == 1


def test_a_version_is_written_once(case_id):
    answer(ask(case_id, Mark("ort", "platz")))
    with pytest.raises(psycopg.errors.RestrictViolation), transaction.atomic():
        try:
            Application.objects.filter(case_id=case_id, version=1).update(actor="x")
        except Exception as error:
            raise error.__cause__ from None


def test_what_was_not_seen_is_not_sent(case_id):
    asked = ask(case_id, Mark("ort", "platz"))
    seen = opened(asked)
    save(asked, "ort", platz="7")
    with pytest.raises(ChangedMeanwhile):
        actions.answer_correction(draft=seen, application={}, declaration={})
    assert newest(case_id).version == 1
    assert names(case_id) == ["correction.asked"]


def test_nothing_asked_is_refused(case_id):
    with pytest.raises(NothingAsked):
        ask(case_id, Mark("gibt-es-nicht"))
    assert queries.under_way(case_id) is None


def test_taken_back_nothing_is_left_of_what_was_entered(case_id):
    asked = ask(case_id, Mark("hunde", "bild", (1,)))
    mine = attach(asked, "bild", (1,)).id
    assert mine in files.states(case_id)
    actions.withdraw_correction(correction_id=asked, actor=f"staff:{ANNA}")
    actions.withdraw_correction(correction_id=asked, actor=f"staff:{ANNA}")
    assert mine not in files.states(case_id)
    assert [one.name for one in queries.attachments(case_id, key=queries.key(case_id))] == [
        "mia.png"
    ]
    assert names(case_id) == ["correction.asked", "correction.withdrawn"]
    with pytest.raises(NoSuchDraft):
        opened(asked)
    again = ask(case_id, Mark("ort", "platz"), key="2")
    assert queries.under_way(case_id).id == again


def test_an_exchanged_file_is_new_in_the_new_version_and_kept_in_the_old(case_id):
    key = queries.key(case_id)
    (old,) = queries.attachments(case_id, key=key)
    asked = ask(case_id, Mark("hunde", "bild", (1,)))
    new = attach(asked, "bild", (1,))
    assert old.file_id in files.states(case_id)
    answer(asked)
    assert [one.file_id for one in queries.attachments(case_id, key=key)] == [new.id]
    assert [one.file_id for one in queries.attachments(case_id, key=key, version=1)] == [
        old.file_id
    ]
    assert files.content(old.file_id, key=key)


def test_documents_that_were_asked_for_are_attached_and_stay(case_id):
    key = queries.key(case_id)
    asked = ask(case_id, documents=[("Impfpass", "Vorder- und Rückseite")], key="1")
    card = attach(asked, "Unterlage-0", name="pass.png")
    attach(asked, "Unterlage-0", name="weg.png")
    extra = next(
        UUID for UUID in files.states(case_id) if files.card(UUID, key=key).name == "weg.png"
    )
    secret = drafts.correction_secret(asked)
    assistants.detach(draft_id=asked, secret=secret, file_id=extra)
    assert extra not in files.states(case_id)
    answer(asked)
    found = {one.name: one for one in queries.attachments(case_id, key=key)}
    assert set(found) == {"mia.png", "pass.png"}
    assert found["pass.png"].field == f"{actions.HANDED_IN}{asked}/0"
    assert found["pass.png"].file_id == card.id
    answer(ask(case_id, Mark("ort", "platz"), key="2"))
    assert {one.name for one in queries.attachments(case_id, key=key)} == set(found)


def test_what_is_not_open_takes_no_file_and_loses_none(case_id):
    key = queries.key(case_id)
    (old,) = queries.attachments(case_id, key=key)
    asked = ask(case_id, Mark("ort", "platz"))
    for field, entry in (("bild", (1,)), ("Unterlage-0", ()), ("Unterlage-x", ())):
        with pytest.raises(NoSuchField):
            attach(asked, field, entry)
    secret = drafts.correction_secret(asked)
    assistants.detach(draft_id=asked, secret=secret, file_id=old.file_id)
    assert old.file_id in files.states(case_id)
    answer(asked)
    assert newest(case_id).data["hunde"][1]["bild"] == str(old.file_id)


def test_entries_come_and_go_only_in_a_list_that_is_open(case_id):
    asked = ask(case_id, Mark("ort", "platz"))
    secret = drafts.correction_secret(asked)
    own = {"draft_id": asked, "secret": secret}
    assistants.add_item(**own, group="hunde")
    assistants.remove_item(**own, group="hunde", entry=(0,))
    save(asked, "hunde", (2,), hund_name="Bo")
    assert len(opened(asked).answers["data"]["hunde"]) == 2
    actions.withdraw_correction(correction_id=asked, actor="system")
    asked = ask(case_id, Mark("hunde"), key="2")
    own = {"draft_id": asked, "secret": drafts.correction_secret(asked)}
    assert assistants.add_item(**own, group="hunde") == 2
    assistants.remove_item(**own, group="hunde", entry=(2,))
    assistants.remove_item(**own, group="hunde", entry=(1,))
    answer(asked)
    assert [one["name"] for one in newest(case_id).data["hunde"]] == ["Rex"]
    assert queries.attachments(case_id, key=queries.key(case_id)) == []


def test_the_way_leads_from_mark_to_mark(case_id):
    asked = ask(case_id, Mark("hunde", "hund_name", (1,)), Mark("ort", "platz"))
    first = save(asked, "hunde", (1,), hund_name="Maja")
    assert (first.next, first.entry) == ("ort", ())
    back = save(asked, "ort", go="back", platz="7")
    assert (back.next, back.entry) == ("hunde", (1,))


@pytest.mark.parametrize("end", ["withdraw", "close", "erase"])
def test_a_correction_ends_with_its_case(case_id, end):
    asked = ask(case_id, Mark("hunde", "bild", (1,)))
    attach(asked, "bild", (1,))
    if end == "withdraw":
        actions.withdraw(case_id=case_id)
    elif end == "close":
        actions.close(case_id=case_id, outcome="granted")
    else:
        actions.erase(case_id=case_id, reason="request")
    assert queries.under_way(case_id) is None
    with pytest.raises(NoSuchDraft):
        opened(asked)
    if end == "erase":
        assert files.states(case_id) == {}
        return
    assert names(case_id)[:2] == ["correction.asked", "correction.withdrawn"]
    with pytest.raises(NotAllowed):
        ask(case_id, Mark("ort", "platz"), key="2")


def task(case_id):
    return actions.ask(
        case_id=case_id, key="pruefen", task="pruefen", role="sachbearbeitung",
        outcomes=["granted"],
    )  # fmt: skip


def test_an_applicant_may_correct_by_themself_until_somebody_decides(case_id):
    with pytest.raises(NotAllowed):
        actions.offer_correction(case_id=case_id)
    task_id = task(case_id)
    assert queries.may_offer(case_id)
    mine = actions.offer_correction(case_id=case_id)
    assert actions.offer_correction(case_id=case_id) == mine
    save(mine, "ort", platz="9", ort="haus")
    assert answer(mine) == 2
    assert "correction.asked" not in names(case_id)
    assert names(case_id)[-1] == "case.corrected"
    late = actions.offer_correction(case_id=case_id)
    actions.decide(task_id=task_id, account_id=BEN, outcome="granted", reason="Passt.")
    with pytest.raises(NotAllowed):
        answer(late)
    assert newest(case_id).version == 2


def test_who_is_asked_does_not_go_on_with_what_they_offered(case_id):
    task(case_id)
    mine = actions.offer_correction(case_id=case_id)
    asked = ask(case_id, Mark("ort", "platz"))
    assert queries.under_way(case_id).id == asked
    assert queries.correction_card(mine).state == "withdrawn"
    assert names(case_id) == ["task.asked", "correction.asked"]


def test_a_case_keeps_its_release_while_it_is_corrected(case_id):
    digest = queries.case(case_id).digest
    asked = ask(case_id, Mark("ort", "platz"))
    with pytest.raises(NotAllowed):
        actions.change_release(case_id=case_id, digest="ab" * 32, tasks={})
    actions.withdraw_correction(correction_id=asked, actor="system")
    actions.change_release(case_id=case_id, digest="ab" * 32, tasks={})
    actions.change_release(case_id=case_id, digest=digest, tasks={})


def test_the_work_list_knows_who_waits_for_an_answer(case_id):
    until = clock.today() + timedelta(days=21)
    ask(case_id, Mark("ort", "platz"), due_on=until)
    assert queries.awaiting([case_id, new_id()]) == {case_id: until}


# Notes


def test_a_note_is_kept_once_and_corrected_by_its_author_in_time(case_id):
    key = queries.key(case_id)
    own = actions.note(case_id=case_id, account_id=ANNA, key="1", text=" Rückruf am Montag. ")
    assert actions.note(case_id=case_id, account_id=ANNA, key="1", text="noch einmal") == own
    actions.correct_note(note_id=own, account_id=ANNA, text="Rückruf am Dienstag.")
    (seen,) = queries.notes(case_id, key=key)
    assert (seen.text, seen.account_id) == ("Rückruf am Dienstag.", ANNA)
    assert seen.corrected_at is not None
    with pytest.raises(NoSuchNote):
        actions.correct_note(note_id=own, account_id=BEN, text="falsch")
    with clock.shifted(rules.NOTE_OPEN + timedelta(seconds=1)), pytest.raises(TooLateToCorrect):
        actions.correct_note(note_id=own, account_id=ANNA, text="zu spät")
    actions.correct_note(note_id=own, account_id=ANNA, text=" ")
    assert queries.notes(case_id, key=key) == []
    with pytest.raises(EmptyNote):
        actions.note(case_id=case_id, account_id=ANNA, key="2", text="  ")


# What the applicant is told


def test_the_applicant_is_told_once_and_the_mail_says_nothing(case_id, mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    key = queries.key(case_id)
    asked = ask(case_id, Mark("ort", "platz"))
    work("inbox")
    inbox.tell_of_correction(case_id=case_id, correction_id=asked)
    (told,) = messages.of_case(case_id, key=key)
    assert (told.subject, told.body) == ("Bitte ergänzen", "Es fehlt etwas.")
    work("mail")
    assert len(mailoutbox) == 1
    assert "fehlt" not in mailoutbox[0].body + mailoutbox[0].subject
    actions.withdraw_correction(correction_id=asked, actor=f"staff:{ANNA}")
    work("inbox")
    assert len(messages.of_case(case_id, key=key)) == 2


def test_what_was_taken_back_at_once_is_not_spoken_of(case_id):
    asked = ask(case_id, Mark("ort", "platz"))
    actions.withdraw_correction(correction_id=asked, actor=f"staff:{ANNA}")
    work("inbox")
    assert messages.of_case(case_id, key=queries.key(case_id)) == []
