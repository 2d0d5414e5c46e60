"""Pages as applicants go through them: views, answers, hidden fields, repeating groups, files."""

import pytest

from blueprint.example import GOOD, TODAY, compiled, filled
from dienstweg.blueprint import filling, pages
from dienstweg.blueprint.problems import Invalid


def take(page, posted, answers=None, entry=(), lang="de"):
    return pages.take(compiled(), page, answers or {}, posted, today=TODAY, entry=entry, lang=lang)


def view(page, answers=None, lang="de", entry=(), problems=()):
    return pages.view(
        compiled(), page, answers or {}, lang=lang, today=TODAY, entry=entry, problems=problems
    )


def field(shown, name):
    return next(each for each in shown.fields if each.id == name)


def test_a_complete_walk_gives_the_application_the_schema_wants():
    data = pages.application(compiled(), filled(), today=TODAY)
    assert data["eltern"]["einkommen"] == 1234.5
    assert data["eltern"]["spende"] == 1250
    assert data["eltern"]["kennzeichen"] == "KS-AB 12"
    assert data["eltern"]["email"] == "ada@example.org"
    assert data["kinder"][0] == {
        "name": "Rex",
        "geburt": "2018-05-01",
        "schwimmt": True,
        "abzeichen": "bronze",
        "alter": 8,
    }
    assert data["lager"]["preis"] == 24000
    assert data["lager"]["essen"] == ["vegan", "ohne_nuss"]
    assert data["lager"]["wuensche"] == "Zelt\nmit Licht"
    assert "anlagen" not in data
    compiled().schema.validator.validate(data)


def test_pages_follow_each_other_and_hidden_ones_are_passed_over():
    answers = filled()
    ids = [page.id for page in pages.visible_pages(compiled(), answers, TODAY)]
    assert ids == ["eltern", "kinder", "lager", "boot", "anlagen"]
    assert all(page.complete for page in pages.visible_pages(compiled(), answers, TODAY))
    inland = filled(lager={**GOOD["lager"], "ort": ["berg"]})
    assert pages.next_page(compiled(), inland, "lager", today=TODAY) == "anlagen"
    assert pages.previous_page(compiled(), inland, "anlagen", today=TODAY) == "lager"
    assert pages.previous_page(compiled(), inland, "boot", today=TODAY) == "lager"
    assert pages.next_page(compiled(), inland, "anlagen", today=TODAY) == "summary"
    assert pages.previous_page(compiled(), inland, "summary", today=TODAY) == "anlagen"
    assert pages.previous_page(compiled(), inland, "eltern", today=TODAY) is None
    with pytest.raises(pages.UnknownPage):
        view("boot", inland)


def test_a_hidden_page_keeps_its_answers_and_is_not_submitted():
    answers = filled()
    away = take("lager", {**GOOD["lager"], "ort": ["berg"]}, answers).answers
    assert "boot" not in pages.application(compiled(), away, today=TODAY)
    back = take("lager", GOOD["lager"], away).answers
    assert pages.application(compiled(), back, today=TODAY)["boot"] == {"groesse": 3}


def test_a_hidden_page_with_faults_never_blocks():
    answers = take("boot", {"groesse": ["99"]}, filled()).answers
    assert pages.first_problem(compiled(), answers, TODAY)[0] == "boot"
    away = take("lager", {**GOOD["lager"], "ort": ["berg"]}, answers).answers
    assert pages.first_problem(compiled(), away, TODAY) is None


def test_a_hidden_field_is_null_for_rules_and_kept_for_later():
    answers = filled()
    no = {key: value for key, value in GOOD["eltern"].items() if key != "kennzeichen"}
    hidden = take("eltern", {**no, "hat_auto": ["false"]}, answers).answers
    assert "kennzeichen" not in pages.application(compiled(), hidden, today=TODAY)["eltern"]
    assert all(each.id != "kennzeichen" for each in view("eltern", hidden).fields)
    again = take("eltern", {**no, "hat_auto": ["true"]}, hidden)
    assert field(view("eltern", again.answers), "kennzeichen").value == "KS-AB 12"


def test_a_field_that_an_answer_brings_up_is_asked_before_going_on():
    posted = {key: value for key, value in GOOD["eltern"].items() if key != "kennzeichen"}
    taken = take("eltern", posted)
    assert [(each.field, each.code) for each in taken.problems] == [("kennzeichen", "unseen")]
    again = take("eltern", {**posted, "kennzeichen": [""]}, taken.answers)
    assert [(each.field, each.code) for each in again.problems] == [("kennzeichen", "required")]
    entry = {"kind_name": ["Rex"], "kind_geburt": ["1.5.2018"], "schwimmt": ["true"]}
    first = take("kinder", entry, filled(kinder=[]), entry=(0,))
    assert [(each.field, each.code) for each in first.problems] == [("abzeichen", "unseen")]
    again = take("kinder", {**entry, "abzeichen": [""]}, first.answers, entry=(0,))
    assert [(each.field, each.code) for each in again.problems] == [("abzeichen", "required")]


