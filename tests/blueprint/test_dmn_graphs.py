"""Decision graphs of a blueprint: what fills them, what they answer, all kinds of boxes."""

import random
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint import dmn_building as dmn
from blueprint.dmn_building import decided, decision, function, graph, literal, parsed, table
from blueprint.process_building import CLOSE, bpmn, release, step
from dienstweg.blueprint import decisions
from dienstweg.blueprint.expressions import Surroundings
from dienstweg.blueprint.intents import Stuck, Submitted
from dienstweg.blueprint.problems import Invalid

FEES = graph(
    dmn.given("Lage der Zone", "data.zone.lage", "string"),
    dmn.given("Dauer", "data.dauer", "number"),
    function("je Jahr", ["lage"], literal('if lage = "innenstadt" then 3070 else 2040')),
    decision(
        "Grundgebühr",
        literal("je Jahr(Lage der Zone) * Dauer"),
        "i:Lage der Zone",
        "i:Dauer",
        "f:je Jahr",
    ),
    decision(
        "gebuehr",
        table(
            ["Grundgebühr"],
            ["betrag:number", "stufe:string"],
            [(["< 5000"], ["Grundgebühr", '"klein"']), ([">= 5000"], ["5000", '"groß"'])],
        ),
        "d:Grundgebühr",
    ),
)


def test_required_decisions_come_first_and_functions_are_called() -> None:
    small = decided(FEES, "gebuehr", zone={"lage": "rand"}, dauer=2)
    assert small == {"betrag": 4080, "stufe": "klein"}
    large = decided(FEES, "gebuehr", zone={"lage": "innenstadt"}, dauer=2)
    assert large == {"betrag": 5000, "stufe": "groß"}
    assert decided(FEES, "gebuehr") == {"betrag": None, "stufe": None}


def test_a_graph_says_what_it_needs_and_which_rows_fit() -> None:
    found = parsed(FEES, "gebuehr")
    assert found.paths == {("data", "zone", "lage"), ("data", "dauer")}
    assert set(decisions.rows(found)) == {"gebuehr:1", "gebuehr:2"}
    around = Surroundings({"data": {"zone": {"lage": "rand"}, "dauer": 1}}, dmn.TODAY)
    assert decisions.reached(found, around) == {"gebuehr:1"}


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (literal("1 + 1"), {"value": 2}),
        (literal("0.1 + 0.2"), {"value": 0.3}),
        (literal('{a: 1, "b c": "x"}'), {"a": 1, "b c": "x"}),
        (literal('@"2026-03-02"'), {"value": "2026-03-02"}),
        (literal("[1, [2]]"), {"value": [1, [2]]}),
        (literal("[1..2]"), {"value": None}),
        (literal("today"), {"value": "2026-03-02"}),
        (literal("today()"), {"value": "2026-03-02"}),
        (literal("size(data.x) + 1", "https://cel.dev"), {"value": 4}),
        (
            "<context><contextEntry><variable name='a b'/>"
            + literal("2")
            + "</contextEntry><contextEntry>"
            + literal("a b * 3")
            + "</contextEntry></context>",
            {"value": 6},
        ),
        (f"<list>{literal('1')}{literal('2')}</list>", {"value": [1, 2]}),
        (
            f"<relation><column name='a'/><column name='b'/><row>{literal('1')}{literal('2')}</row>"
            "</relation>",
            {"value": [{"a": 1, "b": 2}]},
        ),
        (
            f"<conditional><if>{literal('1 < 2')}</if><then>{literal('3')}</then>"
            f"<else>{literal('4')}</else></conditional>",
            {"value": 3},
        ),
        (
            f"<filter><in>{literal('data.x')}</in><match>{literal('item > 1')}</match></filter>",
            {"value": [2, 3]},
        ),
        (
            f"<for iteratorVariable='n'><in>{literal('data.x')}</in>"
            f"<return>{literal('n * 2')}</return></for>",
            {"value": [2, 4, 6]},
        ),
        (
            f"<some iteratorVariable='n'><in>{literal('data.x')}</in>"
            f"<satisfies>{literal('n = 3')}</satisfies></some>",
            {"value": True},
        ),
        (
            f"<invocation>{literal('plus')}<binding><parameter name='b'/>{literal('1')}</binding>"
            f"<binding><parameter name='a'/>{literal('10')}</binding></invocation>",
            {"value": 9},
        ),
    ],
)  # fmt: skip
def test_every_kind_of_box(box: str, expected: dict[str, Any]) -> None:
    content = graph(function("plus", ["a", "b"], literal("a - b")), decision("d", box, "f:plus"))
    assert decided(content, x=[1, 2, 3]) == expected


