"""What of a submitted application is open in a correction, and the way through it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dienstweg.blueprint import pages
from dienstweg.blueprint.correcting import (
    Correcting,
    Mark,
    Opening,
    everything,
    unlocked,
    valid_marks,
)
from structured_blueprint import TODAY, compiled

DATA = {
    "zweck": "halten",
    "hunde": [
        {
            "name": "Rex",
            "geimpft": True,
            "impfungen": [{"stoff": "tollwut", "datum": "2026-02-01"}],
        },
        {"name": "Mia", "geimpft": False},
    ],
    "platz": 2,
    "ort": "haus",
}


def standing(*marks, answers=None):
    release = compiled()
    base = pages.from_application(release, DATA)
    return Correcting(release, Opening(base, marks, TODAY), base if answers is None else answers)


def taken(held, page, entry=(), **posted):
    """Save a page of the correction as the assistant does; return how it stands then."""
    texts = {name: [text] for name, text in posted.items()}
    found = pages.take(held.release, page, held.locked(), texts, today=TODAY, entry=entry)
    return Correcting(held.release, held.opening, unlocked(found.answers)), found.problems


def test_a_marked_field_is_open_and_nothing_else():
    held = standing(Mark("ort", "platz"))
    assert held.open == {("platz", ())}
    assert held.stops == [("ort", ())]
    after, problems = taken(held, "ort", platz="5", ort="halle")
    assert not problems
    assert after.answers["data"]["platz"] == 5
    assert after.answers["data"]["ort"] == "haus"


def test_an_entry_opens_by_itself_and_its_neighbour_stays_shut():
    held = standing(Mark("hunde", "hund_name", (1,)))
    assert held.stops == [("hunde", (1,))]
    after, _ = taken(held, "hunde", (0,), hund_name="Bo", geimpft="true")
    assert after.answers["data"]["hunde"][0]["name"] == "Rex"
    after, _ = taken(held, "hunde", (1,), hund_name="Bo")
    assert [one["name"] for one in after.answers["data"]["hunde"]] == ["Rex", "Bo"]
    assert not after.may_change_list(held.release.assistant.page["hunde"])


def test_a_marked_list_opens_its_entries_and_the_lists_in_them():
    held = standing(Mark("hunde"))
    known = held.release.assistant.page
    assert held.stops == [("hunde", ())]
    assert held.may_change_list(known["hunde"])
    assert held.may_change_list(known["impfungen"], (0,))
    assert {("hund_name", (0,)), ("stoff", (0, 0)), ("geimpft", (1,))} <= held.open


def test_what_becomes_visible_by_a_change_is_asked_too():
    held = standing(Mark("hunde", "geimpft", (1,)))
    after, _ = taken(held, "hunde", (1,), geimpft="true")
    known = held.release.assistant.page
    assert after.may_change_list(known["impfungen"], (1,))
    assert not after.may_change_list(known["impfungen"], (0,))
    assert ("impfungen", (1,)) in after.stops
    assert ("impfungen", (0,)) not in after.stops


def test_what_a_change_makes_wrong_can_be_mended():
    held = standing(Mark("zweck", "zweck"))
    assert held.stops == [("zweck", ())]
    after, _ = taken(held, "zweck", zweck="zucht")
    # Who breeds is asked for the kennel, and may not keep the dogs in the house.
    assert after.stops == [("zweck", ()), ("betrieb", ()), ("ort", ())]
    assert after.onward("zweck", ()) == ("betrieb", ())
    mended, _ = taken(after, "ort", ort="halle")
    assert mended.answers["data"]["ort"] == "halle"
    assert ("ort", ()) in mended.stops  # and may be mended again


def test_the_way_leads_through_the_marks_and_then_to_the_review():
    held = standing(Mark("zweck"), Mark("hunde", "hund_name", (1,)), Mark("ort", "ort"))
    assert held.stops == [("zweck", ()), ("hunde", (1,)), ("ort", ())]
    assert held.onward("zweck", ()) == ("hunde", (1,))
    assert held.onward("ort", ()) == ("summary", ())
    assert held.backward("ort", ()) == ("hunde", (1,))
    assert held.backward("zweck", ()) == ("zweck", ())
    assert held.step("hunde", (1,)) == (2, 3)


def test_the_day_of_the_application_judges():
    """A vaccination of that day stays in the past, however late it is corrected."""
    held = standing(Mark("ort", "platz"))
    assert not held.wrong
    earlier = Opening(held.opening.base, held.opening.marks, date(2025, 1, 1))
    assert Correcting(held.release, earlier, held.answers).wrong


def test_who_may_correct_everything_may_change_every_answer():
    held = standing(*everything(compiled()))
    assert {name for name, _ in held.open} >= {"zweck", "hund_name", "stoff", "ort", "platz"}


@pytest.mark.parametrize(
    "mark",
    [
        Mark("gibt-es-nicht"),
        Mark("ort", "gibt_es_nicht"),
        Mark("ort", "zweck"),
        Mark("hunde", "zahl", (0,)),
        Mark("hunde", "hund_name"),
        Mark("hunde", "hund_name", (7,)),
        Mark("impfungen", "stoff", (0, 9)),
        Mark("ort", "", (0,)),
    ],
)
def test_a_mark_of_no_place_is_left_out(mark):
    base = pages.from_application(compiled(), DATA)
    assert valid_marks(compiled(), base, [mark, Mark("ort", "platz")]) == (Mark("ort", "platz"),)


fields = st.sampled_from(
    [
        Mark("ort", "platz"),
        Mark("ort", "ort"),
        Mark("hunde", "hund_name", (1,)),
        Mark("hunde"),
        Mark("hunde", "geimpft", (0,)),
        Mark("zweck"),
        Mark("impfungen", "stoff", (0, 0)),
    ]
)
posts = st.lists(
    st.tuples(
        st.sampled_from([("ort", ()), ("hunde", (0,)), ("hunde", (1,)), ("impfungen", (0, 0))]),
        st.dictionaries(
            st.sampled_from(["platz", "ort", "hund_name", "geimpft", "stoff", "zweck", "datum"]),
            st.sampled_from(["3", "halle", "Bo", "true", "false", "husten", "zucht", "", "haus"]),
            max_size=4,
        ),
    ),
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(st.lists(fields, min_size=1, max_size=2), posts)
def test_nothing_changes_but_what_was_open(marks, moves):
    held = standing(*marks)
    for (page, entry), posted in moves:
        before, free = held.answers["data"], held.open
        held, _ = taken(held, page, entry, **posted)
        for name, spot, was in (
            ("platz", (), before.get("platz")),
            ("ort", (), before.get("ort")),
            ("hund_name", (0,), before["hunde"][0].get("name")),
            ("hund_name", (1,), before["hunde"][1].get("name")),
            ("geimpft", (1,), before["hunde"][1].get("geimpft")),
        ):
            if (name, spot) not in free:
                tree = held.answers["data"]["hunde"][spot[0]] if spot else held.answers["data"]
                key = {"hund_name": "name"}.get(name, name)
                assert tree.get(key) == was
