"""What an import makes of XDatenfelder 3: kinds, lists, choice groups, files, hidden fields."""

import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from ruamel.yaml import YAML

from dienstweg.blueprint import pages
from dienstweg.blueprint.check import check
from dienstweg.blueprint.fim import Imported, import_file
from dienstweg.blueprint.problems import Invalid, errors
from dienstweg.blueprint.release import compile as compiled
from dienstweg.blueprint.standing import stand
from dienstweg.standards.xdatenfelder.writing import write
from fim_documents import code_list
from fim_documents3 import at, choices, code, field, group, message, reference, schemas, tag

TODAY = date(2026, 3, 2)
FIRM = ("F99000000003", "g99000000001-f99000000003")
NAME = field("F99000000001", "Name")
LAND = field("F99000000002", "Land", kind="select", more=choices(("1", "Inland"), ("2", "Ausland")))


def imported(*children: str, lists: tuple[bytes, ...] = (), **said: str) -> Imported:
    result = import_file(message(*children, **said), "test.xml", code_lists=lists)
    assert [str(problem) for problem in errors(check(result.files))] == []
    return result


def node(result: Imported, *keys: str) -> Any:
    found = json.loads(result.files["data.schema.json"])
    for key in keys:
        found = found.get("items", found)["properties"][key]
    return found


def bare(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in {"title", "x-fim"}}


def asked(result: Imported) -> dict[str, Any]:
    assistant = YAML(typ="safe").load(io.BytesIO(result.files["assistant.yaml"]))
    return {one["id"]: one for page in assistant["pages"] for one in page["fields"]}


def hints(result: Imported) -> str:
    return "\n".join(point.text for point in result.report.open_points)


def test_the_schema_has_a_stable_name() -> None:
    found = json.loads(imported(at("1:1", NAME)).files["data.schema.json"])
    assert found["$id"] == "S99000000001V1.0.0.schema.json"
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_data_types_become_types() -> None:
    said = {
        "text_latin": {"type": "string", "minLength": 1},
        "date": {"type": "string", "format": "date"},
        "time": {"type": "string", "format": "time"},
        "datetime": {"type": "string", "format": "date-time"},
        "bool": {"type": "boolean"},
        "num_int": {"type": "integer"},
        "num": {"type": "number"},
        "num_currency": {"type": "number", "x-money": "euro"},
    }
    for number, (datatype, expected) in enumerate(said.items(), 1):
        id = f"F9900000010{number}"
        result = imported(at("1:1", NAME), at("1:1", field(id, datatype, datatype=datatype)))
        assert bare(node(result, id)) == expected
    assert "Zeitpunkt (datetime)" in hints(
        imported(at("1:1", field("F99000000001", "A", datatype="datetime")))
    )


def test_values_become_choices_with_titles_and_help() -> None:
    more = (
        f"<x:werte><x:wert><code>1</code>{tag('name', 'Biene')}{tag('hilfe', 'sticht')}</x:wert>"
        f"<x:wert><code>2</code>{tag('name', 'Hummel')}</x:wert></x:werte>"
    )
    result = imported(at("1:1", field("F99000000001", "Tier", kind="select", more=more)))
    assert bare(node(result, "F99000000001")) == {
        "type": "string",
        "oneOf": [
            {"const": "1", "title": "Biene", "description": "sticht"},
            {"const": "2", "title": "Hummel"},
        ],
    }
    assert not [point for point in result.report.open_points if point.id.startswith("C")]


def test_a_repeated_choice_is_one_question_with_several_answers() -> None:
    result = imported(at("1:1", NAME), at("1:*", LAND))
    assert bare(node(result, "F99000000002")) == {
        "type": "array",
        "items": {
            "type": "string",
            "oneOf": [{"const": "1", "title": "Inland"}, {"const": "2", "title": "Ausland"}],
        },
        "minItems": 1,
        "maxItems": 2,
        "uniqueItems": True,
    }
    assert asked(result)["f99000000002"]["at"] == "/F99000000002"


def test_lists_nest_once_and_are_flattened_below() -> None:
    deepest = group("G99000000003", "Brut", at("0:*", NAME))
    inner = group("G99000000002", "Volk", at("1:1", NAME), at("0:1", deepest))
    outer = group("G99000000001", "Stand", at("1:1", NAME), at("0:3", inner))
    result = imported(at("0:*", outer))
    assert node(result, "G99000000001")["type"] == "array"
    assert node(result, "G99000000001", "G99000000002")["maxItems"] == 3
    flat = node(result, "G99000000001", "G99000000002", "G99000000003", "F99000000001")
    assert flat["type"] == "string"
    assert flat["x-fim"]["multiplicity"] == "0:*"
    assert "in etwas, das sich selbst wiederholt" in hints(result)


