"""A blueprint for tests that turns off its way: nested groups, an ending, a jump, narrowed choices.

Who keeps dogs names each of them and, inside, its vaccinations; who breeds dogs is led past both;
who has no dog need not apply.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import small_blueprint
from dienstweg.blueprint import archive, pages, release

TODAY = date(2026, 11, 22)
_FILE = {"type": "string", "x-file": {"max_bytes": 100_000, "types": ["png"]}}
_IMPFUNG = {
    "type": "object",
    "properties": {
        "stoff": {"type": "string", "enum": ["tollwut", "staupe", "husten"]},
        "datum": {"type": "string", "format": "date"},
        "anlass": {"type": "string", "maxLength": 40},
        "beleg": _FILE,
        "nummer": {"type": "string"},
    },
    "required": ["stoff", "datum"],
}
_HUND = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 20},
        "geimpft": {"type": "boolean"},
        "bild": _FILE,
        "impfungen": {"type": "array", "maxItems": 3, "items": _IMPFUNG},
        "zahl": {"type": "integer"},
    },
    "required": ["name", "geimpft"],
}
_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "zweck": {"type": "string", "enum": ["halten", "zucht", "keiner"]},
        "hunde": {"type": "array", "maxItems": 3, "items": _HUND},
        "betrieb": {"type": "string", "maxLength": 40},
        "platz": {"type": "integer", "minimum": 1, "maximum": 99},
        "ort": {"type": "string", "enum": ["haus", "zwinger", "halle"]},
    },
    "required": ["zweck", "platz", "ort"],
}
_ASSISTANT = """
pages:
  - id: zweck
    fields:
      - {id: zweck, at: /zweck, widget: radio}
    ends:
      - {id: kein-hund, when: data.zweck == "keiner"}
    next:
      - {when: data.zweck == "zucht", to: betrieb}
  - id: hunde
    repeat: {at: /hunde, min: 1, max: 3, title: item.name}
    fields:
      - {id: hund_name, at: /name}
      - {id: geimpft, at: /geimpft}
      - {id: bild, at: /bild}
      - {id: zahl, at: /zahl, value: item.impfungen.size()}
  - id: impfungen
    when: outer.geimpft == true
    repeat: {in: hunde, at: /impfungen, min: 1, max: 3, title: item.stoff}
    fields:
      - id: stoff
        at: /stoff
        widget: radio
        allowed: option != "husten" || outer.name != "Rex"
      - {id: datum, at: /datum}
      - {id: anlass, at: /anlass, when: item.stoff == "staupe"}
      - {id: beleg, at: /beleg}
      - {id: nummer, at: /nummer, value: 'outer.name + " " + string(outer_index + 1) + "/" + string(index + 1)'}
    checks:
      - {id: schon-geimpft, holds: item.datum <= today, field: datum}
  - id: betrieb
    when: data.zweck == "zucht"
    fields:
      - {id: betrieb, at: /betrieb}
  - id: ort
    fields:
      - {id: ort, at: /ort, allowed: option != "haus" || data.zweck == "halten"}
      - {id: platz, at: /platz, allowed: option >= data.hunde.size()}
"""  # noqa: E501 - a rule stands in one line
_TEXTS = """
service: {title: "Hunde anmelden", summary: "Für alle, die Hunde halten."}
pages:
  zweck: {title: "Worum geht es?"}
  hunde: {title: "Ihre Hunde", item: Hund, add: Hund hinzufügen}
  impfungen: {title: "Impfungen", item: Impfung, add: Impfung hinzufügen}
  betrieb: {title: "Ihr Betrieb"}
  ort: {title: "Wo leben die Hunde?"}
fields:
  zweck: {label: "Warum kommen Sie?"}
  hund_name: {label: "Name"}
  geimpft: {label: "Ist der Hund geimpft?"}
  bild: {label: "Bild"}
  zahl: {label: "Impfungen"}
  stoff: {label: "Wogegen?", options: {tollwut: Tollwut, staupe: Staupe, husten: Zwingerhusten}}
  datum: {label: "Wann?"}
  anlass: {label: "Aus welchem Anlass?"}
  beleg: {label: "Beleg"}
  nummer: {label: "Nummer"}
  betrieb: {label: "Name des Betriebs"}
  ort: {label: "Wo leben die Hunde?"}
  platz: {label: "Plätze", error: {allowed: "Das sind weniger Plätze als Hunde."}}
