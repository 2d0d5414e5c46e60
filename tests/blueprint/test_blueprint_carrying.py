"""Answers move from one release to another: what fits stays, nothing is lost without a word."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small_blueprint
from dienstweg.blueprint import carrying, pages, release

TODAY = date(2026, 11, 22)
FILE = "01a20000-0000-7000-8000-000000000000"
_TEXT = {"type": "string", "maxLength": 40}
_OLD_DATA = {
    "name": _TEXT,
    "brief": {"type": "string", "maxLength": 200},
    "art": {"type": "string", "enum": ["hund", "katze"]},
    "zahl": {"type": "integer"},
    "wahr": {"const": True},
    "weg": _TEXT,
    "beleg": {"type": "string", "x-file": {"max_bytes": 1000, "types": ["png"]}},
    "tiere": {
        "type": "array",
        "maxItems": 3,
        "items": {
            "type": "object",
            "properties": {
                "rufname": _TEXT,
                "impfungen": {
                    "type": "array",
                    "maxItems": 3,
                    "items": {"type": "object", "properties": {"stoff": _TEXT}},
                },
            },
        },
    },
}
_OLD_PAGES = """
pages:
  - id: person
    fields:
      - {id: name, at: /name}
      - {id: brief, at: /brief}
  - id: sonst
    fields:
      - {id: art, at: /art}
      - {id: zahl, at: /zahl}
      - {id: weg, at: /weg}
      - {id: wahr, at: /wahr}
      - {id: beleg, at: /beleg, widget: file}
  - id: tiere
    repeat: {at: /tiere, max: 3}
    fields:
      - {id: rufname, at: /rufname}
  - id: impfungen
    repeat: {in: tiere, at: /impfungen, max: 3}
    fields:
      - {id: stoff, at: /stoff}
