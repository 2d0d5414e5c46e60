"""Each element of BPMN that a process may have, by example: what it wants and when it goes on."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blueprint.process_building import ASK, CLOSE, FACTS, NOW, bpmn, release
from dienstweg.blueprint import markings
from dienstweg.blueprint import process as p

DATA: dict[str, Any] = {"stellen": [{"rolle": "bau"}, {"rolle": "feuer"}, {"rolle": "denkmal"}]}


def ask(name: str, more: str = "", inside: str = "") -> str:
    """A user task."""
    return (
        f'<userTask id="{name}" dw:role="amt" dw:outcomes="ja nein" {more}>{inside}</userTask>'
        if inside
        else f'<userTask id="{name}" dw:role="amt" dw:outcomes="ja nein" {more}/>'
    )


def flow(arrow: str, number: int = 0) -> str:
    """An arrow inside of a sub-process."""
    source, target = arrow.split(">")
    name = f"i-{source}-{target}-{number}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}"/>'


def inside(name: str, body: str, *arrows: str, more: str = "", prefix: str = "") -> str:
    """A sub-process with a start `s-<name>` and an end `e-<name>`."""
    start = f'<startEvent id="s-{name}"/><endEvent id="e-{name}"/>'
    return (
        f'<subProcess id="{name}" {more}>{prefix}{start}{body}'
        + "".join(flow(arrow) for arrow in arrows)
        + "</subProcess>"
    )


def boundary(name: str, host: str, event: str, more: str = "") -> str:
    """An event on the border of an activity."""
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" {more}>{event}</boundaryEvent>'


def timer(text: str, word: str = "timeDuration") -> str:
    """A timer."""
    return f"<timerEventDefinition><{word}>{text}</{word}></timerEventDefinition>"


def with_roots(content: bytes, *roots: str) -> bytes:
    """The same with signals, errors ... beside the process."""
    return content.replace(b"<process ", "".join(roots).encode() + b"<process ", 1)


ERROR = '<error id="E" errorCode="abgelehnt"/>'
ESCALATION = '<escalation id="X" escalationCode="spaet"/>'
SIGNAL = '<signal id="S" name="sturm"/>'
CLOSE_2 = CLOSE.replace('"zu"', '"zu2"').replace("granted", "refused")
END_2 = '<endEvent id="ende2"/>'


class Case:
    """One case on its way; every state goes through JSON."""

    def __init__(self, rel: Any, data: dict[str, Any] | None = None, **facts: Any) -> None:
        self.rel, self.data, self.now = rel, DATA if data is None else data, NOW
        self.facts = {**FACTS, **facts}
        self.state: dict[str, Any] | None = None
        self.done = self.happen(p.Submitted())

    def happen(self, event: p.Event) -> p.Step:
        """Let an event happen, twice: the repeat must not matter."""
        state = json.loads(json.dumps(self.state))
        self.done = self._step(event)
        again = p.step(
            self.rel,
            json.loads(json.dumps(state)),
            event,
            application=self.data,
            facts=self.facts,
            now=self.now,
        )
        assert (again.state, again.intents) == (self.done.state, self.done.intents)
        self.state = json.loads(json.dumps(self.done.state))
        return self.done

    def _step(self, event: p.Event) -> p.Step:
        return p.step(
            self.rel,
            self.state,
            event,
            application=self.data,
            facts=self.facts,
            now=self.now,
        )

    def decide(self, key: str, outcome: str = "ja", **data: Any) -> p.Step:
        """Complete a task."""
        return self.happen(p.TaskCompleted(key, outcome, data))

    def after(self, key: str, **time: int) -> p.Step:
        """Let a timer come after some time."""
        self.now = self.now + timedelta(**time)
        return self.happen(p.TimerDue(key))

    @property
    def waiting(self) -> tuple[str, ...]:
        return self.done.waiting

    def keys(self, kind: type) -> list[str]:
        """The keys of the last step's intents of a kind."""
        return [each.key for each in self.done.intents if isinstance(each, kind)]


def test_a_script_sets_variables() -> None:
    body = (
        '<scriptTask id="rechnen" dw:set="summe" dw:value="2 + data.x"/>'
        '<scriptTask id="mehr"><extensionElements><dw:set name="doppelt" value="case.summe * 2"/>'
        '<dw:set name="wort" value="string(case.doppelt)"/></extensionElements></scriptTask>'
        '<serviceTask id="zahlen" dw:intent="collect" dw:amount="case.doppelt" dw:purpose="g"/>'
        + CLOSE
    )
    arrows = ("start>rechnen", "rechnen>mehr", "mehr>zahlen", "zahlen>zu", "zu>ende")
    case = Case(release(bpmn(body, *arrows)), {"x": 3})
    (collect,) = case.done.intents
    assert isinstance(collect, p.Collect)
    assert collect.amount == 10
    assert case.done.state["values"]["case"] == {"summe": 5, "doppelt": 10, "wort": "10"}


