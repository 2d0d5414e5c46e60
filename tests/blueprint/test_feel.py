"""FEEL: what expressions give, what is null, and that trees can be written and read again."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.blueprint.feel_compiling import Compiler
from dienstweg.blueprint.feel_dates import Day, day_numbered, day_of
from dienstweg.blueprint.feel_reading import read, read_cell
from dienstweg.blueprint.feel_stream import known
from dienstweg.blueprint.feel_text_functions import written
from dienstweg.blueprint.feel_tokens import BadFeel
from dienstweg.blueprint.feel_tree import (
    Between,
    Binary,
    Call,
    Choice,
    Context,
    Filter,
    Interval,
    Lambda,
    Listed,
    Literal,
    Loop,
    Member,
    Moment,
    Name,
    Negated,
    Node,
    Turn,
    Within,
)
from dienstweg.blueprint.feel_tree import Test as UnaryTest
from dienstweg.blueprint.feel_tree import written as source_of
from dienstweg.blueprint.feel_values import Budget, Scope

MULTI = ("Lage der Zone", "Date-Time 2")


def value(text: str, **names: Any) -> Any:
    """What an expression gives."""
    scope = Scope(names, Budget())
    return Compiler().compile(read(text, known([*names, *MULTI], ["Flug Nummer"])))(scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("2 ** 10", "1024"),
        ("-2 ** 2", "4"),
        ("1 / 0", None),
        ('"a" + "b"', "ab"),
        ('1 + "a"', None),
        ("1 + null", None),
        ("null = null", "true"),
        ('1 = "1"', None),
        ("true and null", None),
        ("false and null", "false"),
        ("true or null", "true"),
        ("if null then 1 else 2", "2"),
        ("[1, 2, 3][2]", "2"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][4]", None),
        ("[1, 2, 3][item > 1]", "[2, 3]"),
        ("[{a: 1}, {a: 2}][a > 1].a", "[2]"),
        ("{a: 1, b: a + 1}.b", "2"),
        ('{"x y": 1, z: x y + 1}.z', "2"),
        ("for i in 1..3 return i * i", "[1, 4, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1, 2], j in [10, 20] return i * j", "[10, 20, 20, 40]"),
        ("for i in 1..4 return if i < 3 then 1 else sum(partial)", "[1, 1, 2, 4]"),
        ("some i in [1, 2] satisfies i > 1", "true"),
        ("every i in [1, 2] satisfies i > 1", "false"),
        ("5 in [1..5)", "false"),
        ("5 in (< 3, [4..6])", "true"),
        ("2 between 1 and 3", "true"),
        ("(function(a, b) a - b)(b: 1, a: 3)", "2"),
        ("string length(\"Grüße\")", "5"),
        ('substring("foobar", -2, 1)', "a"),
        ('replace("0123", "(\\d)(\\d)", "$2$1")', "1032"),
        ('matches("Straße 5", "^\\p{L}+ \\d+$")', "true"),
        ('split("a;b;;c", ";")', '["a", "b", "", "c"]'),
        ('string join(["a", null, "b"], "-")', "a-b"),
        ("round half up(2.5, 0)", "3"),
        ("decimal(2.5, 0)", "2"),
        ("modulo(-10, 4)", "2"),
        ("median([1, 2, 10])", "2"),
        ("sort([3, 1, 2])", "[1, 2, 3]"),
        ("date(\"2024-01-31\") + duration(\"P1M\")", "2024-02-29"),
        ('@"2026-03-02" - @"2026-02-28"', "P2D"),
        ('@"2026-03-02T10:00:00".day', "2"),
        ('day of week(@"2026-03-02")', "Monday"),
        ('@"2026-03-29T01:00:00@Europe/Berlin" < @"2026-03-29T01:00:00Z"', "true"),
        ('years and months duration(@"2020-01-31", @"2021-01-30")', "P11M"),
        ('duration("P1Y2M") > duration("P13M")', "true"),
        ('number("1.234,56", ".", ",")', "1234.56"),
        ("before(1, [2..3])", "true"),
        ("overlaps([1..3], [3..5])", "true"),
        ('get value({a: 1}, "a")', "1"),
        ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
        ('"a" instance of string', "true"),
        ("[1, 2] instance of list<number>", "true"),
        ("null instance of number", "false"),
        ("/* so */ 1 // oder so", "1"),
        ("unbekannt", None),
        ("unbekannt(1)", None),
        ("abs(1, 2)", None),
        ('"\\u00fc\\"\\n"', 'ü"\n'),
    ],
)  # fmt: skip
def test_expressions(text: str, expected: str | None) -> None:
    assert written(value(text)) == expected


def test_names_with_spaces_and_signs_are_names_where_they_stand_in_scope() -> None:
    assert value("Lage der Zone", **{"Lage der Zone": "rand"}) == "rand"
    assert value("Date-Time 2 + 1", **{"Date-Time 2": Decimal(1)}) == 2
    assert value("[{Flug Nummer: 1}][Flug Nummer = 1].Flug Nummer") == [1]
    with pytest.raises(BadFeel):
        value("Lage des Hauses")


@pytest.mark.parametrize(
    "text",
    ["", "1 +", "(1", "[1,", "{a 1}", "if true then 1", "for i in [1]", "1 2", "a..b", "§",
     '"offen', "function(a", "x.", "@x", "{a: 1", "some x satisfies x", "]1..2"],
)  # fmt: skip
def test_what_is_no_feel_is_refused(text: str) -> None:
    with pytest.raises(BadFeel):
        read(text)


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("-", [1, "x", None], []),
        ('"a", "b"', ["a", "b"], ["c", 1, None]),
        ("not(1, 2)", [3, None], [1, 2]),
        ("[1..5)", [1, 4.5], [5, None, "a"]),
        ("]1..5[", [2], [1, 5]),
        ("> 3", [4], [3, "4", None, True]),
        ("!= 3", [4], [3]),
        ("null", [None], [0, ""]),
        ("false", [False], [0, None, True]),
        ("? > 3 and ? < 5", [4], [3, 5]),
        ("even(?)", [2], [3]),
        ("grenze", [10], [9]),
        ("< grenze", [9], [10]),
        ("liste", [1, 2], [3]),
        ('starts with(?, "A")', ["Amt"], ["Bad", 1]),
    ],
)  # fmt: skip
def test_cells(cell: str, yes: list[Any], no: list[Any]) -> None:
    passes = Compiler().cell(read_cell(cell))
    names = {"grenze": Decimal(10), "liste": [Decimal(1), Decimal(2)]}
    scope = Scope(names, Budget())

    def own(each: Any) -> Any:
        number = isinstance(each, int | float) and not isinstance(each, bool)
        return Decimal(str(each)) if number else each

    assert [each for each in yes if not passes(own(each), scope)] == []
    assert [each for each in no if passes(own(each), scope)] == []


NAMES = st.sampled_from(["a", "b", "Lage der Zone", "Date-Time 2"])
TEXTS = st.text('aä"\\\n 1{}', max_size=5)
NUMBERS = st.decimals(0, 10**6, places=3, allow_nan=False)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Literal, st.one_of(st.none(), st.booleans(), TEXTS, NUMBERS)),
    st.builds(Name, NAMES),
    st.builds(Moment, st.sampled_from(["2026-03-02", "P1D", "10:00:00"])),
)


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, max_size=3).map(tuple)
    signs = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", "and", "or"])
    turns = st.builds(Turn, st.sampled_from(["i", "j"]), inner, st.none() | inner)
    return st.one_of(
        st.builds(Binary, signs, inner, inner),
        st.builds(Negated, inner),
        st.builds(Member, inner, st.sampled_from(["a", "Flug Nummer"])),
        st.builds(Filter, inner, inner),
        st.builds(Choice, inner, inner, inner),
        st.builds(Between, inner, inner, inner),
        st.builds(Within, inner, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Listed, several),
        st.builds(Interval, inner, inner, st.booleans(), st.booleans()),
        st.builds(UnaryTest, st.sampled_from(["<", ">=", "="]), inner),
        st.builds(Call, inner, several),
        st.builds(lambda body: Lambda(("x",), (None,), body), inner),
        st.builds(Loop, st.sampled_from(["for", "some", "every"]), st.tuples(turns), inner),
        st.dictionaries(st.sampled_from(["k", "l m"]), inner, max_size=2).map(
            lambda found: Context(tuple(found), tuple(found.values()))
        ),
    )


@given(st.recursive(LEAVES, _larger, max_leaves=8))
def test_a_tree_is_written_and_read_as_the_same_tree(tree: Node) -> None:
    text = source_of(tree)
    assert read(text, known(MULTI, ["Flug Nummer"])) == tree, text


@given(st.integers(-(10**9), 10**9))
def test_days_are_counted_forwards_and_backwards(number: int) -> None:
    day = day_numbered(number)
    assert day is not None
    assert day.number == number


@given(st.dates())
def test_days_are_those_of_the_calendar(date: Any) -> None:
    day = day_of(date.year, date.month, date.day)
    assert day == Day(date.year, date.month, date.day)
    assert day.number == date.toordinal() - 719_163
    assert str(day) == date.isoformat()


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6), st.integers(1, 10**4))
def test_numbers_are_calculated_exactly(one: int, other: int, scale: int) -> None:
    left, right = Decimal(one) / 100, Decimal(other) / 100
    found = value(f"a * b - c / {scale} * {scale}", a=left, b=right, c=left)
    assert abs(found - (left * right - left)) < Decimal("1e-20")
    assert value("a + b", a=left, b=right) == left + right
