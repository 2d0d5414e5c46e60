"""What `check` says of decision graphs and tables before anybody uses them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint import dmn_building as dmn
from blueprint.dmn_building import decision, function, graph, literal, table, told
from dienstweg.blueprint import decisions
from dienstweg.blueprint.dmn_coverage import Column, gap, overlaps, unreached

SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "lage": {"type": "string", "enum": ["innenstadt", "rand"]},
            "dauer": {"type": "integer", "minimum": 1, "maximum": 3},
            "hund": {"type": "object", "properties": {"name": {"type": "string"}}},
            "neu": {"type": "boolean"},
        },
    }
).encode()


def said(content: bytes) -> list[Any]:
    """What is said with a data schema at hand."""
    files = {"decisions/d.dmn": content, "data.schema.json": SCHEMA}
    return decisions.check(files)


def codes(content: bytes) -> list[str]:
    """The codes of it."""
    return [each.code for each in said(content)]


@pytest.mark.parametrize("language", ["", "feel"])
@pytest.mark.parametrize(
    ("cells", "policy", "expected"),
    [
        ([['"innenstadt"', "-"], ['"rand"', "-"]], "UNIQUE", []),
        ([['"innenstadt"', "-"], ['"rand"', "[1..2]"]], "UNIQUE", ["dmn-gap"]),
        ([['"innenstadt"', "-"], ['"rand"', "[1..3]"]], "UNIQUE", []),
        ([['"innenstadt"', "-"], ["-", "1"], ['"rand"', "> 1"]], "UNIQUE", ["dmn-overlap"]),
        ([['"innenstadt"', "-"], ["-", "-"], ['"rand"', "1"]], "FIRST", ["dmn-unreached"]),
        ([['"innenstdt"', "-"], ["-", "-"]], "FIRST", ["dmn-unreached"]),
        ([['"innenstadt"', "-"], ['"rand"', "1"], ["-", "> 1"]], "FIRST", []),
        ([['"rand"', "1"]], "COLLECT", []),
        ([["-", "< 2"], ["-", "> 2"]], "UNIQUE", ["dmn-gap"]),
    ],
)
def test_rows(language: str, cells: list[list[str]], policy: str, expected: list[str]) -> None:
    rows = [(each, [str(at)]) for at, each in enumerate(cells)]
    box = table(["data.lage", "data.dauer"], ["x"], rows, policy=policy)
    assert codes(graph(decision("d", box), language=language)) == expected


def test_a_gap_is_told_by_example_and_is_only_a_warning() -> None:
    box = table(["data.lage", "data.dauer"], ["x"], [(['"rand"', "-"], ["1"])])
    (found,) = said(graph(decision("d", box), language="feel"))
    assert found.severity == "warning"
    assert 'data.lage = "innenstadt"' in found.message
    defaulted = box.replace(
        '<output name="x"/>',
        '<output name="x"><defaultOutputEntry><text>0</text></defaultOutputEntry></output>',
    )
    assert codes(graph(decision("d", defaulted), language="feel")) == []


def test_values_of_input_data_come_from_its_source_and_its_type() -> None:
    item = (
        '<itemDefinition name="tLage"><typeRef>string</typeRef><allowedValues>'
        '<text>"a", "b"</text></allowedValues></itemDefinition>'
    )
    for start, cell in (
        (dmn.given("Lage", "data.lage"), '"innenstadt"'),
        (item + dmn.given("Lage", "data.hund.name", "tLage"), '"a"'),
    ):
        box = table(["Lage"], ["x"], [([cell], ["1"])])
        assert codes(graph(start, decision("d", box, "i:Lage"))) == ["dmn-gap"]


def test_yes_and_no_are_both_needed() -> None:
    box = table(["data.neu"], ["x"], [(["true"], ["1"])])
    assert codes(graph(decision("d", box), language="feel")) == ["dmn-gap"]
    both = table(["data.neu"], ["x"], [(["true"], ["1"]), (["false"], ["2"])])
    assert codes(graph(decision("d", both), language="feel")) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("data.lage", ""),
        ("data.hund.name + data.lage", ""),
        ("[1, 2][item > data.dauer]", ""),
        ("for n in [1, 2] return n * data.dauer", ""),
        ("if data.neu then data.dauer else null", ""),
        ("verdoppelt(data.dauer) + 1", ""),
        ("date(data.lage) < today", ""),
        ("substring(data.lage, 1)", ""),
        ("data.lge", "unknown-name"),
        ("lage", "unknown-name"),
        ("data.hund.alter", "unknown-name"),
        ("data.lage.x", "unknown-name"),
        ("verdreifacht(1)", "unknown-name"),
        ("today.jahr", "unknown-name"),
        ("data.lage + data.dauer", "type"),
        ("data.lage > 1", "type"),
        ('data.dauer = "1"', "type"),
        ("data.neu and data.dauer", "type"),
        ("if data.lage then 1 else 2", "type"),
        ("string length(data.dauer)", "type"),
        ("string length()", "type"),
        ("substring(string: data.lage, start: 1)", "type"),
        ("-data.lage", "type"),
        ("today - 3", "type"),
        ("data.dauer in (1, \"a\")", "type"),
        ("1(2)", "type"),
    ],
)  # fmt: skip
def test_names_and_types(text: str, code: str) -> None:
    double = function("verdoppelt", ["n"], literal("n * 2"))
    found = codes(graph(double, decision("d", literal(text), "f:verdoppelt")))
    assert found == ([code] if code else [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("data.lage", ""),
        ('data.lage == "rand" ? 1 : 2', ""),
        ("facts.case_number", ""),
        ("size(data.hund.name)", ""),
        ("data.lge", "unknown-name"),
        ("data.hund.alter", "unknown-name"),
        ("lage", "unknown-name"),
        ("data.lage > 1", "type"),
        ('data.lage == "randd"', "type"),
    ],
)
def test_cel_is_looked_at_too_in_tables_and_in_graphs(text: str, code: str) -> None:
    expected = [code] if code else []
    plain = table([text], ["x"], [(["-"], ["1"])])
    assert codes(graph(decision("d", plain))) == expected
    answer = table(["data.neu"], ["x"], [(["-"], [text])])
    assert codes(graph(decision("d", answer))) == expected
    assert codes(graph(decision("d", literal(text, "cel")))) == expected
    filled = graph(dmn.given("Frage", text), decision("d", literal("Frage"), "i:Frage"))
    assert codes(filled) == expected


def test_types_of_columns_are_kept() -> None:
    box = table(["Dauer"], ["x:number"], [(["1"], ['"eins"']), (['"zwei"'], ["2"])]).replace(
        "<inputExpression>", '<inputExpression typeRef="number">'
    )
    found = codes(graph(dmn.given("Dauer", "data.dauer"), decision("d", box, "i:Dauer")))
    assert sorted({*found}) == ["dmn-gap", "dmn-type", "dmn-unreached", "type"]


def test_lines_lead_to_the_place() -> None:
    content = graph(decision("a", literal("1")), decision("d", literal("a + data.lge"), "d:a"))
    assert told(content, **{"data.schema.json": SCHEMA}) == [("unknown-name", 3)]


Cells = st.frozensets(st.integers(0, 4), max_size=5)


@given(st.lists(st.tuples(Cells, Cells), min_size=1, max_size=5))
def test_coverage_is_what_trying_all_values_says(rows: list[tuple[frozenset[int], ...]]) -> None:
    columns = [
        Column(str(at), [row[at].__contains__ for row in rows], range(5), range(5), range(5))
        for at in range(2)
    ]
    every = [(a, b) for a in range(5) for b in range(5)]
    fitting = [
        [at for at, (one, two) in enumerate(rows) if a in one and b in two] for a, b in every
    ]
    later = {at for fits in fitting for at in fits[1:]}
    assert {pair[0] for pair in overlaps(columns, len(rows))} == later
    assert (gap(columns, len(rows)) is not None) == any(not fits for fits in fitting)
    firsts = {fits[0] for fits in fitting if fits}
    assert unreached(columns, len(rows), hidden=True) == [
        at for at in range(len(rows)) if at not in firsts
    ]
