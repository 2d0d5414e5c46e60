"""BPMN files of other tools: drawn whole, and conducted or refused with a line (needs SAMPLES)."""

import os
import sys
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree

from dienstweg.blueprint import bpmn_reading, drawing, picture

ROOT = Path(__file__).parents[2]
SAMPLES = os.environ.get("SAMPLES")
FILES = sorted((Path(SAMPLES) / "bpmn").glob("*.bpmn")) if SAMPLES else []
needs_samples = pytest.mark.skipif(not SAMPLES, reason="SAMPLES is not set")
SMALL = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"\n'
    b' xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
    b' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">\n'
    b'<process id="p" isExecutable="false"><startEvent id="s"/><task id="t"/><endEvent id="e"/>\n'
    b'<sequenceFlow id="f" sourceRef="s" targetRef="t"/>\n'
    b'<sequenceFlow id="g" sourceRef="t" targetRef="e"/></process>\n'
    b'<di:BPMNDiagram><di:BPMNPlane><di:BPMNShape bpmnElement="t"><dc:Bounds x="0" y="0"'
    b' width="9" height="9"/></di:BPMNShape></di:BPMNPlane></di:BPMNDiagram></definitions>'
)


@pytest.fixture
def conformance(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program."""
    monkeypatch.syspath_prepend(str(ROOT))
    from bench import conformance_bpmn

    return sys.modules[conformance_bpmn.__name__]


def test_a_file_is_refused_as_it_is_and_runs_filled_in(
    conformance: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "klein.bpmn"
    path.write_bytes(SMALL)
    row = conformance.looked_at(path)
    assert {"bpmn-executable", "bpmn-unsupported"} <= {each["code"] for each in row["problems"]}
    assert row["passed"] == [3, 3]
    assert row["shapes"] == [1, 1]
    assert not conformance.falls_short(row)


def test_what_is_not_supported_is_said_with_its_line(
    conformance: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "klein.bpmn"
    path.write_bytes(SMALL.replace(b"<task ", b"\n<transaction "))
    row = conformance.looked_at(path)
    assert row["passed"] is None
    assert {"code": "bpmn-unsupported", "line": 4, "kind": "transaction"} in row["open"]
    path.write_bytes(b"kein xml")
    assert not conformance.falls_short(conformance.looked_at(path))


def test_a_picture_that_lacks_a_shape_falls_short(conformance: ModuleType) -> None:
    whole = {"shapes": [2, 2], "lines": [1, 1], "problems": [], "open": [], "passed": [3, 3]}
    assert not conformance.falls_short(whole)
    assert conformance.falls_short(whole | {"shapes": [1, 2]})
    assert conformance.falls_short(whole | {"open": [{"code": "x", "line": None, "kind": ""}]})


@needs_samples
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_is_drawn_and_runs_or_says_why_not(path: Path, conformance: ModuleType) -> None:
    row = conformance.looked_at(path)
    assert not conformance.falls_short(row), row


@needs_samples
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_picture_is_sound_and_shows_every_name(path: Path) -> None:
    root, problems = bpmn_reading.parsed(path.read_bytes())
    assert root is not None
    assert problems == []
    svg = etree.fromstring(picture.draw_file(root).encode())
    words = " ".join("".join(each.itertext()) for each in svg.iter())
    for shape in drawing.of_file(root).shapes:
        assert not shape.name or shape.name.split()[0] in words


@needs_samples
def test_most_of_them_run_once_they_are_filled_in(conformance: ModuleType) -> None:
    rows = [conformance.looked_at(path) for path in FILES]
    assert sum(row["passed"] is not None for row in rows) >= 10
