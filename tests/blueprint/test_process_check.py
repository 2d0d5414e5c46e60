"""What a process may contain, and how it is refused otherwise: by name and line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from blueprint.process_building import ASK, CLOSE, bpmn, release, step
from dienstweg.blueprint import drawing, process, timers
from dienstweg.blueprint.bpmn import LIMIT
from dienstweg.blueprint.problems import Invalid

SOUND = bpmn(ASK + CLOSE, "start>pruefen", "pruefen>zu", "zu>ende")


def codes(content: bytes, **files: bytes) -> set[str]:
    """The codes of what is wrong."""
    return {problem.code for problem in process.check({"process.bpmn": content, **files})}


def test_a_sound_process_has_no_problems() -> None:
    assert codes(SOUND) == set()


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('<task id="x"/>', "task x"),
        ('<manualTask id="x"/>', "manualTask x"),
        ('<transaction id="x"/>', "transaction x"),
        ('<adHocSubProcess id="x"/>', "adHocSubProcess x"),
        ('<complexGateway id="x"/>', "complexGateway x"),
        (
            '<scriptTask id="x" dw:set="a" dw:value="1"><script>1</script></scriptTask>',
            "script in scriptTask",
        ),
        (
            ASK.replace("/>", "><potentialOwner/></userTask>").replace("pruefen", "x"),
            "potentialOwner in userTask",
        ),
        (
            ASK.replace("/>", "><multiInstanceLoopCharacteristics/></userTask>").replace(
                "pruefen", "x"
            ),
            "multiInstanceLoopCharacteristics in userTask",
        ),
        (
            '<intermediateCatchEvent id="x"><conditionalEventDefinition/></intermediateCatchEvent>',
            "conditionalEventDefinition in intermediateCatchEvent",
        ),
        (
            '<endEvent id="x"><cancelEventDefinition/></endEvent>',
            "cancelEventDefinition in endEvent",
        ),
        (
            '<intermediateCatchEvent id="x"><signalEventDefinition/><timerEventDefinition/>'
            "</intermediateCatchEvent>",
            "timerEventDefinition in intermediateCatchEvent",
        ),
        (
            '<intermediateCatchEvent id="x"><timerEventDefinition><timeCycle>R3/P1D</timeCycle>'
            "</timerEventDefinition></intermediateCatchEvent>",
            "timeCycle",
        ),
    ],
)
def test_what_is_not_supported_is_refused_by_name_and_line(body: str, name: str) -> None:
    content = bpmn("\n\n" + body + ASK + CLOSE, "start>pruefen", "pruefen>zu", "zu>ende")
    found = [
        each for each in process.check({"process.bpmn": content}) if each.code == "bpmn-unsupported"
    ]
    assert [each.message.split(" wird")[0].strip().startswith(name) for each in found] == [True]
    assert found[0].line == 8
    with pytest.raises(Invalid):
        process.parse({"process.bpmn": content})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"kein xml", "xml"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml"),
        (b"<a/>", "bpmn-process"),
        (b"<a>" + b" " * LIMIT + b"</a>", "too-large"),
        (SOUND.replace(b'isExecutable="true"', b'isExecutable="false"'), "bpmn-executable"),
        (SOUND.replace(b'id="zu"', b'id="pruefen"'), "bpmn-id"),
        (SOUND.replace(b'id="zu" ', b""), "bpmn-id"),
        (SOUND.replace(b'targetRef="zu"', b'targetRef="weg"'), "bpmn-flow"),
        (SOUND.replace(b"dw:role", b"dw:rolle"), "bpmn-attribute"),
        (SOUND.replace(b'dw:role="amt"', b""), "bpmn-attribute-missing"),
        (SOUND.replace(b"close", b"dance"), "bpmn-intent"),
        (SOUND.replace(b'dw:intent="close" dw:outcome="granted"', b""), "bpmn-attribute-missing"),
        (bpmn(ASK, "start>pruefen", "pruefen>ende"), "bpmn-close"),
        (bpmn(ASK + CLOSE, "start>zu", "zu>ende", "pruefen>ende"), "bpmn-unreachable"),
        (bpmn(ASK + CLOSE, "start>pruefen", "pruefen>zu"), "bpmn-endless"),
        (bpmn(ASK + CLOSE, "start>pruefen", "start>zu", "pruefen>ende", "zu>ende"), "bpmn-flow"),
        (
            bpmn(
                '<exclusiveGateway id="g" default="f1"/>' + CLOSE,
                "start>g", "g>zu", "g>ende", "zu>ende",
            ),
            "bpmn-condition",
        ),
        (
            bpmn(
                '<exclusiveGateway id="g"/>' + CLOSE,
                "start>g", "g>zu: true", "g>ende: false", "zu>ende",
            ),
            "bpmn-default",
        ),
        (
            bpmn(
                '<exclusiveGateway id="g" default="f2"/>' + CLOSE,
                "start>zu", "zu>g", "g>ende", "g>zu: true",
            ),
            "bpmn-loop",
        ),
        (
            bpmn(
                '<exclusiveGateway id="g" default="f1"/>' + CLOSE,
                "start>g", "g>zu", "g>ende: data.a >", "zu>ende",
            ),
            "cel",
        ),
        (
            bpmn(
                '<exclusiveGateway id="g" default="f1"/>' + CLOSE,
                "start>g", "g>zu", "g>ende: task.nie.outcome == 'ja'", "zu>ende",
            ),
            "cel-unknown",
        ),
        (
            bpmn(
                '<boundaryEvent id="b" attachedToRef="zu"><timerEventDefinition>'
                "<timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>" + CLOSE,
                "start>zu", "zu>ende", "b>ende",
            ),
            "bpmn-boundary",
        ),
        (
            bpmn(
                '<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>bald'
                "</timeDuration></timerEventDefinition></intermediateCatchEvent>" + CLOSE,
                "start>t", "t>zu", "zu>ende",
            ),
            "bpmn-timer",
        ),
        (bpmn('<receiveTask id="r"/>' + CLOSE, "start>r", "r>zu", "zu>ende"), "bpmn-event"),
        (
            bpmn(
                '<eventBasedGateway id="g"/>' + ASK + CLOSE,
                "start>g", "g>pruefen", "pruefen>zu", "zu>ende",
            ),
            "bpmn-event-gateway",
        ),
        (
            bpmn(
                '<businessRuleTask id="d" dw:decision="x"/>' + CLOSE,
                "start>d", "d>zu", "zu>ende",
            ),
            "bpmn-reference",
        ),
    ],
)  # fmt: skip
def test_faults_are_found(content: bytes, code: str) -> None:
    assert code in codes(content)


def test_a_missing_process_is_a_problem() -> None:
    assert [each.code for each in process.check({})] == ["file-missing"]


def test_references_are_checked_against_the_rest_of_the_blueprint() -> None:
    files = {
        "blueprint.yaml": b"roles: {kasse: {title: K}}\n",
        "texts/de.yaml": b"outcomes: {refused: A}\n",
    }
    found = process.check({"process.bpmn": SOUND, **files})
    assert {each.message.split(":")[0] for each in found} == {"pruefen", "zu"}
    assert all(each.code == "bpmn-reference" and each.remedy for each in found)


def test_the_pictures_name_everything_and_mark_the_way() -> None:
    rel = release(SOUND)
    svg = process.picture(rel)
    root = etree.fromstring(svg.encode())
    assert {each.text for each in root.iter("{http://www.w3.org/2000/svg}text")} == {
        "start", "pruefen", "zu", "ende",
    }  # fmt: skip
    assert "pruefen → zu" in str(root.findtext("{http://www.w3.org/2000/svg}desc"))
    marked = process.picture(rel, step(rel, None, process.Submitted()).state)
    assert marked.count("#cfe8d4") == 2
    assert marked.count('stroke-width="4"') == 1


def test_names_cannot_break_out_of_the_picture() -> None:
    rel = release(SOUND.replace(b'id="pruefen" ', b'id="pruefen" name="&lt;script&gt;&amp;" '))
    assert "<script>" not in process.picture(rel)


@pytest.mark.parametrize("name", ["bewohnerparkausweis", "hundesteuer-anmeldung"])
def test_the_processes_that_we_ship_are_sound_and_drawn_as_placed(name: str) -> None:
    path = Path(__file__).parents[2] / "leistungen" / name
    files = {
        each.relative_to(path).as_posix(): each.read_bytes()
        for each in path.rglob("*")
        if each.is_file()
    }
    assert process.check(files) == []
    diagram = process.parse(files).diagram
    assert drawing.covers(drawing.of_file(diagram.root), diagram)
    assert process.picture(SimpleNamespace(process=process.parse(files))).startswith("<svg")  # type: ignore[arg-type] # a release in part


NOW = datetime(2026, 3, 28, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("PT1H30M", "2026-03-28T11:00:00+00:00"),
        ("P1D", "2026-03-29T08:30:00+00:00"),
        ("P1W", "2026-04-04T08:30:00+00:00"),
        ("P1M", "2026-04-28T08:30:00+00:00"),
        ("P11M", "2027-02-28T09:30:00+00:00"),
        ("P1Y", "2027-03-28T08:30:00+00:00"),
        ("2026-12-31", "2026-12-30T23:00:00+00:00"),
        ("2026-07-01T12:00", "2026-07-01T10:00:00+00:00"),
        ("2026-07-01T12:00:00Z", "2026-07-01T12:00:00+00:00"),
    ],
)
def test_timers_count_days_as_a_calendar_does(text: str, at: str) -> None:
    assert timers.due(text, now=NOW).isoformat() == at


@pytest.mark.parametrize("text", ["", "P", "PT", "P1", "1D", "bald", "P31Y", "P99999D", "R/P1D"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(timers.BadTimer):
        timers.due(text, now=NOW)


@given(st.integers(0, 3000), st.integers(0, 20 * 365 * 24 * 60))
def test_days_keep_the_time_of_day_in_germany(days: int, minutes: int) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    at = timers.due(f"P{days}D", now=now)
    local, later = now.astimezone(timers.LOCAL), at.astimezone(timers.LOCAL)
    assert later.date() == local.date() + timedelta(days=days)
    assert abs((later.replace(tzinfo=None) - local.replace(tzinfo=None)).seconds % 86400) in (
        0, 3600, 82800,
    )  # fmt: skip
