"""The generated acceptance cases: every page and both sides of every rule, or named as open."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from dienstweg.blueprint.acceptance import run_all
from dienstweg.blueprint.check import check
from dienstweg.blueprint.fim import Imported, import_file
from dienstweg.blueprint.problems import errors
from dienstweg.blueprint.release import compile as compiled
from fim_documents import at, code_list, field, group, message, rule

LIST = code_list("urn:de:test:haltung", ("001", "Garten"), ("002", "Wald"), ("003", "Dach"))
KIND = field("F99000001", "Haltung", kind="select", code_list="urn:de:test:haltung")
HAS = field("F99000002", "Wanderung", datatype="bool")
NOTE = field("F99000003", "Bemerkung")
HIVES = field("F99000004", "Völker", datatype="num_int", facets='{"minValue":"1","maxValue":"50"}')
SINCE = field("F99000005", "von", datatype="date")
UNTIL = field("F99000006", "bis", datatype="date")


def imported(*children: str, rules: str = "") -> Imported:
    result = import_file(message(*children, rules=rules), "test.xml", code_lists=[LIST])
    assert [str(problem) for problem in errors(check(result.files))] == []
    return result


def missed(result: Imported) -> tuple[str, ...]:
    return run_all(compiled(result.files)).missed


def cases(result: Imported) -> list[Any]:
    names = sorted(name for name in result.files if name.startswith("cases/"))
    return [YAML(typ="safe").load(io.BytesIO(result.files[name])) for name in names]


def test_choices_that_lead_to_other_pages_are_all_gone() -> None:
    texts = [
        f'Wenn F99000001 = {code} "{name}", dann muss {target} befüllt werden. '
        f'Wenn F99000001 <> {code} "{name}", dann darf {target} nicht befüllt werden.'
        for code, name, target in (
            ("001", "Garten", "G99000001"),
            ("002", "Wald", "G99000002"),
            ("003", "Dach", "G99000003"),
        )
    ]
    rules = "".join(rule(f"R9900000{n}", "Weg", text) for n, text in enumerate(texts))
    groups = [
        at("0:1", group(f"G9900000{n}", f"Ort {n}", at("1:1", NOTE), at("0:1", HIVES)))
        for n in (1, 2, 3)
    ]
    result = imported(at("1:1", KIND), *groups, rules=rules)
    assert result.report.counts["davon übersetzt"] == 3
    assert missed(result) == ()


def test_a_condition_behind_another_condition_is_reached() -> None:
    first = "Wenn F99000002 <> Ja, dann darf F99000001 nicht befüllt werden."
    second = "Wenn F99000001 <> 002, dann darf F99000003 nicht befüllt werden."
    rules = rule("R99000001", "A", first) + rule("R99000002", "B", second)
    result = imported(at("1:1", HAS), at("1:1", KIND), at("1:1", NOTE), rules=rules)
    assert missed(result) == ()


def test_dates_and_numbers_are_tried_on_both_sides() -> None:
    order = "Das Datum im Feld F99000005 muss zeitlich vor dem Datum in Feld F99000006 liegen."
    many = "Wenn F99000004 > 10, dann muss F99000003 befüllt werden. Wenn F99000004 <= 10, dann " \
           "darf F99000003 nicht befüllt werden."  # fmt: skip
    rules = rule("R99000001", "A", order) + rule("R99000002", "B", many)
    parts = (at("1:1", SINCE), at("1:1", UNTIL), at("1:1", HIVES), at("0:1", NOTE))
    result = imported(*parts, rules=rules)
    assert missed(result) == ()
    broken = [case["expect"]["problems"] for case in cases(result) if "problems" in case["expect"]]
    assert len(broken) == 1


def test_rules_in_lists_in_lists_are_reached() -> None:
    hide = rule("R99000001", "A", "Wenn F99000002 <> Ja, dann darf F99000003 nicht befüllt werden.")
    inner = group("G99000002", "Königin", at("0:1", NOTE), at("1:1", HIVES))
    outer = group("G99000001", "Stand", at("1:1", HAS), at("0:3", inner), rules=hide)
    assert missed(imported(at("1:5", outer))) == ()


def test_what_no_case_can_reach_is_named() -> None:
    never = (
        "Wenn F99000004 > 90, dann muss F99000003 befüllt werden. "
        "Wenn F99000004 <= 90, dann darf F99000003 nicht befüllt werden."
    )
    source = message(at("1:1", HIVES), at("0:1", NOTE), rules=rule("R99000001", "A", never))
    points = import_file(source, "test.xml").report.open_points
    assert [point.text for point in points if point.id.startswith("A")] == [
        "Kein Abnahmefall: „Bemerkung“ gefragt"
    ]


_GROUPS = st.lists(
    st.tuples(st.booleans(), st.integers(1, 9), st.sampled_from(["0:1", "1:1", "0:3", "2:4"])),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12, deadline=None)
@given(_GROUPS)
def test_any_schema_becomes_an_assistant_whose_cases_pass(
    shapes: list[tuple[bool, int, str]],
) -> None:
    children, rules = [at("1:1", HAS)], ""
    for number, (ruled, count, times) in enumerate(shapes, 1):
        inner = [at("1:1" if n % 2 else "0:1", field(f"F9910{number}{n:03}", f"Frage {n}"))
                 for n in range(count)]  # fmt: skip
        children.append(at(times, group(f"G9910000{number}", f"Gruppe {number}", *inner)))
        if ruled:
            text = f"Wenn F99000002 = Nein, dann darf G9910000{number} nicht befüllt werden."
            rules += rule(f"R9910000{number}", f"Regel {number}", text)
    result = imported(*children, rules=rules)
    pages = YAML(typ="safe").load(io.BytesIO(result.files["assistant.yaml"]))["pages"]
    for page in pages:
        asked = [each for each in page["fields"] if not each.get("info")]
        assert "repeat" in page or len(asked) <= 7


SAMPLES = os.environ.get("SAMPLES")
FOLDER = Path(SAMPLES or ".") / "fim-xdatenfelder"
REAL = sorted((*FOLDER.glob("*/*.xdf.xml"), *FOLDER.glob("xdf2_*.xml"))) if SAMPLES else []


@pytest.mark.skipif(not SAMPLES, reason="SAMPLES is not set")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_every_shared_schema_becomes_an_assistant_that_passes(path: Path) -> None:
    result = import_file(path.read_bytes(), path.name)
    assert [str(problem) for problem in errors(check(result.files))] == []
    counts = result.report.counts
    readings = [point for point in result.report.open_points if point.id.startswith("R")]
    assert counts["davon übersetzt"] + len(readings) >= counts["Regeln"]
    pages = YAML(typ="safe").load(io.BytesIO(result.files["assistant.yaml"]))["pages"]
    asked = [sum(not each.get("info") for each in page["fields"]) for page in pages
             if "repeat" not in page]  # fmt: skip
    assert max(asked) <= 7