def test_a_type_makes_dates_of_texts_and_refuses_others() -> None:
    content = graph(
        dmn.given("Geburt", "data.geburt", "date"),
        decision("d", literal("Geburt.year"), "i:Geburt", kind="number"),
    )
    assert decided(content, geburt="1990-05-06") == {"value": 1990}
    assert decided(content, geburt="gestern") == {"value": None}
    wrong = graph(decision("d", literal('"drei"'), kind="number"))
    assert decided(wrong) == {"value": None}


def test_types_of_the_file_bound_their_values() -> None:
    item = (
        '<itemDefinition name="tStufe"><typeRef>string</typeRef><allowedValues>'
        '<text>"a", "b"</text></allowedValues></itemDefinition>'
    )
    content = graph(item, decision("d", literal("data.x"), kind="tStufe"))
    assert decided(content, x="a") == {"value": "a"}
    assert decided(content, x="c") == {"value": None}


def test_a_service_is_called_like_a_function() -> None:
    service = (
        '<decisionService id="s" name="verdoppelt"><variable name="verdoppelt"/>'
        '<outputDecision href="#doppelt"/><inputData href="#i_Zahl"/></decisionService>'
    )
    content = graph(
        dmn.given("Zahl", "data.x", "number"),
        decision("doppelt", literal("Zahl * 2"), "i:Zahl"),
        service,
        decision("d", literal("verdoppelt(21) + verdoppelt(0.5)"), "f:s"),
    )
    assert decided(content, x=1) == {"value": 43}


def test_a_file_may_use_another() -> None:
    shared = graph(function("brutto", ["netto"], literal("netto * 1.19"))).replace(
        b"urn:probe", b"urn:anderes"
    )
    extra = graph(decision("andere", literal("1"))).replace(b"urn:probe", b"urn:anderes")
    both = shared.replace(b"</definitions>", extra.partition(b'urn:anderes">')[2])
    content = graph(
        '<import name="Steuer" namespace="urn:anderes" importType="x"/>',
        '<decision id="d" name="d"><variable name="d"/><knowledgeRequirement>'
        '<requiredKnowledge href="urn:anderes#brutto"/></knowledgeRequirement>'
        + literal("Steuer.brutto(100)")
        + "</decision>",
    )
    files = {"decisions/d.dmn": content, "decisions/andere.dmn": both}
    found = decisions.parse(files)
    assert decisions.evaluate(found["d"], Surroundings({}, dmn.TODAY)) == {"value": 119}
    with pytest.raises(Invalid) as refused:
        decisions.parse({"decisions/d.dmn": content})
    assert {"dmn-import", "dmn-reference"} <= {each.code for each in refused.value.problems}


def test_an_import_must_be_clear_and_files_may_be_alike_otherwise() -> None:
    twin = graph(decision("x", literal("1"))).replace(b"urn:probe", b"urn:anderes")
    user = graph(
        '<import name="A" namespace="urn:anderes" importType="x"/>', decision("d", literal("2"))
    )
    alike = {"decisions/x.dmn": twin, "decisions/y.dmn": twin}
    assert set(decisions.parse(alike)) == {"x", "y"}
    with pytest.raises(Invalid) as refused:
        decisions.parse({**alike, "decisions/d.dmn": user})
    assert {each.code for each in refused.value.problems} == {"dmn-import"}