def test_a_send_task_tells_the_applicant_or_the_parties() -> None:
    body = (
        '<sendTask id="sagen" dw:message="gut"/><sendTask id="rufen" dw:message="los"'
        ' dw:party="nachbar" dw:answer="objected none"/>'
        '<intermediateThrowEvent id="auch" dw:message="auch">'
        "<messageEventDefinition/></intermediateThrowEvent>" + CLOSE
    )
    rel = release(bpmn(body, "start>sagen", "sagen>rufen", "rufen>auch", "auch>zu", "zu>ende"))
    tells = [each for each in Case(rel).done.intents if isinstance(each, p.Tell)]
    assert [(each.key, each.message, each.party, each.answers) for each in tells] == [
        ("sagen", "gut", "", ()),
        ("rufen", "los", "nachbar", ("objected", "none")),
        ("auch", "auch", "", ()),
    ]


def test_a_user_task_says_who_and_what_is_asked() -> None:
    body = (
        '<userTask id="pruefen" dw:role="=data.wer" dw:outcomes="ja nein" dw:approval="leitung"'
        ' dw:form="auflage grund" dw:due="P3D" dw:days="working"/>'
        '<userTask id="fragen" dw:party="nachbar" dw:outcomes="ja nein"/>' + CLOSE
    )
    rel = release(bpmn(body, "start>pruefen", "pruefen>fragen", "fragen>zu", "zu>ende"))
    case = Case(rel, {"wer": "bau"}, land="NW")
    (ask_,) = case.done.intents
    assert isinstance(ask_, p.Ask)
    assert (ask_.role, ask_.approval, ask_.form) == ("bau", "leitung", ("auflage", "grund"))
    assert ask_.due == NOW + timedelta(days=3)
    (second,) = case.decide("pruefen").intents
    assert isinstance(second, p.Ask)
    assert (second.role, second.party) == ("", "nachbar")


