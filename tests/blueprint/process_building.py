"""Small processes and releases for the tests of the process half."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from dienstweg.blueprint import decisions, documents, mapping, process

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FACTS = {"case_number": "MUS-0000", "submitted_at": NOW.isoformat()}
HEAD = (
    '<?xml version="1.0"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"\n'
    ' xmlns:dw="https://dienstweg.example/bpmn/1" targetNamespace="x">\n'
    '<process id="p" name="Probe" isExecutable="true">\n'
)
TAIL = "\n</process></definitions>"
CLOSE = '<serviceTask id="zu" dw:intent="close" dw:outcome="granted"/>'
ASK = '<userTask id="pruefen" dw:role="amt" dw:outcomes="ja nein"/>'


def bpmn(body: str, *flows: str) -> bytes:
    """A process of elements and flows such as "a>b" or "a>b: data.x > 1"; start and end given."""
    arrows = []
    for number, flow in enumerate(flows):
        ends, _, condition = flow.partition(":")
        source, target = ends.strip().split(">")
        inner = f"<conditionExpression><![CDATA[{condition.strip()}]]></conditionExpression>"
        arrows.append(
            f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">'
            f"{inner if condition else ''}</sequenceFlow>"
        )
    body = f'<startEvent id="start"/><endEvent id="ende"/>\n{body}\n' + "\n".join(arrows)
    return (HEAD + body + TAIL).encode()


def release(content: bytes, more: Mapping[str, bytes] | None = None, **changes: Any) -> Any:
    """What a step needs of a release."""
    files = {"process.bpmn": content, **(more or {})}
    found: dict[str, Any] = {
        "files": files,
        "process": process.parse(files),
        "decisions": decisions.parse(files),
        "documents": documents.parse(files),
        "mappings": mapping.parse(files),
        "lists": {},
        "id": "probe",
        "text": lambda _lang, key, default=None: default or key,
        "texts": lambda _lang: {},
        **changes,
    }
    return SimpleNamespace(**found)


def step(
    rel: Any,
    state: dict[str, Any] | None,
    event: process.Event,
    data: dict[str, Any] | None = None,
    now: datetime = NOW,
) -> process.Step:
    """One step with the usual facts."""
    return process.step(rel, state, event, application=data or {}, facts=FACTS, now=now)


def table(
    rules: list[tuple[list[str], list[str]]], *, policy: str = "UNIQUE", **extra: str
) -> bytes:
    """A decision table over data.a, data.b ... with outputs x, y ..."""
    inputs = "".join(
        f"<input><inputExpression><text>data.{name}</text></inputExpression></input>"
        for name in "abc"[: len(rules[0][0])]
    )
    outputs = "".join(f'<output name="{name}"/>' for name in "xyz"[: len(rules[0][1])])
    rows = "".join(
        f'<rule id="r{number}">'
        + "".join(f"<inputEntry><text><![CDATA[{each}]]></text></inputEntry>" for each in tests)
        + "".join(f"<outputEntry><text><![CDATA[{each}]]></text></outputEntry>" for each in values)
        + "</rule>\n"
        for number, (tests, values) in enumerate(rules, 1)
    )
    attributes = "".join(f' {key}="{value}"' for key, value in extra.items())
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="d">'
        f'<decisionTable hitPolicy="{policy}"{attributes}>{inputs}{outputs}\n{rows}'
        "</decisionTable></decision></definitions>"
    ).encode()
