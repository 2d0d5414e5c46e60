import io
import json
from typing import Any

import pytest
from ruamel.yaml import YAML

from dienstweg.blueprint.check import check
from dienstweg.blueprint.fim import Imported, import_file
from dienstweg.blueprint.problems import Invalid, errors
from dienstweg.blueprint.release import compile as compiled
from dienstweg.standards.xdatenfelder.errors import Refused
from fim_documents import at, code_list, field, group, message, rule

SURNAME = field(
    "F99000001", "Name", facets='{"minLength":"1","maxLength":"80"}', help="Wie im Ausweis"
)
POSTCODE = field("F99000002", "Postleitzahl", facets='{"pattern":"[0-9]{5}","maxLength":"5"}')
HIVES = field("F99000003", "Völker", datatype="num_int", facets='{"minValue":"1","maxValue":"99"}')
BORN = field("F99000004", "Geburtsdatum", datatype="date")
AGREES = field("F99000005", "Einverstanden", datatype="bool")
LAND = field("F99000006", "Land", kind="select", code_list="urn:de:test:land")
NOTE = field("F99000007", "Hinweis", kind="label", content="Bitte lesen Sie\n\ndas Merkblatt.")
PROOF = field("F99000008", "Nachweis", datatype="file")
PRICE = field("F99000009", "Preis", datatype="num_currency", facets='{"minValue":"0.5"}')
UNREAD = (
    "Nicht übersetzt: Unklar ist die Stelle „auch F99000002.“, "
    "erwartet wird ein Feld oder eine Gruppe."
)
RULE = rule("R99000001", "Nicht leer", "Wenn F99000001 befüllt ist, dann auch F99000002.")


def imported(*children: str, lists: tuple[bytes, ...] = (), **texts: str) -> Imported:
    return import_file(message(*children, **texts), "test.xml", code_lists=lists)


def yaml(files: dict[str, bytes], name: str) -> Any:
    return YAML(typ="safe").load(io.BytesIO(files[name]))


def schema(files: dict[str, bytes]) -> Any:
    return json.loads(files["data.schema.json"])


def pages(files: dict[str, bytes]) -> dict[str, Any]:
    return {page["id"]: page for page in yaml(files, "assistant.yaml")["pages"]}


def hints(result: Imported) -> str:
    return "\n".join(point.text for point in result.report.not_expressible)


def accepted(result: Imported) -> Imported:
    """The result, if `check` finds no error in it and its own cases pass."""
    found = [str(problem) for problem in errors(check(result.files))]
    assert found == []
    return result


def test_groups_become_pages_and_fields_point_into_the_schema() -> None:
    result = accepted(
        imported(
            at("1:1", group("G99000001", "Imker", at("1:1", SURNAME), at("0:1", BORN), help="Sie")),
            at("1:1", HIVES),
        )
    )
    assert list(pages(result.files)) == ["g99000001", "angaben-f99000003"]
    assert pages(result.files)["g99000001"]["fields"] == [
        {"id": "g99000001-f99000001", "at": "/G99000001/F99000001"},
        {"id": "g99000001-f99000004", "at": "/G99000001/F99000004"},
    ]
    said = schema(result.files)
    assert said["required"] == ["G99000001", "F99000003"]
    keeper = said["properties"]["G99000001"]
    assert keeper["required"] == ["F99000001"]
    assert keeper["properties"]["F99000001"] == {
        "title": "Name",
        "type": "string",
        "minLength": 1,
        "maxLength": 80,
        "x-fim": {
            "id": "F99000001",
            "version": "1.0",
            "multiplicity": "1:1",
            "output_label": "",
            "status": "aktiv",
            "element_kind": "RNG",
            "help": "Wie im Ausweis",
            "kind": "input",
            "datatype": "text",
            "facets": {"minLength": 1, "maxLength": 80},
        },
    }
    texts = yaml(result.files, "texts/de.yaml")
    assert texts["fields"]["g99000001-f99000001"] == {"label": "Name", "hint": "Wie im Ausweis"}
    assert texts["pages"]["g99000001"] == {"title": "Imker", "intro": "Sie"}