"""
_GIVEN: Mapping[str, Any] = {
    "data": {
        "name": "Änne",
        "brief": "b" * 150,
        "art": "hund",
        "zahl": 3,
        "wahr": True,
        "weg": "verschwindet",
        "beleg": FILE,
        "tiere": [
            {"rufname": "Rex", "impfungen": [{"stoff": "A"}, {"stoff": "B"}]},
            {"rufname": "Mia", "impfungen": [{"stoff": "C"}]},
            {"rufname": "Bo"},
        ],
    },
    "raw": {"tiere/0/rufname": ["x" * 60]},
    "seen": ["person", "sonst", "tiere", "impfungen"],
    "from": {"name": {"source": "api", "label": "vom Amt", "locked": False}},
}


def old() -> release.Release:
    return compiled(json.dumps(_OLD_DATA), _OLD_PAGES)


@cache
def compiled(properties: str, assistant: str) -> release.Release:
    files = dict(small_blueprint.files())
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": json.loads(properties),
    }
    files["data.schema.json"] = json.dumps(schema).encode()
    files["assistant.yaml"] = assistant.encode()
    return release.compile(files)


def new(assistant: str = _OLD_PAGES, **changed: Any) -> release.Release:
    """The old release with places changed, or taken away where they are None."""
    places = {key: value for key, value in {**_OLD_DATA, **changed}.items() if value is not None}
    return compiled(json.dumps(places), assistant)


def carry(target: release.Release, given_answers: Mapping[str, Any] = _GIVEN) -> carrying.Carried:
    return carrying.carry_over(old(), target, given_answers)


def test_to_the_same_release_all_but_the_declaration_is_kept():
    got = carry(old())
    expected = {key: value for key, value in _GIVEN["data"].items() if key != "wahr"}
    assert got.answers["data"] == expected
    assert got.answers["raw"] == _GIVEN["raw"]
    assert got.answers["from"] == _GIVEN["from"]
    assert got.lost == {("wahr", ())}
    assert got.check == {("rufname", (0,))}
    assert ("stoff", (1, 0)) in got.kept
    assert got.answers["seen"] == ["person", "tiere", "impfungen"], "one page has words left to say"


def test_a_question_is_known_by_its_place_whatever_it_is_called():
    renamed = _OLD_PAGES.replace("{id: name, at: /name}", "{id: vollname, at: /name}")
    got = carry(new(renamed))
    assert got.answers["data"]["name"] == "Änne"
    assert ("name", ()) in got.kept


def test_a_question_that_moved_is_known_by_its_id():
    moved = _OLD_PAGES.replace("{id: name, at: /name}", "{id: name, at: /person/name}")
    place = {"type": "object", "properties": {"name": _TEXT}}
    got = carry(new(moved, name=None, person=place))
    assert got.answers["data"]["person"] == {"name": "Änne"}


def test_no_answer_is_put_into_two_places():
    swapped = _OLD_PAGES.replace("{id: name, at: /name}", "{id: name, at: /ort}").replace(
        "{id: weg, at: /weg}", "{id: strasse, at: /name}"
    )
    got = carry(new(swapped, ort=_TEXT, weg=None))
    assert got.answers["data"]["name"] == "Änne"
    assert "ort" not in got.answers["data"]
    assert ("weg", ()) in got.lost


def test_what_does_not_fit_any_more_is_shown_as_typed_or_said_to_be_lost():
    got = carry(
        new(
            brief={"type": "string", "maxLength": 100},
            art={"type": "string", "enum": ["katze", "maus"]},
            zahl={"type": "integer", "maximum": 2},
        )
    )
    assert got.answers["raw"]["brief"] == ["b" * 150]
    assert got.answers["raw"]["zahl"] == ["3"]
    assert {("brief", ()), ("zahl", ())} <= got.check
    assert ("art", ()) in got.lost
    assert "art" not in got.answers["data"]


def test_entries_are_kept_one_by_one_up_to_the_new_most():
    fewer = _OLD_PAGES.replace("repeat: {at: /tiere, max: 3}", "repeat: {at: /tiere, max: 2}")
    got = carry(new(fewer))
    assert len(got.answers["data"]["tiere"]) == 2
    assert got.answers["data"]["tiere"][1] == {"rufname": "Mia", "impfungen": [{"stoff": "C"}]}
    assert ("rufname", (2,)) in got.lost


def test_a_page_with_a_new_question_is_to_be_seen_again():
    more = _OLD_PAGES.replace(
        "{id: brief, at: /brief}", "{id: brief, at: /brief}\n      - {id: neu, at: /neu}"
    )
    target = new(more, neu=_TEXT)
    got = carry(target)
    assert "person" not in got.answers["seen"]
    assert pages.first_open(target, got.answers, today=TODAY) == "person"


def test_what_is_gone_is_lost_and_said_so():
    shorter = _OLD_PAGES.replace("      - {id: weg, at: /weg}\n", "")
    got = carry(new(shorter, weg=None))
    assert ("weg", ()) in got.lost
    assert "weg" not in got.answers["data"]


def test_files_move_along():
    assert carry(old()).answers["data"]["beleg"] == FILE


def test_what_must_be_entered_anew_is_named():
    more = _OLD_PAGES.replace(
        "{id: brief, at: /brief}",
        "{id: brief, at: /brief}\n      - {id: neu, at: /neu, required: true}",
    )
    target = new(more, neu=_TEXT)
    got = carry(target)
    assert ("person", "neu") in carrying.asked_anew(target, got.answers, today=TODAY)


@pytest.mark.parametrize("nothing", [{}, {"data": {}}, {"data": {"tiere": None}, "raw": {}}])
def test_an_empty_draft_carries_nothing(nothing):
    got = carry(old(), nothing)
    assert (got.kept, got.check, got.lost) == (frozenset(), frozenset(), frozenset())


_TEXTS = st.text(alphabet="abc é", min_size=1, max_size=50)
_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "name": _TEXTS,
        "brief": _TEXTS,
        "art": st.sampled_from(["hund", "katze"]),
        "zahl": st.integers(-5, 5),
        "tiere": st.lists(st.fixed_dictionaries({"rufname": _TEXTS}), max_size=3),
    },
)
_LIMITS = st.fixed_dictionaries(
    {
        "name": st.integers(1, 50).map(lambda most: {"type": "string", "maxLength": most}),
        "zahl": st.integers(-5, 5).map(lambda most: {"type": "integer", "maximum": most}),
        "art": st.sampled_from([None, {"type": "string", "enum": ["katze"]}]),
    }
)


@given(_ANSWERS, _LIMITS)
def test_every_answer_is_kept_or_to_be_checked_or_lost(data, limits):
    assistant = _OLD_PAGES
    if limits["art"] is None:
        assistant = assistant.replace("      - {id: art, at: /art}\n", "")
    target = new(assistant, **limits)
    got = carry(target, {"data": data, "raw": {}, "seen": []})
    answered = {(name, ()) for name in data if name != "tiere"}
    answered |= {("rufname", (number,)) for number in range(len(data.get("tiere", [])))}
    assert got.kept | got.check | got.lost == answered
    assert not got.kept & got.check
    assert not (got.kept | got.check) & got.lost
    again = carrying.carry_over(target, target, got.answers)
    assert again.answers["data"] == got.answers["data"]
    assert again.answers["raw"] == got.answers["raw"]