class TestSeveral:
    """Multi-instance activities."""

    MANY = (
        '<multiInstanceLoopCharacteristics {} dw:over="data.stellen">{}'
        "</multiInstanceLoopCharacteristics>"
    )

    def of(self, sequential: str = "", until: str = "") -> Any:
        marks = self.MANY.format(
            sequential, f"<completionCondition>{until}</completionCondition>" if until else ""
        )
        body = (
            f'<userTask id="stellen" dw:role="=item.rolle" dw:outcomes="ja nein">{marks}</userTask>'
            '<exclusiveGateway id="weg" default="f3"/>' + CLOSE + CLOSE_2
        )
        return release(
            bpmn(
                body,
                "start>stellen",
                "stellen>weg",
                "weg>zu: task.stellen.all.all(t, t.outcome == 'ja')",
                "weg>zu2",
                "zu>ende",
                "zu2>ende",
            )
        )

    def test_each_entry_is_asked_at_once(self) -> None:
        case = Case(self.of())
        asks = [each for each in case.done.intents if isinstance(each, p.Ask)]
        assert [(each.key, each.role, each.item) for each in asks] == [
            (f"stellen@{place}", one["rolle"], one) for place, one in enumerate(DATA["stellen"])
        ]
        assert case.waiting == ("stellen@0", "stellen@1", "stellen@2")
        case.decide("stellen@1", auflage="Rampe")
        assert case.waiting == ("stellen@0", "stellen@2")
        case.decide("stellen@0")
        case.decide("stellen@2")
        assert case.done.outcome == "granted"
        answers = case.done.state["values"]["task"]["stellen"]["all"]
        assert [each["item"]["rolle"] for each in answers] == ["bau", "feuer", "denkmal"]
        assert answers[1]["data"] == {"auflage": "Rampe"}
        assert case.done.state["contexts"] == {}

    def test_one_after_another(self) -> None:
        case = Case(self.of('isSequential="true"'))
        for place in range(3):
            assert case.waiting == (f"stellen@{place}",)
            case.decide(f"stellen@{place}", "nein" if place == 1 else "ja")
        assert case.done.outcome == "refused"

    def test_a_condition_ends_the_rest(self) -> None:
        case = Case(self.of(until="task.stellen.all.exists(t, t.outcome == 'nein')"))
        case.decide("stellen@2", "nein")
        assert case.done.outcome == "refused"
        assert [each for each in case.done.intents if isinstance(each, p.NoLongerWait)] == [
            p.NoLongerWait("stellen@0", "ask"),
            p.NoLongerWait("stellen@1", "ask"),
        ]

    def test_nobody_is_asked_for_an_empty_list(self) -> None:
        case = Case(self.of(), {"stellen": []})
        assert case.done.outcome == "granted"

    @pytest.mark.parametrize("stellen", [[{"rolle": "x"}] * 201, "viele"])
    def test_too_many_or_no_list_is_refused(self, stellen: Any) -> None:
        with pytest.raises(p.Stuck) as stuck:
            Case(self.of(), {"stellen": stellen})
        assert stuck.value.where == "stellen"
        assert stuck.value.code in ("too-many", "bad-value")

    def test_a_boundary_event_takes_all_of_them_away(self) -> None:
        marks = self.MANY.format("", "")
        body = (
            f'<userTask id="stellen" dw:role="=item.rolle" dw:outcomes="ja nein">{marks}</userTask>'
            + boundary("frist", "stellen", timer("P30D"))
            + CLOSE
            + CLOSE_2
        )
        rel = release(bpmn(body, "start>stellen", "stellen>zu", "frist>zu2", "zu>ende", "zu2>ende"))
        case = Case(rel)
        case.decide("stellen@1")
        case.after("frist", days=40)
        assert case.done.outcome == "refused"
        assert {each.key for each in case.done.intents if isinstance(each, p.NoLongerWait)} == {
            "stellen@0",
            "stellen@2",
        }

    def test_sub_processes_do_not_see_one_another(self) -> None:
        marks = '<multiInstanceLoopCharacteristics dw:over="data.stellen"/>'
        body = inside(
            "umlauf",
            '<scriptTask id="merken" dw:set="wer" dw:value="item.rolle"/>'
            + ask("frage").replace('"amt"', '"=case.wer"')
            + ask("nachfrage").replace('"amt"', '"=task.frage.data.an + case.wer"'),
            "s-umlauf>merken",
            "merken>frage",
            "frage>nachfrage",
            "nachfrage>e-umlauf",
            prefix=marks,
        )
        rel = release(bpmn(body + CLOSE, "start>umlauf", "umlauf>zu", "zu>ende"))
        case = Case(rel)
        assert case.waiting == ("frage@0", "frage@1", "frage@2")
        case.decide("frage@2", an="z-")
        case.decide("frage@0", an="a-")
        assert case.waiting == ("nachfrage@0", "frage@1", "nachfrage@2")
        (asked,) = case.done.intents
        assert isinstance(asked, p.Ask)
        assert (asked.key, asked.role, asked.item) == ("nachfrage@0", "a-bau", {"rolle": "bau"})
        for key in ("nachfrage@2", "frage@1", "nachfrage@1", "nachfrage@0"):
            case.decide(key, an="m-")
        assert case.done.finished
        answers = case.done.state["values"]["task"]["nachfrage"]["all"]
        assert [each["index"] for each in answers] == [0, 1, 2]

    def test_lists_inside_of_lists_keep_their_keys_apart(self) -> None:
        inner = '<multiInstanceLoopCharacteristics dw:over="item"/>'
        outer = '<multiInstanceLoopCharacteristics dw:over="data.x"/>'
        body = inside("a", ask("b", inside=inner), "s-a>b", "b>e-a", prefix=outer)
        rel = release(bpmn(body + CLOSE, "start>a", "a>zu", "zu>ende"))
        case = Case(rel, {"x": [[1, 2], [], [3]]})
        assert case.waiting == ("b@0@0", "b@0@1", "b@2@0")
        for key in case.waiting:
            case.decide(key)
        assert case.done.finished
        assert [each["at"] for each in case.done.state["values"]["task"]["b"]["all"]] == [
            [0, 0], [0, 1], [2, 0],
        ]  # fmt: skip