def test_data_types_become_types() -> None:
    result = accepted(
        imported(*(at("1:1", each) for each in (HIVES, BORN, AGREES, PROOF, PRICE, POSTCODE)))
    )
    types = {
        key: {name: value for name, value in node.items() if name not in {"title", "x-fim"}}
        for key, node in schema(result.files)["properties"].items()
    }
    assert types == {
        "F99000003": {"type": "integer", "minimum": 1, "maximum": 99},
        "F99000004": {"type": "string", "format": "date"},
        "F99000005": {"type": "boolean"},
        "F99000008": {
            "type": "string",
            "x-file": {"max_bytes": 10 * 1024 * 1024, "types": ["pdf", "jpeg", "png"]},
        },
        "F99000009": {"type": "number", "x-money": "euro", "minimum": 0.5},
        "F99000002": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[0-9]{5}$"},
    }


def test_a_repeating_group_becomes_a_repeating_page() -> None:
    result = accepted(
        imported(
            at("1:1", SURNAME),
            at("2:4", group("G99000002", "Stand", at("1:1", HIVES), at("0:1", POSTCODE))),
        )
    )
    assert pages(result.files)["g99000002"] == {
        "id": "g99000002",
        "repeat": {"at": "/G99000002", "min": 2, "max": 4},
        "fields": [
            {"id": "g99000002-f99000003", "at": "/F99000003"},
            {"id": "g99000002-f99000002", "at": "/F99000002"},
        ],
    }
    node = schema(result.files)["properties"]["G99000002"]
    assert (node["type"], node["minItems"], node["maxItems"]) == ("array", 2, 4)
    assert node["items"]["required"] == ["F99000003"]


def test_a_repeating_field_becomes_a_repeating_page_of_one_question() -> None:
    result = accepted(imported(at("1:3", HIVES), at("1:1", SURNAME)))
    page = pages(result.files)["f99000003"]
    assert page["repeat"] == {"at": "/F99000003", "min": 1, "max": 3}
    assert page["fields"] == [{"id": "f99000003-f99000003", "at": "/F99000003"}]


def test_several_files_are_one_question() -> None:
    result = accepted(imported(at("1:3", PROOF)))
    node = schema(result.files)["properties"]["F99000008"]
    assert (node["type"], node["minItems"], node["maxItems"]) == ("array", 1, 3)
    assert node["x-file"]["types"] == ["pdf", "jpeg", "png"]


def test_repetition_without_end_is_listed_and_one_inside_another_is_nested() -> None:
    inner = group("G99000003", "Königin", at("1:1", BORN))
    result = accepted(
        imported(at("0:*", group("G99000002", "Stand", at("1:1", HIVES), at("0:*", inner))))
    )
    assert "darf 0:*-mal vorkommen; hier höchstens 20-mal" in hints(result)
    items = schema(result.files)["properties"]["G99000002"]["items"]
    assert items["properties"]["G99000003"]["type"] == "array"
    assert items["properties"]["G99000003"]["x-fim"]["multiplicity"] == "0:*"
    nested = pages(result.files)["g99000002-g99000003"]["repeat"]
    assert nested == {"in": "g99000002", "at": "/G99000003", "min": 0, "max": 20}


def test_a_list_in_an_optional_group_is_asked_for_with_the_group() -> None:
    lines = field("F99000010", "Zeile", facets='{"maxLength":"35"}')
    abroad = group("G99000004", "Ausland", at("1:1", SURNAME), at("2:5", lines))
    result = accepted(imported(at("1:1", HIVES), at("0:1", abroad)))
    page = pages(result.files)["g99000004-f99000010"]
    assert page["when"] == "data.G99000004.F99000001 != null"
    assert page["repeat"]["min"] == 2


def test_a_list_is_not_made_to_depend_on_a_later_page() -> None:
    abroad = group("G99000004", "Ausland", at("2:5", BORN), at("1:1", SURNAME))
    result = accepted(imported(at("1:1", HIVES), at("0:1", abroad)))
    page = pages(result.files)["g99000004-f99000004"]
    assert "when" not in page
    assert page["repeat"]["min"] == 0
    assert "wird nicht erzwungen" in hints(result)


def test_several_files_count_as_an_answer_only_when_there_is_one() -> None:
    abroad = group("G99000004", "Ausland", at("0:3", PROOF), at("2:5", SURNAME))
    result = accepted(imported(at("1:1", HIVES), at("0:1", abroad)))
    page = pages(result.files)["g99000004-f99000001"]
    assert page["when"] == "size(data.G99000004.F99000008) > 0"


def test_a_group_of_texts_repeats_nothing_and_keeps_its_ids() -> None:
    result = accepted(
        imported(at("1:1", HIVES), at("0:*", group("G99000004", "T", at("1:1", NOTE))))
    )
    (aside,) = schema(result.files)["x-fim"]["aside"]
    assert (aside["at"], aside["id"], aside["children"][0]["id"]) == (1, "G99000004", "F99000007")


