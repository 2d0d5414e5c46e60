"""Elements inside of elements: what is thrown, interrupted and undone across levels and lists."""

import pytest

from blueprint.process_building import CLOSE, bpmn, release
from blueprint.test_process_elements import (
    CLOSE_2,
    DATA,
    END_2,
    ERROR,
    ESCALATION,
    SIGNAL,
    Case,
    ask,
    boundary,
    flow,
    inside,
    timer,
    with_roots,
)  # fmt: skip
from dienstweg.blueprint import process as p
from dienstweg.blueprint.pruning import FEW

MANY = '<multiInstanceLoopCharacteristics dw:over="data.stellen"/>'
MAPPING = {"mappings/s.yaml": b"format: json\ncontent: {}\n"}
REFUSED = '<error id="D" errorCode="delivery.refused"/>'
CATCH = '<errorEventDefinition errorRef="{}"/>'
JOIN = '<exclusiveGateway id="m"/>'


def deliver(name: str, marks: str = "") -> str:
    """A delivery, for every entry of a list if there are marks."""
    return f'<serviceTask id="{name}" dw:intent="deliver" dw:mapping="s">{marks}</serviceTask>'


def beside(name: str, event: str, *body: str, more: str = "") -> str:
    """An event sub-process with a task."""
    return (
        f'<subProcess id="{name}" triggeredByEvent="true"><startEvent id="l-{name}" {more}>{event}'
        f'</startEvent><endEvent id="z-{name}"/>'
        + (ask(f"t-{name}") + flow(f"l-{name}>t-{name}") + flow(f"t-{name}>z-{name}"))
        + "".join(body)
        + "</subProcess>"
    )


def keys(done: p.Step, kind: type) -> set[str]:
    """The keys of the intents of a kind."""
    return {each.key for each in done.intents if isinstance(each, kind)}


def test_one_refused_delivery_of_several_takes_the_others_away() -> None:
    body = deliver("geben", MANY) + boundary("b", "geben", CATCH.format("D")) + CLOSE + CLOSE_2
    arrows = ("start>geben", "geben>zu", "b>zu2", "zu>ende", "zu2>ende")
    case = Case(release(with_roots(bpmn(body, *arrows), REFUSED), MAPPING))
    case.happen(p.Delivered("geben@1", "R"))
    case.happen(p.Refused("geben@2", "delivery.refused"))
    assert case.done.outcome == "refused"
    assert keys(case.done, p.NoLongerWait) == {"geben@0"}


def test_an_intent_that_fails_deep_inside_is_caught_by_an_event_sub_process_outside() -> None:
    body = (
        inside("teil", deliver("geben") + ask("x") + '<parallelGateway id="auf"/>'
               '<parallelGateway id="ein"/>', "s-teil>auf", "auf>geben", "auf>x", "geben>ein",
               "x>ein", "ein>e-teil", prefix=MANY)
        + beside("fall", CATCH.format("D")) + CLOSE
    )  # fmt: skip
    content = with_roots(bpmn(body, "start>teil", "teil>zu", "zu>ende"), REFUSED)
    case = Case(release(content, MAPPING))
    assert p.catches(case.rel, "geben", "delivery.refused")
    case.happen(p.Refused("geben@1", "delivery.refused"))
    assert case.waiting == ("t-fall",)
    assert keys(case.done, p.NoLongerWait) == {"x@0", "x@1", "x@2", "geben@0", "geben@2"}
    assert case.done.state["busy"] == case.done.state["contexts"] == {}
    assert case.decide("t-fall").finished


def test_an_event_sub_process_of_an_entry_ends_that_entry_only() -> None:
    message = "<messageEventDefinition/>"
    body = inside(
        "teil", ask("x") + beside("fall", message, more='dw:message="amt.absage"'),
        "s-teil>x", "x>e-teil", prefix=MANY,
    ) + CLOSE  # fmt: skip
    case = Case(release(bpmn(body, "start>teil", "teil>zu", "zu>ende")))
    assert len(case.waiting) == 6
    case.happen(p.Reported("amt.absage", {}, "1"))
    assert set(case.waiting) == {"t-fall@0", "x@1", "l-fall@1", "x@2", "l-fall@2"}
    case.decide("t-fall@0")
    case.decide("x@1")
    assert not case.done.finished
    assert case.decide("x@2").finished


