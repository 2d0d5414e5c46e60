"""Groups in groups: shown, answered, added, removed, and refused where they cannot be."""

import pytest

import structured_blueprint as blueprint
from blueprint.example import TODAY
from dienstweg.blueprint import check, pages, release
from dienstweg.blueprint.entries import moved_up
from dienstweg.blueprint.problems import Invalid
from structured_blueprint import compiled, filled, take

GROUP = "{in: hunde, at: /impfungen"
WHEN = "outer.geimpft == true"


def view(page, answers, entry=(), lang="de"):
    return pages.view(compiled(), page, answers, lang=lang, today=TODAY, entry=entry)


def codes(own):
    return {(one.code, one.line) for one in check.check(dict(own)) if one.severity == "error"}


def line_of(text, passage):
    return text[: text.index(passage)].count("\n") + 1


def test_each_entry_has_a_list_of_its_own_with_the_way_to_it():
    listed = view("impfungen", filled(), (0,))
    assert [(item.index, item.entry, item.complete) for item in listed.items] == [
        (0, (0, 0), True),
        (1, (0, 1), True),
    ]
    assert (listed.title, listed.entry, listed.can_add) == ("Impfungen", (0,), True)
    assert [(crumb.title, crumb.page, crumb.entry) for crumb in listed.trail] == [
        ("Ihre Hunde", "hunde", ()),
        ("Rex", "hunde", (0,)),
    ]
    one = view("impfungen", filled(), (0, 1))
    assert [crumb.title for crumb in one.trail] == ["Ihre Hunde", "Rex", "Impfungen"]
    assert {each.id: each.value for each in one.fields}["nummer"] == "Rex 1/2"
    assert (one.step, one.steps) == (2, 3), "a nested group is no step of its own"
    assert all(each.entry == (0, 1) for each in one.fields)


@pytest.mark.parametrize("entry", [(), (1,), (2,), (0, 3), (0, 0, 0), (1, 0), (-1,), (-1, 0)])
def test_what_is_not_there_is_neither_shown_nor_taken(entry):
    with pytest.raises(pages.UnknownPage):
        view("impfungen", filled(), entry)
    taken = take(filled(), "impfungen", entry, stoff="tollwut", datum="1.1.2026")
    assert [one.code for one in taken.problems] == ["unknown-page"]
    assert taken.answers == filled()


def test_the_application_holds_nested_entries_and_none_that_are_hidden():
    data = pages.application(compiled(), filled(), today=TODAY)
    assert [len(dog.get("impfungen", [])) for dog in data["hunde"]] == [2, 0]
    assert [dog["zahl"] for dog in data["hunde"]] == [2, 0]
    answers = take(filled(), "hunde", (0,), hund_name="Rex", geimpft="false").answers
    hidden = pages.application(compiled(), answers, today=TODAY)
    assert "impfungen" not in hidden["hunde"][0]
    assert hidden["hunde"][0]["zahl"] == 0
    back = take(answers, "hunde", (0,), hund_name="Rex", geimpft="true").answers
    assert pages.application(compiled(), back, today=TODAY) == data, "hidden answers are kept"


def test_a_list_that_lacks_something_keeps_its_outer_entry_incomplete():
    answers = take(filled(), "hunde", (1,), hund_name="Mia", geimpft="true").answers
    assert [item.complete for item in view("hunde", answers).items] == [True, False]
    assert [one.code for one in take(answers, "impfungen", (1,)).problems] == ["min"]
    assert [one.code for one in take(answers, "hunde").problems] == ["item"]
    assert pages.first_problem(compiled(), answers, TODAY)[0] == "hunde"
    with pytest.raises(Invalid):
        pages.application(compiled(), answers, today=TODAY)


def test_rules_inside_see_the_entry_and_the_one_around_it():
    future = take(filled(), "impfungen", (0, 0), stoff="tollwut", datum="1.1.2030")
    assert [(one.code, one.field) for one in future.problems] == [("schon-geimpft", "datum")]
    shown = {each.id for each in view("impfungen", filled(), (0, 0)).fields}
    assert "anlass" not in shown
    assert "anlass" in {each.id for each in view("impfungen", filled(), (0, 1)).fields}


def test_the_way_leads_through_the_lists_of_an_entry_and_back():
    answers, day = filled(), {"today": TODAY}
    assert pages.onward(compiled(), answers, "hunde", (0,), **day) == ("impfungen", (0,))
    assert pages.onward(compiled(), answers, "impfungen", (0, 1), **day) == ("impfungen", (0,))
    assert pages.onward(compiled(), answers, "impfungen", (0,), **day) == ("hunde", ())
    assert pages.onward(compiled(), answers, "hunde", (1,), **day) == ("hunde", ())
    assert pages.onward(compiled(), answers, "hunde", (), **day) == ("ort", ())
    assert pages.onward(compiled(), answers, "ort", (), **day) == ("summary", ())
    assert pages.backward(compiled(), answers, "impfungen", (0, 1), **day) == ("impfungen", (0,))
    assert pages.backward(compiled(), answers, "impfungen", (0,), **day) == ("hunde", (0,))
    assert pages.backward(compiled(), answers, "hunde", (0,), **day) == ("hunde", ())
    assert pages.backward(compiled(), answers, "zweck", (), **day) == ("zweck", ())