def test_several_entries_with_several_files_stay_plain_yaml() -> None:
    accepted(imported(at("2:2", group("G99000004", "T", at("2:3", PROOF)))))


def test_a_lonely_list_in_an_optional_group_is_not_forced() -> None:
    lines = field("F99000010", "Zeile")
    result = accepted(
        imported(at("1:1", HIVES), at("0:1", group("G99000004", "Ausland", at("2:5", lines))))
    )
    assert pages(result.files)["g99000004-f99000010"]["repeat"]["min"] == 0
    assert "wird nicht erzwungen" in hints(result)


def test_an_optional_group_needs_its_fields_only_when_used() -> None:
    address = group("G99000004", "Anschrift", at("1:1", POSTCODE), at("0:1", SURNAME))
    result = accepted(imported(at("1:1", HIVES), at("0:1", address)))
    said = schema(result.files)
    assert said["required"] == ["F99000003"]
    assert said["properties"]["G99000004"]["required"] == ["F99000002"]


def test_a_required_group_without_required_fields_may_be_empty() -> None:
    result = accepted(
        imported(at("1:1", HIVES), at("1:1", group("G99000004", "Kontakt", at("0:1", SURNAME))))
    )
    assert schema(result.files)["required"] == ["F99000003"]


def test_big_groups_become_several_pages_and_small_ones_stay_with_a_heading() -> None:
    many = [at("1:1", field(f"F9900010{n}", f"Feld {n}")) for n in range(8)]
    birth = group("G99000005", "Geburt", at("0:1", BORN), help="Wie im Ausweis")
    big = group("G99000006", "Betrieb", *many)
    result = accepted(
        imported(
            at(
                "1:1",
                group("G99000001", "Imker", at("1:1", SURNAME), at("1:1", birth), at("0:1", big)),
            )
        )
    )
    found = pages(result.files)
    assert list(found) == [
        "g99000001",
        "g99000001-g99000006",
        "g99000001-g99000006-f99000104",
    ]
    assert [len(page["fields"]) for page in found.values()] == [3, 4, 4]
    assert [each["id"] for each in found["g99000001"]["fields"]] == [
        "g99000001-f99000001",
        "g99000001-g99000005-titel",
        "g99000001-g99000005-f99000004",
    ]
    texts = yaml(result.files, "texts/de.yaml")
    assert texts["fields"]["g99000001-g99000005-titel"] == {
        "label": "Geburt",
        "info": "Wie im Ausweis",
    }
    assert "Gehört zu: Imker" in texts["pages"]["g99000001-g99000006"]["intro"]


def test_a_long_entry_of_a_list_is_asked_on_screens_of_seven_questions_at_most() -> None:
    names = group(
        "G99000005", "Adresse", *(at("1:1", field(f"F9900020{n}", f"Ort {n}")) for n in range(4))
    )
    many = [at("1:1", field(f"F9900010{n}", f"Feld {n}")) for n in range(8)]
    group_ = group("G99000006", "Mitglied", *many, at("1:1", NOTE), at("1:1", names))
    result = accepted(imported(at("0:20", group_)))
    (page,) = compiled(result.files).pages
    asked = [[each.id[-9:] for each in leaf if each.is_input] for leaf in page.leaves]
    assert [len(leaf) for leaf in asked] == [6, 6]
    texts = [
        [each.id.rpartition("-")[2] for each in leaf if not each.is_input] for leaf in page.leaves
    ]
    assert texts[0] == [], "a text goes with the question after it"
    assert asked[1] == ["f99000106", "f99000107", *(f"f9900020{n}" for n in range(4))]
    assert "lässt sich nicht teilen" not in hints(result)


def test_very_many_fields_stay_within_what_an_assistant_may_have() -> None:
    many = [at("0:1", field(f"F9901{n:04}", f"Feld {n}")) for n in range(1_500)]
    result = imported(at("1:1", HIVES), at("0:1", group("G99000006", "Viel", *many)))
    found = pages(result.files)
    assert len(found) <= 100
    assert sum(len(page["fields"]) for page in found.values()) == 1_501
    assert all(len(page["fields"]) <= 100 for page in found.values())
    assert "Damit 100 Seiten reichen, stehen bis zu 25 Fragen auf einer." in hints(result)


