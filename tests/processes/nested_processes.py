"""Small processes with levels, lists, rounds, errors and undoing, for states of format 2."""

from collections.abc import Mapping
from typing import Any

from blueprint.process_building import ASK, CLOSE, bpmn

CLOSE_2 = CLOSE.replace('"zu"', '"zu2"').replace("granted", "refused")
_TIMER = "<timerEventDefinition><{0}>{1}</{0}></timerEventDefinition>"


def _ask(name: str, more: str = "", within: str = "") -> str:
    task = ASK.replace("pruefen", name)
    return task.replace("/>", f" {more}>{within}</userTask>")


def _flow(arrow: str) -> str:
    source, target = arrow.split(">")
    return f'<sequenceFlow id="i-{source}-{target}" sourceRef="{source}" targetRef="{target}"/>'


def _inside(name: str, body: str, *arrows: str, more: str = "", prefix: str = "") -> str:
    ends = f'<startEvent id="s-{name}"/><endEvent id="e-{name}"/>'
    inner = body + "".join(map(_flow, arrows))
    return f'<subProcess id="{name}" {more}>{prefix}{ends}{inner}</subProcess>'


def _border(name: str, host: str, event: str, more: str = "") -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" {more}>{event}</boundaryEvent>'


def _rooted(content: bytes, *roots: str) -> bytes:
    return content.replace(b"<process ", "".join(roots).encode() + b"<process ", 1)


_OFFICES = {"stellen": [{"rolle": "bau"}, {"rolle": "feuer"}]}
_MANY = '<multiInstanceLoopCharacteristics dw:over="data.stellen"/>'
_PAY = (
    '<serviceTask id="zahlen" dw:intent="collect" dw:amount="500" dw:purpose="g"/>'
    + _border("zurueck", "zahlen", "<compensateEventDefinition/>")
    + '<serviceTask id="erstatten" dw:intent="refund" dw:of="zahlen" isForCompensation="true"/>'
    '<association id="as" sourceRef="zurueck" targetRef="erstatten"/>'
)
_UNDO = '<intermediateThrowEvent id="umkehr"><compensateEventDefinition/></intermediateThrowEvent>'

NESTED: Mapping[str, tuple[bytes, tuple[dict[str, Any], ...]]] = {
    "umlauf": (
        bpmn(
            _ask("stellung", within=_MANY)
            + _border("frist", "stellung", _TIMER.format("timeDuration", "P28D"))
            + CLOSE
            + CLOSE_2,
            "start>stellung", "stellung>zu", "frist>zu2", "zu>ende", "zu2>ende",
        ),
        (_OFFICES,),
    ),
    "umlauf-mit-teil": (
        bpmn(
            _inside("teil", _ask("a") + _ask("b"), "s-teil>a", "a>b", "b>e-teil", prefix=_MANY)
            + CLOSE,
            "start>teil", "teil>zu", "zu>ende",
        ),
        (_OFFICES,),
    ),
    "unterbrochen": (
        _rooted(
            bpmn(
                _inside(
                    "teil",
                    _ask("a") + '<endEvent id="fehler"><errorEventDefinition errorRef="E"/>'
                    '</endEvent><exclusiveGateway id="w" default="i-w-e-teil"/>'
                    '<sequenceFlow id="i-w-f" sourceRef="w" targetRef="fehler">'
                    '<conditionExpression>task.a.outcome == "nein"</conditionExpression>'
                    "</sequenceFlow>",
                    "s-teil>a", "a>w", "w>e-teil",
                )
                + _border("fangen", "teil", '<errorEventDefinition errorRef="E"/>')
                + _border(
                    "mahnen", "teil", _TIMER.format("timeCycle", "R3/P7D"), 'cancelActivity="false"'
                )
                + '<sendTask id="erinnern" dw:message="m"/><endEvent id="ende3"/>'
                + CLOSE
                + CLOSE_2,
                "start>teil", "teil>zu", "fangen>zu2", "mahnen>erinnern", "erinnern>ende3",
                "zu>ende", "zu2>ende",
            ),
            '<error id="E" errorCode="abgelehnt"/>',
        ),
        ({},),
    ),
    "daneben": (
        bpmn(
            _ask("a")
            + _ask("c")
            + '<subProcess id="korrektur" triggeredByEvent="true"><startEvent id="neu"'
            ' isInterrupting="false" dw:message="amt.entschieden"><messageEventDefinition/>'
            '</startEvent><endEvent id="e-neu"/>' + _ask("b") + _flow("neu>b") + _flow("b>e-neu")
            + "</subProcess>"
            + CLOSE,
            "start>a", "a>c", "c>zu", "zu>ende",
        ),
        ({},),
    ),
    "umkehr": (
        bpmn(
            _PAY + _ask("a") + _UNDO + CLOSE,
            "start>zahlen", "zahlen>a", "a>umkehr", "umkehr>zu", "zu>ende",
        ),
        ({},),
    ),
    "runden": (
        bpmn(
            '<scriptTask id="setzen" dw:set="runde" dw:value="1"/>'
            + _ask(
                "a",
                within='<standardLoopCharacteristics loopMaximum="3"><loopCondition>'
                'task.a.outcome == "nein"</loopCondition></standardLoopCharacteristics>',
            )
            + CLOSE,
            "start>setzen", "setzen>a", "a>zu", "zu>ende",
        ),
        ({},),
    ),
    "zeichnen": (
        _rooted(
            bpmn(
                '<serviceTask id="zeichnen" dw:intent="sign" dw:parties="bauherr planer"'
                ' dw:order="sequential"/>'
                + _border("nein", "zeichnen", '<errorEventDefinition errorRef="D"/>')
                + '<serviceTask id="geben" dw:intent="deliver" dw:mapping="standard"/>'
                + _border("weg", "geben", '<errorEventDefinition errorRef="R"/>')
                + CLOSE
                + CLOSE_2,
                "start>zeichnen", "zeichnen>geben", "geben>zu", "nein>zu2", "weg>zu2",
                "zu>ende", "zu2>ende",
            ),
            '<error id="D" errorCode="sign.declined"/>',
            '<error id="R" errorCode="delivery.refused"/>',
        ),
        ({},),
    ),
    "gerufen": (
        bpmn(
            '<callActivity id="rufen" calledElement="teil"/>' + CLOSE,
            "start>rufen", "rufen>zu", "zu>ende",
        ).replace(
            b"</definitions>",
            (
                '<process id="teil" isExecutable="true"><startEvent id="s"/>' + _ask("innen")
                + '<endEvent id="e"/>' + _flow("s>innen") + _flow("innen>e")
                + "</process></definitions>"
            ).encode(),
        ),
        ({},),
    ),
}  # fmt: skip
"""By name: the file, and the applications that it is played with."""
