"""Codes of a list that hold signs which nobody types: what is posted is cleaned, the code stays."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.blueprint.kinds.choices import Choose, Several
from dienstweg.blueprint.kinds.cleaning import clean
from dienstweg.blueprint.kinds.kind import Read
from dienstweg.blueprint.kinds.lookup import Lookup


def field(*codes: str) -> SimpleNamespace:
    choices = tuple(SimpleNamespace(text=code, value=code) for code in codes)
    return SimpleNamespace(choices=choices, lookup=Lookup(choices))


@pytest.mark.parametrize("code", ["a\xad", "A\u0308", "a  b", " 01", "\u200bx", "pkw"])
def test_a_code_that_is_cleaned_when_it_is_posted_stays_itself(code: str) -> None:
    asked = field(code, "anders")
    assert Choose("radio").read(asked, [code]) == Read(code)
    assert Several("checkboxes").read(asked, [code, "anders"]) == Read([code, "anders"])
    assert Choose("radio").read(asked, ["nie"]).code == "enum"


def test_two_codes_that_look_alike_are_never_taken_for_each_other() -> None:
    asked = field("a\xad", "a", "b")
    for posted in ("a", "a\xad"):
        assert Choose("radio").read(asked, [posted]).code == "enum"
    assert Choose("radio").read(asked, ["b"]) == Read("b")


@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=6, unique_by=clean))
def test_every_offered_code_that_says_something_can_be_chosen(codes: list[str]) -> None:
    asked = field(*codes)
    for code in codes:
        read = Choose("radio").read(asked, [code])
        assert read in (Read(code), Read(), Read(code="characters")), "or no sign of it is typed"
        assert (read == Read()) == (not clean(code)) or read.code == "characters"