def test_a_schema_too_big_for_a_blueprint_is_refused() -> None:
    lists = (group(f"G9901{n:04}", f"G {n}", at("1:1", HIVES)) for n in range(101))
    groups = [at("1:3", each) for each in lists]
    with pytest.raises(Invalid, match="mehr als 100 Seiten"):
        imported(*groups)
    element = HIVES
    for number in range(9):
        element = group(f"G9900001{number}", f"Ebene {number}", at("1:1", element))
    with pytest.raises(Invalid, match="tiefer als 8 Ebenen"):
        imported(at("1:1", element))
    with pytest.raises(Invalid, match="fragt nach nichts"):
        imported(at("1:1", NOTE))
    with pytest.raises(Invalid, match="offene Punkte"):
        imported(at("1:1", HIVES), rules=RULE * 2_001)


def test_labels_are_texts_and_keep_their_fim_id() -> None:
    result = accepted(
        imported(at("1:1", group("G99000001", "Imker", at("1:1", NOTE), at("1:1", HIVES))))
    )
    assert pages(result.files)["g99000001"]["fields"][0] == {
        "id": "g99000001-f99000007",
        "info": True,
    }
    texts = yaml(result.files, "texts/de.yaml")
    assert texts["fields"]["g99000001-f99000007"]["info"] == "Bitte lesen Sie\n\ndas Merkblatt."
    (label,) = schema(result.files)["properties"]["G99000001"]["x-fim"]["aside"]
    assert (label["id"], label["field"]) == ("F99000007", "g99000001-f99000007")
    assert (label["at"], label["content"]) == (0, "Bitte lesen Sie\n\ndas Merkblatt.")


def test_a_code_list_that_is_given_becomes_options() -> None:
    known = code_list("urn:de:test:land", ("002", "Ausland"), ("001", "Inland"))
    result = accepted(imported(at("1:1", LAND), lists=(known,)))
    node = schema(result.files)["properties"]["F99000006"]
    assert node["oneOf"] == [
        {"const": "002", "title": "Ausland"},
        {"const": "001", "title": "Inland"},
    ]
    assert node["x-fim"]["code_list"] == {
        "id": "C00000001",
        "urn": "urn:de:test:land",
        "version": "1",
        "uri": "urn:de:test:land_1",
    }
    texts = yaml(result.files, "texts/de.yaml")
    assert texts["fields"]["f99000006"]["options"] == {"002": "Ausland", "001": "Inland"}
    assert not [point for point in result.report.open_points if point.id.startswith("C")]


def test_a_code_list_that_is_missing_is_an_open_point() -> None:
    result = accepted(imported(at("1:1", LAND)))
    assert "oneOf" not in schema(result.files)["properties"]["F99000006"]
    points = yaml(result.files, "blueprint.yaml")["open_points"]
    assert [point["id"] for point in points] == ["C1"]
    assert "urn:de:test:land_1" in points[0]["text"]


def test_rules_are_numbered_open_points_with_their_place() -> None:
    inner = group("G99000001", "Imker", at("1:1", SURNAME), rules=RULE)
    result = accepted(imported(at("1:1", inner), rules=RULE))
    assert yaml(result.files, "blueprint.yaml")["open_points"] == [
        {
            "id": "R1",
            "text": "Nicht leer: Wenn F99000001 befüllt ist, dann auch F99000002.\n" + UNREAD,
            "source": "R99000001 V1.0 (S99000001)",
        },
        {
            "id": "R2",
            "text": "Nicht leer: Wenn F99000001 befüllt ist, dann auch F99000002.\n" + UNREAD,
            "source": "R99000001 V1.0 (S99000001/G99000001)",
        },
    ]
    assert result.report.counts["Regeln"] == 2
    (kept,) = schema(result.files)["x-fim"]["rules"]
    assert (kept["id"], kept["text"]) == (
        "R99000001",
        "Wenn F99000001 befüllt ist, dann auch F99000002.",
    )


