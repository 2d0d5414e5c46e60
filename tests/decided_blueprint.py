"""The small blueprint, with a task that decides: outcomes, fields, text modules, two documents."""

from collections.abc import Mapping
from typing import Any

import small_blueprint
from dienstweg.blueprint import release

_PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:dw="https://dienstweg.example/bpmn/1" targetNamespace="https://dienstweg.example">
  <process id="anmeldung" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="pruefen"/>
    <userTask id="pruefen" dw:role="sachbearbeitung" dw:outcomes="granted refused"
        dw:form="frist zahl"/>
    <sequenceFlow id="f2" sourceRef="pruefen" targetRef="wie"/>
    <exclusiveGateway id="wie" default="f4"/>
    <sequenceFlow id="f3" sourceRef="wie" targetRef="bescheid-schreiben">
      <conditionExpression>task.pruefen.outcome == "granted"</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="f4" sourceRef="wie" targetRef="ablehnen"/>
    <serviceTask id="bescheid-schreiben" dw:intent="write" dw:document="bescheid"/>
    <sequenceFlow id="f5" sourceRef="bescheid-schreiben" targetRef="gut"/>
    <serviceTask id="gut" dw:intent="close" dw:outcome="granted"/>
    <sequenceFlow id="f6" sourceRef="gut" targetRef="ende"/>
    <serviceTask id="ablehnen" dw:intent="close" dw:outcome="refused"/>
    <sequenceFlow id="f7" sourceRef="ablehnen" targetRef="ende"/>
    <endEvent id="ende"/>
  </process>
</definitions>
"""
_MANIFEST = """
roles: {sachbearbeitung: {title: Sachbearbeitung}}
documents:
  bescheid: {title: Bescheid, kind: decision}
  merkblatt: {title: Merkblatt, kind: letter}
tasks:
  pruefen:
    reason: [refused]
    fields:
      frist: {schema: {type: string, format: date}, required: true}
      zahl: {schema: {type: integer, minimum: 1, maximum: 9}}
modules:
  hof: {outcomes: [granted], document: bescheid}
  frist-setzen: {tasks: [pruefen], outcomes: [granted]}
  ablehnung: {outcomes: [refused]}
"""
_TEXTS = """
tasks:
  pruefen:
    title: Antrag prüfen
    help: Prüfen Sie die Angaben.
    outcomes: {granted: Bewilligen, refused: Ablehnen}
    fields:
      frist: {label: Gültig bis}
      zahl: {label: Anzahl}
modules:
  hof: {title: Hof, text: "Der Hof von {data.name} ist frei zu halten."}
  frist-setzen: {title: Frist, text: "Dies gilt befristet."}
  ablehnung: {title: Ablehnung, text: "Das geht leider nicht."}
documents:
  bescheid: {title: Bescheid}
"""
_BESCHEID = """
#import "/letter.typ": appeal, c, date, letter, modules, reason
#show: letter.with(title: "Bescheid")

Guten Tag #c.data.name,

wir melden Sie an, gültig bis #date(c.task.pruefen.data.frist).

#modules(title: "Nebenbestimmungen")

== Begründung
#reason

#appeal
"""


def files(**more: str) -> Mapping[str, bytes]:
    """Return the files of the blueprint; ``more`` replaces files by name ("bescheid")."""
    found = dict(small_blueprint.files())
    found["blueprint.yaml"] += _MANIFEST.encode()
    found["texts/de.yaml"] += _TEXTS.encode()
    found["texts/de.yaml"] = found["texts/de.yaml"].replace(
        b'outcomes: {granted: "Angemeldet"}',
        b'outcomes: {granted: "Angemeldet", refused: "Abgelehnt"}',
    )
    found["process.bpmn"] = _PROCESS.encode()
    found["documents/bescheid.typ"] = more.get("bescheid", _BESCHEID).encode()
    merkblatt = '#import "/letter.typ": letter\n#show: letter.with(title: "Merkblatt")\nText'
    found["documents/merkblatt.typ"] = more.get("merkblatt", merkblatt).encode()
    return found


def compiled(**more: str) -> Any:
    """Return the blueprint compiled."""
    return release.compile(files(**more))
