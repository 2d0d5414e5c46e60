import json
import os
import re
from pathlib import Path

import pytest

from dienstweg.blueprint.check import check
from dienstweg.blueprint.fim import Imported, import_file
from dienstweg.blueprint.problems import errors

SAMPLES = os.environ.get("SAMPLES")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="SAMPLES is not set")

FOLDER = Path(SAMPLES or ".") / "fim-xdatenfelder"
REAL = FOLDER / "xdf2_S00000094V1.0_Mutterschutz.xml"
SCHEMAS = sorted(FOLDER.rglob("*.xdf.xml")) if SAMPLES else []


@pytest.fixture(scope="module")
def plain() -> Imported:
    return import_file(REAL.read_bytes(), REAL.name)


@pytest.fixture(scope="module")
def with_lists() -> Imported:
    lists = [path.read_bytes() for path in sorted((FOLDER.parent / "genericode").glob("*.xml"))]
    return import_file(REAL.read_bytes(), REAL.name, code_lists=lists)


def test_the_real_schema_passes_check(plain: Imported) -> None:
    assert [str(problem) for problem in errors(check(plain.files))] == []


def test_the_real_schema_passes_check_with_its_code_lists(with_lists: Imported) -> None:
    assert [str(problem) for problem in errors(check(with_lists.files))] == []
    assert not [point for point in with_lists.report.open_points if point.id.startswith("C")]


def test_every_fim_id_is_kept_in_the_data_schema(plain: Imported) -> None:
    stated = set(re.findall(r"<xdf:id>([SGFRC]\d{8})</xdf:id>", REAL.read_text()))
    kept: set[str] = set()

    def collect(node: object) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "x-fim":
                    kept.update(re.findall(r"[SGFRC]\d{8}", json.dumps(value)))
                collect(value)
        elif isinstance(node, list):
            for each in node:
                collect(each)

    collect(json.loads(plain.files["data.schema.json"]))
    assert kept == stated


def test_every_rule_is_translated_or_an_open_point(plain: Imported) -> None:
    stated = re.findall(r"<xdf:regel><xdf:identifikation><xdf:id>(R\d{8})", REAL.read_text())
    rules = [point for point in plain.report.open_points if point.id.startswith("R")]
    assert {point.source.split()[0] for point in rules} <= set(stated)
    assert plain.report.counts["Regeln"] == len(stated)
    assert plain.report.counts["davon übersetzt"] == len(stated) - len(rules)
    assert [point.id for point in rules] == [f"R{number + 1}" for number in range(len(rules))]
    assert all(point.id in plain.files["blueprint.yaml"].decode() for point in rules)


def test_every_field_is_asked(plain: Imported) -> None:
    counts = {"Gruppen": 16, "Felder": 44, "Hinweistexte": 0, "Wiederholungen": 1, "Codelisten": 4}
    assert {key: plain.report.counts[key] for key in counts} == counts
    assert plain.files["assistant.yaml"].count(b" at: /") == 44 + 1


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_shared_schema_becomes_a_blueprint_that_passes_check(path: Path) -> None:
    result = import_file(path.read_bytes(), path.name)
    assert [str(problem) for problem in errors(check(result.files))] == []
