"""The small blueprint, with bodies that are asked at once, a decision, and time to object to it."""

from collections.abc import Mapping

import small_blueprint
from dienstweg.blueprint import archive

_PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:dw="https://dienstweg.example/bpmn/1" targetNamespace="https://dienstweg.example">
  <process id="anmeldung" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="stellungnahme"/>
    <userTask id="stellungnahme" dw:role="sachbearbeitung" dw:outcomes="gut auflagen">
      <multiInstanceLoopCharacteristics isSequential="false" dw:over="lists.stellen"/>
    </userTask>
    <sequenceFlow id="f2" sourceRef="stellungnahme" targetRef="pruefen"/>
    <userTask id="pruefen" dw:role="sachbearbeitung" dw:outcomes="granted refused"/>
    <sequenceFlow id="f3" sourceRef="pruefen" targetRef="warten"/>
    <eventBasedGateway id="warten"/>
    <sequenceFlow id="f5" sourceRef="warten" targetRef="frist"/>
    <sequenceFlow id="f6" sourceRef="warten" targetRef="widersprochen"/>
    <intermediateCatchEvent id="frist">
      <timerEventDefinition id="frist-dauer">
        <timeDuration xsi:type="tFormalExpression"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">P1M</timeDuration>
      </timerEventDefinition>
    </intermediateCatchEvent>
    <intermediateCatchEvent id="widersprochen" dw:message="widerspruch.eingegangen">
      <messageEventDefinition id="widersprochen-ausloeser"/>
    </intermediateCatchEvent>
    <sequenceFlow id="f7" sourceRef="frist" targetRef="gut"/>
    <serviceTask id="gut" dw:intent="close" dw:outcome="granted"/>
    <sequenceFlow id="f8" sourceRef="gut" targetRef="ende"/>
    <sequenceFlow id="f9" sourceRef="widersprochen" targetRef="widerspruch"/>
    <userTask id="widerspruch" dw:role="sachbearbeitung" dw:outcomes="abgeholfen vorgelegt"/>
    <sequenceFlow id="f10" sourceRef="widerspruch" targetRef="gut"/>
    <endEvent id="ende"/>
  </process>
</definitions>
"""
_MANIFEST = """
roles: {sachbearbeitung: {title: Sachbearbeitung}}
lists: {stellen: lists/stellen.yaml}
tasks:
  stellungnahme: {reason: [auflagen]}
  pruefen: {reason: [refused]}
arrivals:
  widerspruch: {message: widerspruch.eingegangen, role: sachbearbeitung}
modules:
  aus-stellungnahme:
    tasks: [pruefen]
    outcomes: [granted]
    from: {task: stellungnahme, outcomes: [auflagen]}
  hof: {tasks: [pruefen], outcomes: [granted]}
"""
_TEXTS = """
tasks:
  stellungnahme:
    title: Stellungnahme abgeben
    outcomes: {gut: Keine Bedenken, auflagen: Mit Auflagen}
  pruefen:
    title: Antrag prüfen
    outcomes: {granted: Bewilligen, refused: Ablehnen}
  widerspruch:
    title: Über den Widerspruch entscheiden
    outcomes: {abgeholfen: Abgeholfen, vorgelegt: Vorgelegt}
arrivals:
  widerspruch: {title: Widerspruch, help: "Prüfen Sie, wer widerspricht."}
modules:
  aus-stellungnahme: {title: "Auflage"}
  hof: {title: "Hof", text: "Der Hof ist frei zu halten."}
"""
_BODIES = """
title: Stellen
rows:
  - {code: feuer, name: Brandschutzdienststelle}
  - {code: wasser, name: Untere Wasserbehörde}
"""


def files() -> Mapping[str, bytes]:
    """Return the files of the blueprint."""
    found = dict(small_blueprint.files())
    found["blueprint.yaml"] += _MANIFEST.encode()
    found["texts/de.yaml"] += _TEXTS.encode()
    found["process.bpmn"] = _PROCESS.encode()
    found["lists/stellen.yaml"] = _BODIES.encode()
    return found


def packed() -> bytes:
    """Return the blueprint as an archive."""
    return archive.pack(files())