def test_a_code_list_is_read_by_the_columns_that_the_field_names() -> None:
    content = code_list("urn:de:test:land", ("002", "Ausland"), ("001", "Inland"))
    keys = tag("codeKey", "name") + tag("nameKey", "code")
    land = field(
        "F99000000002", "Land", kind="select", more=reference("urn:de:test:land", "1") + keys
    )
    result = imported(at("1:1", land), lists=(content,))
    assert node(result, "F99000000002")["oneOf"][0] == {"const": "Ausland", "title": "002"}
    newest = field("F99000000002", "Land", kind="select", more=reference("urn:de:test:land"))
    result = imported(at("1:1", newest), lists=(content,))
    assert node(result, "F99000000002")["oneOf"][0] == {"const": "002", "title": "Ausland"}
    wrong = newest.replace("</x:datenfeld>", tag("codeKey", "nichts") + "</x:datenfeld>")
    assert "keine Spalte „nichts“" in hints(imported(at("1:1", wrong), lists=(content,)))


def test_a_long_code_list_becomes_a_table_that_is_searched() -> None:
    long = code_list("urn:de:test:gemeinde", *((f"{n:05}", f"Ort; {n}") for n in range(501)))
    place = field("F99000000002", "Ort", kind="select", more=reference("urn:de:test:gemeinde", "1"))
    other = place.replace("F99000000002", "F99000000003")
    result = imported(at("1:1", place), at("0:*", other), lists=(long,))
    assert bare(node(result, "F99000000002")) == {
        "type": "string",
        "minLength": 1,
        "maxLength": 100,
    }
    table = {"list": "liste_gemeinde", "value": "code", "label": "name"}
    assert asked(result)["f99000000002"]["options"] == table
    assert asked(result)["f99000000003-f99000000003"]["options"] == table
    rows = result.files["lists/liste_gemeinde.csv"].decode().splitlines()
    assert (len(rows), rows[1]) == (502, '00000;"Ort; 0";')
    assert "Ort; 0" not in result.files["texts/de.yaml"].decode()
    (field_,) = [
        each
        for page in compiled(result.files).assistant.pages
        for each in page.fields
        if each.id == "f99000000002"
    ]
    assert field_.widget == "search"


def test_more_values_than_a_schema_may_hold_are_an_open_point_and_kept() -> None:
    rows = choices(*((str(number), f"Wert {number}") for number in range(2_001)))
    result = imported(at("1:1", field("F99000000001", "A", kind="select", more=rows)))
    assert "mehr als 2000" in hints(result)
    assert len(node(result, "F99000000001")["x-fim"]["values"]) == 2_001


def test_file_fields_keep_their_bounds_and_kinds() -> None:
    more = tag("maxSize", "5000") + tag("mediaType", "image/png") + tag("mediaType", "text/x")
    result = imported(at("1:1", field("F99000000001", "Bild", datatype="file", more=more)))
    assert bare(node(result, "F99000000001")) == {
        "type": "string",
        "x-file": {"max_bytes": 5000, "types": ["png"]},
    }
    assert "text/x" in hints(result)
    huge = field("F99000000001", "Bild", datatype="file", more=tag("maxSize", "9" * 12))
    result = imported(at("1:3", huge))
    assert node(result, "F99000000001")["x-file"]["max_bytes"] == 100 * 1024 * 1024
    assert "999999999999 Bytes" in hints(result)


def test_hidden_fields_have_a_place_and_are_not_asked() -> None:
    hidden = field("F99000000009", "Kennung", kind="hidden")
    result = imported(at("1:1", NAME), at("1:1", hidden))
    assert list(asked(result)) == ["f99000000001"]
    assert node(result, "F99000000009")["x-fim"]["kind"] == "hidden"
    assert json.loads(result.files["data.schema.json"])["required"] == ["F99000000001"]
    assert "verborgen (hidden)" in hints(result)


def test_locked_fields_show_their_content_or_are_left_to_the_process() -> None:
    fixed = field("F99000000009", "Land", kind="locked", more=tag("inhalt", "Deutschland"))
    result = imported(at("1:1", NAME), at("1:1", fixed))
    assert asked(result)["f99000000009"] == {
        "id": "f99000000009",
        "at": "/F99000000009",
        "value": '"Deutschland"',
    }
    empty = field("F99000000009", "Land", kind="locked")
    result = imported(at("1:1", NAME), at("1:1", empty))
    assert list(asked(result)) == ["f99000000001"]
    assert "gesperrt (locked) ohne Inhalt" in hints(result)