def test_an_outer_entry_takes_what_is_nested_in_it_along():
    answers = take(filled(), "hunde", (1,), hund_name="Mia", geimpft="true").answers
    answers = take(answers, "impfungen", (1, 0), stoff="tollwut", datum="gestern").answers
    answers = pages.put_file(compiled(), answers, "beleg", "F1", entry=(0, 0))
    answers = pages.put_file(compiled(), answers, "beleg", "F2", entry=(1, 0))
    answers["from"] = {
        "hunde/0/hund_name": {"source": "link", "label": "Link"},
        "hunde/1/hund_name": {"source": "link", "label": "Link"},
    }
    assert answers["raw"].keys() == {"impfungen/1/0/datum"}
    fewer = pages.remove_item(compiled(), "hunde", answers, (0,))
    assert fewer["raw"] == {"impfungen/0/0/datum": ["gestern"]}
    assert fewer["from"].keys() == {"hunde/0/hund_name"}
    assert [dog["name"] for dog in fewer["data"]["hunde"]] == ["Mia"]
    assert "F1" not in str(fewer["data"])
    assert view("impfungen", fewer, (0, 0)).fields[2].files == ("F2",)
    gone = pages.remove_item(compiled(), "impfungen", answers, (1, 0))
    assert gone["raw"] == {}
    assert pages.remove_item(compiled(), "impfungen", answers, (1,)) == answers
    assert pages.remove_item(compiled(), "hunde", answers, (0, 0)) == answers


def test_entries_are_added_where_they_belong():
    answers, index = pages.add_item(compiled(), "impfungen", filled(), (0,))
    assert index == 2
    assert pages.add_item(compiled(), "impfungen", answers, (0,)) == (answers, 2)
    assert pages.add_item(compiled(), "impfungen", answers, (7,)) == (answers, -1)
    assert pages.add_item(compiled(), "impfungen", answers) == (answers, -1)
    assert not view("impfungen", answers, (0,)).can_add


def test_places_move_up_by_their_own_numbers_only():
    groups = {"hunde", "impfungen"}
    assert moved_up("hunde/2/name", groups, (1,)) == "hunde/1/name"
    assert moved_up("hunde/1/name", groups, (1,)) is None
    assert moved_up("impfungen/2/1/datum", groups, (1,)) == "impfungen/1/1/datum"
    assert moved_up("impfungen/0/1/datum", groups, (1,)) == "impfungen/0/1/datum"
    assert moved_up("impfungen/0/1/datum", {"impfungen"}, (0, 0)) == "impfungen/0/0/datum"
    assert moved_up("impfungen/1/1/datum", {"impfungen"}, (0, 0)) == "impfungen/1/1/datum"
    assert moved_up("hunde", groups, (0,)) == "hunde", "a field may be called like a group"


def test_the_review_shows_nested_entries_after_their_outer_one():
    sections = pages.summary(compiled(), filled(), lang="de", today=TODAY)
    assert [(one.title, one.page, one.entry) for one in sections[1:5]] == [
        ("Ihre Hunde: Rex", "hunde", (0,)),
        ("Rex – Impfungen: tollwut", "impfungen", (0, 0)),
        ("Rex – Impfungen: staupe", "impfungen", (0, 1)),
        ("Ihre Hunde: Mia", "hunde", (1,)),
    ]
    again = pages.from_application(compiled(), pages.application(compiled(), filled(), today=TODAY))
    assert pages.summary(compiled(), again, lang="de", today=TODAY) == sections


def test_a_file_inside_is_put_and_dropped():
    answers = pages.put_file(compiled(), filled(), "beleg", "F1", entry=(0, 1))
    assert answers["data"]["hunde"][0]["impfungen"][1]["beleg"] == "F1"
    for nowhere in ((), (0,), (0, 7), (7, 0)):
        assert pages.put_file(compiled(), answers, "beleg", "F2", entry=nowhere) == answers
    dropped = pages.drop_file(compiled(), answers, "F1")
    assert dropped["data"]["hunde"][0]["impfungen"][1]["beleg"] is None


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        (GROUP, "{in: katzen, at: /impfungen", "unknown-group", "katzen"),
        (GROUP, "{in: hunde, at: /spritzen", "no-list", "/spritzen"),
        (WHEN, "outer.gechipt == true", "unknown-reference", "gechipt"),
        (WHEN, "item.stoff == 'x'", "unknown-reference", "item.stoff == 'x'"),
        ("item.impfungen.size()", "outer.name", "unknown-reference", "value: outer.name"),
        ("{id: bild, at: /bild}", "{id: impfungen, at: /bild}", "twice", "- id: impfungen"),
        (WHEN, "outer.zahl > 0", "cycle", None),
    ],
)  # fmt: skip
def test_what_cannot_be_nested_is_told_with_its_line(old, new, code, at):
    text = blueprint.changed(old, new)
    found = codes(blueprint.files(assistant=text))
    lines = {line for each, line in found if each == code}
    assert lines, found
    if at is not None:
        assert line_of(text, at) in lines


def test_groups_nest_once():
    text = blueprint.changed(
        "  - id: betrieb\n",
        "  - id: tiefer\n    repeat: {in: impfungen, at: /x, max: 2}\n    fields: []\n"
        "  - id: betrieb\n",
    )
    assert "too-deep" in {code for code, _ in codes(blueprint.files(assistant=text))}
    with pytest.raises(Invalid):
        release.compile(dict(blueprint.files(assistant=text)))
