"""What has changed between two versions: as data, and as people read it."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from dienstweg.blueprint import differences, pages
from dienstweg.blueprint.differences import SAME, applied, in_words, matched
from structured_blueprint import compiled

leaves = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b", "ä"])
keys = st.sampled_from(["name", "ort", "hunde", "0"])
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(values, values)
def test_the_differences_applied_to_the_old_give_the_new(old, new):
    assert applied(old, differences.differences(old, new)) == new


@settings(max_examples=100, deadline=None)
@given(values)
def test_equal_versions_do_not_differ(value):
    assert differences.differences(value, value) == SAME


@settings(max_examples=200, deadline=None)
@given(st.lists(leaves, max_size=6), st.lists(leaves, max_size=6))
def test_every_entry_is_matched_once_and_in_order(old, new):
    pairs = matched(old, new)
    assert [was for was, _ in pairs if was is not None] == list(range(len(old)))
    assert [now for _, now in pairs if now is not None] == list(range(len(new)))


def dog(name, *vaccinations):
    given_to = [{"stoff": one, "datum": "2026-01-01"} for one in vaccinations]
    return {"name": name, "geimpft": bool(vaccinations), "impfungen": given_to}


def application(*dogs, place="haus"):
    return {"zweck": "halten", "hunde": list(dogs), "platz": 2, "ort": place}


def told(old, new):
    """The differences as (page, entry, kind, lines) with lines of (kind, old, new)."""
    release = compiled()
    both = [
        (
            data,
            pages.summary(
                release,
                pages.from_application(release, data),
                lang="de",
                today=date(2026, 11, 22),
            ),
        )
        for data in (old, new)
    ]
    return [
        (one.page, one.entry, one.kind, [(line.kind, line.old, line.new) for line in one.lines])
        for one in in_words(release, *both)
    ]


def test_a_changed_answer_is_told_with_old_and_new():
    found = told(application(dog("Rex")), application(dog("Rex"), place="halle"))
    assert [(page, kind) for page, _, kind, _ in found] == [("ort", "changed")]
    assert found[0][3] == [("changed", "haus", "halle")]


def test_an_entry_removed_before_others_leaves_them_as_they_are():
    found = told(application(dog("Rex"), dog("Mia"), dog("Bo")), application(dog("Mia"), dog("Bo")))
    assert [(page, kind) for page, _, kind, _ in found] == [("hunde", "removed")]
    assert ("removed", "Rex", "") in found[0][3]


def test_an_added_entry_and_a_nested_one_stand_by_themselves():
    found = told(
        application(dog("Rex", "tollwut")),
        application(dog("Rex", "tollwut", "staupe"), dog("Mia")),
    )
    places = {(page, entry): kind for page, entry, kind, _ in found}
    assert places[("impfungen", (0, 1))] == "added"
    assert places[("hunde", (1,))] == "added"
    assert ("impfungen", (0, 0)) not in places


def test_the_same_application_says_nothing():
    assert told(application(dog("Rex")), application(dog("Rex"))) == []
