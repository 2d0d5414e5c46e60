"""The words with which an acceptance case says what happens to its process."""

from datetime import date, timedelta
from typing import Any

import pytest

from blueprint.process_building import CLOSE, bpmn, release
from blueprint.test_process_elements import CLOSE_2, DATA, ask, boundary, with_roots
from dienstweg.blueprint import process as p
from dienstweg.blueprint.staging import Happening, Impossible, Stage

MANY = '<multiInstanceLoopCharacteristics dw:over="data.stellen"/>'
TODAY = date(2026, 3, 2)
MANIFEST = {
    "deadlines": {"entscheidung": {"starts": "submitted", "period": "P30D", "on_end": "deemed"}},
    "parties": {
        "nachbar": {
            "each": "data.stellen",
            "who": {"name": "item.rolle", "email": "item.post"},
            "does": ["agree"],
        }
    },
}


class Played:
    """A case whose events are said in words."""

    def __init__(self, rel: Any, data: dict[str, Any] | None = None, land: str = "") -> None:
        self.rel = rel
        self.stage = Stage(rel, data or {}, today=TODAY, land=land)
        self.state: dict[str, Any] | None = None
        self.happening = Happening(self.stage, lambda: self.done.state["open"])
        self.done = self.step(p.Submitted())

    def step(self, event: p.Event) -> p.Step:
        """One step with what stands around the case."""
        self.done = p.step(
            self.rel, self.state, event, application=self.stage.application,
            facts=self.stage.facts, now=self.stage.now,
        )  # fmt: skip
        self.state = self.done.state
        return self.done

    def say(self, **words: Any) -> p.Step:
        """Let happen what the words say."""
        return self.step(self.happening.event(words, self.done.state["timers"]))


def straight(task: str, *more: str, **changes: Any) -> Any:
    """A process of one task, with another end for events on its border."""
    body = task + CLOSE + CLOSE_2
    arrows = ["start>a", "a>zu", "zu>ende", "zu2>ende", *more]
    if not more:
        body = task + CLOSE
        arrows = arrows[:3]
    content = with_roots(bpmn(body, *arrows), '<error id="D" errorCode="delivery.refused"/>')
    files = {"mappings/s.yaml": b"format: json\ncontent: {}\n"}
    return release(content, files, **{"manifest": {}, **changes})


def test_a_task_of_an_entry_is_named_by_its_number() -> None:
    played = Played(straight(ask("a", inside=MANY)), DATA)
    played.say(task="a", item=2, outcome="ja", data={"x": 1})
    assert played.done.waiting == ("a@0", "a@1")
    played.say(task="a", outcome="ja")
    assert played.done.waiting == ("a@1",)
    with pytest.raises(Impossible):
        played.say(task="a", item=0, outcome="ja")
    assert played.say(task="a", item=[1], outcome="nein").finished


@pytest.mark.parametrize(
    ("intent", "words", "outcome"),
    [
        ('dw:intent="deliver" dw:mapping="s"', {"delivery": "accepted"}, "granted"),
        ('dw:intent="deliver" dw:mapping="s"', {"refused": "delivery.refused"}, "refused"),
    ],
)
def test_an_intent_ends_well_or_not(intent: str, words: dict[str, str], outcome: str) -> None:
    task = f'<serviceTask id="a" {intent}/>'
    border = boundary("b", "a", '<errorEventDefinition errorRef="D"/>')
    played = Played(straight(task + border, "b>zu2"))
    assert played.say(**words).outcome == outcome


@pytest.mark.parametrize(("signed", "state"), [(True, "signed"), (False, "declined")])
def test_signatures(signed: bool, state: str) -> None:
    played = Played(straight('<serviceTask id="a" dw:intent="sign" dw:parties="x"/>'))
    assert played.say(signed=signed).finished
    assert played.done.state["values"]["sign"] == {"a": {"state": state}}


def test_signals_and_reports_are_new_each_time() -> None:
    catch = '<intermediateCatchEvent id="a"><signalEventDefinition signalRef="S"/></{}>'
    content = bpmn(catch.format("intermediateCatchEvent") + CLOSE, "start>a", "a>zu", "zu>ende")
    rel = release(with_roots(content, '<signal id="S" name="sturm"/>'), manifest={})
    played = Played(rel)
    assert not played.say(signal="regen").finished
    assert played.say(signal="sturm").finished


def test_a_correction_changes_only_what_it_names() -> None:
    task = '<receiveTask id="a" dw:message="application.corrected"/>'
    data = {"person": {"name": "A", "alter": 3}, "orte": ["x", "y"]}
    played = Played(straight(task), data)
    assert played.say(corrected={"person": {"name": "B"}, "orte": ["z"]}).finished
    assert played.stage.application == {"person": {"name": "B", "alter": 3}, "orte": ["z"]}
    assert data["person"]["name"] == "A"


def test_a_legal_period_stands_still_and_moves_its_timer() -> None:
    border = (
        '<boundaryEvent id="b" attachedToRef="a" dw:deadline="entscheidung">'
        "<timerEventDefinition/></boundaryEvent>"
    )
    played = Played(straight(ask("a") + border, "b>zu2", manifest=MANIFEST))
    first = played.stage.facts["deadlines"]["entscheidung"]["due"]
    assert played.done.state["timers"] == {"b": first}
    played.say(suspended="entscheidung")
    assert played.done.state["timers"] == {}
    with pytest.raises(Impossible):
        played.say(timer="b")
    played.say(resumed="entscheidung", after="P10D")
    second = played.stage.facts["deadlines"]["entscheidung"]["due"]
    assert second > first
    assert played.say(timer="b").outcome == "refused"
    assert played.stage.facts["deadlines"]["entscheidung"]["state"] == "deemed"
    with pytest.raises(Impossible):
        played.say(suspended="andere")


def test_the_people_whom_the_application_names_are_facts() -> None:
    data = {"stellen": [{"rolle": "Ada", "post": "ada@example.org"}]}
    played = Played(straight(ask("a"), manifest=MANIFEST), data)
    (person,) = played.stage.facts["parties"]
    assert person == {
        "id": "nachbar-1", "role": "nachbar", "name": "Ada", "state": "invited", "answer": "",
        "reason": "",
    }  # fmt: skip
    played.say(task="a", outcome="ja", answers={"nachbar": "objected"})
    (person,) = played.stage.facts["parties"]
    assert (person["state"], person["answer"]) == ("done", "objected")


@pytest.mark.parametrize("answers", [{"nachbar": "given"}, {"niemand": "agreed"}])
def test_parties_answer_what_they_are_asked(answers: dict[str, str]) -> None:
    played = Played(straight(ask("a"), manifest=MANIFEST), {"stellen": []})
    with pytest.raises(Impossible):
        played.say(task="a", outcome="ja", answers=answers)


def test_time_only_goes_forwards() -> None:
    played = Played(straight(ask("a")))
    began = played.stage.now
    played.say(task="a", outcome="ja", after="P2D")
    assert played.stage.now - began == timedelta(days=2)
    played.stage.move(began)
    assert played.stage.now - began == timedelta(days=2)


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"tanz": 1},
        {"payment": "paid"},
        {"refused": "nie.nichts"},
        {"task": "b"},
        {"timer": "a"},
    ],
)
def test_what_cannot_happen_is_said(words: dict[str, Any]) -> None:
    played = Played(straight(ask("a")))
    with pytest.raises(Impossible):
        played.say(**words)
