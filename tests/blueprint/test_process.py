"""A process step: what it wants, what it ignores, what it never reads."""

import copy
import gc
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.process_building import ASK, CLOSE, FACTS, NOW, bpmn, release, step, table
from dienstweg.blueprint import process as p

WHOLE = release(
    bpmn(
        """<businessRuleTask id="rechnen" dw:decision="gebuehr"/>
        <serviceTask id="zahlen" dw:intent="collect" dw:amount="decision.gebuehr.x"
          dw:purpose="gebuehr"/>
        <serviceTask id="geben" dw:intent="deliver" dw:mapping="standard"/>
        <userTask id="pruefen" dw:role="amt" dw:outcomes="ja nein" dw:due="P28D"/>
        <exclusiveGateway id="weg" default="f6"/>
        <serviceTask id="schreiben" dw:intent="write" dw:document="receipt"/>
        <serviceTask id="sagen" dw:intent="tell" dw:message="gut" dw:documents="receipt"/>"""
        + CLOSE
        + '<serviceTask id="nein" dw:intent="close" dw:outcome="=task.pruefen.outcome"/>',
        "start>rechnen",
        "rechnen>zahlen",
        "zahlen>geben",
        "geben>pruefen",
        "pruefen>weg",
        'weg>schreiben: task.pruefen.outcome == "ja"',
        "weg>nein",
        "schreiben>sagen",
        "sagen>zu",
        "zu>ende",
        "nein>ende",
    ),
    {
        "decisions/gebuehr.dmn": table([(["< 10"], ["500"]), ([">= 10"], ["1000"])]),
        "mappings/standard.yaml": b"format: json\ncontent: {}\n",
    },
)
DATA = {"a": 12}


def test_a_case_goes_its_whole_way() -> None:
    done = step(WHOLE, None, p.Submitted(), DATA)
    (collect,) = done.intents
    assert isinstance(collect, p.Collect)
    assert (collect.key, collect.amount) == ("zahlen", 1000)
    assert done.waiting == ("zahlen",)

    done = step(WHOLE, done.state, p.PaymentSettled("zahlen", "paid"), DATA)
    (deliver,) = done.intents
    assert isinstance(deliver, p.Deliver)
    assert (deliver.key, deliver.mapping) == ("geben", "standard")
    assert deliver.data["decision"] == {"gebuehr": {"x": 1000}}

    done = step(WHOLE, done.state, p.Delivered("geben", "R-1"), DATA)
    (ask,) = done.intents
    assert isinstance(ask, p.Ask)
    assert ask.due == NOW + timedelta(days=28) - timedelta(hours=1), "summer time began"
    assert (ask.role, ask.outcomes) == ("amt", ("ja", "nein"))

    done = step(WHOLE, done.state, p.TaskCompleted("pruefen", "ja", {}, "passt"), DATA)
    (write,) = done.intents
    assert isinstance(write, p.Write)
    assert write.data["reason"] == "passt"
    assert write.data["delivery"] == {"geben": {"reference": "R-1"}}

    done = step(WHOLE, done.state, p.DocumentWritten("schreiben"), DATA)
    tell, close = done.intents
    assert isinstance(tell, p.Tell)
    assert tell.documents == ("schreiben",)
    assert close == p.Close("zu", "granted")
    assert (done.finished, done.waiting, done.outcome) == (True, (), "granted")
    reached = p.passed(WHOLE, done.state)
    assert {"start", "zahlen", "zu", "ende", "f5", "f9"} <= reached
    assert not {"nein", "f6", "f10"} & reached


def test_an_outcome_can_be_an_expression() -> None:
    done = _to_task()
    done = step(WHOLE, done.state, p.TaskCompleted("pruefen", "nein"), DATA)
    assert done.intents == (p.Close("nein", "nein"),)


def _to_task() -> p.Step:
    done = step(WHOLE, None, p.Submitted(), DATA)
    done = step(WHOLE, done.state, p.PaymentSettled("zahlen", "paid"), DATA)
    return step(WHOLE, done.state, p.Delivered("geben", "R-1"), DATA)