def test_an_imported_file_says_its_own_problems_once() -> None:
    broken = graph(decision("x", literal("1 +"))).replace(b"urn:probe", b"urn:anderes")
    user = graph(
        '<import name="A" namespace="urn:anderes" importType="x"/>', decision("d", literal("2"))
    )
    found = decisions.check({"decisions/d.dmn": user, "decisions/x.dmn": broken})
    assert [(each.code, each.file) for each in found] == [("feel", "decisions/x.dmn")]


ROWS = [(["> 1"], ["1"]), (["> 2"], ["3"]), (["> 3"], ["2"])]


@pytest.mark.parametrize(
    ("policy", "more", "expected"),
    [
        ("FIRST", "", 1),
        ("RULE ORDER", "", [1, 3, 2]),
        ("COLLECT", "", [1, 3, 2]),
        ("COLLECT", ' aggregation="SUM"', 6),
        ("COLLECT", ' aggregation="MIN"', 1),
        ("COLLECT", ' aggregation="MAX"', 3),
        ("COLLECT", ' aggregation="COUNT"', 3),
    ],
)
def test_hit_policies(policy: str, more: str, expected: Any) -> None:
    box = table(["data.a"], ["x"], ROWS, policy=policy, more=more)
    assert decided(graph(decision("d", box)), a=9)["x"] == expected


@pytest.mark.parametrize(("policy", "expected"), [("PRIORITY", 3), ("OUTPUT ORDER", [3, 2, 1])])
def test_outputs_have_an_order(policy: str, expected: Any) -> None:
    for language in ("", "feel"):
        box = table(["data.a"], ["x"], ROWS, policy=policy).replace(
            '<output name="x"/>',
            '<output name="x"><outputValues><text>3, 2, 1</text></outputValues></output>',
        )
        assert decided(graph(decision("d", box), language=language), a=9) == {"x": expected}


def test_ambiguous_tables_raise() -> None:
    for policy in ("UNIQUE", "ANY"):
        box = table(["data.a"], ["x"], [(["> data.b"], ["1"]), (["> 2"], ["2"])], policy=policy)
        content = graph(decision("d", box), language="feel")
        assert decided(content, a=9, b=10) == {"x": 2}
        with pytest.raises(decisions.Ambiguous):
            decided(content, a=9, b=1)


