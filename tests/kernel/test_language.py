"""Languages: names, directions, plural forms, and words that remember their language."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.kernel import language
from dienstweg.kernel.language import Said, said


@pytest.mark.parametrize(
    ("tag", "name", "direction"),
    [
        ("de", "Deutsch", "ltr"),
        ("en", "English", "ltr"),
        ("de-x-leicht", "Leichte Sprache", "ltr"),
        ("ar", "العربية", "rtl"),
        ("fa", "فارسی", "rtl"),
        ("he", "עברית", "rtl"),
        ("uk", "Українська", "ltr"),
    ],
)
def test_names_and_directions(tag, name, direction):
    assert language.own_name(tag) == name
    assert language.direction(tag) == direction


@pytest.mark.parametrize("tag", ["", "xx", "DE", "de_DE", "de-x-" + "a" * 30, "../..", "de\n", "ء"])
def test_what_is_no_language_is_unknown(tag):
    assert not language.is_known(tag)


@given(st.text(max_size=30))
def test_whatever_is_asked_gets_an_answer(tag):
    assert language.direction(tag) in {"ltr", "rtl"}
    assert language.own_name(tag) or not tag
    assert language.plural(tag, 3)


@pytest.mark.parametrize(
    ("tag", "number", "form"),
    [("de", 1, "one"), ("de", 2, "other"), ("uk", 3, "few"), ("ar", 2, "two"), ("ar", 11, "many")],
)
def test_plural_forms_are_those_of_the_language(tag, number, form):
    assert language.plural(tag, number) == form


def test_words_in_another_language_remember_it():
    words = said("Vorname", "de", "ar")
    assert isinstance(words, Said)
    assert words == "Vorname"
    assert str(words) is words
    assert json.dumps([words]) == '["Vorname"]'
    assert not isinstance(said("Vorname", "de", "de"), Said)
    assert not isinstance(said("", "de", "ar"), Said)


def test_the_first_wish_that_is_offered_wins():
    assert language.first(("ar", "en"), ("de", "en")) == "en"
    assert language.first(("ar",), ("de", "en")) == "de"