class TestLoops:
    def of(self, marks: str) -> Any:
        loop = f"<standardLoopCharacteristics {marks}</standardLoopCharacteristics>"
        return release(
            bpmn(ask("a", inside=loop) + CLOSE, "start>a", "a>zu", "zu>ende"),
        )

    def test_it_goes_on_as_long_as_the_condition_holds(self) -> None:
        case = Case(self.of('><loopCondition>task.a.outcome == "nein"</loopCondition>'))
        case.decide("a", "nein")
        assert case.waiting == ("a#2",)
        case.decide("a#2", "ja")
        assert case.done.finished

    def test_no_more_often_than_it_says(self) -> None:
        case = Case(self.of('loopMaximum="2"><loopCondition>true</loopCondition>'))
        case.decide("a")
        case.decide("a#2")
        assert case.done.finished

    def test_it_can_ask_before(self) -> None:
        rel = self.of('testBefore="true"><loopCondition>data.x</loopCondition>')
        assert Case(rel, {"x": False}).done.finished
        assert Case(rel, {"x": True}).waiting == ("a",)


class TestInside:
    """Sub-processes, their borders, and call activities."""

    def test_a_sub_process_is_done_when_its_inside_is(self) -> None:
        body = inside("teil", ask("a") + ask("b"), "s-teil>a", "a>b", "b>e-teil") + CLOSE
        case = Case(release(bpmn(body, "start>teil", "teil>zu", "zu>ende")))
        case.decide("a")
        assert case.waiting == ("b",)
        case.decide("b")
        assert case.done.finished
        passed = p.passed(case.rel, case.done.state)
        assert {"teil", "a", "b", "e-teil", "zu", "i-a-b-0"} <= passed

    def test_what_interrupts_it_takes_its_inside_away(self) -> None:
        body = (
            inside("teil", ask("a"), "s-teil>a", "a>e-teil")
            + boundary("frist", "teil", timer("P7D"))
            + CLOSE
            + CLOSE_2
        )
        arrows = ("start>teil", "teil>zu", "frist>zu2", "zu>ende", "zu2>ende")
        case = Case(release(bpmn(body, *arrows)))
        assert set(case.waiting) == {"a", "frist"}
        case.after("frist", days=8)
        assert case.done.outcome == "refused"
        assert p.NoLongerWait("a", "ask") in case.done.intents

    def test_an_error_inside_is_caught_outside(self) -> None:
        body = (
            inside(
                "teil",
                ask("a") + '<endEvent id="fehler"><errorEventDefinition errorRef="E"/></endEvent>'
                + ask("b")
                + '<parallelGateway id="auf"/>',
                "s-teil>auf", "auf>a", "auf>b", "a>fehler", "b>e-teil",
            )
            + boundary("fangen", "teil", '<errorEventDefinition errorRef="E"/>')
            + CLOSE
            + CLOSE_2
        )  # fmt: skip
        arrows = ("start>teil", "teil>zu", "fangen>zu2", "zu>ende", "zu2>ende")
        case = Case(release(with_roots(bpmn(body, *arrows), ERROR)))
        assert set(case.waiting) == {"a", "b"}
        case.decide("a")
        assert case.done.outcome == "refused"
        assert p.NoLongerWait("b", "ask") in case.done.intents

    def test_an_escalation_can_leave_the_inside_alone(self) -> None:
        throw = (
            '<intermediateThrowEvent id="melden"><escalationEventDefinition escalationRef="X"/>'
            "</intermediateThrowEvent>"
        )
        body = (
            inside("teil", ask("a") + throw + ask("b"), "s-teil>a", "a>melden", "melden>b",
                   "b>e-teil")
            + boundary("hoch", "teil", '<escalationEventDefinition escalationRef="X"/>',
                       'cancelActivity="false"')
            + ask("leitung") + CLOSE + END_2
        )  # fmt: skip
        arrows = ("start>teil", "teil>zu", "hoch>leitung", "leitung>ende2", "zu>ende")
        case = Case(release(with_roots(bpmn(body, *arrows), ESCALATION)))
        case.decide("a")
        assert set(case.waiting) == {"b", "leitung"}
        case.decide("b")
        assert (case.waiting, case.done.finished) == (("leitung",), False)
        case.decide("leitung")
        assert case.done.finished

    def test_a_call_activity_runs_another_process_of_the_file(self) -> None:
        body = (
            '<callActivity id="erst" calledElement="umlauf"/>'
            '<callActivity id="dann" calledElement="umlauf"/>' + CLOSE
        )
        other = (
            '<process id="umlauf"><startEvent id="us"/><endEvent id="ue"/>'
            + ask("stimme")
            + flow("us>stimme")
            + flow("stimme>ue")
            + "</process>"
        )
        content = bpmn(body, "start>erst", "erst>dann", "dann>zu", "zu>ende").replace(
            b"</definitions>", other.encode() + b"</definitions>"
        )
        case = Case(release(content))
        case.decide("stimme")
        assert case.waiting == ("stimme#2",)
        case.decide("stimme#2", "nein")
        assert case.done.finished

    def test_a_terminate_end_ends_only_its_level(self) -> None:
        body = (
            inside(
                "teil",
                ask("a") + ask("b") + '<parallelGateway id="auf"/>'
                '<endEvent id="aus"><terminateEventDefinition/></endEvent>',
                "s-teil>auf", "auf>a", "auf>b", "a>aus", "b>e-teil",
            )
            + ask("c") + CLOSE
        )  # fmt: skip
        case = Case(release(bpmn(body, "start>teil", "teil>c", "c>zu", "zu>ende")))
        case.decide("a")
        assert case.waiting == ("c",)
        assert p.NoLongerWait("b", "ask") in case.done.intents


