"""A blueprint's way back to FIM: what came from there comes back, what was changed is said anew."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dienstweg.blueprint import fim_again, folder
from dienstweg.blueprint.fim import import_file
from dienstweg.blueprint.fim_source import Source, kept
from dienstweg.blueprint.problems import Invalid
from dienstweg.standards.xdatenfelder.model import Field, Group, Schema
from dienstweg.standards.xdatenfelder.reading import read
from dienstweg.standards.xdatenfelder.writing import write
from fim_documents import at as old_at
from fim_documents import code_list
from fim_documents import field as old_field
from fim_documents import group as old_group
from fim_documents import message as old_message
from fim_documents import rule as old_rule
from fim_documents3 import at, choices, code, field, group, message, reference, rule, schemas, tag

ROOT = Path(__file__).parents[2]
NAME = field(
    "F99000000001",
    "Name",
    facets='minLength="1" maxLength="80"',
    more=tag("hilfetextEingabe", "Wie im\nAusweis"),
)
HIVES = field("F99000000002", "Völker", datatype="num_int", facets='maxValue="99"')
LAND = field("F99000000003", "Land", kind="select", more=choices(("1", "In"), ("2", "Aus")))
NOTE = field("F99000000004", "Hinweis", kind="label", more=tag("inhalt", "Bitte\n\nlesen"))
PROOF = field("F99000000005", "Bild", datatype="file", more=tag("maxSize", "5000"))
LISTED = field("F99000000006", "Ort", kind="select", more=reference("urn:de:test:land", "1"))
MANY = field(
    "F99000000008",
    "Viel",
    kind="select",
    more=choices(*((str(number), f"Wert {number}") for number in range(2_001))),
)
HIDDEN = field("F99000000007", "Kennung", kind="hidden")
RULE = rule("R99000000001", "Eins", "Wenn F99000000001 leer, dann F99000000002 nicht leer.")


def files_of(content: bytes, *lists: bytes) -> dict[str, bytes]:
    return import_file(content, "test.xml", code_lists=lists).files


def whole() -> bytes:
    inner = group("G99000000002", "Volk", at("1:1", HIVES), at("0:*", PROOF))
    return message(
        at("1:1", group("G99000000001", "Imker", at("1:1", NAME), at("0:1", NOTE), more=RULE)),
        at("0:*", group("G99000000003", "Stand", at("1:1", LAND), at("0:*", inner))),
        at("1:5", LAND),
        at("0:0", NAME),
        at("1:1", LISTED, bases=tag("bezug", "§ 3", link="https://example.org")),
        at("0:1", HIDDEN),
        inner=tag("beschreibung", "Wofür") + tag("stichwort", "Imkerei", uri="u"),
        more=RULE,
    )


@pytest.mark.parametrize(
    "content",
    [
        whole(),
        message(at("1:1", NAME)),
        message(at("2:5", NAME), at("0:1", NOTE), at("1:1", HIVES)),
        message(
            at("1:1", group("G99000000001", "Wer", at("1:1", NAME), at("1:1", HIVES))).replace(
                "</x:schemaelementart>", "</x:schemaelementart>" + code("art", "X"), 1
            )
        ),
        message(at("1:1", NAME), at("1:1", NAME)),
        message(at("1:1", MANY)),
    ],
    ids=["whole", "one", "list", "choice", "twice", "many"],
)
def test_an_export_imports_to_the_same_blueprint(content: bytes) -> None:
    files = files_of(content, code_list("urn:de:test:land", ("1", "Hier"), ("2", "Dort")))
    assert fim_again.differences(files) == []
    exported = fim_again.export(files)
    assert read(exported.content) == read(content)
    assert exported.notes == ()
    assert (exported.schema_id, exported.schema_version) == ("S99000000001", "1.0.0")


@given(schemas(8).map(write))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_any_schema_that_can_be_imported_comes_back(drawn: bytes) -> None:
    try:
        files = files_of(drawn)
    except Invalid:
        return
    assert fim_again.differences(files) == []


def test_a_long_code_list_comes_back_as_a_reference() -> None:
    long = code_list("urn:de:test:land", *((str(number), "Ort") for number in range(501)))
    files = files_of(message(at("1:1", LISTED), at("0:3", LISTED)), long)
    assert "lists/liste_land.csv" in files
    assert fim_again.differences(files) == []


def test_without_the_file_it_came_from_the_annotations_are_enough() -> None:
    files = {name: each for name, each in files_of(whole()).items() if not name.startswith("fim/")}
    assert read(fim_again.export(files).content) == read(whole())


def test_a_schema_of_version_two_goes_back_in_version_three() -> None:
    content = old_message(
        old_at("1:1", old_group("G99000001", "Imker", old_at("0:*", old_field("F60000319", "A")))),
        rules=old_rule("R99000001", "Eins", "Wenn F60000319 leer ist"),
    )
    files = files_of(content)
    assert fim_again.differences(files) == []
    found = read(fim_again.export(files).content)
    assert found.standard == "3.0.0"
    assert isinstance(found.children[0].element, Group)
    assert found.children[0].element.children[0].element.id == "F60000000319"


def data_of(files: dict[str, bytes]) -> Any:
    return json.loads(files["data.schema.json"])


def changed(change: Callable[[Any], object], *, texts: tuple[str, str] = ("", "")) -> Schema:
    files = files_of(whole())
    data = data_of(files)
    change(data)
    files["data.schema.json"] = json.dumps(data, ensure_ascii=False).encode()
    said = files["texts/de.yaml"].decode()
    assert texts[0] in said
    files["texts/de.yaml"] = said.replace(*texts).encode()
    return read(fim_again.export(files).content)


def first_field(schema: Schema) -> Field:
    keeper = schema.children[0].element
    assert isinstance(keeper, Group)
    found = keeper.children[0].element
    assert isinstance(found, Field)
    return found


def test_changed_words_are_exported() -> None:
    found = first_field(changed(lambda _data: None, texts=("label: Name", "label: Ihr Name")))
    assert (found.input_label, found.name) == ("Ihr Name", "Name")
    found = first_field(changed(lambda _data: None, texts=("Wie im Ausweis", "Wie im Pass")))
    assert found.input_help == "Wie im Pass"
    assert first_field(changed(lambda _data: None)).input_help == "Wie im\nAusweis"


def test_changed_bounds_are_exported() -> None:
    def shorter(data: Any) -> None:
        data["properties"]["G99000000001"]["properties"]["F99000000001"]["maxLength"] = 40

    found = first_field(changed(shorter))
    assert (found.facets.min_length, found.facets.max_length) == (1, 40)


def test_changed_numbers_of_times_are_exported() -> None:
    def fewer(data: Any) -> None:
        data["properties"]["G99000000001"]["required"] = []
        data["properties"]["G99000000003"]["maxItems"] = 3
        data["properties"]["F99000000003"]["minItems"] = 2

    schema = changed(fewer)
    keeper = schema.children[0].element
    assert isinstance(keeper, Group)
    assert str(keeper.children[0].multiplicity) == "0:1"
    assert [str(child.multiplicity) for child in schema.children[1:3]] == ["0:3", "2:5"]


def test_what_was_added_gets_a_local_id_that_stays() -> None:
    def more(data: Any) -> None:
        data["properties"]["spitzname"] = {"type": "string", "title": "Spitzname", "maxLength": 9}

    (added,) = (
        child.element for child in changed(more).children if child.element.name == "spitzname"
    )
    assert isinstance(added, Field)
    assert added.id.startswith("F99")
    assert added.id == changed(more).children[-1].element.id
    assert (added.input_label, added.datatype, added.facets.max_length) == ("Spitzname", "text", 9)


def test_what_was_taken_away_is_not_exported() -> None:
    def less(data: Any) -> None:
        del data["properties"]["F99000000006"]
        data["required"].remove("F99000000006")

    ids = [child.element.id for child in changed(less).children]
    assert "F99000000006" not in ids
    assert ids[-1] == "F99000000007"


def test_what_fim_does_not_know_is_noted_by_name() -> None:
    files = files_of(whole())
    data = data_of(files)
    data["properties"]["G99000000001"]["properties"]["F99000000001"]["pattern"] = "^(?=a)b$"
    files["data.schema.json"] = json.dumps(data).encode()
    (note,) = fim_again.export(files).notes
    assert "/G99000000001/F99000000001" in note
    assert "(?=a)b" in note


def test_spoilt_annotations_are_refused_by_place() -> None:
    files = files_of(whole())
    data = data_of(files)
    data["properties"]["F99000000006"]["x-fim"]["multiplicity"] = "oft"
    files["data.schema.json"] = json.dumps(data).encode()
    with pytest.raises(Invalid, match="/F99000000006"):
        fim_again.export(files)


@pytest.mark.parametrize(
    "name", ["leistungen/bewohnerparkausweis", "leistungen/hundesteuer-anmeldung"]
)
def test_a_blueprint_of_ones_own_goes_to_fim_with_local_ids(name: str) -> None:
    exported = fim_again.export(folder.read_folder(ROOT / name))
    assert exported.schema_id.startswith("S99")
    assert any("Nummernkreis 99" in note for note in exported.notes)
    files = files_of(exported.content)
    assert fim_again.differences(files) == []
    assert read(fim_again.export(files).content) == read(exported.content)


@given(st.binary(max_size=60))
def test_a_broken_folder_is_refused(content: bytes) -> None:
    files = files_of(message(at("1:1", NAME))) | {"data.schema.json": content}
    with pytest.raises(Invalid):
        fim_again.export(files)


def test_the_source_is_kept() -> None:
    files = files_of(whole())
    assert kept(files) == Source(whole(), "test.xml")
