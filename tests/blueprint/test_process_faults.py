"""What cannot be conducted of the new elements is refused, by its code and at its line."""

from itertools import pairwise

import pytest

from blueprint.process_building import ASK, CLOSE, bpmn
from blueprint.test_process_elements import (
    ERROR,
    ESCALATION,
    SIGNAL,
    ask,
    boundary,
    flow,
    inside,
    timer,
    with_roots,
)  # fmt: skip
from dienstweg.blueprint import process

MANY = '<multiInstanceLoopCharacteristics dw:over="{}"/>'
LOOP = (
    "<standardLoopCharacteristics><loopCondition>{}</loopCondition></standardLoopCharacteristics>"
)
STRAIGHT = ("start>a", "a>zu", "zu>ende")
UNDO = '<boundaryEvent id="z" attachedToRef="{}"><compensateEventDefinition/></boundaryEvent>'
THROW = '<intermediateThrowEvent id="a">{}</intermediateThrowEvent>'
PARTS = {
    "blueprint.yaml": (
        b"roles: {amt: {title: A}}\nparties: {nachbar: {}}\n"
        b"tasks: {a: {fields: {auflage: {}}}}\ndeadlines: {entscheidung: {}}\n"
    )
}


def codes(content: bytes, *roots: str, **files: bytes) -> dict[str, int | None]:
    """What is wrong, and at which line."""
    found = process.check({"process.bpmn": with_roots(content, *roots), **files})
    return {each.code: each.line for each in found}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<scriptTask id="a"/>', "bpmn-attribute-missing"),
        ('<scriptTask id="a" dw:set="nicht gut" dw:value="1"/>', "bpmn-script"),
        ('<scriptTask id="a" dw:set="x" dw:value="case.y"/>', "cel-unknown"),
        ('<sendTask id="a"/>', "bpmn-attribute-missing"),
        ('<sendTask id="a" dw:message="x" dw:answer="agreed"/>', "bpmn-attribute-missing"),
        (
            '<sendTask id="a" dw:message="x" dw:party="nachbar" dw:documents="receipt"/>',
            "bpmn-document-data",
        ),
        (
            '<sendTask id="a" dw:message="x" dw:party="y" dw:answer="nein"/>',
            "bpmn-reference",
        ),
        ('<callActivity id="a" calledElement="nie"/>', "bpmn-reference"),
        ('<callActivity id="a" calledElement="p"/>', "bpmn-recursion"),
        (ask("a", inside=MANY.format("data.x +")), "cel"),
        (ask("a", inside=LOOP.format("data.x +")), "cel"),
        (ask("a", inside="<multiInstanceLoopCharacteristics/>"), "bpmn-unsupported"),
        (ask("a", inside="<standardLoopCharacteristics/>"), "bpmn-unsupported"),
        ('<subProcess id="a"/>', "bpmn-start"),
        (inside("a", ask("x") + ask("y"), "s-a>x", "x>e-a"), "bpmn-unreachable"),
        (inside("a", ask("x"), "s-a>x", "x>e-a", "s-a>e-a"), "bpmn-flow"),
        (THROW.format('<errorEventDefinition errorRef="E"/>'), "bpmn-unsupported"),
        (THROW.format("<signalEventDefinition/>"), "bpmn-event"),
        (THROW.format('<escalationEventDefinition escalationRef="X"/>'), "bpmn-uncaught"),
        (THROW.format("<compensateEventDefinition/>"), "bpmn-compensation"),
        (
            THROW.format('<compensateEventDefinition activityRef="nie"/>'),
            "bpmn-reference",
        ),
        (THROW.format('<linkEventDefinition name="A"/>'), "bpmn-link"),
        (ask("a") + UNDO.format("a"), "bpmn-compensation"),
        (
            ask("a") + boundary("b", "a", '<errorEventDefinition errorRef="E"/>'),
            "bpmn-boundary",
        ),
        (
            ask("a") + boundary("b", "a", timer("R3/P1D", "timeCycle")),
            "bpmn-unsupported",
        ),
        (
            ask("a") + boundary("b", "a", timer("R3/PT1M", "timeCycle"), 'cancelActivity="false"'),
            "bpmn-timer",
        ),
        (ask("a", 'dw:days="sonntags"'), "bpmn-reference"),
        (ask("a") + '<startEvent id="zwei"/>', "bpmn-start"),
        (
            ask("a") + '<subProcess id="s" triggeredByEvent="true"><startEvent id="u"/>'
            '<endEvent id="v"/>' + flow("u>v") + "</subProcess>",
            "bpmn-event",
        ),
        (
            '<serviceTask id="a" dw:intent="refund" dw:of="nie"/>',
            "bpmn-reference",
        ),
        ('<serviceTask id="a" dw:intent="sign"/>', "bpmn-attribute-missing"),
        ('<serviceTask id="a" dw:intent="write" dw:document="x" dw:amount="1"/>', "bpmn-attribute"),
        ('<endEvent id="a"/>', "bpmn-flow"),
        ('<task id="a"/>', "bpmn-unsupported"),
    ],
)
def test_it_is_refused_at_its_line(body: str, code: str) -> None:
    content = bpmn("\n\n" + body + CLOSE, *STRAIGHT)
    found = codes(content, ERROR, ESCALATION, SIGNAL)
    assert code in found
    assert found[code] == 8 or code in ("bpmn-start", "bpmn-event", "bpmn-recursion")
    assert all(line is not None for line in found.values())