class TestEventSubProcesses:
    def of(self, event: str, more: str = "", handled: str = "") -> Any:
        beside = (
            '<subProcess id="fall" triggeredByEvent="true">'
            f'<startEvent id="los" {more}>{event}</startEvent><endEvent id="aus"/>'
            + ask("behandeln")
            + flow("los>behandeln")
            + flow("behandeln>aus")
            + "</subProcess>"
        )
        body = ask("a") + ask("b") + beside + CLOSE
        content = bpmn(body, "start>a", "a>b", "b>zu", "zu>ende")
        return release(with_roots(content, SIGNAL, ERROR, ESCALATION))

    def test_one_that_interrupts_takes_over(self) -> None:
        message = "<messageEventDefinition/>"
        case = Case(self.of(message, 'dw:message="amt.storniert"'))
        assert set(case.waiting) == {"a", "los"}
        case.happen(p.Reported("amt.storniert", {}, "1"))
        assert case.waiting == ("behandeln",)
        assert p.NoLongerWait("a", "ask") in case.done.intents
        case.decide("behandeln")
        assert (case.done.finished, case.done.outcome) == (True, None)

    def test_one_that_does_not_runs_beside_and_can_come_again(self) -> None:
        event = '<signalEventDefinition signalRef="S"/>'
        case = Case(self.of(event, 'isInterrupting="false"'))
        case.happen(p.Signalled("sturm"))
        case.happen(p.Signalled("sturm", key="zwei"))
        case.happen(p.Signalled("sturm", key="zwei"))
        assert {"a", "behandeln", "behandeln#2"} < set(case.waiting)
        case.decide("a")
        case.decide("b")
        assert not case.done.finished
        assert case.done.outcome == "granted"
        case.decide("behandeln")
        case.decide("behandeln#2")
        assert case.done.finished

    def test_a_timer_runs_from_the_beginning(self) -> None:
        case = Case(self.of(timer("P10D"), 'isInterrupting="false"'))
        assert p.Wait("los", NOW + timedelta(days=10)) in case.done.intents
        case.decide("a")
        case.after("los", days=11)
        assert set(case.waiting) == {"b", "behandeln"}
        case.decide("behandeln")
        case.decide("b")
        assert case.done.finished


