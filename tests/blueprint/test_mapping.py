"""Mappings: trees with expressions, and what is refused."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from dienstweg.blueprint import mapping
from dienstweg.blueprint.problems import Invalid

FACTS = {"case_number": "MUS-1", "submitted_at": "2026-03-02T23:30:00+00:00"}
TEXT = b"""format: json
content:
  nummer: =facts.case_number
  tag: = today
  fest: Wert
  zahl: 3
  name: =data.person.name
  fehlt: =data.person.fehlt
  gebuehr: =decision.gebuehr.betrag
  ergebnis: '=has(task.pruefen) ? task.pruefen.outcome : "automatisch"'
  liste: [=data.a, 2, {b: =data.a}]
  ganz: =data.person
schema: {required: [nummer], properties: {name: {type: string, maxLength: 5}}}
"""


def release(text: bytes) -> Any:
    """What a mapping needs of a release."""
    return SimpleNamespace(mappings=mapping.parse({"mappings/m.yaml": text}), lists={})


def test_a_tree_is_filled() -> None:
    known = {"decision": {"gebuehr": {"betrag": 3070}}, "task": {}}
    content, kind = mapping.apply(
        release(TEXT), "m", {"person": {"name": "Ayşe"}, "a": [1]}, FACTS, known=known
    )
    assert kind == "application/json"
    assert json.loads(content) == {
        "nummer": "MUS-1",
        "tag": "2026-03-03",
        "fest": "Wert",
        "zahl": 3,
        "name": "Ayşe",
        "fehlt": None,
        "gebuehr": 3070,
        "ergebnis": "automatisch",
        "liste": [[1], 2, {"b": [1]}],
        "ganz": {"name": "Ayşe"},
    }


def test_what_a_process_knows_stands_under_its_own_names_and_in_a_repetition_the_item() -> None:
    known = {"decision": {"gebuehr": {"betrag": 1}}, "item": {"code": "ihk"}, "index": 2}
    text = TEXT.replace(b"nummer: =facts.case_number", b"nummer: =item.code + string(index)")
    found = mapping.result(release(text), "m", {}, FACTS, known=known)
    assert (found["gebuehr"], found["nummer"]) == (1, "ihk2")
    outside = mapping.result(release(text), "m", {}, FACTS)
    assert (outside["gebuehr"], outside["nummer"]) == (None, None)


def test_the_result_is_compared_with_the_schema() -> None:
    rel = release(TEXT)
    assert mapping.deviations(rel, "m", {"nummer": "1", "name": "Ayşe"}) == []
    found = mapping.deviations(rel, "m", {"name": "Methusalem"})
    assert len(found) == 2
    assert any(text.startswith("name: ") for text in found)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (b"format: json\n", "mapping", 1),
        (b"format: xml\ncontent: {}\n", "mapping-format", 1),
        (b"format: json\ncontent: {}\nmehr: 1\n", "unknown-key", 3),
        (b"format: json\ncontent:\n  a: =data.\n", "cel", 3),
        (b"format: json\ncontent:\n  a:\n    - =geheim.x\n", "cel-unknown", 4),
        (b"format: json\ncontent: {}\nschema: {type: quatsch}\n", "mapping-schema", 3),
        (b"format: [\n", "yaml", 2),
    ],
)
def test_faults_are_found_with_their_line(text: bytes, code: str, line: int) -> None:
    found = mapping.check({"mappings/m.yaml": text})
    assert [(each.code, each.line) for each in found] == [(code, line)]
    with pytest.raises(Invalid):
        release(text)


def test_an_unknown_mapping_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        mapping.apply(release(TEXT), "nie", {}, FACTS)
