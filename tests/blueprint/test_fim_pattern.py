import re

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dienstweg.blueprint.fim_pattern import NotTranslatable, translate


def matches(anchored: str, text: str) -> bool:
    return jsonschema_rs.validator_for({"type": "string", "pattern": anchored}).is_valid(text)


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("[0-9]{5}", "12345", "123456"),
        (r"\d{2}-\d{2}", "12-34", "x12-34"),
        ("ja|nein", "nein", "neinja"),
        ("(0[1-9]|[1-9][0-9])[0-9]{3}", "10115", "00115"),
        ("^[A-Z]+$", "ABC", "A1"),
        (r"[a-z.]+@[a-z]+\.[a-z]{2,}$", "a.b@c.de", "a@b"),
        ("[^0-9]*", "abc", "a1"),
        (r"\p{L}+", "Ärger", "A1"),
        (r"\w+", "Ärger1", "A-1"),
        (r"[\w ]+", "Frau Ärger", "A-1"),
        (r"[\p{Lu}-]+", "Ä-B", "a"),
        (r"\W\S\D", "-xx", "xxx"),
        (r"\p{IsBasicLatin}+", "abc 1", "ä"),
        (r"\P{IsBasicLatin}+", "äöü", "a"),
        (r"[\p{IsBasicLatin}\p{IsLatin-1Supplement}\p{IsLatinExtended-A}]+", "Jürgő", "Ж"),
        (r"\p{IsLatinExtended-B}", "ǆ", "a"),
        (r"\p{Sc}\p{Zs}?\p{Nd}+", "€ 12", "a"),
        (r"[\p{Lt}\p{No}]\p{Pd}", "²-", "a"),
        ("[&~|^-]+", "^&-", "a"),
        (r"a\.b", "a.b", "axb"),
        (r"[\d,]{1,3}", "1,2", "a"),
        ("a b", "a b", "ab"),
        ("", "", "a"),
    ],
)
def test_a_pattern_means_the_same_and_is_anchored(pattern: str, good: str, bad: str) -> None:
    translated = translate(pattern)
    assert translated.anchored.startswith("^")
    assert translated.anchored.endswith("$")
    assert matches(translated.anchored, good)
    assert not matches(translated.anchored, bad)
    assert not matches(translated.anchored, f"{bad}\n{good}")
    example = translated.example()
    assert example is not None
    assert matches(translated.anchored, example)


@pytest.mark.parametrize(
    "pattern",
    [
        "[a-z-[aeiou]]",
        r"\i\c*",
        r"\p{IsGreek}",
        r"[\P{IsBasicLatin}]",
        "(?=a)b",
        "(a",
        "a)",
        "*a",
        "a{3,1}",
        "a{99999}",
        "a^b",
        "[z-a]",
        "[a",
        "a\\",
        "(" * 50 + ")" * 50,
        "((a{999}){999}){999}",
        "a" * 2_000,
    ],
)
def test_what_cannot_be_said_is_refused_with_a_reason(pattern: str) -> None:
    with pytest.raises(NotTranslatable, match=r"\w+"):
        translate(pattern)


def test_an_example_has_the_length_that_is_asked_for() -> None:
    email = translate("[a-z]+@[a-z]+")
    assert len(email.example(9) or "") >= 9
    assert translate("[0-9]{5}").example(6) is None
    assert translate("[0-9]{3,}").example(0, 2) is None


parts = st.recursive(
    st.sampled_from(
        ["a", "Z", "9", "-", r"\d", r"\.", ".", "[a-c]", "[^x]", "[a-c0-9_-]", "ß", " "]
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda ways: f"({'|'.join(ways)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,3}", "{2,}"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=8,
)


@given(parts)
@settings(max_examples=200, deadline=None)
def test_examples_match_and_translation_keeps_the_meaning(pattern: str) -> None:
    translated = translate(pattern)
    example = translated.example()
    assert example is not None
    # for these parts Python's own expressions mean the same as XSD's
    assert re.fullmatch(pattern, example)
    assert matches(translated.anchored, example)


@given(st.text(alphabet="ab01()[]{}|?*+.^$\\-,dpL&~ ", max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_pattern_breaks_the_import(pattern: str) -> None:
    try:
        translated = translate(pattern)
    except NotTranslatable as refused:
        assert str(refused)
    else:
        matches(translated.anchored, "a")
