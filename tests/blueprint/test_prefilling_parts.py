"""An address or a person whose parts come from several sources, some of them verified."""

import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small_blueprint
from dienstweg.blueprint import carrying, folder, pages, prefill_places, prefilling, release

TODAY = date(2026, 11, 22)
_ADDRESS = {
    "type": "object",
    "properties": {
        "strasse": {"type": "string", "maxLength": 30},
        "hausnummer": {"type": "string", "maxLength": 8},
        "plz": {"type": "string", "pattern": "^[0-9]{5}$"},
        "ort": {"type": "string", "maxLength": 30},
    },
    "required": ["strasse", "hausnummer", "plz", "ort"],
}
_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"anschrift": _ADDRESS, "baustelle": _ADDRESS, "rest": {"type": "string"}},
}
_ASSISTANT = """
pages:
  - id: ort
    fields:
      - {id: anschrift, at: /anschrift, widget: address, prefill: [link, account]}
      - {id: baustelle, at: /baustelle, widget: address}
      - {id: rest, at: /rest}
"""


@cache
def compiled(longest: int = 30) -> release.Release:
    """Return the blueprint; `longest` is how long the name of a town may be."""
    files = dict(small_blueprint.files())
    text = json.dumps(_SCHEMA).replace('"ort": {"type": "string", "maxLength": 30}', "ORT")
    files["data.schema.json"] = text.replace(
        "ORT", f'"ort": {{"type": "string", "maxLength": {longest}}}'
    ).encode()
    files["assistant.yaml"] = _ASSISTANT.encode()
    return release.compile(files)


def fill(values, answers=None, *, source="account", label="Ihr Konto", locked=False):
    return prefilling.prefill(
        compiled(), answers or {}, values, source=source, label=label, locked=locked
    )


def take(answers, **parts):
    posted = {f"anschrift-{part}": [text] for part, text in parts.items()}
    return pages.take(compiled(), "ort", answers, posted, today=TODAY).answers


def address(answers):
    shown = pages.view(compiled(), "ort", answers, lang="de", today=TODAY)
    return next(field for field in shown.fields if field.id == "anschrift")


def test_each_part_says_from_which_source_it_came():
    sure = fill({"/anschrift/plz": "10115"}, label="Ausweis", locked=True)
    both = fill({"/anschrift/strasse": "Lindenweg", "/anschrift/ort": "Köln"}, sure.answers)
    assert sure.taken == ("/anschrift/plz",)
    assert both.taken == ("/anschrift/ort", "/anschrift/strasse")
    field = address(both.answers)
    assert field.source is None
    assert [(part.id, part.value, part.source, part.locked) for part in field.parts] == [
        ("strasse", "Lindenweg", "Ihr Konto", False),
        ("hausnummer", "", None, False),
        ("plz", "10115", "Ausweis", True),
        ("ort", "Köln", "Ihr Konto", False),
    ]


def test_one_source_for_all_that_is_filled_in_is_named_once():
    field = address(fill({"/anschrift/strasse": "Lindenweg", "/anschrift/ort": "Köln"}).answers)
    assert field.source == "Ihr Konto"
    assert {part.source for part in field.parts} == {None}


def test_what_was_typed_stays_and_what_is_changed_is_the_applicants_own():
    typed = take({}, strasse="Am Markt", plz="zwei")
    got = fill({"/anschrift": {"strasse": "Lindenweg", "plz": "10115", "ort": "Köln"}}, typed)
    assert got.taken == ("/anschrift/ort",)
    assert got.answers["data"]["anschrift"] == {"strasse": "Am Markt", "ort": "Köln"}
    assert got.answers["raw"]["anschrift"] == {"plz": ["zwei"]}
    again = take(got.answers, strasse="Am Markt", plz="50667", ort="Köln")
    assert set(again["from"]) == {"anschrift-ort"}
    assert take(again, strasse="Am Markt", plz="50667", ort="Bonn")["from"] == {}


def test_a_verified_part_stands_over_what_was_typed_and_cannot_be_changed():
    typed = take({}, strasse="Am Markt", plz="zwei", ort="Bonn")
    sure = fill({"/anschrift/plz": "10115"}, typed, locked=True).answers
    assert sure["raw"] == {}
    for plz in ("50667", "zwei", ""):
        after = take(sure, strasse="Lindenweg 5", hausnummer="", plz=plz, ort="Berlin")
        assert after["data"]["anschrift"] == {
            "plz": "10115", "strasse": "Lindenweg", "hausnummer": "5", "ort": "Berlin",
        }  # fmt: skip
        assert after["raw"] == {}
        assert address(after).parts[2].locked
        assert prefilling.broken_locks(compiled(), after) == []
    forged = {**after, "data": {"anschrift": {**after["data"]["anschrift"], "plz": "50667"}}}
    assert prefilling.broken_locks(compiled(), forged) == ["anschrift"]
    gone = {**after, "data": {}}
    assert prefilling.broken_locks(compiled(), gone) == ["anschrift"]
    left = {**after, "raw": {"anschrift": {"plz": ["1"]}}}
    assert prefilling.broken_locks(compiled(), left) == ["anschrift"]


