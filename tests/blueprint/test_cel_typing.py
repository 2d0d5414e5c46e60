"""Rules that can only be mistakes are told before anybody meets them; all others are left alone."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.blueprint import expressions
from dienstweg.blueprint.cel_signatures import SIGNATURES
from dienstweg.blueprint.cel_tree import Call, Constant, Member, Name, Unread, path_of, read, walk
from dienstweg.blueprint.cel_types import ANY, of_row, of_schema
from dienstweg.blueprint.cel_typing import typed
from dienstweg.blueprint.scan import MACROS

SCHEMA = {
    "type": "object",
    "properties": {
        "art": {"type": "string", "enum": ["kauf", "miete"]},
        "ort": {"type": "string"},
        "zahl": {"type": "integer"},
        "summe": {"type": "number"},
        "tag": {"type": "string", "format": "date"},
        "ja": {"type": "boolean"},
        "hunde": {
            "type": "array",
            "maxItems": 5,
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "alter": {"type": "integer"}},
            },
        },
    },
}
NAMES = {
    "data": of_schema(SCHEMA),
    "today": of_schema({"type": "string", "format": "date"}),
    "lists": of_row({"zonen": [{"name": "A", "preis": 3}, {"name": "B", "preis": 4}]}),
}


def faults(source: str) -> list[str]:
    return [each.message for each in typed(source, NAMES).faults]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("data.art == 'kauf' && data.zahl > 2", "bool"),
        ("data.art in ['kauf', 'miete']", "bool"),
        ("data.zahl + 1", "whole"),
        ("number(data.zahl) * 2.5", "decimal"),
        ("data.zahl > 1.5", "bool"),
        ("data.tag <= days(today, 90)", "bool"),
        ("data.tag > '1900-01-01'", "bool"),
        ("data.ort == null", "bool"),
        ("data.hunde.exists(h, h.alter > 3 && h.name != '')", "bool"),
        ("data.hunde.map(h, h.alter)", "list"),
        ("sum(data.hunde.map(h, h.alter))", "any"),
        ("data.hunde.filter(h, h.alter > 1)[0].name", "text"),
        ("lists.zonen.filter(z, z.name == data.ort)[0].preis", "whole"),
        ("lists.zonen.exists(z, z.name == 'Q')", "bool"),
        ("data.ja ? 'a' : 'b'", "text"),
        ("'a' + data.ort", "text"),
        ("matches(data.ort, '^x') || data.ort.endsWith('y')", "bool"),
        ("has(data.ort) && size(data.ort) > 3", "bool"),
        ("age(data.tag) >= 18", "bool"),
        ("task.x == 3", "bool"),
        ("data.frei.sonst > 3", "bool"),
        ("{'a': data.ort}", "object"),
        ("-data.zahl % 2 == 0", "bool"),
    ],
)
def test_what_can_be_meant_is_left_alone(source: str, kind: str):
    found = typed(source, NAMES)
    assert found.faults == ()
    assert found.type.kind == kind


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("data.art == 'pacht'", "data.art ist nie „pacht“."),
        ("'pacht' != data.art", "data.art ist nie „pacht“."),
        ("data.art in ['kauf', 'pacht']", "data.art ist nie „pacht“."),
        ("data.zahl == '5'", "eine ganze Zahl, „5“ ist ein Text"),
        ("data.ja == 'true'", "Ja oder Nein, „true“ ist ein Text"),
        ("data.zahl + data.summe", "nicht verrechnen"),
        ("data.ort * 2", "Mit data.ort lässt sich nicht rechnen"),
        ("data.tag > '2020'", "„2020“ ist kein Datum"),
        ("date_before(data.tag, '3.4.2020')", "„3.4.2020“ ist kein Datum"),
        ("data.tag == 5", "ein Datum, „5“ ist eine ganze Zahl"),
        ("data.ja > false", "keine Reihenfolge"),
        ("data.zahl && data.ja", "hier muss eine Bedingung stehen"),
        ("data.zahl ? 1 : 2", "hier muss eine Bedingung stehen"),
        ("!data.ort", "hier muss eine Bedingung stehen"),
        ("data.hunde.exists(h, h.rasse == 'a')", "h.rasse gibt es nicht"),
        ("data.hunde.all(h, h.alter)", "hier muss eine Bedingung stehen"),
        ("data.hunde.exists(h, h == 3)", "sind nie gleich"),
        ("data.ort.exists(o, o == 'a')", "braucht eine Liste"),
        ("data.zahl in data.ort", "muss eine Liste stehen"),
        ("data.zahl in ['a']", "in der Liste steht ein Text"),
        ("days(data.tag, '3')", "braucht eine ganze Zahl"),
        ("upper(data.zahl)", "braucht ein Text"),
        ("age()", "braucht 1 bis 2 Angaben, nicht 0"),
        ("year(data.tag, 1)", "braucht 1 Angaben, nicht 2"),
    ],
)
def test_what_can_only_be_a_mistake_is_told(source: str, said: str):
    assert any(said in one for one in faults(source)), faults(source)


def test_every_function_has_a_signature():
    assert SIGNATURES.keys() == expressions.KNOWN_FUNCTIONS - MACROS


def test_a_tree_says_what_it_is_made_of():
    tree = read("data.a['b'].c > 1 && x.exists(y, y.z)")
    assert isinstance(tree, Call)
    assert tree.name == "&&"
    paths = {path_of(each) for each in walk(tree) if isinstance(each, Member)}
    assert ("data", "a", "b", "c") in paths
    assert ("y", "z") in paths
    assert Constant(1) in set(walk(tree))
    assert Name("x") in set(walk(tree))


@pytest.mark.parametrize(
    "source", ["", "1 +", "a b", "(a", "a[", "f(1", "{1}", "#", "b'x'", "'", "(" * 900 + ")" * 900]
)
def test_what_is_no_expression_is_not_read(source: str):
    with pytest.raises(Unread):
        read(source)
    assert typed(source, NAMES).type == ANY


ATOMS = st.sampled_from(
    [
        "data.art",
        "data.ort",
        "data.zahl",
        "data.summe",
        "data.tag",
        "data.ja",
        "today",
        "'kauf'",
        "'pacht'",
        "'2026-01-01'",
        "'x'",
        "1",
        "-2",
        "2.5",
        "true",
        "null",
        "size(data.hunde)",
        "['kauf', 'b']",
        "data.hunde.map(h, h.alter)",
    ]
)
SIGNS = ("==", "!=", "<", "<=", ">", ">=", "&&", "||", "+", "-", "*", "/", "%", "in")


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(SIGNS), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} ? {p[1]} : {p[2]})"),
        inner.map(lambda one: f"blank({one})"),
        inner.map(lambda one: f"data.hunde.exists(h, h.alter == {one})"),
    )


EXPRESSIONS = st.recursive(ATOMS, _grown, max_leaves=6)
DATA = st.fixed_dictionaries(
    {
        "art": st.sampled_from(["kauf", "miete", None]),
        "ort": st.sampled_from(["x", "", "kauf", None]),
        "zahl": st.sampled_from([0, 1, 7, None]),
        "summe": st.sampled_from([0.5, 2.5, None]),
        "tag": st.sampled_from(["2026-01-01", "1999-12-31", None]),
        "ja": st.sampled_from([True, False, None]),
        "hunde": st.lists(
            st.fixed_dictionaries({"name": st.just("Rex"), "alter": st.integers(0, 3)}), max_size=2
        ),
    }
)


@given(EXPRESSIONS)
def test_whatever_the_library_takes_is_read(source: str):
    with suppress(expressions.BadExpression):  # too deep a nest of macros is ours to refuse
        expressions.compile_expression(source)
    read(source)


@given(st.sampled_from(["==", "!=", "<", "in"]), ATOMS, ATOMS, DATA)
def test_what_is_called_a_mistake_never_comes_true(
    sign: str, left: str, right: str, data: dict[str, Any]
):
    """A comparison that is refused is false (or has no answer) whatever was entered.

    Two answers that are both missing are equal, whatever they would have been.
    """
    if None in data.values():
        return
    source = f"{left} {sign} {right}"
    if "null" in source or not faults(source):
        return
    if sign == "!=":
        source = f"!({source})"
    around = expressions.Surroundings({"data": data}, date(2026, 3, 2))
    found = expressions.compile_expression(source).value(around)
    ordered_or_dated = sign == "<" or "data.tag" in source or "today" in source
    assert found in (False, None) or ordered_or_dated