def test_without_a_language_one_table_is_cel_and_a_graph_is_feel() -> None:
    box = table(["data.a == 1 ? 2 : 3"], ["x"], [(["2"], ["data.a * 10"])])
    plain = graph(decision("d", box))
    assert decided(plain, a=1) == {"x": 10}
    with pytest.raises(Invalid):
        decided(graph(decision("d", box), language="feel"), a=1)
    feel = graph(decision("d", box.replace("data.a == 1 ? 2 : 3", "if data.a = 1 then 2 else 3")),
                 language="https://www.omg.org/spec/DMN/20230324/FEEL/")  # fmt: skip
    assert decided(feel, a=1) == {"x": 10}
    with pytest.raises(Invalid) as refused:
        decided(graph(decision("d", box), language="urn:groovy"))
    assert "dmn-language" in {each.code for each in refused.value.problems}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (graph(dmn.given("Lage"), decision("d", literal("Lage"), "i:Lage")), "dmn-input"),
        (graph(decision("a", literal("1")), decision("b", literal("2"))), "dmn-decision"),
        (graph(decision("d", literal("1 +"))), "feel"),
        (graph(decision("d", literal("x ||", "cel"))), "cel"),
        (graph(decision("d", literal("1"), kind="tUnbekannt")), "dmn-type"),
        (graph(decision("d", literal("1"), "d:weg")), "dmn-reference"),
        (graph(decision("d", "<functionDefinition kind='Java'/>")), "dmn-unsupported"),
        (graph(decision("d", "<magic/>")), "dmn-unsupported"),
    ],
)
def test_faults_are_found(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parsed(content)
    assert code in {each.code for each in refused.value.problems}


def test_an_overlay_changes_outputs_of_a_graph() -> None:
    changed = decisions.change_outputs(FEES, {"r2": {"betrag": 4000, "stufe": 'so "groß"'}})
    found = decided(changed, "gebuehr", zone={"lage": "innenstadt"}, dauer=2)
    assert found == {"betrag": 4000, "stufe": 'so "groß"'}
    with pytest.raises(KeyError):
        decisions.change_outputs(FEES, {"r9": {"betrag": 1}})


def test_a_process_stops_where_a_decision_contradicts_itself() -> None:
    box = table(["data.a"], ["x"], [(["> data.b"], ["1"]), (["> 2"], ["2"])])
    content = graph(decision("d", box), language="feel")
    process = bpmn(
        f'<businessRuleTask id="e" dw:decision="d"/>{CLOSE}', "start>e", "e>zu", "zu>ende"
    )
    made = release(process, {"decisions/d.dmn": content})
    done = step(made, None, Submitted(), {"a": 9, "b": 10})
    assert done.state["values"]["decision"]["d"] == {"x": 2}
    with pytest.raises(Stuck) as stopped:
        step(made, None, Submitted(), {"a": 9, "b": 1})
    assert (stopped.value.code, stopped.value.where) == ("no-answer", "e")


CELLS = st.sampled_from(["-", "1", "2, 3", "< 2", ">= 3", "[1..3)", "not(2)", "(0..2]", "null"])
OF_PYTHON = {
    "-": lambda _v: True,
    "1": lambda v: v == 1,
    "2, 3": lambda v: v in (2, 3),
    "< 2": lambda v: v is not None and v < 2,
    ">= 3": lambda v: v is not None and v >= 3,
    "[1..3)": lambda v: v is not None and 1 <= v < 3,
    "not(2)": lambda v: v != 2,
    "(0..2]": lambda v: v is not None and 0 < v <= 2,
    "null": lambda v: v is None,
}


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6), st.sampled_from(["feel", ""]))
def test_a_table_finds_the_rows_that_python_finds(
    rows: list[tuple[str, str]], language: str
) -> None:
    box = table(
        ["data.a", "data.b"],
        ["x"],
        [(list(cells), [str(number)]) for number, cells in enumerate(rows)],
        policy="RULE ORDER",
    )
    found = parsed(graph(decision("d", box), language=language))
    for a, b in product([None, 0, 1, 1.5, 2, 3], repeat=2):
        around = Surroundings({"data": {"a": a, "b": b}}, dmn.TODAY)
        expected = [
            n for n, (one, two) in enumerate(rows) if OF_PYTHON[one](a) and OF_PYTHON[two](b)
        ]
        assert (decisions.evaluate(found, around)["x"] or []) == expected


@given(st.integers(0, 2**32), st.integers(2, 12))
def test_a_graph_gives_what_a_calculation_gives(seed: int, size: int) -> None:
    rolls = random.Random(seed)
    values = [rolls.randint(-9, 9)]
    parts = [dmn.given("n0", "data.n"), decision("n1", literal("n0 + 1"), "i:n0")]
    values.append(values[0] + 1)
    for at in range(2, size):
        one, other = rolls.randrange(1, at), rolls.randrange(1, at)
        sign = rolls.choice("+-*")
        needed = sorted({f"d:n{one}", f"d:n{other}"})
        parts.append(decision(f"n{at}", literal(f"n{one} {sign} n{other}"), *needed))
        values.append(eval(f"values[one] {sign} values[other]"))
        if abs(values[-1]) > 10**12:
            return
    last = f"n{size - 1}"
    assert decided(graph(*parts), last, n=values[0]) == {"value": values[-1]}