def test_a_verified_house_number_is_not_cut_from_a_street():
    sure = fill({"/anschrift/hausnummer": "12a"}, locked=True).answers
    after = take(sure, strasse="Lindenweg 5", plz="10115", ort="Berlin")
    assert after["data"]["anschrift"]["hausnummer"] == "12a"
    assert prefilling.broken_locks(compiled(), after) == []


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        ({"plz": "12"}, ("/anschrift/plz",)),
        ({"etage": "3"}, ("/anschrift/etage",)),
        ({"ort": 7}, ("/anschrift/ort",)),
        ({"ort": {"name": "Köln"}}, ("/anschrift/ort",)),
        ("Lindenweg 5", ("/anschrift",)),
    ],
)
def test_a_part_that_does_not_fit_is_named_and_the_others_stay(value, refused):
    given_value = value if isinstance(value, str) else {"strasse": "Weg", **value}
    got = fill({"/anschrift": given_value}, source="api")
    assert got.refused == refused
    assert (got.taken == ("/anschrift/strasse",)) is not isinstance(value, str)


def test_only_the_applicants_own_address_is_asked_of_the_account():
    assert prefill_places.wanted(compiled()) == {
        "/anschrift/strasse": "address-line1",
        "/anschrift/hausnummer": "house-number",
        "/anschrift/plz": "postal-code",
        "/anschrift/ort": "address-level2",
    }


def test_a_link_names_parts():
    values, unusable = prefill_places.from_parameters(
        compiled(),
        {
            "anschrift-ort": ["Köln"],
            "anschrift-plz": ["fünf"],
            "anschrift-etage": ["3"],
            "baustelle-ort": ["Bonn"],
        },
    )
    assert values == {"/anschrift": {"ort": "Köln"}}
    assert set(unusable) == {"anschrift-plz", "baustelle-ort"}


def test_an_unfinished_address_is_carried_into_another_release_with_its_sources():
    answers = fill({"/anschrift/ort": "Köln", "/anschrift/plz": "50667"}).answers
    same = carrying.carry_over(compiled(), compiled(20), answers)
    assert same.kept == {("anschrift", ())}
    assert same.answers["data"] == {"anschrift": {"plz": "50667", "ort": "Köln"}}
    assert set(same.answers["from"]) == {"anschrift-ort", "anschrift-plz"}
    less = carrying.carry_over(compiled(), compiled(3), answers)
    assert less.check == {("anschrift", ())}
    assert less.answers["data"] == {"anschrift": {"plz": "50667"}}
    assert set(less.answers["from"]) == {"anschrift-plz"}


_TEXTS = st.sampled_from(["", "Weg 5", "10115", "zwei", "x" * 40, "Köln"])
_PARTS = st.dictionaries(st.sampled_from(["strasse", "hausnummer", "plz", "ort"]), _TEXTS)


@given(_PARTS, _PARTS, _PARTS)
def test_whatever_is_typed_around_it_what_is_verified_stands(first, verified, later):
    values = {f"/anschrift/{part}": text for part, text in verified.items() if text}
    sure = fill(values, take({}, **first), locked=True)
    after = take(sure.answers, **later)
    for place in sure.taken:
        part = place.rpartition("/")[2]
        assert after["data"]["anschrift"][part] == sure.answers["data"]["anschrift"][part]
    assert prefilling.broken_locks(compiled(), after) == []


@pytest.mark.parametrize(
    ("service", "own", "of_others"),
    [
        ("infektionsschutzbelehrung", "/anschrift/plz", ()),
        ("gewerbeanmeldung", "/wohnung/anschrift/strasse", ("/betriebsstaette",)),
        ("baugenehmigung", "/bauherr/anschrift/ort", ("/grundstueck", "/nachbarn")),
    ],
)
def test_the_services_ask_the_account_for_the_applicants_address_alone(service, own, of_others):
    path = Path(__file__).parents[2] / "leistungen" / service
    wanted = prefill_places.wanted(release.compile(folder.read_folder(path)))
    assert own in wanted
    assert not [place for place in wanted if place.startswith(of_others or ("-",))]
