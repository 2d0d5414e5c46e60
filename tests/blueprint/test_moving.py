"""A running case goes on in another release, from wherever it waits, or not at all."""

import copy
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from blueprint.process_building import ASK, CLOSE, FACTS, NOW, bpmn, release, step
from dienstweg.blueprint import moving
from dienstweg.blueprint import process as p
from processes.nested_processes import NESTED
from processes.state_keeping import SMALL, event_of, outcome_of, small, waiting_points

MORE = {"mappings/standard.yaml": b"format: json\ncontent: {}\n"}


def move(
    old: Any, new: Any, state: dict[str, Any], mapping: dict[str, str] | None = None
) -> p.Step:
    return moving.moved(
        old, new, state, mapping or {}, application={"preis": 5, "n": 3}, facts=FACTS, now=NOW
    )


def reasons(old: Any, new: Any, state: dict[str, Any], **mapping: str) -> dict[str, str]:
    found = moving.points(old, new, state, mapping)
    return {each.element: each.reason for each in found}


@pytest.mark.parametrize("name", [*SMALL, *NESTED])
def test_moved_to_the_same_process_a_case_goes_on_as_it_would_have(name: str) -> None:
    content, applications = {**SMALL, **NESTED}[name]
    tried = 0
    for data in applications:
        played = small(content, data)
        for state, now in waiting_points(played):
            kept = copy.deepcopy(state)
            there = moving.moved(
                played.release,
                small(content, data).release,
                state,
                {},
                application=data,
                facts=played.facts,
                now=now,
            )
            assert state == kept
            assert there.intents == ()
            assert set(there.waiting) == set(state["open"])
            assert there.state["timers"] == state["timers"]
            assert p.passed(played.release, there.state) == p.passed(played.release, state)
            assert json.loads(json.dumps(there.state)) == there.state
            tried += _goes_on(played, state, there.state, now, depth=3)
    assert tried


def _goes_on(played: Any, here: Any, there: Any, now: Any, *, depth: int) -> int:
    """Take the same events in both, some steps deep; everything must come out the same."""
    from processes.state_keeping import possible

    tried = 0
    for event, pause in possible(played, here):
        later = max(now, played.submitted + pause)
        first, second = played.step(here, event, later), played.step(there, event, later)
        assert outcome_of(first) == outcome_of(second), event
        tried += 1
        if depth > 1 and first.state != here and not first.finished:
            tried += _goes_on(played, first.state, second.state, later, depth=depth - 1)
    return tried


def task(name: str) -> str:
    return ASK.replace("pruefen", name)


OLD = release(bpmn(task("a") + CLOSE, "start>a", "a>zu", "zu>ende"))


def test_an_element_may_be_called_otherwise() -> None:
    new = release(
        bpmn(
            task("b")
            + task("chef")
            + '<serviceTask id="zu" dw:intent="close" dw:outcome="=task.b.outcome"/>',
            "start>b",
            "b>chef",
            "chef>zu",
            "zu>ende",
        )
    )
    state = step(OLD, None, p.Submitted()).state
    assert reasons(OLD, new, state) == {"a": "no-counterpart"}
    with pytest.raises(moving.Immovable, match="a: no-counterpart"):
        move(OLD, new, state)
    there = move(OLD, new, state, {"a": "b"})
    assert (there.intents, there.waiting) == ((), ("a",)), "the key stays, so that its task does"
    done = step(new, there.state, p.TaskCompleted("a", "ja"))
    assert [each.key for each in done.intents] == ["chef"]
    done = step(new, done.state, p.TaskCompleted("chef", "ja"))
    assert done.outcome == "ja", "what was decided before is known under the new name"