class TestErrorsOfIntents:
    BODY = (
        '<serviceTask id="geben" dw:intent="deliver" dw:mapping="s"/>'
        + boundary("abgewiesen", "geben", '<errorEventDefinition errorRef="D"/>')
        + ask("klaeren")
        + CLOSE
    )
    ARROWS = ("start>geben", "geben>zu", "abgewiesen>klaeren", "klaeren>zu", "zu>ende")
    FILES = {"mappings/s.yaml": b"format: json\ncontent: {}\n"}  # noqa: RUF012 - a constant

    def of(self, code: str = "delivery.refused") -> Any:
        content = bpmn('<exclusiveGateway id="x"/>' + self.BODY, "start>geben", "geben>x", "x>zu",
                       "abgewiesen>klaeren", "klaeren>x", "zu>ende")  # fmt: skip
        return release(with_roots(content, f'<error id="D" errorCode="{code}"/>'), self.FILES)

    def test_one_that_is_caught_goes_its_way(self) -> None:
        case = Case(self.of())
        assert p.catches(case.rel, "geben", "delivery.refused")
        case.happen(p.Refused("geben", "delivery.refused"))
        assert case.waiting == ("klaeren",)
        assert case.keys(p.NoLongerWait) == []

    def test_one_that_nobody_catches_changes_nothing(self) -> None:
        case = Case(self.of())
        before = case.state
        for event in (
            p.Refused("geben", "payment.failed"),
            p.Refused("anders", "delivery.refused"),
        ):
            assert case.happen(event).state == before
        assert not p.catches(case.rel, "klaeren", "delivery.refused")

    def test_a_code_that_cannot_come_is_refused(self) -> None:
        from dienstweg.blueprint.problems import Invalid

        with pytest.raises(Invalid) as found:
            self.of("payment.failed")
        assert found.value.problems[0].code == "bpmn-reference"

    def test_a_signature_that_is_declined(self) -> None:
        body = (
            '<serviceTask id="zeichnen" dw:intent="sign" dw:parties="bauherr planer"'
            ' dw:order="sequential"/>'
            + boundary("nein", "zeichnen", '<errorEventDefinition errorRef="D"/>')
            + CLOSE
            + CLOSE_2
        )
        arrows = ("start>zeichnen", "zeichnen>zu", "nein>zu2", "zu>ende", "zu2>ende")
        content = with_roots(bpmn(body, *arrows), '<error id="D" errorCode="sign.declined"/>')
        case = Case(release(content))
        assert case.done.intents == (p.Sign("zeichnen", ("bauherr", "planer"), "sequential"),)
        case.happen(p.Signed("zeichnen", "declined"))
        assert case.done.outcome == "refused"
        assert Case(release(content)).happen(p.Signed("zeichnen", "signed")).outcome == "granted"


class TestUndoing:
    PAY = (
        '<serviceTask id="zahlen" dw:intent="collect" dw:amount="500" dw:purpose="g"/>'
        + boundary("zurueck", "zahlen", "<compensateEventDefinition/>")
        + '<serviceTask id="erstatten" dw:intent="refund" dw:of="zahlen"'
        ' isForCompensation="true"/>'
        '<association id="as" sourceRef="zurueck" targetRef="erstatten"/>'
    )
    UNDO = (
        '<intermediateThrowEvent id="umkehr"><compensateEventDefinition/></intermediateThrowEvent>'
    )

    def test_what_was_paid_is_given_back(self) -> None:
        body = self.PAY + ask("a") + self.UNDO + CLOSE
        rel = release(bpmn(body, "start>zahlen", "zahlen>a", "a>umkehr", "umkehr>zu", "zu>ende"))
        case = Case(rel)
        case.happen(p.PaymentSettled("zahlen", "paid"))
        case.decide("a")
        assert case.done.intents == (p.Refund("erstatten", "zahlen", None),)
        assert case.waiting == ("erstatten",)
        case.happen(p.Refunded("erstatten"))
        assert case.done.outcome == "granted"

    def test_nothing_is_given_back_that_was_not_paid(self) -> None:
        body = self.PAY.replace('"500"', '"0"') + ask("a") + self.UNDO + CLOSE
        rel = release(bpmn(body, "start>zahlen", "zahlen>a", "a>umkehr", "umkehr>zu", "zu>ende"))
        case = Case(rel)
        case.decide("a")
        assert case.done.outcome == "granted"

    def test_the_last_is_undone_first_also_in_what_is_inside(self) -> None:
        def step_(name: str) -> str:
            return (
                ask(name)
                + boundary(f"z{name}", name, "<compensateEventDefinition/>")
                + ask(f"u{name}", 'isForCompensation="true"')
                + f'<association id="as{name}" sourceRef="z{name}" targetRef="u{name}"/>'
            )

        body = (
            step_("a")
            + inside("teil", step_("b") + step_("c"), "s-teil>b", "b>c", "c>e-teil")
            + ask("d")
            + self.UNDO
            + CLOSE
        )
        arrows = ("start>a", "a>teil", "teil>d", "d>umkehr", "umkehr>zu", "zu>ende")
        case = Case(release(bpmn(body, *arrows)))
        for key in ("a", "b", "c", "d"):
            case.decide(key)
        for key in ("uc", "ub", "ua"):
            assert case.waiting == (key,)
            case.decide(key)
        assert case.done.finished


