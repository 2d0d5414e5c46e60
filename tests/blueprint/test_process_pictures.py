"""Pictures of processes: every mark of BPMN is drawn, with positions of the file or without."""

from pathlib import Path

import pytest
from lxml import etree

from blueprint.process_building import ASK, CLOSE, bpmn, release
from blueprint.test_process_elements import (
    DATA,
    ERROR,
    Case,
    ask,
    boundary,
    flow,
    inside,
    timer,
    with_roots,
)  # fmt: skip
from dienstweg.blueprint import bpmn_reading, drawing, picture, process
from dienstweg.blueprint.picture_signs import EVENTS, GATEWAYS, MARKS, TASKS

SVG = "{http://www.w3.org/2000/svg}"
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
HEAD = (
    f'<definitions xmlns="{MODEL}" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:p="http://www.omg.org/spec/DD/20100524/DI">'
)


def drawn(nodes: str, *ids: str, more: str = "", attributes: str = "") -> str:
    """The picture of a file that draws these elements side by side."""
    shapes = "".join(
        f'<di:BPMNShape bpmnElement="{name}" {attributes}>'
        f'<dc:Bounds x="{place * 200}" y="0" width="120" height="80"/></di:BPMNShape>'
        for place, name in enumerate(ids)
    )
    plane = f"<di:BPMNDiagram><di:BPMNPlane>{shapes}{more}</di:BPMNPlane></di:BPMNDiagram>"
    root, problems = bpmn_reading.parsed(f"{HEAD}{nodes}{plane}</definitions>".encode())
    assert root is not None, problems
    return picture.draw_file(root)


@pytest.mark.parametrize("kind", ["intermediateCatchEvent", "intermediateThrowEvent", "endEvent"])
@pytest.mark.parametrize("event", sorted(EVENTS.keys() - {"multiple", "parallel"}))
def test_every_event_has_its_sign(kind: str, event: str) -> None:
    word = event.replace("compensation", "compensate") + "EventDefinition"
    svg = drawn(f'<{kind} id="a"><{word}/></{kind}>', "a")
    assert EVENTS[event] in svg
    (sign,) = [each for each in svg.split("<path")[1:] if f'd="{EVENTS[event]}"' in each]
    assert ('fill="#333"' in sign) is (kind != "intermediateCatchEvent")


def test_several_definitions_are_one_sign() -> None:
    two = "<timerEventDefinition/><messageEventDefinition/>"
    assert EVENTS["multiple"] in drawn(f'<startEvent id="a">{two}</startEvent>', "a")
    parallel = f'<startEvent id="a" parallelMultiple="true">{two}</startEvent>'
    assert EVENTS["parallel"] in drawn(parallel, "a")


@pytest.mark.parametrize("kind", sorted(TASKS))
def test_every_task_has_its_sign(kind: str) -> None:
    assert TASKS[kind] in drawn(f'<{kind} id="a"/>', "a")


@pytest.mark.parametrize("kind", sorted(GATEWAYS))
def test_every_gateway_has_its_sign(kind: str) -> None:
    assert GATEWAYS[kind] in drawn(f'<{kind} id="a"/>', "a")


@pytest.mark.parametrize(
    ("node", "mark"),
    [
        ('<task id="a"><multiInstanceLoopCharacteristics/></task>', "parallel"),
        ('<task id="a"><multiInstanceLoopCharacteristics isSequential="true"/></task>',
         "sequential"),
        ('<task id="a"><standardLoopCharacteristics/></task>', "loop"),
        ('<task id="a" isForCompensation="true"/>', "compensation"),
        ('<subProcess id="a"/>', "collapsed"),
        ('<adHocSubProcess id="a"/>', "adhoc"),
        ('<dataObject id="d" isCollection="true"/><dataObjectReference id="a"/>', "collapsed"),
    ],
)  # fmt: skip
def test_markers_stand_at_the_bottom(node: str, mark: str) -> None:
    assert (MARKS[mark] in drawn(node, "a")) is ("dataObject" not in node)