def test_a_choice_group_asks_which_and_shows_only_that() -> None:
    person = group("G99000000002", "Person", at("1:1", NAME))
    firm = field("F99000000003", "Firma")
    either = group("G99000000001", "Wer", at("1:1", person), at("1:1", firm), more=code("art", "X"))
    result = imported(at("1:1", either))
    which = node(result, "G99000000001", "auswahl")
    assert [one["const"] for one in which["oneOf"]] == ["G99000000002", "F99000000003"]
    assert node(result, "G99000000001")["required"] == ["auswahl"]
    assert asked(result)["g99000000001-f99000000003"]["required"] is True
    release = compiled(result.files)
    first = release.assistant.pages[0].id
    for chosen, seen in (("G99000000002", "g99000000001-g99000000002-f99000000001"), FIRM):
        posted = {"g99000000001-auswahl": [chosen]}
        answers = pages.take(release, first, {}, posted, today=TODAY).answers
        shown = {name for name, _entry in stand(release, answers, TODAY).fields}
        assert {seen} == shown & {
            "g99000000001-f99000000003",
            "g99000000001-g99000000002-f99000000001",
        }


def test_what_a_schema_wants_prefilled_is_an_open_point() -> None:
    wanted = field("F99000000001", "Name", more=code("vorbefuellung", "verpflichtend"))
    assert "muss laut Schema vorbefüllt werden" in hints(imported(at("1:1", wanted)))


@pytest.mark.parametrize(
    ("element", "widget"),
    [
        (field("F60000000240", "Telefon", facets='maxLength="23"'), "phone"),
        (field("F60000000242", "E-Mail", facets='maxLength="254"'), "email"),
        (field("F60000000246", "PLZ", facets='maxLength="5"'), "postcode"),
        (field("F99000000001", "Konto", facets='pattern="DE[0-9]{20}"'), "iban"),
        (field("F99000000001", "PLZ", facets='pattern="(0[1-9]|[1-9][0-9])[0-9]{3}"'), "postcode"),
        (field("F99000000001", "Telefon"), None),
        (field("F99000000001", "Land"), None),
        (field("F99000000001", "E-Mail"), None),
        (field("F60000000240", "Telefon", facets='maxLength="8"'), None),
        (field("F60000000240", "Telefon", datatype="bool"), None),
    ],
)
def test_a_widget_is_chosen_only_where_it_is_certain(element: str, widget: str | None) -> None:
    (found,) = asked(imported(at("1:1", element))).values()
    assert found.get("widget") == widget


def test_a_list_in_one_of_the_choices_of_an_entry_is_asked_for_with_that_choice_only() -> None:
    child = group("G99000000003", "Kind", at("1:3", NAME), at("1:1", LAND))
    firm = field("F99000000003", "Firma")
    either = group("G99000000001", "Wer", at("1:1", child), at("1:1", firm), more=code("art", "X"))
    result = imported(at("2:5", either))
    assert errors(check(result.files)) == []
    pages = YAML(typ="safe").load(result.files["assistant.yaml"])["pages"]
    (inner,) = [page for page in pages if page.get("repeat", {}).get("in")]
    assert inner["when"] == 'outer.auswahl == "G99000000003"'


def test_a_page_of_a_choice_in_a_choice_hangs_on_the_first_alone() -> None:
    firm = field("F99000000003", "Firma")
    others = [at("1:1", field(f"F9900000001{each}", f"Angabe {each}")) for each in range(9)]
    inner = group(
        "G99000000002", "Art", *others, at("1:1", firm), at("1:1", LAND), more=code("art", "X")
    )
    outer = group("G99000000001", "Wer", at("1:1", NAME), at("1:1", inner), more=code("art", "X"))
    result = imported(at("1:1", outer))
    assert errors(check(result.files)) == []
    pages = YAML(typ="safe").load(result.files["assistant.yaml"])["pages"]
    whens = {page.get("when") for page in pages if page["id"].startswith("g99000000001-g")}
    assert 'data.G99000000001.auswahl == "G99000000002"' in whens


@given(schemas(8).map(write))  # as a message: a failing one can be read, and is printed at once
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # shrinking sets documents for minutes
)
def test_any_schema_becomes_a_blueprint_that_passes_check_or_is_refused(drawn: bytes) -> None:
    try:
        result = import_file(drawn, "test.xml")
    except Invalid as refused:
        assert refused.problems[0].code in {"no-question", "too-deep"}
        return
    assert [str(problem) for problem in errors(check(result.files))] == []