def test_what_was_decided_before_the_move_is_known_under_its_new_name() -> None:
    old = release(bpmn(task("a") + task("b") + CLOSE, "start>a", "a>b", "b>zu", "zu>ende"))
    new = release(
        bpmn(
            task("erst")
            + task("b")
            + '<serviceTask id="zu" dw:intent="close" dw:outcome="=task.erst.outcome"/>',
            "start>erst",
            "erst>b",
            "b>zu",
            "zu>ende",
        )
    )
    state = step(old, step(old, None, p.Submitted()).state, p.TaskCompleted("a", "nein")).state
    there = move(old, new, state, {"a": "erst"})
    assert step(new, there.state, p.TaskCompleted("b", "ja")).outcome == "nein"
    assert {"erst", "b"} <= p.passed(new, there.state)


TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"


def bordered(*events: str) -> Any:
    """A task with these timers on its border: "id P7D" or "id P7D beside"."""
    parts, flows = [task("a"), CLOSE], ["start>a", "a>zu", "zu>ende"]
    for each in events:
        name, length, *beside = each.split()
        cancel = "false" if beside else "true"
        parts.append(
            f'<boundaryEvent id="{name}" attachedToRef="a" cancelActivity="{cancel}">'
            f"{TIMER.format(length)}</boundaryEvent>"
            f'<serviceTask id="{name}-sagen" dw:intent="tell" dw:message="m"/>'
            f'<endEvent id="{name}-ende"/>'
        )
        flows += [f"{name}>{name}-sagen", f"{name}-sagen>{name}-ende"]
    return release(bpmn("".join(parts), *flows))


def test_a_timer_that_only_the_other_release_has_is_set() -> None:
    state = step(bordered(), None, p.Submitted()).state
    there = move(bordered(), bordered("frist P7D"), state)
    assert there.intents == (p.Wait("frist", NOW + timedelta(days=7)),)
    assert set(there.waiting) == {"a", "frist"}
    done = step(
        bordered("frist P7D"), there.state, p.TimerDue("frist"), now=NOW + timedelta(days=7)
    )
    assert p.NoLongerWait("a", "ask") in done.intents


def test_a_timer_that_runs_keeps_its_time_and_one_that_has_come_does_not_come_again() -> None:
    old, new = (
        bordered("mahnen P3D beside", "frist P7D"),
        bordered("mahnen P2D beside", "frist P9D"),
    )
    state = step(old, None, p.Submitted()).state
    there = move(old, new, state)
    assert there.intents == ()
    assert there.state["timers"] == state["timers"]
    reminded = step(old, state, p.TimerDue("mahnen"), now=NOW + timedelta(days=3)).state
    there = move(old, new, reminded)
    assert (there.intents, set(there.waiting)) == ((), {"a", "frist"})


def test_a_timer_can_be_given_up_on_purpose_only() -> None:
    old, new = bordered("frist P7D"), bordered()
    state = step(old, None, p.Submitted()).state
    assert reasons(old, new, state) == {"a": "", "frist": "no-counterpart"}
    there = move(old, new, state, {"frist": moving.GIVEN_UP})
    assert there.intents == (p.NoLongerWait("frist", "timer"),)
    assert (there.waiting, there.state["timers"]) == (("a",), {})
    assert reasons(OLD, OLD, step(OLD, None, p.Submitted()).state, a="") == {"a": "no-counterpart"}


def joined(*names: str) -> Any:
    parts = "".join(task(name) for name in names)
    return release(
        bpmn(
            parts + '<parallelGateway id="auf"/><parallelGateway id="zusammen"/>' + CLOSE,
            "start>auf",
            *(f"auf>{name}" for name in names),
            *(f"{name}>zusammen" for name in names),
            "zusammen>zu",
            "zu>ende",
        )
    )


def test_a_token_that_waits_for_others_goes_along() -> None:
    old, new = joined("a", "b"), joined("x", "b")
    state = step(old, step(old, None, p.Submitted()).state, p.TaskCompleted("a", "ja")).state
    assert reasons(old, new, state) == {"b": "", "zusammen": "other-way"}
    there = move(old, new, state, {"a": "x"})
    assert step(new, there.state, p.TaskCompleted("b", "ja")).finished


