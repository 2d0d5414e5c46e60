"""Expressions: bounded before they run, without an answer where something is empty."""

import threading
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dienstweg.blueprint.expressions import (
    LONGEST,
    BadExpression,
    Surroundings,
    Unanswered,
    compile_expression,
    constant,
)

AROUND = Surroundings(
    {"data": {"a": 1, "leer": None, "tag": "2000-11-23", "liste": [{"x": 1}, {"x": 3}], "f": 1.5}},
    date(2026, 11, 22),
    {"zonen": [{"name": "A", "preis": 10}, {"name": "B", "preis": 20}]},
)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("data.a == 1", True),
        ("data.leer > 3", None),
        ("data.leer == null", True),
        ("data.nicht_da == 1", None),
        ("1 / 0", None),
        ("age(data.tag)", 25),
        ("data.tag.age()", 25),
        ("age(data.leer)", None),
        ("age('kein Datum')", None),
        ("today", "2026-11-22"),
        ("days(today, 30)", "2026-12-22"),
        ("months('2026-01-31', 1)", "2026-02-28"),
        ("years('2024-02-29', 1)", "2025-02-28"),
        ("days_between('2026-01-01', '2026-03-01')", 59),
        ("months_between('2026-01-31', '2026-03-30')", 1),
        ("weekday('2026-11-22')", 7),
        ("euro(123450)", "1.234,50 €"),
        ("date_text('2026-04-03')", "3. April 2026"),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(1.005, 2)", 1.01),
        ("ceil(number(7) / 2.0)", 4),
        ("min(3, data.a)", 1),
        ("sum(data.liste.map(z, z.x))", 4),
        ("lists.zonen.filter(z, z.name == 'B')[0].preis", 20),
        ("lists.zonen.filter(z, z.name == 'C')[0].preis", None),
        ("blank(data.leer) && !blank(data.a)", True),
        ("matches(data.tag, '^20')", True),
        ("data.tag.matches('^20')", True),
        ("data.leer.matches('x')", None),
        ("joined(['a', null, 'b'])", "a, b"),
        ("decision.gebuehr.betrag", None),
        ("data['tag']", "2000-11-23"),
    ],
)
def test_values(source, value):
    assert compile_expression(source).value(AROUND) == value


@pytest.mark.parametrize(
    "source",
    [
        "",
        "data.",
        "(" * 400,
        "[" * 1500,
        "1" * (LONGEST + 1),
        "boese()",
        "data.a.boese()",
        "\ud800",
        None,
        [],
        "data.x.map(a, data.x.map(b, data.x.map(c, c)))",
        "[1].exists(a, [1].exists(b, [1].all(c, true)))",
    ],
)
def test_refused(source):
    with pytest.raises(BadExpression):
        compile_expression(source)


def test_what_an_expression_refers_to():
    source = (
        "lists.z.exists(z, z.s == data.x.y && z.t.exists(u, u == data['w'])) && age(item.b) > 3"
    )
    found = compile_expression(source)
    assert found.paths == {("lists", "z"), ("data", "x", "y"), ("data", "w"), ("item", "b")}
    assert found.scanned.deepest == 2
    assert compile_expression("'data.in.text' == data.b").paths == {("data", "b")}


def test_conditions_without_an_answer():
    expression = compile_expression("data.leer > 3")
    assert not expression.holds(AROUND)
    assert expression.holds(AROUND, otherwise=True)
    with pytest.raises(Unanswered):
        expression.evaluate(AROUND)


def test_constants():
    assert constant(compile_expression("false")) is False
    assert constant(compile_expression(False)) is False
    assert constant(compile_expression("1 > 2")) is False
    assert constant(compile_expression("data.a == 1")) is None


def test_nothing_of_one_persons_data_is_left_for_the_next():
    expression = compile_expression("data.geheim")
    assert expression.value(Surroundings({"data": {"geheim": "x"}}, AROUND.today)) == "x"
    assert expression.value(Surroundings({"data": {}}, AROUND.today)) is None
    assert expression.value(Surroundings({}, AROUND.today)) is None
    item = compile_expression("item.name")
    assert item.value(Surroundings({"item": {"name": "Rex"}}, AROUND.today)) == "Rex"
    assert item.value(Surroundings({}, AROUND.today)) is None


def test_today_is_the_day_given():
    expression = compile_expression("age('2000-06-01')")
    assert expression.value(Surroundings({}, date(2020, 6, 1))) == 20
    assert expression.value(Surroundings({}, date(2020, 5, 31))) == 19
    assert compile_expression("today").value(Surroundings({}, date(2020, 5, 31))) == "2020-05-31"


def of(**data):
    return Surroundings({"data": data}, AROUND.today)


def test_an_answer_that_is_kept_is_that_of_the_same_data_day_and_types():
    seen = [1, 1, 1.0, True, 1, "1", None, None, 1, "x" * 3_000, "\ud800", "\ud800"]
    for source in ("type(data.x) == int", "data.x == 1", "size(data.x)", "data.x + 1"):
        kept = compile_expression(source)
        for x in seen:
            found, fresh = kept.value(of(x=x)), compile_expression(source).value(of(x=x))
            assert (type(found), found) == (type(fresh), fresh), (source, x)
    old = compile_expression("age(data.born) >= 18")
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 5, 31)]
    said = [old.value(Surroundings({"data": {"born": "2008-06-01"}}, day)) for day in days]
    assert said == [False, True, False]
    made = compile_expression("data.names.map(name, name)")
    made.value(of(names=["a"])).append("b")
    assert made.value(of(names=["a"])) == ["a"]


def test_threads_do_not_see_each_others_data():
    expression = compile_expression("data.n * 2")
    wrong = []

    def work(number):
        around = Surroundings({"data": {"n": number}}, AROUND.today)
        wrong.extend(number for _ in range(200) if expression.value(around) != number * 2)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "data",
                ".",
                "a",
                "(",
                ")",
                "[",
                "]",
                "'",
                '"',
                "exists",
                "z",
                ",",
                "==",
                "1",
                "!",
                "&&",
            ]
        ),
        max_size=20,
    ).map("".join)
)
def test_no_text_makes_it_stumble(source):
    try:
        expression = compile_expression(source)
    except BadExpression as bad:
        assert str(bad)
    else:
        expression.value(AROUND)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_no_value_makes_a_function_raise(value):
    around = Surroundings({"data": {"x": value}}, AROUND.today)
    for source in ("age(data.x)", "euro(data.x)", "round(data.x)", "data.x + 1", "sum(data.x)"):
        compile_expression(source).value(around)