def test_pools_lanes_data_notes_and_flows_between_them() -> None:
    nodes = (
        '<collaboration><participant id="pool" name="Amt"/><messageFlow id="m" name="Post"/>'
        '</collaboration><process id="p"><lane id="lane" name="Team"/>'
        '<dataObjectReference id="data" name="Akte"/>'
        '<dataStoreReference id="store" name="Register"/>'
        '<textAnnotation id="note"><text>Hinweis</text></textAnnotation><group id="group"/>'
        '<association id="as"/></process>'
    )
    points = '<p:waypoint x="0" y="0"/><p:waypoint x="90" y="0"/>'
    edges = "".join(
        f'<di:BPMNEdge bpmnElement="{name}">{points}</di:BPMNEdge>' for name in ("m", "as")
    )
    svg = drawn(nodes, "pool", "lane", "data", "store", "note", "group", more=edges)
    root = etree.fromstring(svg.encode())
    texts = {each.text for each in root.iter(f"{SVG}text")}
    assert {"Amt", "Team", "Akte", "Register", "Hinweis", "Post"} == texts
    dashes = [each.get("stroke-dasharray") for each in root.iter(f"{SVG}polyline")]
    assert dashes == ["7 4", "2 3"]


def test_borders_that_do_not_interrupt_are_dashed() -> None:
    node = '<task id="t"/><boundaryEvent id="a" attachedToRef="t" cancelActivity="false"/>'
    assert 'stroke-dasharray="4 3"' in drawn(node, "a")
    assert 'stroke-dasharray="4 3"' not in drawn(node.replace("false", "true"), "a")


def test_broken_positions_are_no_error() -> None:
    svg = drawn('<task id="a"/>', "a").replace("0", "0")
    assert svg.startswith("<svg")
    root, _ = bpmn_reading.parsed(
        f'{HEAD}<task id="a"/><di:BPMNDiagram><di:BPMNPlane><di:BPMNShape bpmnElement="a">'
        '<dc:Bounds x="viel" y="1e99" width="-5"/></di:BPMNShape><di:BPMNShape bpmnElement="weg"/>'
        "</di:BPMNPlane></di:BPMNDiagram></definitions>".encode()
    )
    assert root is not None
    assert drawing.of_file(root).shapes[0].box == (0, 0, 5, 0)
    empty, _ = bpmn_reading.parsed(f"{HEAD}</definitions>".encode())
    assert empty is not None
    assert picture.draw_file(empty) == ""


def test_what_is_nested_is_placed_around_what_is_in_it() -> None:
    beside = (
        '<subProcess id="fall" triggeredByEvent="true"><startEvent id="los">'
        '<errorEventDefinition errorRef="E"/></startEvent><endEvent id="aus"/>'
        + flow("los>aus") + "</subProcess>"
    )  # fmt: skip
    marks = '<multiInstanceLoopCharacteristics dw:over="data.stellen"/>'
    end = '<endEvent id="fehler"><errorEventDefinition errorRef="E"/></endEvent>'
    sub = inside("teil", ask("x") + boundary("b", "x", timer("P1D")) + end,
                 "s-teil>x", "x>e-teil", "b>fehler", prefix=marks)  # fmt: skip
    content = with_roots(bpmn(sub + beside + CLOSE, "start>teil", "teil>zu", "zu>ende"), ERROR)
    case = Case(release(content), DATA)
    svg = process.picture(case.rel, case.state)
    root = etree.fromstring(svg.encode())
    assert MARKS["parallel"] in svg
    description = str(root.findtext(f"{SVG}desc"))
    assert "teil: x → e-teil" in description
    assert svg.count('stroke-width="4"') == 2, "the task and the event on its border wait"


def test_a_file_that_places_only_a_part_is_laid_out_anew() -> None:
    content = bpmn(ASK + CLOSE, "start>pruefen", "pruefen>zu", "zu>ende")
    rel = release(content)
    assert not drawing.covers(drawing.of_file(rel.process.diagram.root), rel.process.diagram)
    assert process.picture(rel).count("<rect") == 2


def test_shipped_blueprints_place_what_they_draw() -> None:
    for path in sorted((Path(__file__).parents[2] / "leistungen").glob("*/process.bpmn")):
        diagram, _ = bpmn_reading.read(path.read_bytes())
        assert diagram is not None
        assert drawing.of_file(diagram.root).shapes