def test_what_waits_for_something_else_is_no_counterpart() -> None:
    paid = '<serviceTask id="a" dw:intent="collect" dw:amount="5" dw:purpose="g"/>'
    new = release(bpmn(paid + CLOSE, "start>a", "a>zu", "zu>ende"))
    assert reasons(OLD, new, step(OLD, None, p.Submitted()).state) == {"a": "other-kind"}


def nested(inner: str = "innen", sub: str = "teil") -> Any:
    return release(
        bpmn(
            f'<subProcess id="{sub}"><startEvent id="s2"/>{task(inner)}<endEvent id="e2"/>'
            f'<sequenceFlow id="i1" sourceRef="s2" targetRef="{inner}"/>'
            f'<sequenceFlow id="i2" sourceRef="{inner}" targetRef="e2"/></subProcess>' + CLOSE,
            f"start>{sub}",
            f"{sub}>zu",
            "zu>ende",
        )
    )


def test_what_waits_inside_moves_with_it() -> None:
    state = step(nested(), None, p.Submitted()).state
    there = move(nested(), nested("anders"), state, {"innen": "anders"})
    assert there.waiting == ("innen",)
    assert step(nested("anders"), there.state, p.TaskCompleted("innen", "ja")).finished
    found = reasons(nested(), nested(sub="haelfte"), state, teil="haelfte")
    assert found["teil"] == "under-way"
    flat = release(bpmn(task("innen") + CLOSE, "start>innen", "innen>zu", "zu>ende"))
    assert set(reasons(nested(), flat, state).values()) == {"other-level", "under-way"}


def several(more: str = "") -> Any:
    many = (
        '<userTask id="a" dw:role="amt" dw:outcomes="ja nein"><multiInstanceLoopCharacteristics'
        ' dw:over="data.liste"/></userTask>'
    )
    flows = ["start>a", "a>chef", "chef>zu"] if more else ["start>a", "a>zu"]
    return release(bpmn(many + more + CLOSE, *flows, "zu>ende"))


def test_repeated_tasks_stay_the_same_tasks() -> None:
    data = {"liste": ["x", "y", "z"]}
    old, new = several(), several(task("chef"))
    done = step(old, None, p.Submitted(), data)
    done = step(old, done.state, p.TaskCompleted("a@1", "ja"), data)
    there = moving.moved(old, new, done.state, {}, application=data, facts=FACTS, now=NOW)
    assert set(there.waiting) == {"a@0", "a@2"}
    first = step(new, there.state, p.TaskCompleted("a@0", "ja"), data)
    last = step(new, first.state, p.TaskCompleted("a@2", "nein"), data)
    assert last.waiting == ("chef",)
    every = last.state["values"]["task"]["a"]["all"]
    assert [each["outcome"] for each in every] == ["ja", "ja", "nein"]


FORMAT_1 = Path(__file__).parents[1] / "processes" / "states" / "format-1"


@pytest.mark.parametrize("path", sorted(FORMAT_1.glob("*.bpmn")), ids=lambda path: path.stem)
def test_a_state_of_an_earlier_format_can_be_moved(path: Path) -> None:
    content = path.read_bytes()
    renamed = re.sub(rb'id="p" name="Probe"', b'id="neu" name="Neu"', content)
    for kept in json.loads(path.with_suffix(".json").read_text()):
        here, there = small(content, kept["application"]), small(renamed, kept["application"])
        moved = moving.moved(
            here.release,
            there.release,
            kept["state"],
            {},
            application=kept["application"],
            facts=here.facts,
            now=NOW,
        )
        assert moved.intents == ()
        for then in kept["then"]:
            event = event_of(then["event"])
            now = here.submitted.fromisoformat(then["now"])
            assert outcome_of(there.step(moved.state, event, now)) == {
                name: then[name] for name in ("intents", "waiting", "finished", "outcome")
            }