@pytest.mark.parametrize(
    "task",
    [
        ask("a").replace('"amt"', '"leitung"'),
        ask("a", 'dw:approval="leitung"'),
        ask("a", 'dw:form="grund"'),
        '<userTask id="a" dw:party="niemand" dw:outcomes="ja"/>',
        '<serviceTask id="a" dw:intent="invite" dw:party="niemand"/>',
        '<serviceTask id="a" dw:intent="sign" dw:parties="nachbar niemand"/>',
        '<intermediateCatchEvent id="a" dw:deadline="keine"><timerEventDefinition/>'
        "</intermediateCatchEvent>",
    ],
)
def test_names_must_stand_in_the_blueprint(task: str) -> None:
    content = bpmn(task + CLOSE, *STRAIGHT)
    assert "bpmn-reference" in codes(content, **PARTS)
    known = (
        task.replace("leitung", "amt")
        .replace("niemand", "nachbar")
        .replace("grund", "auflage")
        .replace("keine", "entscheidung")
    )
    assert "bpmn-reference" not in codes(bpmn(known + CLOSE, *STRAIGHT), **PARTS)


def test_an_error_that_is_caught_further_out_is_no_fault() -> None:
    end = '<endEvent id="weg"><errorEventDefinition errorRef="E"/></endEvent>'
    inner = inside("innen", ask("x") + end, "s-innen>x", "x>weg").replace(
        '<endEvent id="e-innen"/>', ""
    )
    outer = inside("a", inner, "s-a>innen", "innen>e-a")
    catch = boundary("b", "a", '<errorEventDefinition errorRef="E"/>')
    content = bpmn(outer + catch + '<exclusiveGateway id="m"/>' + CLOSE, "start>a", "a>m", "b>m",
                   "m>zu", "zu>ende")  # fmt: skip
    assert codes(content, ERROR) == {}
    assert "bpmn-uncaught" in codes(bpmn(outer + CLOSE, *STRAIGHT), ERROR)


def test_a_call_is_caught_by_each_of_its_callers() -> None:
    other = (
        '<process id="teil"><startEvent id="ts"/>' + ask("x") + flow("ts>x") + flow("x>te")
        + '<endEvent id="te"><errorEventDefinition errorRef="E"/></endEvent></process>'
    )  # fmt: skip
    catch = boundary("b", "a", '<errorEventDefinition errorRef="E"/>')
    call = '<callActivity id="{}" calledElement="teil"/>'

    def of(body: str, *arrows: str) -> dict[str, int | None]:
        content = bpmn(body + '<exclusiveGateway id="m"/>' + CLOSE, *arrows, "m>zu", "zu>ende")
        return codes(content.replace(b"</definitions>", other.encode() + b"</definitions>"), ERROR)

    once = call.format("a") + catch
    assert of(once, "start>a", "a>m", "b>m") == {}
    twice = once + call.format("c")
    assert "bpmn-uncaught" in of(twice, "start>c", "c>a", "a>m", "b>m")


def test_a_loop_through_what_may_not_wait_is_refused() -> None:
    """Nobody is asked for an empty list, so that a round could pass without waiting."""
    body = ask("a", inside=MANY.format("data.x")) + '<exclusiveGateway id="g" default="f2"/>'
    gate = '<exclusiveGateway id="m"/>'
    arrows = ("start>m", "m>a", "a>g", "g>zu", "g>m: data.y", "zu>ende")
    content = bpmn(body.replace("f2", "f3") + gate + CLOSE, *arrows)
    assert "bpmn-loop" in codes(content)
    sub = inside("a", ask("x"), "s-a>x", "x>e-a") + '<exclusiveGateway id="g" default="f3"/>'
    assert codes(bpmn(sub + gate + CLOSE, *arrows)) == {}