EVENTS: list[p.Event] = [
    p.Submitted(),
    p.PaymentSettled("zahlen", "paid"),
    p.PaymentSettled("zahlen", "failed"),
    p.PaymentSettled("geben", "paid"),
    p.Delivered("geben", "R-1"),
    p.Delivered("zahlen", "R-1"),
    p.TaskCompleted("pruefen", "ja", {}, "gut"),
    p.TaskCompleted("weg", "ja"),
    p.DocumentWritten("schreiben"),
    p.DocumentWritten("pruefen"),
    p.TimerDue("pruefen"),
    p.Reported("nie", {}, "1"),
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=25))
def test_events_in_any_order_and_number_want_each_thing_once(events: list[p.Event]) -> None:
    done = step(WHOLE, None, p.Submitted(), DATA)
    wanted = list(done.intents)
    for event in events:
        before = json.dumps(done.state, sort_keys=True)
        done = step(WHOLE, done.state, event, DATA)
        wanted += done.intents
        again = step(WHOLE, done.state, event, DATA)
        assert again.intents == (), "a repeated event wants nothing"
        assert again.state == done.state
        if done.intents:
            assert before != json.dumps(done.state, sort_keys=True)
    keys = [intent.key for intent in wanted]
    assert len(keys) == len(set(keys))
    order = ["zahlen", "geben", "pruefen", "schreiben", "sagen", "zu"]
    assert keys == order[: len(keys)]


def test_the_state_is_plain_json_with_versions_and_the_given_one_is_left_alone() -> None:
    done = _to_task()
    assert json.loads(json.dumps(done.state)) == done.state
    assert done.state["format"] == p.FORMAT
    assert done.state["engine"].startswith("SpiffWorkflow 3.")
    kept = copy.deepcopy(done.state)
    step(WHOLE, done.state, p.TaskCompleted("pruefen", "ja"), DATA)
    assert done.state == kept
    same = _to_task()
    assert same.state == done.state, "the same events give the same state, ids included"


def test_a_state_of_another_format_is_refused() -> None:
    done = _to_task()
    with pytest.raises(p.UnknownState):
        step(WHOLE, {**done.state, "format": 99}, p.Submitted(), DATA)


def test_a_failed_payment_waits_for_another_attempt() -> None:
    done = step(WHOLE, None, p.Submitted(), DATA)
    failed = step(WHOLE, done.state, p.PaymentSettled("zahlen", "failed"), DATA)
    assert failed.intents == ()
    assert failed.waiting == ("zahlen",)
    assert failed.state["values"]["payment"] == {"zahlen": {"state": "failed"}}
    assert step(WHOLE, failed.state, p.PaymentSettled("zahlen", "paid"), DATA).intents


def _fee(amount: str) -> Any:
    task = f'<serviceTask id="zahlen" dw:intent="collect" dw:amount="{amount}" dw:purpose="g"/>'
    return release(bpmn(task + CLOSE, "start>zahlen", "zahlen>zu", "zu>ende"))


def test_nothing_is_collected_where_nothing_is_owed() -> None:
    done = step(_fee("0"), None, p.Submitted())
    assert done.intents == (p.Close("zu", "granted"),)


@pytest.mark.parametrize("amount", ["-1", "1.5", "data.unbekannt", "'x'"])
def test_an_amount_that_is_none_stops_the_step(amount: str) -> None:
    with pytest.raises(p.Stuck):
        step(_fee(amount), None, p.Submitted())


def test_an_unknown_outcome_stops_the_step() -> None:
    with pytest.raises(p.Stuck):
        step(WHOLE, _to_task().state, p.TaskCompleted("pruefen", "vielleicht"), DATA)


def test_a_process_begins_with_the_submission() -> None:
    with pytest.raises(p.Stuck):
        step(WHOLE, None, p.Delivered("geben", "R"), DATA)


def test_withdrawing_ends_everything_that_is_open() -> None:
    done = step(WHOLE, _to_task().state, p.Withdrawn(), DATA)
    assert done.intents == (p.NoLongerWait("pruefen", "ask"),)
    assert (done.finished, done.outcome, done.waiting) == (True, "withdrawn", ())
    assert step(WHOLE, done.state, p.TaskCompleted("pruefen", "ja"), DATA).intents == ()
    assert step(WHOLE, done.state, p.Withdrawn(), DATA).intents == ()
    assert "weg" not in p.passed(WHOLE, done.state)


def test_a_condition_without_an_answer_is_no_wrong_path() -> None:
    rel = release(
        bpmn(
            '<exclusiveGateway id="weg" default="f2"/>' + CLOSE + ASK,
            "start>weg",
            "weg>pruefen: data.fehlt > 3",
            "weg>zu",
            "pruefen>zu",
            "zu>ende",
        )
    )
    with pytest.raises(p.Stuck, match="no answer"):
        step(rel, None, p.Submitted(), {})
    assert step(rel, None, p.Submitted(), {"fehlt": 1}).finished


