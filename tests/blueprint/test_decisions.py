"""Decision tables: cells, hit policies, and what is refused."""

from datetime import date
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.process_building import table
from dienstweg.blueprint import decisions, feel
from dienstweg.blueprint.expressions import Surroundings
from dienstweg.blueprint.problems import Invalid, errors

TODAY = date(2026, 3, 2)


def decide(content: bytes, **data: Any) -> dict[str, Any]:
    """The outputs for a, b, c."""
    found = decisions.parse({"decisions/d.dmn": content})
    release: Any = SimpleNamespace(decisions=found, lists={})
    return decisions.decide(release, "d", data, today=TODAY)


def codes(content: bytes) -> list[str]:
    """The codes of what is wrong, warnings left out."""
    return [problem.code for problem in errors(decisions.check({"decisions/d.dmn": content}))]


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("-", [1, "x", None, True], []),
        ("", [1, None], []),
        ('"a"', ["a"], ["b", 1, None]),
        ('"a", "b"', ["a", "b"], ["c"]),
        ('"a, b"', ["a, b"], ["a", "b"]),
        ("12", [12, 12.0], [13, "12", True]),
        ("-5", [-5], [5]),
        ("< 10", [9, -1, 9.5], [10, "9", None, True]),
        (">= 1.5", [1.5, 2], [1, None]),
        ("!= 3", [4, "x", None], [3]),
        ("[1..5]", [1, 5, 3.5], [0, 6, None]),
        ("(1..5)", [2], [1, 5]),
        ("]1..5[", [2], [1, 5]),
        ("[1..5), 9", [1, 9], [5]),
        ("not(1, 2)", [3, "x", None], [1, 2]),
        ("not([1..5])", [0], [3]),
        ("true", [True], [1, "true", False]),
        ("false", [False], [0, None]),
        ("null", [None], ["", 0, False]),
        ('date("2026-03-01")', ["2026-03-01"], ["2026-03-02"]),
        ('< date("2026-03-01")', ["2026-02-28"], ["2026-03-01", None, 3]),
        ('["b".."d"]', ["b", "c"], ["a", "e"]),
        ("> data.grenze", [11], [10, None]),
        ("<= today", ["2026-03-02"], ["2026-03-03"]),
    ],
)
def test_cells(cell: str, yes: list[Any], no: list[Any]) -> None:
    read = feel.cell(cell)
    around = Surroundings({"data": {"grenze": 10}}, TODAY)
    assert [value for value in yes if not read.holds(value, around)] == []
    assert [value for value in no if read.holds(value, around)] == []


@pytest.mark.parametrize("cell", ["1,", "? > 3", "> ", "[1..]", "foo(1)", "x" * 600, "(("])
def test_what_is_no_test_is_refused(cell: str) -> None:
    assert "feel" in codes(table([([cell], ["1"])]))


def test_unique_gives_the_one_row_or_nothing() -> None:
    content = table([(['"a"'], ["1", '"eins"']), (['"b"'], ["2", "null"])])
    assert decide(content, a="a") == {"x": 1, "y": "eins"}
    assert decide(content, a="b") == {"x": 2, "y": None}
    assert decide(content, a="c") == {"x": None, "y": None}
    assert decide(content) == {"x": None, "y": None}


def test_a_default_stands_in_where_nothing_fits() -> None:
    content = table([(['"a"'], ["1"])]).replace(
        b'<output name="x"/>',
        b'<output name="x"><defaultOutputEntry><text>7</text></defaultOutputEntry></output>',
    )
    assert decide(content, a="z") == {"x": 7}


def test_outputs_can_be_calculated() -> None:
    assert decide(table([(["-"], ["data.a * 100"])]), a=3) == {"x": 300}
    assert decide(table([(["-"], ["data.a * 100"])])) == {"x": None}


FIT = [(["> 1"], ["1"]), (["> 2"], ["3"]), (["> 3"], ["2"])]


@pytest.mark.parametrize(
    ("policy", "extra", "value"),
    [
        ("FIRST", {}, 1),
        ("COLLECT", {}, [1, 3, 2]),
        ("RULE ORDER", {}, [1, 3, 2]),
        ("COLLECT", {"aggregation": "SUM"}, 6),
        ("COLLECT", {"aggregation": "MIN"}, 1),
        ("COLLECT", {"aggregation": "MAX"}, 3),
        ("COLLECT", {"aggregation": "COUNT"}, 3),
    ],
)
def test_hit_policies(policy: str, extra: dict[str, str], value: Any) -> None:
    assert decide(table(FIT, policy=policy, **extra), a=9) == {"x": value}