def test_an_event_sub_process_can_throw_to_the_border_of_its_level() -> None:
    throw = '<endEvent id="weg"><errorEventDefinition errorRef="E"/></endEvent>'
    body = (
        inside("teil", ask("x") + beside("fall", timer("P5D")).replace(
            '<endEvent id="z-fall"/>', throw).replace("z-fall", "weg"),
            "s-teil>x", "x>e-teil")
        + boundary("b", "teil", CATCH.format("E")) + CLOSE + CLOSE_2
    )  # fmt: skip
    arrows = ("start>teil", "teil>zu", "b>zu2", "zu>ende", "zu2>ende")
    case = Case(release(with_roots(bpmn(body, *arrows), ERROR)))
    case.after("l-fall", days=5)
    assert case.waiting == ("t-fall",)
    assert case.decide("t-fall").outcome == "refused"


def test_an_escalation_leaves_a_called_process() -> None:
    other = (
        '<process id="amt"><startEvent id="us"/><endEvent id="ue"/>'
        + ask("stimme")
        + '<intermediateThrowEvent id="hoch"><escalationEventDefinition escalationRef="X"/>'
        "</intermediateThrowEvent>"
        + ask("noch")
        + "".join(map(flow, ("us>stimme", "stimme>hoch", "hoch>noch", "noch>ue")))
        + "</process>"
    )
    catch = '<escalationEventDefinition escalationRef="X"/>'
    body = (
        f'<callActivity id="ruf" calledElement="amt">{MANY}</callActivity>'
        + boundary("b", "ruf", catch, 'cancelActivity="false"')
        + ask("leitung") + END_2 + CLOSE
    )  # fmt: skip
    content = bpmn(body, "start>ruf", "ruf>zu", "b>leitung", "leitung>ende2", "zu>ende")
    content = content.replace(b"</definitions>", other.encode() + b"</definitions>")
    case = Case(release(with_roots(content, ESCALATION)))
    case.decide("stimme@0")
    assert set(case.waiting) == {"noch@0", "stimme@1", "stimme@2", "leitung"}
    case.decide("stimme@2")
    assert {"leitung", "leitung#2"} < set(case.waiting), "it can come again"
    for key in ("noch@0", "stimme@1", "noch@2", "noch@1", "leitung", "leitung#2", "leitung#3"):
        case.decide(key)
    assert case.done.finished


def test_a_message_on_a_border_can_come_again_and_again() -> None:
    body = (
        inside("teil", ask("x"), "s-teil>x", "x>e-teil")
        + boundary("b", "teil", "<messageEventDefinition/>",
                   'cancelActivity="false" dw:message="anruf"')
        + '<sendTask id="sagen" dw:message="m"/>' + END_2 + CLOSE
    )  # fmt: skip
    case = Case(release(bpmn(body, "start>teil", "b>sagen", "sagen>ende2", "teil>zu", "zu>ende")))
    for number in ("1", "2", "3"):
        case.happen(p.Reported("anruf", {}, number))
        assert len(keys(case.done, p.Tell)) == 1
    assert case.decide("x").finished


def test_what_is_undone_is_what_was_done_before_the_error() -> None:
    def undoable(name: str) -> str:
        return (
            ask(name) + boundary(f"z{name}", name, "<compensateEventDefinition/>")
            + ask(f"u{name}", 'isForCompensation="true"')
            + f'<association id="as{name}" sourceRef="z{name}" targetRef="u{name}"/>'
        )  # fmt: skip

    undo = (
        '<subProcess id="fall" triggeredByEvent="true"><startEvent id="l">'
        + CATCH.format("E")
        + '</startEvent><endEvent id="z"/><intermediateThrowEvent id="zurueck">'
        "<compensateEventDefinition/></intermediateThrowEvent>"
        + "".join(map(flow, ("l>zurueck", "zurueck>z")))
        + "</subProcess>"
    )
    body = (
        undoable("a") + undoable("b") + undoable("c")
        + '<endEvent id="weg"><errorEventDefinition errorRef="E"/></endEvent>' + undo
        + '<exclusiveGateway id="g" default="f3"/>' + CLOSE
    )  # fmt: skip
    content = bpmn(body, "start>a", "a>b", "b>g", "g>c", "g>weg: task.b.outcome == 'nein'",
                   "c>zu", "zu>ende")  # fmt: skip
    case = Case(release(with_roots(content, ERROR)))
    case.decide("a")
    case.decide("b", "nein")
    for key in ("ub", "ua"):
        assert case.waiting == (key,)
        case.decide(key)
    assert case.done.finished
    passed = p.passed(case.rel, case.done.state)
    assert {"fall", "ua", "za", "ub", "zurueck"} <= passed
    assert "uc" not in passed


