"""The process, the decision's letter and the hand-over that every imported blueprint begins with.

XDatenfelder says nothing of how a case is worked on. So the designer gets the plain way most
applications take, ready to run: hand over, decide, write, tell, close.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from dienstweg.standards.xdatenfelder.model import Schema

ROLE = "sachbearbeitung"
DECISION_DAYS = 28

_PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:dw="https://dienstweg.example/bpmn/1"
    id="definitions" targetNamespace="https://dienstweg.example/leistungen/@ID@">
  <process id="@ID@" name=@TITLE@ isExecutable="true">
    <startEvent id="eingegangen" name="Antrag eingegangen">
      <outgoing>f-eingegangen</outgoing>
    </startEvent>
    <serviceTask id="uebergeben" name="An das Fachverfahren übergeben"
        dw:intent="deliver" dw:mapping="standard">
      <incoming>f-eingegangen</incoming>
      <outgoing>f-uebergeben</outgoing>
    </serviceTask>
    <userTask id="entscheiden" name="Über den Antrag entscheiden"
        dw:role="@ROLE@" dw:outcomes="granted refused" dw:due="P@DAYS@D">
      <incoming>f-uebergeben</incoming>
      <outgoing>f-entschieden</outgoing>
    </userTask>
    <serviceTask id="bescheid-schreiben" name="Bescheid schreiben"
        dw:intent="write" dw:document="bescheid">
      <incoming>f-entschieden</incoming>
      <outgoing>f-geschrieben</outgoing>
    </serviceTask>
    <exclusiveGateway id="entscheidung" name="Bewilligt?" default="f-nein">
      <incoming>f-geschrieben</incoming>
      <outgoing>f-ja</outgoing>
      <outgoing>f-nein</outgoing>
    </exclusiveGateway>
    <serviceTask id="bewilligung-mitteilen" name="Bewilligung mitteilen"
        dw:intent="tell" dw:message="bewilligt" dw:documents="bescheid">
      <incoming>f-ja</incoming>
      <outgoing>f-bewilligung-mitgeteilt</outgoing>
    </serviceTask>
    <serviceTask id="bewilligt-schliessen" name="Vorgang schließen: bewilligt"
        dw:intent="close" dw:outcome="granted">
      <incoming>f-bewilligung-mitgeteilt</incoming>
      <outgoing>f-bewilligt</outgoing>
    </serviceTask>
    <endEvent id="bewilligt" name="Bewilligt">
      <incoming>f-bewilligt</incoming>
    </endEvent>
    <serviceTask id="ablehnung-mitteilen" name="Ablehnung mitteilen"
        dw:intent="tell" dw:message="abgelehnt" dw:documents="bescheid">
      <incoming>f-nein</incoming>
      <outgoing>f-ablehnung-mitgeteilt</outgoing>
    </serviceTask>
    <serviceTask id="abgelehnt-schliessen" name="Vorgang schließen: abgelehnt"
        dw:intent="close" dw:outcome="refused">
      <incoming>f-ablehnung-mitgeteilt</incoming>
      <outgoing>f-abgelehnt</outgoing>
    </serviceTask>
    <endEvent id="abgelehnt" name="Abgelehnt">
      <incoming>f-abgelehnt</incoming>
    </endEvent>
    <sequenceFlow id="f-eingegangen" sourceRef="eingegangen" targetRef="uebergeben"/>
    <sequenceFlow id="f-uebergeben" sourceRef="uebergeben" targetRef="entscheiden"/>
    <sequenceFlow id="f-entschieden" sourceRef="entscheiden" targetRef="bescheid-schreiben"/>
    <sequenceFlow id="f-geschrieben" sourceRef="bescheid-schreiben" targetRef="entscheidung"/>
    <sequenceFlow id="f-ja" name="ja" sourceRef="entscheidung" targetRef="bewilligung-mitteilen">
      <conditionExpression xsi:type="tFormalExpression"
          >task.entscheiden.outcome == "granted"</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="f-nein" name="nein" sourceRef="entscheidung"
        targetRef="ablehnung-mitteilen"/>
    <sequenceFlow id="f-bewilligung-mitgeteilt" sourceRef="bewilligung-mitteilen"
        targetRef="bewilligt-schliessen"/>
    <sequenceFlow id="f-bewilligt" sourceRef="bewilligt-schliessen" targetRef="bewilligt"/>
    <sequenceFlow id="f-ablehnung-mitgeteilt" sourceRef="ablehnung-mitteilen"
        targetRef="abgelehnt-schliessen"/>
    <sequenceFlow id="f-abgelehnt" sourceRef="abgelehnt-schliessen" targetRef="abgelehnt"/>
  </process>
</definitions>
"""

LETTER = """// The decision, granted or refused, with its reasons (section 39 VwVfG).
#import "/letter.typ": c, letter, rows

#let granted = c.task.entscheiden.outcome == "granted"

#show: letter.with(title: "Bescheid")

Guten Tag,

über Ihren Antrag haben wir entschieden: Er ist
*#if granted [bewilligt] else [abgelehnt]*.

== Begründung
#c.reason

== Ihre Angaben
#rows(c.rows)
"""


def bpmn(blueprint_id: str, title: str) -> bytes:
    """The process as BPMN 2.0."""
    text = _PROCESS.replace("@ID@", blueprint_id).replace("@TITLE@", quoteattr(title))
    return text.replace("@ROLE@", ROLE).replace("@DAYS@", str(DECISION_DAYS)).encode()


def mapping(schema: Schema) -> dict[str, Any]:
    """What the back office gets: the application by FIM ids, with the schema's own name."""
    return {
        "format": "json",
        "content": {
            "schema": {"id": schema.id, "version": schema.version},
            "case_number": "=facts.case_number",
            "submitted_at": "=facts.submitted_at",
            "data": "=data",
        },
    }