def test_priority_goes_by_the_order_of_the_output_values() -> None:
    content = table([(["> 1"], ['"mittel"']), (["> 2"], ['"hoch"'])], policy="PRIORITY").replace(
        b'<output name="x"/>',
        b'<output name="x"><outputValues><text>"hoch", "mittel"</text></outputValues></output>',
    )
    assert decide(content, a=9) == {"x": "hoch"}
    assert decide(content, a=2) == {"x": "mittel"}


def test_any_must_agree() -> None:
    assert decide(table([(["> 1"], ["5"]), (["> 2"], ["5"])], policy="ANY"), a=9) == {"x": 5}
    with pytest.raises(decisions.Ambiguous):
        decide(table([(["> 1"], ["5"]), (["> 2"], ["6"])], policy="ANY"), a=9)


def test_rows_of_a_unique_table_that_overlap_are_refused() -> None:
    problems = errors(decisions.check({"decisions/d.dmn": table(FIT)}))
    assert [(each.code, each.line) for each in problems] == [("dmn-overlap", 3), ("dmn-overlap", 4)]
    assert codes(table([(["< 2", '"a"'], ["1"]), (["< 3", '"b"'], ["1"])])) == []
    assert codes(table([(["[1..2]"], ["1"]), (["[2..3]"], ["1"])])) == ["dmn-overlap"]
    assert codes(table([(["[1..2)"], ["1"]), (["[2..3]"], ["1"])])) == []
    assert codes(table([(["(1..2)"], ["1"]), (["(1.2..1.4)"], ["1"])])) == ["dmn-overlap"]


def test_overlaps_that_only_data_can_show_stop_the_decision() -> None:
    content = table([(["> data.b"], ["1"]), (["> data.c"], ["2"])])
    assert codes(content) == []
    assert decide(content, a=2, b=1, c=3) == {"x": 1}
    with pytest.raises(decisions.Ambiguous):
        decide(content, a=9, b=1, c=1)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=8, unique=True), st.integers(-60, 60))
def test_steps_of_a_scale_are_found_like_in_python(ends: list[int], value: int) -> None:
    ends = sorted(ends)
    rules = [([f"< {ends[0]}"], ["0"])]
    rules += [
        ([f"[{low}..{high})"], [str(place)]) for place, (low, high) in enumerate(pairwise(ends), 1)
    ]
    rules.append(([f">= {ends[-1]}"], [str(len(ends))]))
    content = table(rules)
    assert codes(content) == []
    assert decide(content, a=value) == {"x": sum(value >= end for end in ends)}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"nein", "xml"),
        (b"<!DOCTYPE a><a/>", "xml"),
        (table(FIT).replace(b"20191111", b"20151101"), "dmn-version"),
        (table(FIT).replace(b"<decision id", b"<simulation/><decision id"), "dmn-unsupported"),
        (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "dmn-decision"),
        (table(FIT, policy="LAST"), "dmn-policy"),
        (table(FIT, policy="FIRST", aggregation="SUM"), "dmn-policy"),
        (table([(["1"], ["1"])]).replace(b"data.a", b"data.a +"), "cel"),
        (table([(["1"], ["1"])]).replace(b'name="x"', b'name="x" typeRef="string"'), "dmn-type"),
        (table([(["1"], ["1"])]).replace(b'name="x"', b'name="x" typeRef="feen"'), "dmn-type"),
        (table([(["1"], ["1", "2"])]).replace(b'<output name="y"/>', b""), "dmn-rule"),
    ],
)  # fmt: skip
def test_faults_are_found(content: bytes, code: str) -> None:
    assert code in codes(content)
    with pytest.raises(Invalid):
        decisions.parse({"decisions/d.dmn": content})


def test_an_overlay_changes_outputs_only() -> None:
    content = table([(['"a"'], ["1", '"eins"']), (['"b"'], ["2", "null"])])
    changed = decisions.change_outputs(content, {"r1": {"x": 99, "y": 'Er sagt "ja"'}})
    assert decide(changed, a="a") == {"x": 99, "y": 'Er sagt "ja"'}
    assert decide(changed, a="b") == {"x": 2, "y": None}
    for wrong in ({"r9": {"x": 1}}, {"r1": {"q": 1}}):
        with pytest.raises(KeyError):
            decisions.change_outputs(content, wrong)


def test_a_table_says_what_it_needs() -> None:
    found = decisions.parse({"decisions/d.dmn": table([(["> data.b"], ["data.c.d"])])})
    assert found["d"].paths == {("data", "a"), ("data", "b"), ("data", "c", "d")}