@pytest.mark.parametrize(
    ("element", "said"),
    [
        (at("0:0", SURNAME), "kommt laut Schema nie vor"),
        (at("1:1", field("F99000001", "A", content="vorgabe")), "wird nicht vorbelegt"),
        (
            at("1:1", field("F99000001", "A", facets='{"pattern":"[a-z-[aeiou]]"}')),
            "wird nicht geprüft",
        ),
        (at("1:1", field("F99000001", "A", datatype="obj")), "statische Objekt"),
        (at("1:1", field("F99000001", "A", facets="nur groß")), "nur groß"),
        (
            at("1:1", field("F99000001", "A", datatype="date", facets='{"minValue":"2020-01-01"}')),
            "Erlaubt ist nur, was von 2020-01-01 liegt",
        ),
        (at("1:1", SURNAME) + at("1:1", SURNAME), "steht mehrfach in der Gruppe"),
        (at("0:250", SURNAME), "hier höchstens 100-mal"),
    ],
)
def test_what_cannot_be_expressed_is_listed(element: str, said: str) -> None:
    result = accepted(imported(at("1:1", HIVES), element))
    assert said in hints(result)


@pytest.mark.parametrize(
    "element",
    [
        field(
            "F99000001", "E-Mail", facets='{"minLength":"6","pattern":"[a-z.]+@[a-z]+[.][a-z]+$"}'
        ),
        field("F99000001", "A", datatype="num", facets='{"minValue":"0,1","maxValue":"0,9"}'),
        field("F99000001", "A", datatype="num_int", facets='{"minValue":"-9","maxValue":"-9"}'),
        field("F99000001", "A", datatype="num_currency", facets='{"maxValue":"-1000.5"}'),
        field("F99000001", "A", facets='{"minLength":"300","maxLength":"300"}'),
        field("F99000001", "A", facets='{"minLength":"1","maxLength":"1"}'),
        field("F99000001", "A", facets='{"minLength":"6","pattern":"[0-9]{5}"}'),
        field("F99000001", "A", facets='{"pattern":"[A-Z]{2}[0-9]{2}( ?[0-9]{4}){4}"}'),
        field("F99000001", "A", datatype="obj"),
    ],
)
def test_a_required_field_of_any_kind_has_a_plausible_answer_in_the_case(element: str) -> None:
    accepted(imported(at("1:1", element), at("0:1", group("G99000001", "B", at("1:2", element)))))


def test_a_draft_of_a_schema_is_listed() -> None:
    assert "in Vorbereitung" in hints(imported(at("1:1", HIVES), status="inVorbereitung"))


def test_ids_come_from_the_fim_path_so_that_the_next_import_finds_them() -> None:
    before = imported(at("1:1", group("G99000001", "Imker", at("1:1", SURNAME), at("1:1", BORN))))
    after = imported(
        at("1:1", HIVES),
        at(
            "1:1",
            group("G99000001", "Imkerin", at("0:1", AGREES), at("0:1", BORN), at("1:1", SURNAME)),
        ),
    )
    old = {each["id"] for each in pages(before.files)["g99000001"]["fields"]}
    new = {each["id"] for each in pages(after.files)["g99000001"]["fields"]}
    assert old < new


def test_deep_paths_keep_ids_short_and_distinct() -> None:
    element = SURNAME
    for number in range(7):
        other = at("0:1", field(f"F9900020{number}", "Feld"))
        element = group(f"G9900001{number}", f"Ebene {number}", other, at("1:1", element))
    result = accepted(imported(at("1:1", element)))
    ids = [each["id"] for page in pages(result.files).values() for each in page["fields"]]
    assert len(ids) == len(set(ids))
    assert all(len(each) <= 60 for each in ids)


def test_the_service_key_is_taken_from_the_description() -> None:
    result = imported(at("1:1", HIVES), definition="Leistungsschlüssel: 99123456760610.")
    assert yaml(result.files, "blueprint.yaml")["services"] == ["99123456760610"]


def test_the_same_file_gives_the_same_bytes() -> None:
    content = message(at("1:1", SURNAME), at("1:2", LAND), rules=RULE)
    assert import_file(content, "a.xml").files == import_file(content, "a.xml").files


def test_the_result_compiles_and_has_its_name() -> None:
    release = compiled(imported(at("1:1", SURNAME)).files)
    assert release.id == "fim-s99000001-anzeige-imkers"
    assert release.version == "0.1.0"


def test_texts_of_strangers_stay_texts() -> None:
    nasty = field(
        "F99000001", '=data.x <b> "{case_number}" # - [a]: & \\', help="Zeile\n  - a: b\n# c"
    )
    result = accepted(imported(at("1:1", nasty), bezug="]]> & <x>"))
    texts = yaml(result.files, "texts/de.yaml")
    assert texts["fields"]["f99000001"]["label"].startswith("=data.x <b>")


def test_what_is_no_schema_is_refused() -> None:
    with pytest.raises(Refused):
        import_file(b"{}", "x.json")
