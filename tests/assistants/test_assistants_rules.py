"""When a draft ends, what is stale, what is an address: decided without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.assistants import rules

CHANGED = datetime(2026, 3, 1, 9, tzinfo=UTC)
END = CHANGED + timedelta(days=30)


def step(now, *, announced=None, reachable=True):
    return rules.next_step(
        now=now, changed_at=CHANGED, expires_at=END, announced_at=announced, reachable=reachable
    )


def test_a_draft_is_announced_three_days_before_its_end_and_then_deleted():
    announce_at = END - timedelta(days=3)
    assert step(CHANGED) == ("wait", announce_at)
    assert step(announce_at) == ("announce", END)
    assert step(announce_at, announced=announce_at) == ("wait", END)
    assert step(END, announced=announce_at)[0] == "delete"


def test_who_cannot_be_reached_is_not_announced_to():
    assert step(END - timedelta(days=1), reachable=False) == ("wait", END)


def test_a_change_makes_an_earlier_announcement_void():
    before = CHANGED - timedelta(days=1)
    assert step(END - timedelta(days=2), announced=before) == ("announce", END)


@given(st.timedeltas(timedelta(days=-5), timedelta(days=60)), st.booleans())
def test_it_is_never_looked_at_later_than_its_end(passed, reachable):
    what, again = step(CHANGED + passed, reachable=reachable)
    assert again <= END
    assert (what == "delete") == (CHANGED + passed >= END)


def test_only_the_same_page_can_be_stale():
    saved = {"person": 3, "tiere": 5, "tiere/1": 7}
    assert rules.is_stale(saved, "person", (), 2)
    assert not rules.is_stale(saved, "person", (), 3)
    assert not rules.is_stale(saved, "belege", (), 0)
    assert rules.is_stale(saved, "tiere", (1,), 6)
    assert rules.is_stale(saved, "tiere", (0,), 4), "removing an item moved the others"
    assert not rules.is_stale(saved, "tiere", (0,), 5)
    assert rules.is_stale({"impfungen/1": 4}, "impfungen", (1, 0), 3), "the list has changed"
    assert not rules.is_stale({"impfungen/1": 4}, "impfungen", (0, 0), 3)


@pytest.mark.parametrize("good", ["a@b.de", "anna.müller+x@post.example.org", "x@xn--4ca.de"])
def test_addresses(good):
    assert rules.is_address(good)


@pytest.mark.parametrize(
    "bad", ["", "a@b", "a b@c.de", "a@b.de, c@d.de", "a@b..de", "a@b.de\nBcc: x@y.de", "@b.de"]
)
def test_no_addresses(bad):
    assert not rules.is_address(bad)


def test_ids_are_found_with_their_pointers():
    one = "01a200e9-ea53-74b1-8ae5-decd1fa919b1"
    found = rules.ids_in({"a/b": [{"c~": one}], "d": one.upper(), "e": 3, "f": None})
    assert found == {one: "/a~1b/0/c~0"}


@given(st.recursive(st.none() | st.booleans() | st.text(), lambda x: st.lists(x)
                    | st.dictionaries(st.text(), x)))  # fmt: skip
def test_looking_for_ids_never_fails(value):
    assert isinstance(rules.ids_in(value), dict)