checks: {schon-geimpft: "Das Datum liegt in der Zukunft."}
endings:
  kein-hund:
    title: Sie müssen nichts anmelden
    text: ["Ohne Hund gibt es keine Steuer.", "Kommt ein Hund zu Ihnen, melden Sie ihn dann an."]
outcomes: {granted: "Angemeldet"}
"""
_CASE = """
title: Ein Hund mit zwei Impfungen
today: '2026-11-22'
answers:
  zweck: {zweck: halten}
  hunde:
    - hund_name: Rex
      geimpft: ja
      impfungen:
        - {stoff: tollwut, datum: 1.2.2026}
        - {stoff: staupe, datum: 3.4.2026, anlass: Reise, beleg: {file: beleg.png}}
  ort: {ort: haus, platz: 2}
expect:
  pages: [zweck, hunde, ort]
  application:
    hunde:
      - impfungen: [{nummer: Rex 1/1}, {anlass: Reise}]
        zahl: 2
  outcome: granted
"""


def files(**own: str) -> Mapping[str, bytes]:
    """Return the files; `own` are contents by name ("assistant" for assistant.yaml, ...)."""
    texts = {
        "data.schema.json": json.dumps(_SCHEMA),
        "assistant.yaml": own.get("assistant", _ASSISTANT),
        "texts/de.yaml": own.get("texts", _TEXTS),
        "cases/01.yaml": own.get("case", _CASE),
    }
    given = dict(small_blueprint.files())
    given.pop("texts/en.yaml")
    given["blueprint.yaml"] = given["blueprint.yaml"].replace(
        b"id: hausbewohner", b"id: hundehalter"
    )
    return {**given, **{name: text.encode() for name, text in texts.items()}}


def changed(old: str, new: str) -> str:
    """Return assistant.yaml with one passage replaced."""
    assert old in _ASSISTANT, old
    return _ASSISTANT.replace(old, new)


def case(old: str, new: str) -> str:
    """Return the acceptance case with one passage replaced."""
    assert old in _CASE, old
    return _CASE.replace(old, new)


def in_leaves() -> str:
    """Return assistant.yaml with entries that are asked on two and on three screens."""
    found = _ASSISTANT
    for name in ("bild, at: /bild", "anlass, at: /anlass", "beleg, at: /beleg"):
        found = found.replace(f"{{id: {name}", f"{{new_leaf: true, id: {name}")
    return found


@cache
def compiled() -> release.Release:
    """Return the blueprint, compiled once."""
    return release.compile(dict(files()))


def packed() -> bytes:
    """Return the blueprint as an archive."""
    return archive.pack(dict(files()))


IMPFUNG: dict[str, list[str]] = {"stoff": ["tollwut"], "datum": ["1.2.2026"]}


def take(answers: dict[str, Any], page: str, entry: tuple[int, ...] = (), **posted: str) -> Any:
    """Return what `pages.take` makes of an answered page."""
    texts = {name: [text] for name, text in posted.items()}
    return pages.take(compiled(), page, answers, texts, today=TODAY, entry=entry)


def filled() -> dict[str, Any]:
    """Return answers that can be sent: two dogs, the first vaccinated twice."""
    answers: dict[str, Any] = {}
    for page, entry, posted in (
        ("zweck", (), {"zweck": "halten"}),
        ("hunde", (0,), {"hund_name": "Rex", "geimpft": "true"}),
        ("impfungen", (0, 0), {"stoff": "tollwut", "datum": "1.2.2026"}),
        ("impfungen", (0, 1), {"stoff": "staupe", "datum": "3.4.2026", "anlass": "Reise"}),
        ("impfungen", (0,), {}),
        ("hunde", (1,), {"hund_name": "Mia", "geimpft": "false"}),
        ("hunde", (), {}),
        ("ort", (), {"ort": "haus", "platz": "2"}),
    ):
        answers = take(answers, page, entry, **posted).answers
    return answers
