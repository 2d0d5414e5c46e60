"""Random sound processes: every task is asked as often as it must, whatever order answers take."""

import copy
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from blueprint.process_building import FACTS, NOW, release
from blueprint.process_growing import TREES, grown
from dienstweg.blueprint import conduct, lean
from dienstweg.blueprint import process as p
from dienstweg.blueprint.bpmn import awaited
from dienstweg.blueprint.level import Level

MOST = 400


class Walk:
    """One case of a random process; the state goes through JSON at every wait."""

    def __init__(self, content: bytes) -> None:
        self.rel = release(content)
        self.now = NOW
        self.asked: Counter[str] = Counter()
        self.keys: list[str] = []
        self.news = 0
        self.timers: dict[str, datetime] = {}
        self.done = self.step(None, p.Submitted())
        self.note()

    def step(self, state: dict[str, Any] | None, event: p.Event) -> p.Step:
        """One step; the given state must not be changed by it."""
        before = copy.deepcopy(state)
        done = p.step(self.rel, state, event, application={}, facts=FACTS, now=self.now)
        assert state == before
        return done

    def happen(self, event: p.Event) -> None:
        """A step from the state as it is stored, made twice, and once more afterwards."""
        state = json.loads(json.dumps(self.done.state))
        first, again = self.step(state, event), self.step(state, event)
        assert (first.state, first.intents) == (again.state, again.intents)
        self.done = first
        self.note()
        late = self.step(json.loads(json.dumps(first.state)), event)
        assert (late.state, late.intents) == (first.state, ()), "a repeat changes nothing"

    def note(self) -> None:
        """Look at what a step wants: keys never come twice."""
        for each in self.done.intents:
            if isinstance(each, p.Ask):
                self.asked[each.task] += 1
                self.keys.append(each.key)
            elif isinstance(each, p.Wait):
                self.timers[each.key] = each.at
        assert len(set(self.keys)) == len(self.keys)
        assert json.loads(json.dumps(self.done.state)) == self.done.state

    def go_on(self, choice: int) -> None:
        """Answer one of the things that are waited for."""
        elements = self.rel.process.diagram.elements
        waiting = [
            (key, elements[name])
            for key, name in self.done.state["open"].items()
            if elements[name].message != "nie" and elements[name].ref != "P9Y"
        ]
        key, element = waiting[choice % len(waiting)]
        match awaited(element):
            case "ask":
                self.happen(p.TaskCompleted(key, "ja"))
            case "timer":
                self.now = max(self.now, self.timers[key]) + timedelta(minutes=1)
                self.happen(p.TimerDue(key))
            case _:
                self.news += 1
                self.happen(p.Reported(str(element.message), {}, str(self.news)))


@given(tree=TREES, choices=st.lists(st.integers(0, 10), min_size=1, max_size=20))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_task_is_asked_as_often_as_it_must_be(tree: Any, choices: list[int]) -> None:
    content, expected = grown(tree)
    walk = Walk(content)
    for turn in range(MOST):
        if walk.done.finished:
            break
        walk.go_on(choices[turn % len(choices)])
    assert walk.done.finished
    assert walk.done.outcome == "granted"
    assert walk.asked == +expected
    assert walk.done.waiting == ()
    assert walk.done.state["contexts"] == walk.done.state["busy"] == {}
    diagram = walk.rel.process.diagram
    everything = diagram.elements.keys() | diagram.flows.keys()
    passed = p.passed(walk.rel, walk.done.state)
    assert passed <= everything
    assert passed == everything or not _all_is_gone(tree)


def _all_is_gone(tree: Any) -> bool:
    """Say whether every element of a tree is passed: nothing is chosen, no list is empty."""
    if tree[0] in ("one", "some", "first", "border") or tree[2:3] == (0,):
        return False
    inner = tree[1] if isinstance(tree[1:2] and tree[1], list) else tree[1:2]
    return all(_all_is_gone(each) for each in inner)


@given(tree=TREES, turns=st.integers(0, 6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_withdrawal_takes_back_all_that_is_waited_for(tree: Any, turns: int) -> None:
    walk = Walk(grown(tree)[0])
    for turn in range(turns):
        if not walk.done.finished:
            walk.go_on(turn)
    waiting = set(walk.done.waiting)
    walk.happen(p.Withdrawn())
    assert walk.done.finished
    assert {each.key for each in walk.done.intents if isinstance(each, p.NoLongerWait)} == waiting


@given(tree=TREES, choices=st.lists(st.integers(0, 10), min_size=1, max_size=20))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_forgetting_what_is_over_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tree: Any, choices: list[int]
) -> None:
    content, _ = grown(tree)
    with monkeypatch.context() as patch:
        walks = [Walk(content), Walk(content)]
        for turn in range(MOST):
            if walks[0].done.finished:
                break
            for walk, few in zip(walks, (0, 10_000), strict=True):
                patch.setattr(conduct, "FEW", few)
                walk.go_on(choices[turn % len(choices)])
            first, second = (walk.done for walk in walks)
            assert set(first.waiting) == set(second.waiting)
            assert set(map(repr, first.intents)) == set(map(repr, second.intents))
            both = [p.passed(walk.rel, walk.done.state) for walk in walks]
            assert both[0] == both[1]


@given(tree=TREES, choices=st.lists(st.integers(0, 10), min_size=1, max_size=20))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_the_short_way_through_a_tree_finds_what_the_engine_finds(
    monkeypatch: pytest.MonkeyPatch, tree: Any, choices: list[int]
) -> None:
    walked, looks = Level._walk, Counter[int]()

    def compared(level: Level, state: int) -> Iterator[Any]:
        looks[state] += 1
        assert list(walked(level, state)) == list(BpmnTaskIterator(level.task_tree, state=state))
        return walked(level, state)

    with monkeypatch.context() as patch:
        patch.setattr(Level, "_walk", compared)
        walk = Walk(grown(tree)[0])
        for turn in range(MOST):
            if walk.done.finished:
                break
            walk.go_on(choices[turn % len(choices)])
    assert looks.keys() >= {TaskState.READY, TaskState.WAITING}


@given(tree=TREES, choices=st.lists(st.integers(0, 10), min_size=1, max_size=20))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_what_is_not_foreseen_is_missed_by_nothing(
    monkeypatch: pytest.MonkeyPatch, tree: Any, choices: list[int]
) -> None:
    told, short = [], Walk(grown(tree)[0])
    for turn in range(MOST):
        told.append((short.done.intents, short.done.waiting, p.passed(short.rel, short.done.state)))
        if short.done.finished:
            break
        short.go_on(choices[turn % len(choices)])
    with monkeypatch.context() as patch:
        patch.setattr(Task, "_ready", lean.ENGINES_OWN["ready"])
        patch.setattr(TaskSpec, "_predict", lean.ENGINES_OWN["predict"])
        far = Walk(grown(tree)[0])
        for turn, before in enumerate(told):
            assert before == (far.done.intents, far.done.waiting, p.passed(far.rel, far.done.state))
            if turn + 1 < len(told):
                far.go_on(choices[turn % len(choices)])
