"""Fills in what a drawing of another tool cannot say, and plays it to its end.

What is filled in is what a designer would have to decide: who does a task and with which outcomes,
which message is sent, what a condition means. The drawing itself, its elements, arrows, events and
levels, stays as it is; where that is not supported, it is refused.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from dienstweg.blueprint import conduct, documents, process, process_expressions, soundness
from dienstweg.blueprint.bpmn import OWN, Diagram, awaited
from dienstweg.blueprint.bpmn_reading import parsed
from dienstweg.blueprint.bpmn_xml import unprefixed
from dienstweg.blueprint.expressions import compile_expression
from dienstweg.blueprint.problems import Problem, errors

_MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DW = f"{{{OWN}}}"
_PERSON = (("kind", "userTask"), ("role", "amt"), ("outcomes", "weiter"))
_SCRIPT = (("kind", "scriptTask"), ("set", "x"), ("value", "1"))
_SAID = {
    "userTask": _PERSON,
    "task": _PERSON,
    "manualTask": _PERSON,
    "serviceTask": (("intent", "write"), ("document", "receipt")),
    "businessRuleTask": _SCRIPT,
    "scriptTask": _SCRIPT,
    "sendTask": (("message", "{id}"),),
    "receiveTask": (("message", "{id}"),),
}
_TEXTS = {"timeDate": "2026-03-09", "timeDuration": "P1D", "timeCycle": "R2/P1D"}
_RESOURCES = ("potentialOwner", "humanPerformer", "performer", "resourceRole")
_NAMED = ("signal", "error", "escalation")
_MOST_EVENTS, _MOST_TURNS = 400, 40
_NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def filled(content: bytes) -> Any:
    """Give the parsed file with its largest process made executable and complete."""
    root, _ = parsed(content)
    assert root is not None
    processes = list(root.iter(f"{_MODEL}process"))
    main = max(processes, key=lambda each: sum(1 for _ in each.iter(f"{_MODEL}sequenceFlow")))
    called = {str(node.get("id")) for node in processes}
    for each in processes:
        each.set("isExecutable", "true" if each is main else "false")
    for kind in _NAMED:
        root.insert(0, root.makeelement(f"{_MODEL}{kind}", {"id": f"any-{kind}", "name": "x"}))
    wanted = {unprefixed(node.get("calledElement")) for node in root.iter(f"{_MODEL}callActivity")}
    for each in processes:
        if each is main or each.get("id") in wanted:
            _complete(each, called)
    return root


def _complete(process_: Any, called: set[str]) -> None:
    """Fill in everything of one process."""
    from lxml import etree

    for node in list(process_.iter(f"{_MODEL}*")):
        kind = etree.QName(node).localname
        for child in list(node):
            if child.tag in [f"{_MODEL}{word}" for word in _RESOURCES]:
                node.remove(child)
        if kind == "callActivity" and unprefixed(node.get("calledElement")) not in called:
            kind = "task"
        if kind == "subProcess" and node.find(f"{_MODEL}startEvent") is None and _is_empty(node):
            kind = "task"
        _fill(kind, node)
    for kind in ("exclusiveGateway", "inclusiveGateway"):
        for node in process_.iter(f"{_MODEL}{kind}"):
            _choose(process_, node)


def _is_empty(node: Any) -> bool:
    """Say whether a sub-process was left to be drawn later."""
    return node.find(f"{_MODEL}sequenceFlow") is None and node.find(f"{_MODEL}task") is None


def _fill(kind: str, node: Any) -> None:
    """Say of one element what its drawing does not."""
    said = {word: dict(pairs) for word, pairs in _SAID.items()}
    if kind in said:
        node.tag = f"{_MODEL}{said[kind].pop('kind', kind)}"
        for word, value in said[kind].items():
            node.set(f"{_DW}{word}", value.format(id=node.get("id")))
    elif kind in _TEXTS:
        node.text = _TEXTS[kind]
    elif kind.endswith("EventDefinition"):
        _fill_event(kind.removesuffix("EventDefinition"), node)
    elif kind == "multiInstanceLoopCharacteristics":
        for child in list(node):
            node.remove(child)
        node.set(f"{_DW}over", "2")
    elif kind == "standardLoopCharacteristics" and node.find(f"{_MODEL}loopCondition") is None:
        _append(node, "loopCondition", "false")


def _fill_event(about: str, node: Any) -> None:
    event = node.getparent()
    if about == "message" and (event.tag != f"{_MODEL}startEvent" or _within_event(event)):
        event.set(f"{_DW}message", str(event.get("id")))
    elif about in _NAMED and node.get(f"{about}Ref") is None:
        node.set(f"{about}Ref", f"any-{about}")
    elif about == "timer" and next(node.iterchildren(), None) is None:
        _append(node, "timeDuration", "P1D")


def _append(node: Any, kind: str, text: str) -> None:
    child = node.makeelement(f"{_MODEL}{kind}")
    child.text = text
    node.append(child)


def _within_event(event: Any) -> bool:
    return bool(event.getparent().get("triggeredByEvent") == "true")


def _choose(process_: Any, gateway: Any) -> None:
    """Take the arrow from which an end is nearest; the others are taken where the walk says so."""
    flows = list(process_.iter(f"{_MODEL}sequenceFlow"))
    leaving = [each for each in flows if each.get("sourceRef") == gateway.get("id")]
    if len(leaving) < 2:
        return
    away = _to_an_end(process_, flows)
    nearest = min(leaving, key=lambda each: away.get(str(each.get("targetRef")), len(flows)))
    gateway.set("default", str(nearest.get("id")))
    for each in leaving:
        for child in list(each.iter(f"{_MODEL}conditionExpression")):
            each.remove(child)
        if each is not nearest:
            condition = f"data.weg == {json.dumps(str(each.get('id')))}"
            _append(each, "conditionExpression", condition)


def _to_an_end(process_: Any, flows: list[Any]) -> dict[str, int]:
    """Give for each element how many arrows away from it an end is."""
    found = {str(node.get("id")): 0 for node in process_.iter(f"{_MODEL}endEvent")}
    for _ in flows:
        for each in flows:
            source, target = str(each.get("sourceRef")), str(each.get("targetRef"))
            if target in found:
                found[source] = min(found.get(source, len(flows)), found[target] + 1)
    return found


def played(diagram: Diagram, found: list[Problem]) -> list[Problem] | set[str]:
    """Play a process until it ends; gives what it passed, or what keeps it from being played.

    That it never closes the case is not held against it: no other tool knows of that.
    """
    problems = [*found, *soundness.check(diagram, {})]
    problems = [each for each in errors(problems) if each.code != "bpmn-close"]
    if problems:
        return problems
    texts = [text for _, text, _ in process_expressions.expressions(diagram)]
    ready = process.Process(
        diagram,
        conduct.specifications(diagram),
        {text: compile_expression(text) for text in texts},
    )
    release: Any = SimpleNamespace(
        process=ready, lists={}, decisions={}, manifest={}, documents=documents.parse({})
    )
    turned = [each.id for each in diagram.flows.values() if each.condition]
    passed: set[str] = set()
    for turn in (0, 1):
        for way in ["", *turned]:
            passed |= _walk(release, turn, way)
    return passed


def _walk(release: Any, turn: int, way: str) -> set[str]:
    """Answer what is waited for, from the first or the last; every state goes through JSON.

    For a while the arrow `way` is taken wherever it can be; then the shortest way to the end.
    """
    facts = {"case_number": "X", "submitted_at": _NOW.isoformat()}
    state, now, event = None, _NOW, process.Submitted()
    elements, answered = release.process.diagram.elements, Counter[str]()
    for number in range(_MOST_EVENTS):
        data = {"weg": way if number < _MOST_TURNS else ""}
        done = process.step(release, state, event, application=data, facts=facts, now=now)
        state = json.loads(json.dumps(done.state))
        if done.finished:
            return set(process.passed(release, state))
        now += timedelta(days=1)
        waiting = list(state["open"].items())[:: -1 if turn else 1]
        key, name = min(waiting, key=lambda each: answered[each[1]])
        answered[name] += 1
        event = _event(elements[name], key, number)
    raise RuntimeError("a filled-in sample never ends")


def _event(element: Any, key: str, number: int) -> Any:
    match awaited(element):
        case "ask":
            return process.TaskCompleted(key, "weiter")
        case "write":
            return process.DocumentWritten(key)
        case "timer":
            return process.TimerDue(key)
        case "signal":
            return process.Signalled(element.ref, key=str(number))
    return process.Reported(element.message or "", {}, str(number))