def test_the_case_begins_with_a_message_if_it_is_drawn_so() -> None:
    content = bpmn(ASK + CLOSE, "start>pruefen", "pruefen>zu", "zu>ende").replace(
        b'<startEvent id="start"/>',
        b'<startEvent id="start"><messageEventDefinition/></startEvent>',
    )
    assert codes(content) == {}
    signal = content.replace(b"messageEvent", b"signalEvent")
    assert "bpmn-unsupported" in codes(signal)


def test_other_pools_are_drawn_and_not_conducted() -> None:
    content = bpmn(ASK + CLOSE, "start>pruefen", "pruefen>zu", "zu>ende")
    pool = b'<process id="andere" isExecutable="%s"><task id="t"/></process></definitions>'
    assert codes(content.replace(b"</definitions>", pool % b"false")) == {}
    assert set(codes(content.replace(b"</definitions>", pool % b"true"))) == {"bpmn-process"}


GATE = '<{0}Gateway id="{1}"/>'


@pytest.mark.parametrize(
    ("split", "join", "sound"),
    [
        ("parallel", "parallel", True),
        ("parallel", "inclusive", True),
        ("inclusive", "inclusive", True),
        ("exclusive", "inclusive", True),
        ("exclusive", "exclusive", True),
        ("exclusive", "parallel", False),
        ("inclusive", "parallel", False),
    ],
)
def test_a_join_that_can_wait_for_ever_is_refused(split: str, join: str, sound: bool) -> None:
    """Whatever the data says: it is the drawing that must fit."""
    choice = GATE.format(split, "g").replace(
        "/>", ' default="f1"/>' if split != "parallel" else "/>"
    )
    condition = "" if split == "parallel" else ": data.x"
    body = choice + GATE.format(join, "j") + ask("a") + ask("b") + CLOSE
    content = bpmn(body, "start>g", "g>a", f"g>b{condition}", "a>j", "b>j", "j>zu", "zu>ende")
    assert ("bpmn-deadlock" in codes(content)) is not sound


def test_what_comes_on_a_border_can_leave_a_join_waiting() -> None:
    body = (
        GATE.format("parallel", "g") + GATE.format("parallel", "j") + ask("a") + ask("b")
        + boundary("frist", "a", timer("P1D"), '{}') + '<endEvent id="weg"/>' + CLOSE
    )  # fmt: skip
    arrows = ("start>g", "g>a", "g>b", "a>j", "b>j", "frist>weg", "j>zu", "zu>ende")
    assert "bpmn-deadlock" in codes(bpmn(body.format(""), *arrows))
    assert codes(bpmn(body.format('cancelActivity="false"'), *arrows)) == {}
    ended = body.replace('id="weg"/>', 'id="weg"><terminateEventDefinition/></endEvent>')
    assert codes(bpmn(ended.format(""), *arrows)) == {}, "the end takes the other token away"


def test_many_calls_of_many_calls_cost_no_more_than_their_number() -> None:
    """Six processes that each call the next one 25 times would be 244 million ways."""
    processes = []
    for number in range(6):
        calls = "".join(
            f'<callActivity id="c{number}-{place}" calledElement="p{number + 1}"/>'
            for place in range(25)
        )
        names = [f"s{number}", *(f"c{number}-{place}" for place in range(25)), f"e{number}"]
        arrows = "".join(flow(f"{one}>{two}") for one, two in pairwise(names))
        ends = f'<startEvent id="s{number}"/><endEvent id="e{number}"/>'
        processes.append(f'<process id="p{number}">{ends}{calls}{arrows}</process>')
    last = '<process id="p6"><startEvent id="s6"/>' + flow("s6>e6")
    last += '<endEvent id="e6"><errorEventDefinition errorRef="E"/></endEvent></process>'
    body = '<callActivity id="a" calledElement="p0"><multiInstanceLoopCharacteristics'
    content = bpmn(f'{body} dw:over="2"/></callActivity>{CLOSE}', *STRAIGHT).replace(
        b"</definitions>", ("".join(processes) + last + "</definitions>").encode()
    )
    assert set(codes(content, ERROR)) == {"bpmn-uncaught"}
