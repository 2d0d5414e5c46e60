"""Values that nobody has typed: held against the blueprint, never over what was answered."""

import json
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small_blueprint
from dienstweg.blueprint import pages, prefill_places, prefilling, release
from dienstweg.blueprint.problems import Invalid

TODAY = date(2026, 11, 22)

_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 12},
        "geburt": {"type": "string", "format": "date"},
        "art": {"type": "string", "enum": ["neu", "alt"]},
        "wahr": {"const": True},
        "beleg": {"type": "string", "x-file": {"max_bytes": 100_000, "types": ["png"]}},
        "tiere": {
            "type": "array",
            "maxItems": 2,
            "items": {"type": "object", "properties": {"rufname": {"type": "string"}}},
        },
    },
}
_ASSISTANT = """
pages:
  - id: person
    fields:
      - {id: name, at: /name, autocomplete: family-name}
      - {id: geburt, at: /geburt, prefill: [link]}
      - {id: art, at: /art, prefill: [link]}
      - {id: wahr, at: /wahr}
      - {id: beleg, at: /beleg, widget: file}
  - id: tiere
    repeat: {at: /tiere, max: 2}
    fields:
      - {id: rufname, at: /rufname, prefill: [link]}
"""


@cache
def compiled() -> release.Release:
    given_files = dict(small_blueprint.files())
    given_files["data.schema.json"] = json.dumps(_SCHEMA).encode()
    given_files["assistant.yaml"] = _ASSISTANT.encode()
    return release.compile(given_files)


def fill(values, answers=None, *, source="api", **more):
    return prefilling.prefill(
        compiled(), answers or {}, values, source=source, label="vom Amt", **more
    )


def test_what_fits_is_filled_and_says_where_it_came_from():
    got = fill({"/name": "Änne", "/tiere": [{"rufname": "Rex"}, {"rufname": "Mia"}]})
    assert got.answers["data"] == {
        "name": "Änne", "tiere": [{"rufname": "Rex"}, {"rufname": "Mia"}],
    }  # fmt: skip
    assert got.taken == ("/name", "/tiere/0/rufname", "/tiere/1/rufname")
    assert got.refused == ()
    assert got.answers["from"]["tiere/1/rufname"] == {
        "source": "api", "label": "vom Amt", "locked": False,
    }  # fmt: skip
    shown = pages.view(compiled(), "person", got.answers, lang="de", today=TODAY)
    name = next(field for field in shown.fields if field.id == "name")
    assert (name.value, name.source, name.locked) == ("Änne", "vom Amt", False)


@pytest.mark.parametrize(
    "values",
    [
        {"/name": "viel zu lang für das Feld"},
        {"/name": 7},
        {"/name": ["a"]},
        {"/art": "dritte"},
        {"/geburt": "31.2.1961"},
        {"/wahr": True},
        {"/beleg": "01a20000-0000-7000-8000-000000000000"},
        {"/gibtsnicht": 1},
        {"/tiere": [{"farbe": "rot"}]},
        {"/": 1},
        {"": {"name": "x"}},
    ],
)
def test_what_fits_no_question_or_is_the_applicants_to_say_is_refused(values):
    got = fill(values)
    assert got.answers["data"] in ({}, {"tiere": [{}]})
    assert got.answers["from"] == {}
    assert got.taken == ()
    assert len(got.refused) == 1 or set(values) <= {"/", ""}


def test_more_entries_than_allowed_are_refused():
    got = fill({"/tiere": [{"rufname": str(number)} for number in range(3)]})
    assert len(got.answers["data"]["tiere"]) == 2
    assert got.refused == ("/tiere/2/rufname",)


def test_an_answer_is_never_replaced_but_by_a_verified_value():
    answered = {"data": {"name": "Ich"}, "raw": {"geburt": ["gestern"]}, "seen": []}
    got = fill({"/name": "Du", "/geburt": "1961-05-12"}, answered)
    assert got.answers["data"] == {"name": "Ich"}
    assert (got.taken, got.refused) == ((), ())
    sure = fill({"/name": "Du", "/geburt": "1961-05-12"}, answered, source="account", locked=True)
    assert sure.answers["data"] == {"name": "Du", "geburt": "1961-05-12"}
    assert sure.answers["raw"] == {}
    assert answered["data"] == {"name": "Ich"}, "what was given is not changed"


def test_a_changed_value_is_the_applicants_own():
    got = fill({"/name": "Änne", "/art": "neu"})
    kept = take(got.answers, {"name": ["Änne"], "art": ["neu"]})
    assert set(kept.get("from", {})) == {"name", "art"}
    changed = take(got.answers, {"name": ["Anne"], "art": ["neu"]})
    assert changed["data"]["name"] == "Anne"
    assert set(changed["from"]) == {"art"}


def test_a_verified_value_cannot_be_changed_nor_submitted_otherwise():
    got = fill({"/name": "Änne"}, source="account", locked=True)
    for posted in (["Ich bin es"], [""], ["x" * 50]):
        after = take(got.answers, {"name": posted, "art": ["neu"]})
        assert after["data"]["name"] == "Änne"
        assert "name" not in after["raw"]
        assert after["from"]["name"]["locked"]
    assert prefilling.broken_locks(compiled(), after) == []
    forged = {**after, "data": {**after["data"], "name": "Ich"}}
    assert prefilling.broken_locks(compiled(), forged) == ["name"]
    assert prefilling.broken_locks(compiled(), {**after, "raw": {"name": ["Ich"]}}) == ["name"]
    with pytest.raises(Invalid):
        pages.application(compiled(), forged, today=TODAY)


def take(answers, posted):
    taken = pages.take(compiled(), "person", answers, posted, today=TODAY)
    return taken.answers


def test_links_fill_only_what_the_blueprint_allows():
    values, unusable = prefill_places.from_parameters(
        compiled(),
        {
            "art": ["neu"],
            "geburt": ["12.5.1961"],
            "name": ["Änne"],
            "rufname": ["Rex"],
            "utm_source": ["brief"],
        },
    )
    assert values == {"/art": "neu", "/geburt": "1961-05-12"}
    assert set(unusable) == {"name", "rufname"}
    got = fill(values, source="link")
    assert got.answers["data"] == {"art": "neu", "geburt": "1961-05-12"}
    assert fill({"/name": "Änne"}, source="link").refused == ("/name",)


@pytest.mark.parametrize("text", ["dritte", "x" * 600, "\x00", "\u202eneu", "<script>"])
def test_hostile_parameters_are_unusable(text):
    values, unusable = prefill_places.from_parameters(compiled(), {"art": [text], "geburt": [""]})
    assert values == {}
    assert unusable == ("art",)


def test_an_account_is_asked_by_purpose():
    assert prefill_places.wanted(compiled()) == {"/name": "family-name"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
_POINTERS = st.sampled_from(
    ["/name", "/geburt", "/art", "/tiere", "/tiere/0", "/x", "/name/y", "/wahr", "/beleg"]
)


@given(st.dictionaries(_POINTERS, _JSON, max_size=5), st.booleans())
def test_whatever_comes_the_answers_stay_usable(values, locked):
    got = fill(values, source="account", locked=locked)
    json.dumps(got.answers)
    pages.first_open(compiled(), got.answers, today=TODAY)
    for field in compiled().assistant.field.values():
        if field.page == "person" and field.at and (value := got.answers["data"].get(field.at[0])):
            assert field.validator.is_valid(value)
