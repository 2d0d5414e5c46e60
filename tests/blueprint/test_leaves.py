"""A long entry of a repeating group, asked on several screens: one page all the same."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import structured_blueprint as blueprint
from blueprint.example import TODAY
from dienstweg.blueprint import check, pages, release
from dienstweg.blueprint.problems import Invalid
from structured_blueprint import filled, in_leaves

RELEASE = release.compile(dict(blueprint.files(assistant=in_leaves())))
LEAVES = {"hunde": 2, "impfungen": 3}


def view(page: str, entry: tuple[int, ...], leaf: int, answers: Any = None) -> Any:
    given = filled() if answers is None else answers
    return pages.view(RELEASE, page, given, lang="de", today=TODAY, entry=entry, leaf=leaf)


def take(answers: Any, page: str, entry: tuple[int, ...], leaf: int, **posted: str) -> Any:
    texts = {name: [text] for name, text in posted.items()}
    return pages.take(RELEASE, page, answers, texts, today=TODAY, entry=entry, leaf=leaf)


def asked(page: Any) -> list[str]:
    return [field.id for field in page.fields]


def test_a_screen_shows_its_questions_and_its_neighbours() -> None:
    first, second = view("hunde", (0,), 1), view("hunde", (0,), 2)
    assert asked(first) == ["hund_name", "geimpft"]
    assert asked(second) == ["bild", "zahl"]
    assert (first.leaf.step, first.leaf.steps, first.leaf.before, first.leaf.after) == (1, 2, 0, 2)
    assert (second.leaf.step, second.leaf.steps, second.leaf.before, second.leaf.after) == (
        *(2, 2),
        *(1, 0),
    )
    assert view("hunde", (), 2).leaf is None, "the list has no screens"
    assert view("zweck", (), 2).leaf is None
    whole = view("hunde", (0,), 0)
    assert whole.leaf is None
    assert asked(whole) == asked(first) + asked(second)


def test_a_screen_on_which_nothing_is_asked_is_passed_over() -> None:
    tetanus, distemper = (0, 0), (0, 1)
    assert asked(view("impfungen", distemper, 2)) == ["anlass"]
    passed = view("impfungen", tetanus, 2)
    assert asked(passed) == ["beleg", "nummer"]
    assert (passed.leaf.number, passed.leaf.step, passed.leaf.steps) == (3, 2, 2)
    assert view("impfungen", tetanus, 1).leaf.after == 3
    assert view("impfungen", tetanus, 99).leaf.number == 3


def test_what_is_asked_elsewhere_is_neither_taken_nor_judged() -> None:
    answers = take(filled(), "hunde", (0,), 2, hund_name="Mia").answers
    assert answers["data"]["hunde"][0]["name"] == "Rex"
    new = take(filled(), "impfungen", (0, 2), 1, stoff="staupe", datum="1.2.2026")
    assert new.problems == []
    assert (new.leaf.number, new.leaf.after) == (1, 2)
    left = take(filled(), "impfungen", (0, 2), 3)
    assert left.problems == [], "what another screen asks is not missing here"
    assert left.leaf.after == 0
    listed = view("impfungen", (0,), 0, left.answers)
    assert [item.complete for item in listed.items] == [True, True, False]


def test_an_answer_may_hide_the_screens_after_it_and_its_own() -> None:
    taken = take(filled(), "impfungen", (0, 1), 1, stoff="tollwut", datum="1.2.2026")
    assert taken.leaf.after == 3
    assert take(taken.answers, "impfungen", (0, 1), 2, anlass="Reise").leaf.number == 3


def test_a_condition_is_told_as_soon_as_all_it_looks_at_was_asked() -> None:
    late = {"stoff": "tollwut", "datum": "1.2.2030"}
    assert [one.code for one in take(filled(), "impfungen", (0, 0), 1, **late).problems] == [
        "schon-geimpft"
    ]
    both = in_leaves().replace(
        "holds: item.datum <= today", "holds: item.datum <= today || item.beleg != null"
    )
    over = release.compile(dict(blueprint.files(assistant=both)))
    posted = {name: [text] for name, text in late.items()}
    given = {"today": TODAY, "entry": (0, 0)}
    first = pages.take(over, "impfungen", filled(), posted, leaf=1, **given)
    assert first.problems == []
    last = pages.take(over, "impfungen", first.answers, {}, leaf=3, **given)
    assert [(one.code, one.field) for one in last.problems] == [("schon-geimpft", "datum")]
    shown = pages.view(
        over, "impfungen", last.answers, lang="de", problems=last.problems, leaf=3, **given
    )
    assert [one.message for one in shown.problems] == ["Das Datum liegt in der Zukunft."]


texts = st.sampled_from(["", "Rex", "Mia", "true", "false", "tollwut", "staupe", "husten"])
texts |= st.sampled_from(["1.2.2026", "gestern", "3.4.2030", "Reise"])
NAMES = ("hund_name", "geimpft", "stoff", "datum", "anlass")
posts = st.fixed_dictionaries({name: st.lists(texts, min_size=1, max_size=1) for name in NAMES})


@settings(max_examples=100, deadline=None)
@given(st.lists(posts, min_size=1, max_size=3))
def test_on_several_screens_or_on_one_the_same_answers_make_the_same_application(
    times: list[dict[str, list[str]]],
) -> None:
    once, parted = filled(), filled()
    for posted in times:
        for page, entry in (("hunde", (0,)), ("impfungen", (0, 0)), ("impfungen", (0, 1))):
            given = {"today": TODAY, "entry": entry}
            for _ in range(2):  # a question that an answer has just shown is answered then
                once = pages.take(RELEASE, page, once, posted, **given).answers
            for leaf in range(1, LEAVES[page] + 1):
                parted = pages.take(RELEASE, page, parted, posted, leaf=leaf, **given).answers
    assert _application(parted) == _application(once)


def _application(answers: Any) -> Any:
    try:
        return pages.application(RELEASE, answers, today=TODAY)
    except Invalid as invalid:
        return sorted((one.code, one.field or "") for one in invalid.problems)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{id: zweck, at: /zweck, widget: radio}", "{id: zweck, at: /zweck, new_leaf: true}"),
        ("{id: hund_name, at: /name}", "{id: hund_name, at: /name, new_leaf: true}"),
        ("{id: zahl, at: /zahl,", "{new_leaf: true, id: zahl, at: /zahl,"),
    ],
)
def test_screens_are_for_entries_and_each_asks_something(old: str, new: str) -> None:
    files = blueprint.files(assistant=blueprint.changed(old, new))
    found = [one for one in check.check(dict(files)) if one.code == "leaf"]
    assert [one.severity for one in found] == ["error"]
    assert found[0].line
    assert found[0].remedy
    fine = check.check(dict(blueprint.files(assistant=in_leaves())))
    assert not [one for one in fine if one.severity == "error"]
