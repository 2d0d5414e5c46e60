"""Writes README.md and CHANGELOG.md of an imported blueprint, with an index of what is open."""

from __future__ import annotations

import re

from dienstweg.blueprint.fim_design import Design
from dienstweg.blueprint.fim_places import Findings, OpenPoint
from dienstweg.standards.xdatenfelder.model import Schema

_LONGEST_LINE = 140
_MOST_LINES = 300
KINDS = {
    "R": "Regeln, die eine Person lesen muss",
    "C": "Codelisten, die fehlen",
    "H": "Hinweise",
    "A": "Ohne Abnahmefall",
}


def readme(schema: Schema, title: str, name: str, made: Design, findings: Findings) -> str:
    """What was imported, what is left to do, and every open point in a line."""
    counts = made.book.counts()
    file = re.sub(r"[^A-Za-z0-9._-]", "_", name)[:100]
    return f"""# {title}

Eingelesen aus dem FIM-Datenschema {schema.id}, Version {schema.version}
(`{file}`). Von {counts["Regeln"]} Regeln des Schemas sind {counts["davon übersetzt"]}
übersetzt; sie stehen in `assistant.yaml`, ihre Kennung als Kommentar daneben.

## Was noch zu tun ist
- Die offenen Punkte unten; ihr ganzer Text steht in `blueprint.yaml` unter `open_points`.
- Herausgeber, Themenfeld, Leistungsschlüssel und Ansprechpersonen in `blueprint.yaml`.
- Die Texte der Startseite in `texts/de.yaml` (`service`): wer, was, Kosten, Dauer.
- Der Ablauf in `process.bpmn`: übergeben, entscheiden, Bescheid schreiben, mitteilen, schließen.

Die FIM-Kennungen stehen in `data.schema.json` unter `x-fim`. Die Namen der Felder und Seiten sind
aus dem Pfad der FIM-Kennungen gebildet; `dienstweg blueprint update-fim` findet sie wieder, wenn
das Schema in einer neueren Version erscheint. Dafür bleibt der Ordner `fim/` unverändert.

## Offene Punkte
{_index(findings)}"""


def _index(findings: Findings) -> str:
    parts = []
    for kind, title in KINDS.items():
        points = findings.of_kind(kind)
        if points:
            lines = "\n".join(map(_line, points[:_MOST_LINES]))
            more = f"\n- und {len(points) - _MOST_LINES} weitere" * (len(points) > _MOST_LINES)
            parts.append(f"\n### {title} ({len(points)})\n{lines}{more}\n")
    return "".join(parts) or "\nKeine.\n"


def _line(point: OpenPoint) -> str:
    text = " ".join(point.text.split())
    short = text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1].rstrip()}…"
    return f"- {point.id} {short}"


def changelog(schema: Schema) -> str:
    """The first entry of the changes."""
    return f"""# Änderungen

## 0.1.0
- Eingelesen aus dem FIM-Datenschema {schema.id}, Version {schema.version}.
"""