class TestSignalsAndLinks:
    def test_a_signal_reaches_all_that_wait_for_it(self) -> None:
        catch = '<intermediateCatchEvent id="{}"><signalEventDefinition signalRef="S"/></{}>'
        throw = (
            '<intermediateThrowEvent id="rufen"><signalEventDefinition signalRef="S"/>'
            "</intermediateThrowEvent>"
        )
        body = (
            ask("a") + catch.format("eins", "intermediateCatchEvent")
            + catch.format("zwei", "intermediateCatchEvent") + throw
            + '<parallelGateway id="auf"/><parallelGateway id="ein"/>' + CLOSE
        )  # fmt: skip
        arrows = ("start>auf", "auf>a", "auf>eins", "auf>zwei", "a>rufen", "rufen>ein",
                  "eins>ein", "zwei>ein", "ein>zu", "zu>ende")  # fmt: skip
        case = Case(release(with_roots(bpmn(body, *arrows), SIGNAL)))
        assert set(case.waiting) == {"a", "eins", "zwei"}
        case.decide("a")
        assert case.done.finished

    def test_a_link_is_an_arrow(self) -> None:
        link = '<{0} id="{1}"><linkEventDefinition name="A"/></{0}>'
        body = (
            link.format("intermediateThrowEvent", "weg")
            + link.format("intermediateCatchEvent", "her")
            + CLOSE
        )
        case = Case(release(bpmn(body, "start>weg", "her>zu", "zu>ende")))
        assert case.done.finished


class TestTimes:
    def test_a_cycle_reminds_as_often_as_it_says(self) -> None:
        body = (
            ask("a")
            + boundary("mahnen", "a", timer("R2/P7D", "timeCycle"), 'cancelActivity="false"')
            + '<sendTask id="sagen" dw:message="m"/>'
            + END_2
            + CLOSE
        )
        arrows = ("start>a", "mahnen>sagen", "sagen>ende2", "a>zu", "zu>ende")
        case = Case(release(bpmn(body, *arrows)))
        assert p.Wait("mahnen", NOW + timedelta(days=7)) in case.done.intents
        case.after("mahnen", days=7)
        assert case.keys(p.Tell) == ["sagen"]
        assert case.keys(p.Wait) == ["mahnen#2"]
        case.after("mahnen#2", days=7)
        assert (case.keys(p.Tell), case.keys(p.Wait)) == (["sagen#2"], [])
        assert case.waiting == ("a",)
        case.decide("a")
        assert case.done.finished

    def test_what_was_missed_does_not_come_at_once(self) -> None:
        body = (
            ask("a")
            + boundary("mahnen", "a", timer("R/P7D", "timeCycle"), 'cancelActivity="false"')
            + '<sendTask id="sagen" dw:message="m"/>'
            + END_2
            + CLOSE
        )
        arrows = ("start>a", "mahnen>sagen", "sagen>ende2", "a>zu", "zu>ende")
        case = Case(release(bpmn(body, *arrows)))
        case.after("mahnen", days=22)
        # Summer time has begun in between: the same time of day is an hour earlier in UTC.
        assert [each for each in case.done.intents if isinstance(each, p.Wait)] == [
            p.Wait("mahnen#2", NOW + timedelta(days=28) - timedelta(hours=1))
        ]

    def test_working_days_leave_out_holidays_of_the_state(self) -> None:
        event = f'<intermediateCatchEvent id="t" dw:days="working">{timer("P1D")}'
        body = event + "</intermediateCatchEvent>" + CLOSE
        rel = release(bpmn(body, "start>t", "t>zu", "zu>ende"))
        eve = datetime(2026, 1, 5, 9, tzinfo=UTC)  # Epiphany is a holiday in Bavaria only

        def due(land: str) -> datetime:
            facts = {**FACTS, "land": land}
            done = p.step(rel, None, p.Submitted(), application={}, facts=facts, now=eve)
            (wait,) = done.intents
            assert isinstance(wait, p.Wait)
            return wait.at

        assert due("NW") == eve + timedelta(days=1)
        assert due("BY") == eve + timedelta(days=2)

    def test_a_legal_period_can_stand_still(self) -> None:
        body = (
            ask("a") + '<boundaryEvent id="frist" attachedToRef="a" dw:deadline="entscheidung">'
            "<timerEventDefinition/></boundaryEvent>" + CLOSE + CLOSE_2
        )
        arrows = ("start>a", "a>zu", "frist>zu2", "zu>ende", "zu2>ende")
        first, second = NOW + timedelta(days=90), NOW + timedelta(days=120)
        running = {"entscheidung": {"due": first.isoformat(), "state": "running"}}
        case = Case(release(bpmn(body, *arrows)), deadlines=running)
        assert p.Wait("frist", first) in case.done.intents
        case.happen(p.Suspended("entscheidung"))
        assert case.done.intents == (p.NoLongerWait("frist", "timer"),)
        case.now = first
        assert case.happen(p.TimerDue("frist")).intents == ()
        case.facts["deadlines"] = {"entscheidung": {"due": second.isoformat(), "state": "running"}}
        assert case.happen(p.Resumed("entscheidung")).intents == (p.Wait("frist", second),)
        case.now = second
        assert case.happen(p.TimerDue("frist")).outcome == "refused"


