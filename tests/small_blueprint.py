"""A small but whole blueprint for tests: a page, a condition, a repeating group, uploads."""

import json
from collections.abc import Mapping

from dienstweg.blueprint import archive

_FILE = {"type": "string", "x-file": {"max_bytes": 100_000, "types": ["png"]}}
_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 40},
        "haustier": {"type": "boolean"},
        "tiere": {
            "type": "array",
            "maxItems": 3,
            "items": {
                "type": "object",
                "properties": {"rufname": {"type": "string", "maxLength": 20}, "bild": _FILE},
                "required": ["rufname"],
            },
        },
        "belege": {"type": "array", "maxItems": 2, "items": _FILE},
    },
    "required": ["name"],
}
_ASSISTANT = """
pages:
  - id: person
    fields:
      - {id: name, at: /name}
      - {id: haustier, at: /haustier, widget: yesno}
  - id: tiere
    when: data.haustier == true
    repeat: {at: /tiere, min: 1, max: 3}
    fields:
      - {id: rufname, at: /rufname}
      - {id: bild, at: /bild, widget: file}
  - id: belege
    fields:
      - {id: nachweis, at: /belege, widget: file}
"""
_TEXTS = """
service: {title: "Hausbewohner anmelden", summary: "Für alle, die neu einziehen."}
pages:
  person: {title: "Wer sind Sie?"}
  tiere: {title: "Ihre Tiere"}
  belege: {title: "Nachweise"}
fields:
  name: {label: "Ihr Name"}
  haustier: {label: "Haben Sie ein Haustier?"}
  rufname: {label: "Rufname"}
  bild: {label: "Bild"}
  nachweis: {label: "Nachweis"}
outcomes: {granted: "Angemeldet"}
"""
_ENGLISH = """
service: {title: "Register residents", summary: "For everybody who moves in."}
"""
_PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:dw="https://dienstweg.example/bpmn/1" targetNamespace="https://dienstweg.example">
  <process id="anmeldung" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="ende-melden"/>
    <serviceTask id="ende-melden" dw:intent="close" dw:outcome="granted"/>
    <sequenceFlow id="f2" sourceRef="ende-melden" targetRef="ende"/>
    <endEvent id="ende"/>
  </process>
</definitions>
"""


def files(version: str = "1.0.0") -> Mapping[str, bytes]:
    """Return the files of the blueprint."""
    manifest = f"""
format: 1
id: hausbewohner
version: {version}
publisher: kranichsee
licence: EUPL-1.2
maintainers: [{{name: Anna, email: anna@example.org}}]
services: []
subject: bauen
keywords: [Umzug, Wohnung, Straße]
draft_days: 20
needs: {{assurance: none, payment: false, connector: [], digital_decision: allowed}}
extension_points: [{{kind: texts, ids: ["service.*"]}}]
"""
    texts = {
        "blueprint.yaml": manifest,
        "data.schema.json": json.dumps(_SCHEMA),
        "assistant.yaml": _ASSISTANT,
        "texts/de.yaml": _TEXTS,
        "texts/en.yaml": _ENGLISH,
        "process.bpmn": _PROCESS,
    }
    return {name: text.encode() for name, text in texts.items()}


def packed(version: str = "1.0.0") -> bytes:
    """Return the blueprint as an archive."""
    return archive.pack(files(version))