def test_loops_number_their_keys() -> None:
    rel = release(
        bpmn(
            ASK + '<exclusiveGateway id="weg" default="f3"/>' + CLOSE,
            "start>pruefen",
            "pruefen>weg",
            'weg>pruefen: task.pruefen.outcome == "nein"',
            "weg>zu",
            "zu>ende",
        )
    )
    done = step(rel, None, p.Submitted())
    for key in ("pruefen", "pruefen#2", "pruefen#3"):
        assert [intent.key for intent in done.intents] == [key]
        done = step(rel, done.state, p.TaskCompleted(key, "nein"))
    done = step(rel, done.state, p.TaskCompleted("pruefen#4", "ja"))
    assert done.outcome == "granted"


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_parallel_paths_wait_for_each_other(order: tuple[str, str]) -> None:
    rel = release(
        bpmn(
            ASK.replace("pruefen", "a")
            + ASK.replace("pruefen", "b")
            + '<parallelGateway id="auf"/><parallelGateway id="zusammen"/>'
            + CLOSE,
            "start>auf", "auf>a", "auf>b", "a>zusammen", "b>zusammen", "zusammen>zu", "zu>ende",
        )
    )  # fmt: skip
    done = step(rel, None, p.Submitted())
    assert set(done.waiting) == {"a", "b"}
    done = step(rel, done.state, p.TaskCompleted(order[0], "ja"))
    assert (done.intents, done.waiting) == ((), (order[1],))
    done = step(rel, done.state, p.TaskCompleted(order[1], "ja"))
    assert done.intents == (p.Close("zu", "granted"),)
    assert done.finished


READS = {
    "time", "time_ns", "now", "utcnow", "today", "monotonic", "monotonic_ns", "perf_counter",
    "localtime", "gmtime", "clock_gettime", "process_time",
}  # fmt: skip


def _readings(action: Any) -> list[str]:
    """The calls of built-in functions that read a clock while an action runs."""
    found: list[str] = []

    def watch(_frame: Any, kind: str, function: Any) -> None:
        if kind != "c_call" or function.__name__ not in READS:
            return
        owner = getattr(function, "__self__", None)
        if owner is time or getattr(owner, "__module__", "") == "datetime":
            found.append(function.__name__)

    gc.disable()  # what collects garbage may be watched by those who test us, with a clock
    sys.setprofile(watch)
    try:
        action()
    finally:
        sys.setprofile(None)
        gc.enable()
    return found


def test_a_step_never_reads_the_clock() -> None:
    started = step(TIMED, None, p.Submitted(), {"mahnung": "P3D"})

    def steps() -> None:
        done = step(WHOLE, None, p.Submitted(), DATA)
        done = step(WHOLE, done.state, p.PaymentSettled("zahlen", "paid"), DATA)
        step(WHOLE, done.state, p.Withdrawn(), DATA)
        step(TIMED, started.state, p.TimerDue("frist"), now=NOW + timedelta(days=9))

    assert _readings(steps) == []
    assert _readings(lambda: (time.time(), datetime.now(UTC))) == ["time", "now"], "the test sees"


TIMED = release(
    bpmn(
        ASK
        + """<boundaryEvent id="frist" attachedToRef="pruefen">
        <timerEventDefinition><timeDuration>P7D</timeDuration></timerEventDefinition>
        </boundaryEvent>
        <boundaryEvent id="mahnen" attachedToRef="pruefen" cancelActivity="false">
        <timerEventDefinition><timeDuration>=data.mahnung</timeDuration></timerEventDefinition>
        </boundaryEvent>
        <serviceTask id="erinnern" dw:intent="tell" dw:message="m"/><endEvent id="ende2"/>"""
        + CLOSE,
        "start>pruefen",
        "pruefen>zu",
        "frist>zu",
        "mahnen>erinnern",
        "erinnern>ende2",
        "zu>ende",
    )
)