def test_what_cannot_be_read_is_shown_again_with_a_message_in_the_pages_language():
    taken = take("eltern", {**GOOD["eltern"], "geburt": ["31.2.1990"], "einkommen": ["viel"]})
    assert {each.field: each.code for each in taken.problems} == {
        "geburt": "date-none",
        "einkommen": "number",
    }
    german = view("eltern", taken.answers, problems=taken.problems)
    assert field(german, "geburt").value == "31.2.1990"
    assert "Diesen Tag gibt es nicht" in field(german, "geburt").error
    assert "viel" not in field(german, "einkommen").error
    english = view("eltern", taken.answers, lang="en", problems=taken.problems)
    assert field(english, "einkommen").error.startswith("Please enter a number")
    repaired = take("eltern", GOOD["eltern"], taken.answers)
    assert repaired.problems == []
    assert repaired.answers["raw"] == {}


def test_required_is_said_in_the_designers_words_and_only_where_it_is():
    taken = take("eltern", {})
    codes = {each.field: each.code for each in taken.problems}
    assert codes == {"name": "required", "geburt": "required", "hat_auto": "required"}
    assert next(each for each in taken.problems if each.field == "name").message == (
        "Wie heißen Sie?"
    )
    english = take("eltern", {}, lang="en")
    assert next(each for each in english.problems if each.field == "name").message == (
        "What is your name?"
    )
    shown = view("eltern")
    assert field(shown, "name").required
    assert not field(shown, "email").required
    answered = take("eltern", {"hat_auto": ["true"]}).answers
    assert field(view("eltern", answered), "kennzeichen").required


def test_checks_between_fields_hold_while_something_is_empty():
    young = take("eltern", {**GOOD["eltern"], "geburt": ["1.1.2015"]})
    assert [(each.field, each.code) for each in young.problems] == [("geburt", "volljaehrig")]
    shown = view("eltern", young.answers, problems=young.problems)
    assert field(shown, "geburt").error == "Sie müssen volljährig sein."
    empty = take("eltern", {**GOOD["eltern"], "geburt": [""]})
    assert [each.code for each in empty.problems] == ["required"]


def test_a_date_may_come_in_three_parts():
    posted = {key: value for key, value in GOOD["eltern"].items() if key != "geburt"}
    parts = {"geburt-day": ["3"], "geburt-month": ["4"], "geburt-year": ["1990"]}
    assert take("eltern", {**posted, **parts}).problems == []
    wrong = take("eltern", {**posted, **parts, "geburt-month": ["13"]})
    assert [each.field for each in wrong.problems] == ["geburt"]


def test_repeating_groups_have_a_list_page_and_a_page_for_each_entry():
    shown = view("kinder", filled())
    assert [(item.index, item.title, item.complete) for item in shown.items] == [
        (0, "Rex", True),
        (1, "Mia", True),
    ]
    assert shown.can_add
    assert shown.add_label == "Kind hinzufügen"
    assert shown.fields == ()
    assert field(view("kinder", filled(), entry=(1,)), "kind_name").value == "Mia"
    fresh = view("kinder", filled(), entry=(2,))
    assert fresh.title == "Kind 3"
    assert field(fresh, "kind_name").value == ""
    with pytest.raises(pages.UnknownPage):
        view("kinder", filled(), entry=(3,))


def test_entries_are_added_and_removed_within_bounds():
    answers = filled()
    for expected in (2, 3):
        answers, index = pages.add_item(compiled(), "kinder", answers)
        assert index == expected
    assert pages.add_item(compiled(), "kinder", answers) == (answers, 3)
    assert not view("kinder", answers).can_add
    codes = [each.code for each in take("kinder", {}, answers).problems]
    assert codes == ["item", "item"]
    fewer = pages.remove_item(compiled(), "kinder", answers, (0,))
    assert [item.title for item in view("kinder", fewer).items] == ["Mia", "Kind 2", "Kind 3"]
    assert pages.remove_item(compiled(), "kinder", fewer, (7,)) == fewer
    assert [each.code for each in take("kinder", {}, filled(kinder=[])).problems] == ["min"]


def test_typed_texts_move_with_their_entry():
    answers = take("kinder", {"kind_geburt": ["gestern"]}, filled(), entry=(1,)).answers
    moved = pages.remove_item(compiled(), "kinder", answers, (0,))
    assert field(view("kinder", moved, entry=(0,)), "kind_geburt").value == "gestern"
    gone = pages.remove_item(compiled(), "kinder", answers, (1,))
    assert gone["raw"] == {}


