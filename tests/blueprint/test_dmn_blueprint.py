"""A shipped blueprint whose table has become a graph: rules, check and acceptance cases go on."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from blueprint import dmn_building as dmn
from dienstweg.blueprint import acceptance, archive, check, decisions, folder
from dienstweg.blueprint import release as releases
from dienstweg.blueprint.problems import errors

ROOT = Path(__file__).parents[2] / "leistungen" / "hundesteuer-anmeldung"
OUTPUTS = ["grundbetrag:number", "je_weiterem:number", "je_gelistetem:number"]
ROWS = [
    (["0"], ["0", "0", "60000"]),
    (["1"], ["erster", "0", "60000"]),
    (["2"], ["erster + zweiter", "0", "60000"]),
    ([">= 3"], ["erster + zweiter", "15600", "60000"]),
]


@cache
def files(*, as_graph: bool) -> dict[str, bytes]:
    """The blueprint as it is shipped, or with its table as a graph in FEEL."""
    found = dict(folder.read_folder(ROOT))
    if as_graph:
        item = (
            '<itemDefinition name="tHund"><itemComponent name="gelistet"><typeRef>boolean</typeRef>'
            '</itemComponent></itemDefinition><itemDefinition name="tHunde" isCollection="true">'
            "<typeRef>tHund</typeRef></itemDefinition>"
        )
        found["decisions/steuer.dmn"] = dmn.graph(
            item,
            dmn.given("Alle Hunde", "data.hunde.filter(h, h.gelistet != null)", "tHunde"),
            dmn.decision("Zahl", dmn.literal("count(Alle Hunde[not(gelistet)])"), "i:Alle Hunde"),
            dmn.decision("erster", dmn.literal("9600")),
            dmn.decision("zweiter", dmn.literal("132 * 100")),
            dmn.decision(
                "steuer", dmn.table(["Zahl"], OUTPUTS, ROWS), "d:Zahl", "d:erster", "d:zweiter"
            ),
        )
    return found


@cache
def compiled(*, as_graph: bool) -> Any:
    """Its release."""
    return releases.compile(files(as_graph=as_graph))


def test_check_finds_nothing_wrong_with_the_graph() -> None:
    release, _ = releases.assemble(files(as_graph=True), archive.pack(files(as_graph=True)))
    assert release is not None
    found = check.check(files(as_graph=True), cases=False)
    assert [str(each) for each in found if (each.file or "").startswith("decisions/")] == []
    assert errors(found) == []
    assert ("data", "hunde") in release.decisions["steuer"].paths


@given(st.lists(st.booleans(), max_size=5))
def test_the_graph_decides_as_the_table_does(listed: list[bool]) -> None:
    data = {"hunde": [{"name": "Rex", "gelistet": each} for each in listed]}
    both = [
        decisions.decide(compiled(as_graph=each), "steuer", data, today=date(2026, 3, 2))
        for each in (False, True)
    ]
    assert both[0] == both[1]


def test_an_acceptance_case_reaches_rows_of_the_graph() -> None:
    release = compiled(as_graph=True)
    every = acceptance.reachable(release)
    assert "row:steuer:steuer:4" in every
    case = next(each for each in acceptance.load(release.files) if "outcome" in each.expect)
    result = acceptance.run(release, case)
    assert result.deviations == ()
    assert {name for name in result.reached if name.startswith("row:steuer:steuer:")}


def test_an_overlay_changes_the_graph() -> None:
    base = dict(files(as_graph=True))
    local = releases.compile(base, {"decisions": {"steuer": {"r1": {"je_gelistetem": 1}}}})
    found = decisions.decide(local, "steuer", {"hunde": []}, today=date(2026, 3, 2))
    assert found == {"grundbetrag": 0, "je_weiterem": 0, "je_gelistetem": 1}