class TestTimers:
    def start(self) -> p.Step:
        return step(TIMED, None, p.Submitted(), {"mahnung": "P3D"})

    def test_they_are_asked_for(self) -> None:
        waits = [each for each in self.start().intents if isinstance(each, p.Wait)]
        assert waits == [
            p.Wait("frist", NOW + timedelta(days=7)),
            p.Wait("mahnen", NOW + timedelta(days=3)),
        ]

    def test_one_that_comes_too_early_is_asked_for_again(self) -> None:
        state = self.start().state
        early = step(TIMED, state, p.TimerDue("frist"), now=NOW + timedelta(days=6))
        assert early.intents == (p.Wait("frist", NOW + timedelta(days=7)),)
        assert early.state == state

    def test_one_that_does_not_interrupt_leaves_the_task(self) -> None:
        done = step(TIMED, self.start().state, p.TimerDue("mahnen"), now=NOW + timedelta(days=3))
        assert [each.key for each in done.intents] == ["erinnern"]
        assert set(done.waiting) == {"pruefen", "frist"}

    def test_one_that_interrupts_takes_the_task_away(self) -> None:
        done = step(TIMED, self.start().state, p.TimerDue("frist"), now=NOW + timedelta(days=7))
        assert set(done.intents) == {
            p.Close("zu", "granted"),
            p.NoLongerWait("pruefen", "ask"),
            p.NoLongerWait("mahnen", "timer"),
        }
        assert done.finished

    def test_a_task_that_is_done_in_time_ends_them(self) -> None:
        done = step(TIMED, self.start().state, p.TaskCompleted("pruefen", "ja"))
        assert {p.NoLongerWait("frist", "timer"), p.NoLongerWait("mahnen", "timer")} < set(
            done.intents
        )
        assert step(TIMED, done.state, p.TimerDue("frist"), now=NOW + timedelta(8)).intents == ()

    def test_a_time_that_is_none_stops_the_step(self) -> None:
        with pytest.raises(p.Stuck):
            step(TIMED, None, p.Submitted(), {"mahnung": "bald"})


REPORTED = release(
    bpmn(
        """<serviceTask id="geben" dw:intent="deliver" dw:mapping="s"/>
        <eventBasedGateway id="was"/>
        <intermediateCatchEvent id="meldung" dw:message="amt.entschieden">
          <messageEventDefinition/></intermediateCatchEvent>
        <intermediateCatchEvent id="zeit"><timerEventDefinition>
          <timeDuration>P1M</timeDuration></timerEventDefinition></intermediateCatchEvent>
        <serviceTask id="ohne" dw:intent="close" dw:outcome="ohne"/>
        <serviceTask id="zu" dw:intent="close" dw:outcome='=report["amt.entschieden"].outcome'/>""",
        "start>geben", "geben>was", "was>meldung", "was>zeit", "meldung>zu", "zeit>ohne",
        "zu>ende", "ohne>ende",
    ),
    {"mappings/s.yaml": b"format: json\ncontent: {}\n"},
)  # fmt: skip


class TestReports:
    def delivered(self, state: dict[str, Any]) -> p.Step:
        return step(REPORTED, state, p.Delivered("geben", "R"))

    def test_a_report_is_taken(self) -> None:
        done = self.delivered(step(REPORTED, None, p.Submitted()).state)
        assert done.intents == (p.Wait("zeit", NOW + timedelta(days=31) - timedelta(hours=1)),)
        assert set(done.waiting) == {"meldung", "zeit"}
        done = step(REPORTED, done.state, p.Reported("amt.entschieden", {"outcome": "ja"}, "1"))
        assert done.outcome == "ja"
        assert p.NoLongerWait("zeit", "timer") in done.intents

    def test_one_that_comes_early_is_kept(self) -> None:
        early = p.Reported("amt.entschieden", {"outcome": "ja"}, "1")
        done = step(REPORTED, step(REPORTED, None, p.Submitted()).state, early)
        assert (done.intents, done.finished) == ((), False)
        assert self.delivered(done.state).outcome == "ja"

    def test_a_repeat_is_recognised_by_its_key(self) -> None:
        early = p.Reported("amt.entschieden", {"outcome": "ja"}, "1")
        first = step(REPORTED, step(REPORTED, None, p.Submitted()).state, early)
        again = step(REPORTED, first.state, early)
        assert again.state == first.state

    def test_the_time_can_come_first(self) -> None:
        done = self.delivered(step(REPORTED, None, p.Submitted()).state)
        done = step(REPORTED, done.state, p.TimerDue("zeit"), now=NOW + timedelta(days=40))
        assert done.outcome == "ohne"
        assert p.NoLongerWait("meldung", "report") in done.intents


def test_today_is_the_day_of_submission_in_germany() -> None:
    rel = release(
        bpmn(
            """<serviceTask id="zu" dw:intent="close" dw:outcome="=today"/>""",
            "start>zu",
            "zu>ende",
        )
    )
    facts = {**FACTS, "submitted_at": "2026-03-02T23:30:00+00:00"}
    done = p.step(rel, None, p.Submitted(), application={}, facts=facts, now=NOW)
    assert done.outcome == "2026-03-03"