def test_each_paid_entry_gets_its_own_money_back() -> None:
    body = (
        inside("teil",
               '<serviceTask id="zahlen" dw:intent="collect" dw:amount="item.preis"'
               ' dw:purpose="g"/>'
               + boundary("z", "zahlen", "<compensateEventDefinition/>")
               + '<serviceTask id="zurueck" dw:intent="refund" dw:of="zahlen"'
               ' dw:amount="item.preis - 1" isForCompensation="true"/>'
               '<association id="as" sourceRef="z" targetRef="zurueck"/>',
               "s-teil>zahlen", "zahlen>e-teil", prefix=MANY)
        + ask("a")
        + '<intermediateThrowEvent id="um"><compensateEventDefinition activityRef="teil"/>'
        "</intermediateThrowEvent>" + CLOSE
    )  # fmt: skip
    arrows = ("start>teil", "teil>a", "a>um", "um>zu", "zu>ende")
    case = Case(
        release(bpmn(body, *arrows)), {"stellen": [{"preis": 5}, {"preis": 0}, {"preis": 9}]}
    )
    case.happen(p.PaymentSettled("zahlen@2", "paid"))
    case.happen(p.PaymentSettled("zahlen@0", "paid"))
    case.decide("a")
    assert case.done.intents == (p.Refund("zurueck@0", "zahlen@0", 4),)
    case.happen(p.Refunded("zurueck@0"))
    assert case.done.intents == (p.Refund("zurueck@2", "zahlen@2", 8),)
    assert case.happen(p.Refunded("zurueck@2")).outcome == "granted"


def test_a_terminate_end_also_ends_what_runs_beside() -> None:
    body = (
        inside("teil", ask("x") + beside("fall", '<signalEventDefinition signalRef="S"/>',
                                         more='isInterrupting="false"')
               + '<endEvent id="aus"><terminateEventDefinition/></endEvent>'
               + '<exclusiveGateway id="g" default="dd"/>'
               + '<sequenceFlow id="dd" sourceRef="g" targetRef="aus"/>'
               + '<sequenceFlow id="de" sourceRef="g" targetRef="e-teil"><conditionExpression>'
               "task.x.outcome == 'ja'</conditionExpression></sequenceFlow>",
               "s-teil>x", "x>g")
        + ask("danach") + CLOSE
    )  # fmt: skip
    content = with_roots(bpmn(body, "start>teil", "teil>danach", "danach>zu", "zu>ende"), SIGNAL)
    for outcome, waiting in (("nein", {"danach"}), ("ja", {"t-fall"})):
        case = Case(release(content))
        case.happen(p.Signalled("sturm"))
        case.decide("x", outcome)
        assert {each for each in case.waiting if not each.startswith("l-")} == waiting


def test_a_loop_around_a_list_asks_anew() -> None:
    body = (
        ask("stelle", inside=MANY) + '<exclusiveGateway id="g" default="f3"/>' + JOIN
        + '<intermediateCatchEvent id="t">' + timer("P1D") + "</intermediateCatchEvent>" + CLOSE
    )  # fmt: skip
    arrows = ("start>m", "m>stelle", "stelle>g", "g>zu",
              "g>t: task.stelle.all.exists(a, a.outcome == 'nein')", "t>m", "zu>ende")  # fmt: skip
    case = Case(release(bpmn(body, *arrows)))
    for place in range(3):
        case.decide(f"stelle@{place}", "nein" if place else "ja")
    case.after("t", days=1)
    assert case.waiting == ("stelle@0#2", "stelle@1#2", "stelle@2#2")
    for place in range(3):
        assert len(case.done.state["values"]["task"].get("stelle", {}).get("all", [])) == place
        case.decide(f"stelle@{place}#2")
    assert case.done.finished


def test_two_tokens_in_one_sub_process_do_not_disturb_one_another() -> None:
    body = (
        '<parallelGateway id="auf"/>' + JOIN
        + inside("teil", ask("x"), "s-teil>x", "x>e-teil")
        + boundary("b", "teil", timer("P7D"), 'cancelActivity="true"')
        + '<scriptTask id="o" dw:set="n" dw:value="1"/>' + CLOSE + END_2
    )  # fmt: skip
    arrows = ("start>auf", "auf>m", "auf>o", "o>m", "m>teil", "teil>zu", "b>ende2", "zu>ende")
    case = Case(release(bpmn(body, *arrows)))
    assert set(case.waiting) == {"x", "x#2", "b", "b#2"}
    case.after("b", days=8)
    assert set(case.waiting) == {"x#2", "b#2"}
    assert keys(case.done, p.NoLongerWait) == {"x"}
    assert case.decide("x#2").finished