def test_files_are_put_and_dropped_and_never_taken_from_a_post():
    answers = pages.put_file(compiled(), filled(), "fotos", "F1")
    answers = pages.put_file(compiled(), answers, "fotos", "F2")
    assert pages.put_file(compiled(), answers, "fotos", "F3") == answers
    shown = field(view("anlagen", answers), "fotos")
    assert shown.files == ("F1", "F2")
    assert (shown.accept, shown.max_bytes, shown.max_files) == ("image/jpeg", 5000, 2)
    forged = take("anlagen", {"fotos": ["F9"]}, answers).answers
    assert pages.application(compiled(), forged, today=TODAY)["anlagen"] == {"fotos": ["F1", "F2"]}
    dropped = pages.drop_file(compiled(), answers, "F1")
    assert pages.application(compiled(), dropped, today=TODAY)["anlagen"] == {"fotos": ["F2"]}
    inside = pages.put_file(compiled(), filled(), "nachweis", "F4", entry=(0,))
    assert pages.application(compiled(), inside, today=TODAY)["kinder"][0]["nachweis"] == "F4"
    assert pages.put_file(compiled(), inside, "nachweis", "F5", entry=(9,)) == inside


def test_choices_come_from_a_list_in_the_language_of_the_page():
    german = field(view("lager", filled()), "ort")
    assert [(each.value, each.label, each.selected) for each in german.options] == [
        ("see", "Am See", True),
        ("berg", "Auf dem Berg", False),
    ]
    assert field(view("lager", {}, lang="en"), "ort").options[0].label == "At the lake"
    taken = take("lager", {**GOOD["lager"], "ort": ["meer"]})
    assert [(each.field, each.code) for each in taken.problems] == [("ort", "enum")]


def test_a_confirmation_must_be_given_and_can_be_taken_back():
    posted = {key: value for key, value in GOOD["lager"].items() if key != "einverstanden"}
    taken = take("lager", posted, filled())
    assert [(each.field, each.code) for each in taken.problems] == [("einverstanden", "required")]


def test_choices_that_are_not_posted_are_taken_back():
    posted = {key: value for key, value in GOOD["lager"].items() if key != "essen"}
    answers = take("lager", posted, filled()).answers
    assert "essen" not in pages.application(compiled(), answers, today=TODAY)["lager"]


def test_the_summary_says_everything_in_words_with_where_to_change_it():
    sections = pages.summary(compiled(), filled(), lang="de", today=TODAY)
    rows = {(row.field, row.entry): row for section in sections for row in section.rows}
    assert rows[("geburt", ())].text == "03.04.1990"
    assert rows[("spende", ())].text == "12,50 €"
    assert rows[("preis", ())].text == "240,00 €"
    assert rows[("hat_auto", ())].text == "Ja"
    assert rows[("essen", ())].text == "vegan, ohne Nüsse"
    assert rows[("iban", ())].text == "DE89 3704 0044 0532 0130 00"
    assert rows[("kind_name", (1,))].page == "kinder"
    assert [section.title for section in sections if section.page == "kinder"] == [
        "Kinder: Rex",
        "Kinder: Mia",
    ]
    english = pages.summary(compiled(), filled(), lang="en", today=TODAY)
    assert next(row.text for row in english[0].rows if row.field == "geburt") == "3 April 1990"


def test_a_submitted_application_can_be_shown_again():
    data = pages.application(compiled(), filled(), today=TODAY)
    again = pages.from_application(compiled(), data)
    assert pages.summary(compiled(), again, lang="de", today=TODAY) == pages.summary(
        compiled(), filled(), lang="de", today=TODAY
    )


def test_an_incomplete_application_is_refused_with_its_problems():
    with pytest.raises(Invalid) as refused:
        pages.application(compiled(), filled(boot={}), today=TODAY)
    assert [each.field for each in refused.value.problems] == ["groesse"]
    assert pages.first_open(compiled(), filled(boot={}), today=TODAY) == "boot"
    assert pages.first_open(compiled(), {}, today=TODAY) == "eltern"
    assert pages.first_open(compiled(), filled(), today=TODAY) == "summary"


def test_an_unknown_page_changes_nothing():
    for page, entry in (("nirgends", ()), ("eltern", (0,)), ("kinder", (9,)), ("kinder", (-1,))):
        taken = take(page, {"name": ["x"]}, filled(), entry=entry)
        assert [each.code for each in taken.problems] == ["unknown-page"]
        assert taken.answers == filled()


def test_placeholders_are_filled_in_the_notation_of_the_language():
    context = {"case_number": "KRA-1", "data": {"eltern": {"geburt": "1990-04-03", "spende": 1250}}}
    text = "{case_number}: {data.eltern.geburt}, {data.eltern.spende}, {money x}, {nix.da} {"
    assert filling.fill(compiled(), text, {**context, "x": 3070}) == (
        "KRA-1: 03.04.1990, 12,50 €, 30,70 €,  {"
    )
