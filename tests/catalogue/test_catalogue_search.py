"""The search forgives umlauts, case, endings and one typing error, and finds nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.catalogue import rules

TITLE = "Bewohnerparkausweis beantragen"
KEYWORDS = "Parken Anwohner Straße Köter"


def points(query, title=TITLE, keywords=KEYWORDS):
    fields = ((4, rules.words(title)), (3, rules.words(keywords)))
    return rules.score(rules.query_words(query), fields)


@pytest.mark.parametrize(
    "query",
    [
        "Bewohnerparkausweis", "bewohnerparkausweis", "BEWOHNER", "bewohnerparkausweiß",
        "parkausweis", "Bewonerparkausweis", "Bewohnerprakausweis", "Bewohnerparkausweisse",
        "strasse", "Straße", "STRASSE", "koeter", "koter", "Köter", "Kötr", "anwoner", "pa",
        "der Bewohnerparkausweis", "parken bewohner", "bewohner-parkausweis", "bewoner",
    ],
)  # fmt: skip
def test_found(query):
    assert points(query) > 0


@pytest.mark.parametrize(
    "query", ["Hundesteuer", "Bwonerparkausweiss x", "xyz", "parken hund", "kat", "p", "Kj"]
)
def test_not_found(query):
    assert points(query) == 0


def test_nothing_asked_nothing_found():
    assert rules.query_words("") == rules.query_words(" -- !? ") == []


def test_words_that_say_nothing_alone_are_still_asked():
    assert points("der", title="Der Fundort") > 0


def test_a_better_fit_stands_before_a_worse():
    exact, start, typo = (points(query) for query in ("parken", "parke", "parkeb"))
    assert exact > start > typo > 0
    assert points("bewohner", title="Bewohner") > points("bewohner", title="x", keywords="Bewohner")


@given(st.text(max_size=300))
def test_no_query_breaks_it(text):
    assert points(text) >= 0
    assert len(rules.query_words(text)) <= rules.MOST_WORDS


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöü", min_size=5, max_size=20), st.data())
def test_one_swapped_dropped_or_wrong_letter_is_forgiven(word, data):
    at = data.draw(st.integers(1, len(word) - 1))
    other = data.draw(st.sampled_from("abcxyz"))
    for typed in (word[:at] + word[at + 1 :], word[:at] + other + word[at + 1 :]):
        assert points(typed, title=word, keywords="") > 0, typed


@given(st.text(max_size=50))
def test_spellings_are_plain(text):
    for word in rules.words(text):
        assert word.isascii()
        assert word == word.lower()
