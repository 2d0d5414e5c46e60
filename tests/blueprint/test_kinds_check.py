"""What a designer is told about a field that cannot work."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.kinds_building import files
from dienstweg.blueprint import check, release, tabular
from dienstweg.blueprint.kinds.samples import SAMPLES
from dienstweg.blueprint.problems import Invalid, errors

PERSON = SAMPLES["person"].schema
TEXT = {"type": "string", "maxLength": 50}


def problems(schema, **field):
    """The errors of a blueprint with the one field, written over several lines."""
    made = files({"frage": schema}, fields={"frage": field})
    made["assistant.yaml"] = json.dumps(json.loads(made["assistant.yaml"]), indent=1).encode()
    try:
        release.compile(made)
    except Invalid as invalid:
        return errors(invalid.problems)
    return []


@pytest.mark.parametrize(
    ("schema", "field", "said", "remedy"),
    [
        ({"type": "object"}, {"widget": "address"}, "passt nicht", "Lassen Sie es weg"),
        ({"type": "object", "properties": {"a": TEXT}}, {}, "ein Objekt", "Nennen Sie „widget“"),
        (TEXT, {"widget": "person"}, "passt nicht", "Lassen Sie es weg"),
        (
            {**PERSON, "properties": {**PERSON["properties"], "anschrift": PERSON}},
            {},
            "„anschrift“ ist selbst zusammengesetzt",
            "eigenes Feld",
        ),
        (
            {**PERSON, "required": ["vorname", "alter"]},
            {},
            "„alter“ ist Pflicht, steht aber nicht",
            "Ergänzen Sie",
        ),
        (
            {"type": "object", "properties": {f"t{n}": TEXT for n in range(31)}},
            {"widget": "person"},
            "mehr als 30 Teile",
            "Verteilen",
        ),
        (
            {"type": "array", "items": {"type": "object", "properties": {"a": TEXT}}},
            {},
            "„maxItems“, höchstens 50",
            "repeat",
        ),
        (
            {
                "type": "array",
                "maxItems": 5,
                "items": {"type": "object", "properties": {"wer": PERSON}},
            },
            {"widget": "table"},
            "„wer“ ist selbst zusammengesetzt",
            "eigenes Feld",
        ),
        (
            {
                "type": "array",
                "maxItems": 5,
                "items": {"type": "object", "properties": {f"t{n}": TEXT for n in range(11)}},
            },
            {},
            "mehr als 10 Spalten",
            "repeat",
        ),
        (
            {"type": "object", "x-kind": "point", "properties": {"adresse": TEXT}},
            {},
            "„geometry“ und „adresse“",
            "GeoJSON",
        ),
        ({"type": "string", "x-kind": "ibann"}, {}, "„x-kind: ibann“ gibt es nicht", "iban"),
        ({"type": "integer", "x-kind": "iban"}, {}, "passt nicht zu /frage", "iban"),
        (
            {
                "type": "object",
                "x-kind": "person",
                "properties": {"vorname": {"type": "string", "x-kind": ["name"]}},
            },
            {},
            "Der Teil „vorname“ hat ein „x-kind“",
            "Schreibweise",
        ),
        (
            {"type": "object", "x-kind": "signature", "properties": {"name": TEXT}},
            {},
            "„name“ und „erklaert“",
            "const",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(schema, field, said, remedy):
    found = problems(schema, **field)
    assert len(found) == 1, found
    assert said in found[0].message
    assert remedy in (found[0].remedy or "")
    assert found[0].file == "assistant.yaml"
    assert found[0].line is not None
    assert found[0].line > 1


def test_a_part_without_a_usual_name_needs_one_in_the_texts():
    schema = {**PERSON, "properties": {**PERSON["properties"], "ausweis": TEXT}}
    found = [
        each.message
        for each in check.check(files({"frage": schema}))
        if each.code == "missing-text"
    ]
    assert found == ["Der Text „fields.frage.parts.ausweis.label“ fehlt."]
    texts = {"frage": {"label": "Wer?", "parts": {"ausweis": {"label": "Ausweisnummer"}}}}
    named = check.check(files({"frage": schema}, texts=texts))
    assert not [each for each in named if each.code == "missing-text"]


def test_rules_may_name_parts_and_are_told_of_parts_that_do_not_exist():
    given = files({"frage": PERSON, "warum": TEXT})
    assistant = json.loads(given["assistant.yaml"])
    for path, known in (("data.frage.geburtsname", True), ("data.frage.spitzname", False)):
        assistant["pages"][0]["fields"][1]["when"] = f"{path} != null"
        given["assistant.yaml"] = json.dumps(assistant).encode()
        found = [each for each in errors(check.check(given)) if each.file == "assistant.yaml"]
        assert bool(found) is not known, found


def test_a_field_inside_a_composed_one_would_write_over_it():
    given = files({"frage": PERSON})
    assistant = json.loads(given["assistant.yaml"])
    assistant["pages"][0]["fields"].append({"id": "name", "at": "/frage/nachname"})
    given["assistant.yaml"] = json.dumps(assistant).encode()
    assert "same-place" in [each.code for each in check.check(given)]


def test_a_long_list_is_read_and_a_longer_one_refused():
    rows = [{"kode": f"{number:05}", "name": "x"} for number in range(20_001)]
    given = files({"frage": TEXT}, lists={"kodes": rows[:20_000]})
    assert not [each for each in check.check(given) if each.file == "lists/kodes.csv"]
    given = files({"frage": TEXT}, lists={"kodes": rows})
    assert [each.code for each in check.check(given) if each.file == "lists/kodes.csv"]


def rows(content):
    return tabular.read_csv("lists/x.csv", content.encode()).data["rows"]


def test_lists_as_spreadsheets_export_them():
    expected = [{"kode": "1", "name": "Müller; Söhne"}, {"kode": "2", "name": None}]
    assert rows('\ufeffkode;name\r\n1;"Müller; Söhne"\r\n\r\n2;\r\n') == expected
    assert rows('kode,name\n1,"Müller; Söhne"\n2,\n') == expected
    assert rows("kode\tname\n1\tMüller; Söhne\n2\t\n") == expected


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"kode;name\n1;a\n2\n", 3),
        (b"kode;kode\n1;a\n", 1),
        (b'kode;name\n1;"a\n', 2),
        (b"kode;name\n1;\xff\n", 2),
    ],
)
def test_a_fault_in_a_spreadsheet_is_told_with_its_line(content, line):
    with pytest.raises(Invalid) as caught:
        tabular.read_csv("lists/x.csv", content)
    assert caught.value.problems[0].line == line
    assert "UTF-8" in caught.value.problems[0].remedy


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_refused(content):
    with suppress(Invalid):
        assert isinstance(tabular.read_csv("lists/x.csv", content).data["rows"], list)


def test_a_column_with_a_wrong_name_is_told():
    given_files = files({"frage": TEXT}, lists={"kodes": [{"kode": "1", "Name": "x"}]})
    assert [each.code for each in check.check(given_files) if each.file == "lists/kodes.csv"]


@pytest.mark.parametrize(
    "rule",
    [
        "data.frage.erklaert == true",
        "data.frage.name == 'Ada'",
        "blank(data.frage)",
        "!blank(data.frage)",
    ],
)
def test_rules_on_parts_are_not_taken_for_impossible(rule):
    made = files(
        {"frage": SAMPLES["signature"].schema, "warum": TEXT}, fields={"warum": {"when": rule}}
    )
    assert not [each for each in errors(check.check(made)) if each.file == "assistant.yaml"]