def test_a_correction_is_heard_by_all_that_wait_for_one() -> None:
    wait = '<receiveTask id="{}" dw:message="application.corrected"/>'
    gentle = 'cancelActivity="false" dw:message="application.corrected"'
    body = (
        '<parallelGateway id="auf"/><parallelGateway id="ein"/>'
        + wait.format("r") + wait.format("s") + ask("x")
        + boundary("b", "x", "<messageEventDefinition/>", gentle)
        + '<sendTask id="sagen" dw:message="m"/>' + END_2 + CLOSE
    )  # fmt: skip
    arrows = ("start>auf", "auf>r", "auf>s", "auf>x", "r>ein", "s>ein", "x>ein", "b>sagen",
              "sagen>ende2", "ein>zu", "zu>ende")  # fmt: skip
    case = Case(release(bpmn(body, *arrows)))
    case.happen(p.Corrected("1"))
    assert keys(case.done, p.Tell) == {"sagen"}
    assert set(case.waiting) == {"x", "b#2"}
    case.happen(p.Corrected("2"))
    assert keys(case.done, p.Tell) == {"sagen#2"}
    assert case.decide("x").finished


@pytest.mark.parametrize("size", [40, 200])
def test_a_long_list_of_sub_processes_is_bounded(size: int) -> None:
    inner = inside("i", ask("x"), "s-i>x", "x>e-i",
                   prefix='<multiInstanceLoopCharacteristics dw:over="20"/>')  # fmt: skip
    outer = inside("o", inner, "s-o>i", "i>e-o",
                   prefix=f'<multiInstanceLoopCharacteristics dw:over="{size}"/>')  # fmt: skip
    with pytest.raises(p.Stuck) as stuck:
        Case(release(bpmn(outer + CLOSE, "start>o", "o>zu", "zu>ende")), {})
    assert stuck.value.code in ("too-many", "endless")


def test_the_state_does_not_grow_with_what_is_over() -> None:
    """A list that is done leaves its answers behind, and nothing else."""
    body = inside("teil", ask("x") + ask("y"), "s-teil>x", "x>y", "y>e-teil", prefix=MANY)
    case = Case(release(bpmn(body + ask("z") + CLOSE, "start>teil", "teil>z", "z>zu", "zu>ende")))
    for key in [f"{name}@{place}" for place in range(3) for name in "xy"]:
        case.decide(key)
    state = case.done.state
    assert list(state["passages"]) == ["0"]
    assert state["busy"] == state["owners"] == state["contexts"] == {}
    assert len(DATA["stellen"]) == len(state["values"]["task"]["y"]["all"])


def test_a_case_that_waits_for_years_does_not_grow() -> None:
    """A round that is drawn as a loop, and a reminder that comes every month beside a task."""
    body = (
        ask("a") + '<exclusiveGateway id="g" default="f3"/>' + JOIN
        + boundary("b", "a", timer("R/P1M", "timeCycle"), 'cancelActivity="false"')
        + '<sendTask id="sagen" dw:message="m"/>' + END_2 + CLOSE
    )  # fmt: skip
    arrows = ("start>m", "m>a", "a>g", "g>zu", "g>m: task.a.outcome == 'nein'", "b>sagen",
              "sagen>ende2", "zu>ende")  # fmt: skip
    case = Case(release(bpmn(body, *arrows)))
    sizes = []
    for _ in range(60):
        for _ in range(2):
            (timer_,) = (key for key in case.waiting if key.startswith("b"))
            case.after(timer_, days=40)
        (task,) = (key for key in case.waiting if key.startswith("a"))
        case.decide(task, "nein")
        sizes.append(len(case.done.state["passages"]["0"]["rows"]))
    assert max(sizes) <= FEW + 20
    (task,) = (key for key in case.waiting if key.startswith("a"))
    case.decide(task, "ja")
    assert case.done.finished
    everything = case.rel.process.diagram.elements.keys() | case.rel.process.diagram.flows.keys()
    assert p.passed(case.rel, case.done.state) == everything