def test_a_correction_lets_go_on_what_waits_for_it_and_only_that() -> None:
    body = (
        ask("a") + '<receiveTask id="neu" dw:message="application.corrected"/>'
        + '<exclusiveGateway id="weg" default="f5"/>' + CLOSE + CLOSE_2
    )  # fmt: skip
    arrows = ("start>a", "a>neu", "neu>weg", "zu>ende", "weg>zu: data.ok", "weg>zu2", "zu2>ende")
    case = Case(release(bpmn(body, *arrows)), {"ok": False})
    case.happen(p.Corrected("1"))
    case.decide("a")
    assert case.waiting == ("neu",), "a correction that came before is not kept"
    case.data = {"ok": True}
    case.happen(p.Corrected("2"))
    assert case.done.outcome == "granted"


def test_a_join_in_a_loop_takes_only_the_tokens_of_its_round() -> None:
    body = (
        ask("a") + ask("b") + '<parallelGateway id="auf"/><parallelGateway id="ein"/>'
        '<exclusiveGateway id="her"/><exclusiveGateway id="weg" default="f7"/>' + CLOSE
    )
    arrows = ("start>her", "her>auf", "auf>a", "auf>b", "a>ein", "b>ein", "ein>weg", "weg>zu",
              "weg>her: task.a.outcome == 'nein'", "zu>ende")  # fmt: skip
    case = Case(release(bpmn(body, *arrows)))
    for number in ("", "#2", "#3", "#4"):
        first, second = (f"a{number}", f"b{number}") if number != "#3" else ("b#3", "a#3")
        assert set(case.waiting) == {first, second}
        case.decide(first, "nein")
        assert case.waiting == (second,)
        case.decide(second, "nein")
    assert set(case.waiting) == {"a#5", "b#5"}


def test_a_process_that_never_waits_is_stopped_where_it_turns() -> None:
    loop = "<standardLoopCharacteristics><loopCondition>true</loopCondition></standardLoop"
    nested = '<multiInstanceLoopCharacteristics dw:over="200"/>'
    body = inside(
        "teil",
        f'<scriptTask id="x" dw:set="n" dw:value="1">{loop}Characteristics></scriptTask>',
        "s-teil>x",
        "x>e-teil",
        prefix=nested,
    )
    with pytest.raises(p.Stuck) as stuck:
        Case(release(bpmn(body + CLOSE, "start>teil", "teil>zu", "zu>ende")))
    assert stuck.value.code == "endless"
    assert stuck.value.where


def test_a_withdrawal_ends_everything_that_is_nested() -> None:
    marks = '<multiInstanceLoopCharacteristics dw:over="data.stellen"/>'
    body = inside(
        "teil", ask("a") + boundary("f", "a", timer("P1D")) + '<exclusiveGateway id="x"/>',
        "s-teil>a", "a>x", "f>x", "x>e-teil", prefix=marks,
    )  # fmt: skip
    case = Case(release(bpmn(body + CLOSE, "start>teil", "teil>zu", "zu>ende")))
    case.happen(p.Withdrawn())
    assert (case.done.finished, case.done.outcome, case.waiting) == (True, "withdrawn", ())
    assert {(each.key, each.kind) for each in case.done.intents} == {  # type: ignore[union-attr]
        (f"{name}@{place}", kind)
        for place in range(3)
        for name, kind in (("a", "ask"), ("f", "timer"))
    }


def test_no_way_out_is_said_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markings, "check", lambda _diagram: ())
    body = (
        ASK + '<exclusiveGateway id="weg" default="f2"/><parallelGateway id="ein"/>' + CLOSE
        + '<serviceTask id="geben" dw:intent="write" dw:document="receipt"/>'
    )  # fmt: skip
    arrows = ("start>pruefen", "pruefen>weg", "weg>ein", "weg>geben: true", "geben>ein",
              "ein>zu", "zu>ende")  # fmt: skip
    case = Case(release(bpmn(body, *arrows)))
    case.decide("pruefen")
    with pytest.raises(p.Stuck) as stuck:
        case.happen(p.DocumentWritten("geben"))
    assert stuck.value.code == "no-way"
