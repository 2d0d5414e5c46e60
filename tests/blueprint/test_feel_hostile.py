"""FEEL from strangers: deep, long, endless, exploding. All of it ends early, in a known way."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.dmn_building import (
    TODAY,
    decided,
    decision,
    function,
    graph,
    literal,
    parsed,
    table,
)
from dienstweg.blueprint import decisions
from dienstweg.blueprint.dmn_values import to_json
from dienstweg.blueprint.expressions import Surroundings
from dienstweg.blueprint.feel_compiling import Compiler
from dienstweg.blueprint.feel_reading import read, read_cell
from dienstweg.blueprint.feel_tokens import BadFeel
from dienstweg.blueprint.feel_values import Budget, Scope, TooMuch
from dienstweg.blueprint.problems import Invalid


def value(text: str, budget: Budget | None = None, **names: Any) -> Any:
    """What an expression gives."""
    return Compiler().compile(read(text))(Scope(names, budget or Budget()))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000,
        "[" * 200 + "1" + "]" * 200,
        "-" * 5_000 + "1",
        "{a: " * 500,
        "if " * 300,
        "x" * 20_000,
        "1" + "[1..1" * 300,
        "not(" * 400,
        "for i in " * 400,
        "[1..1[" * 1_000,
        "x in (" * 300,
        '"' + "\\" * 9_999,
    ],
)
def test_reading_ends_early(text: str) -> None:
    for reader in (read, read_cell):
        with pytest.raises(BadFeel):
            reader(text)


def test_a_long_chain_is_as_deep_as_it_is_long() -> None:
    assert value("1" + "+1" * 90) == 91
    for text in ("1" + "+1" * 1_500, "a" + ".b" * 300, "f" + "(1)" * 300):
        with pytest.raises(BadFeel):
            read(text)


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for i in 1..1000, j in 1..1000 return i",
        "for i in 1..1000 return for j in 1..1000 return j",
        "count(for i in 1..20000 return for j in 1..20 return 1)",
        "some i in 1..19999, j in 1..19999 satisfies false",
        "count(for i in 1..100 return flatten([partial, partial, 1]))",
        "(function(f) f(f))(function(f) f(f))",
        "distinct values(for i in 1..5000 return i)",
        "sort(for i in 1..15000 return modulo(i * 7919, 15013), function(x, y) x < y)",
        'string join(for i in 1..19000 return "abcdefgh")',
        "{a: for i in 1..9999 return i, b: for i in a return list contains(a, -i)}.b",
        "{a: for i in 1..9999 return i, b: for i in a return concatenate(a, a)}.b",
        "{t: upper case(string(1e6000)), b: for i in 1..9999 return t + string(i)}.b",
        "{t: string(1e6000), b: for i in 1..9999 return upper case(t)}.b",
    ],
)
def test_work_is_bounded(text: str) -> None:
    with pytest.raises(TooMuch):
        value(text, Budget(steps=100_000))


@pytest.mark.parametrize(
    "text",
    [
        "10 ** 10 ** 10 ** 10",
        "9 ** 99999999999999999999",
        "1e6144 * 10",
        "exp(1e30)",
        "2 ** -1e300",
        "sqrt(-1)",
        "log(0)",
        "modulo(1e6000, 7)",
        "decimal(1e6000, 6000)",
        "round up(1, -6111)",
        'duration("P99999999999999999999999Y") + duration("P99999999999999999Y")',
        '@"999999999-12-31" + duration("P999999999Y")',
        "substring(\"a\", 1e300)",
        "[1][1e300]",
        "number(\"" + "9" * 5_000 + "\")",
    ],
)  # fmt: skip
def test_giants_are_null_or_a_number_of_34_digits(text: str) -> None:
    found = value(text)
    if isinstance(found, Decimal):
        assert len(found.as_tuple().digits) <= 34
        assert found.is_finite()
    else:
        assert found is None or "year" not in str(found)


def test_texts_do_not_grow_without_end() -> None:
    doubled = "".join(f"x{n}: x{n - 1} + x{n - 1}, " for n in range(1, 60))
    with pytest.raises(TooMuch):
        value('{x0: "abcdefghij", ' + doubled + "z: 1}.z")


SHARED = "".join(f"x{n}: [x{n - 1}, x{n - 1}], y{n}: [y{n - 1}, y{n - 1}], " for n in range(1, 40))
"""Two values of 80 small lists, that hold 2 ** 39 numbers each when they are written out."""


@pytest.mark.parametrize(
    "text",
    [
        "{x0: 1, y0: 1, " + SHARED + "z: x39 = y39}.z",
        "{x0: 1, y0: 1, " + SHARED + "z: list contains([x39], y39)}.z",
        '{t: string join(for i in 1..900 return "abcdefghij"), '
        "z: string(for i in 1..19000 return t)}.z",
        "{t: 1e6000, z: string(for i in 1..19000 return t)}.z",
    ],
)
def test_what_is_held_once_is_not_written_out_a_thousand_times(text: str) -> None:
    with pytest.raises(TooMuch):
        value(text, Budget(steps=100_000))


def test_an_answer_is_not_written_out_a_thousand_times() -> None:
    assert to_json(value("[[1, 2], {a: [3]}]")) == [[1, 2], {"a": [3]}]
    with pytest.raises(TooMuch):
        to_json(value("{x0: 1, y0: 1, " + SHARED + "z: x39}.z"))


def test_a_pattern_of_nothing_is_not_repeated_for_ever() -> None:
    nothing = "(?:" * 12 + "){200}" * 12
    assert value("matches(t, p)", t="abc", p=f"^a{nothing}b") is True
    assert value("matches(t, p)", t="abc", p=f"^a{nothing}c") is False


@pytest.mark.parametrize("text", ['matches("aa", "a{²}")', 'replace("ab", "(a)", "$1²")'])
def test_digits_that_are_no_numbers_break_nothing(text: str) -> None:
    assert value(text) in (None, "a²b")


BOMBS = [
    ("(a+)+$", "a" * 5_000 + "!"),
    ("(a|aa)+$", "a" * 5_000 + "!"),
    ("(.*)*b", "a" * 5_000),
    ("(a?){200}a{200}", "a" * 200),
    ("((((((a*)*)*)*)*)*)*$", "a" * 2_000 + "b"),
    (".*.*.*.*x", "a" * 3_000),
]


@pytest.mark.parametrize(("pattern", "text"), BOMBS)
@pytest.mark.parametrize("call", ["matches(t, p)", 'replace(t, p, "$0$0")', "split(t, p)"])
def test_patterns_take_a_bounded_number_of_steps(pattern: str, text: str, call: str) -> None:
    try:
        value(call, t=text, p=pattern)
    except TooMuch:
        return


@pytest.mark.parametrize(
    "pattern",
    ["(", "a{9999}", "(a{200}){200}", "[a-", "\\", "a**", "*", "(?<n>a)", "(a)\\1", "\\p{Xx}",
     "[z-a]", "(" * 50 + "a" + ")" * 50, "a" * 600],
)  # fmt: skip
def test_patterns_that_are_none_or_too_large_give_null(pattern: str) -> None:
    assert value("matches(t, p)", t="aaa", p=pattern) is None


@given(st.text("ab()[]{}|*+?.^$\\d-1,", max_size=12), st.text("ab\n1", max_size=12))
def test_any_pattern_gives_yes_no_or_null(pattern: str, text: str) -> None:
    assert value("matches(t, p)", t=text, p=pattern) in (True, False, None)


@given(st.text('abä1.+-*/=<>()[]{},:"@ \n?!{}ifthenlsr', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for reader in (read, read_cell):
        try:
            tree = reader(text)
        except BadFeel:
            continue
        try:
            Compiler().compile(tree)(Scope({}, Budget(steps=20_000)))
        except TooMuch:
            continue


def test_functions_that_need_each_other_are_refused() -> None:
    content = graph(
        function("f", ["n"], literal("g(n + 1)"), "f:g"),
        function("g", ["n"], literal("f(n)"), "f:f"),
        decision("d", literal("f(1)"), "f:f"),
    )
    with pytest.raises(Invalid) as refused:
        decided(content)
    assert "cycle" in {each.code for each in refused.value.problems}


def test_a_function_may_call_itself_so_deep() -> None:
    body = literal("if n < 2 then n else fib(n - 1) + fib(n - 2)")
    content = graph(function("fib", ["n"], body), decision("d", literal("fib(12)"), "f:fib"))
    assert decided(content) == {"value": 144}
    with pytest.raises(TooMuch):
        decided(content.replace(b"fib(12)", b"fib(60)"))


def test_decisions_that_need_each_other_are_refused() -> None:
    content = graph(
        decision("a", literal("d"), "d:d"),
        decision("d", literal("a"), "d:a"),
    )
    with pytest.raises(Invalid) as refused:
        parsed(content)
    assert "cycle" in {each.code for each in refused.value.problems}


def test_types_that_contain_themselves_end() -> None:
    items = '<itemDefinition name="t"><itemComponent name="n"><typeRef>t</typeRef></itemComponent>'
    content = graph(items + "</itemDefinition>", decision("d", literal("{n: {n: null}}"), kind="t"))
    assert "n" in decided(content)


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
        b"x" * (2 << 20),
        graph("<decision name='d' id='d'>" + "<context><contextEntry>" * 60
              + "<literalExpression><text>1</text></literalExpression>"
              + "</contextEntry></context>" * 60 + "</decision>"),
        graph(decision("d", table(["1"], ["x"], [(["-"], ["1"])] * 600))),
        graph(*(decision(f"e{n}", literal("1")) for n in range(400))),
    ],
)  # fmt: skip
def test_files_are_bounded(content: bytes) -> None:
    with pytest.raises(Invalid):
        decisions.parse({"decisions/d.dmn": content})


def test_values_of_the_application_are_never_read_as_feel() -> None:
    content = graph(decision("d", literal('data.x + "!"')))
    around = Surroundings({"data": {"x": "for i in 1..9 return i"}}, TODAY)
    assert decisions.evaluate(parsed(content), around) == {"value": "for i in 1..9 return i!"}
