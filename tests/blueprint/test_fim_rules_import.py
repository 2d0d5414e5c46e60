"""Rules of a schema in the imported blueprint: where they stand, and what stays with a person."""

import io
import json
from typing import Any

import pytest
from ruamel.yaml import YAML

from dienstweg.blueprint.check import check
from dienstweg.blueprint.fim import Imported, import_file
from dienstweg.blueprint.problems import Invalid, errors
from fim_documents import at, code_list, field, group, message, rule

HAS = field("F99000001", "Wanderung", datatype="bool")
GOAL = field("F99000002", "Ziel")
PHONE = field("F99000003", "Rufnummer")
LETTER = field("F99000004", "Anschreiben")
KIND = field("F99000005", "Haltung", kind="select", code_list="urn:de:test:haltung")
LIST = code_list("urn:de:test:haltung", ("001", "Garten"), ("002", "Wald"))
WHERE = group("G99000002", "Standort", at("1:1", PHONE), at("0:1", LETTER))


def imported(*children: str, rules: str = "", machine: Any = None, **more: Any) -> Imported:
    raw = None if machine is None else json.dumps(machine).encode()
    source = message(*children, rules=rules)
    result = import_file(source, "test.xml", code_lists=[LIST], rules=raw, **more)
    assert [str(problem) for problem in errors(check(result.files))] == []
    return result


def yaml(result: Imported, name: str) -> Any:
    return YAML(typ="safe").load(io.BytesIO(result.files[name]))


def pages(result: Imported) -> dict[str, Any]:
    return {page["id"]: page for page in yaml(result, "assistant.yaml")["pages"]}


def fields(result: Imported) -> dict[str, Any]:
    return {each["id"]: each for page in pages(result).values() for each in page["fields"]}


def open_rules(result: Imported) -> list[str]:
    points = yaml(result, "blueprint.yaml")["open_points"]
    return [point["text"] for point in points if point["id"].startswith("R")]


def shown_with(element: str, *, otherwise: str = "nicht befüllt werden") -> str:
    text = (
        f"Wenn F99000001 = Ja, dann muss {element} befüllt werden. "
        f"Wenn F99000001 <> Ja, dann darf {element} {otherwise}."
    )
    return rule("R99000001", "Wanderung", text)


def test_a_field_that_a_rule_shows_is_required_by_the_assistant_not_the_schema() -> None:
    result = imported(at("1:1", HAS), at("1:1", GOAL), rules=shown_with("F99000002"))
    assert fields(result)["f99000002"]["when"] == "data.F99000001 == true"
    assert fields(result)["f99000002"]["required"] is True
    schema = json.loads(result.files["data.schema.json"])
    assert schema["required"] == ["F99000001"]
    assert open_rules(result) == []
    assert result.report.counts["davon übersetzt"] == 1
    assert b"# R99000001V1.0" in result.files["assistant.yaml"]


def test_a_group_that_a_rule_shows_is_a_page_with_a_condition() -> None:
    result = imported(at("1:1", HAS), at("0:1", WHERE), rules=shown_with("G99000002"))
    page = pages(result)["g99000002"]
    assert page["when"] == "data.F99000001 == true"
    assert all("when" not in each and "required" not in each for each in page["fields"])


def test_the_cases_reach_both_sides_of_a_rule() -> None:
    result = imported(at("1:1", HAS), at("0:1", WHERE), rules=shown_with("G99000002"))
    found = check(result.files)
    assert [str(problem) for problem in found if problem.code == "not-reached"] == []
    assert "cases/weg-01.yaml" in result.files


def test_one_of_several_is_a_check_with_a_message_and_cases_for_both_sides() -> None:
    one = rule(
        "R99000002", "Eine Angabe", "Es muss mindestens eines der Felder F99000003 oder "
        "F99000004 befüllt sein."
    )  # fmt: skip
    reach = group("G99000003", "Erreichbar", at("0:1", PHONE), at("0:1", LETTER), rules=one)
    result = imported(at("1:1", HAS), at("1:1", reach))
    (checked,) = pages(result)["g99000003"]["checks"]
    assert (
        checked["holds"] == "data.G99000003.F99000003 != null || data.G99000003.F99000004 != null"
    )
    said = yaml(result, "texts/de.yaml")["checks"][checked["id"]]
    assert said == "Bitte machen Sie mindestens eine dieser Angaben: Rufnummer oder Anschreiben."
    cases = [yaml(result, name) for name in result.files if name.startswith("cases/")]
    broken = [case["expect"]["problems"] for case in cases if "problems" in case["expect"]]
    assert broken == [{"g99000003": {checked["id"]: checked["id"]}}]


def test_a_rule_of_a_voluntary_group_holds_while_it_is_empty() -> None:
    one = rule("R99000002", "Eine", "Es muss mindestens eines der Felder F99000003 oder "
               "F99000004 befüllt sein.")  # fmt: skip
    inner = group("G99000003", "Erreichbar", at("0:1", PHONE), at("0:1", LETTER), at("0:1", GOAL),
                  rules=one)  # fmt: skip
    result = imported(at("1:1", HAS), at("0:1", inner))
    (checked,) = pages(result)["g99000003"]["checks"]
    assert "data.G99000003.F99000002 != null" in checked["when"]


def test_rules_that_contradict_each_other_are_all_left_to_a_person() -> None:
    first = rule("R99000001", "A", "Wenn F99000001 = Ja, dann muss F99000002 befüllt werden.")
    second = rule("R99000002", "B", "Wenn F99000001 = Ja, dann darf F99000002 nicht befüllt sein.")
    result = imported(at("1:1", HAS), at("0:1", GOAL), rules=first + second)
    assert len(open_rules(result)) == 2
    assert all("widersprechen sich" in text for text in open_rules(result))
    assert "when" not in fields(result)["f99000002"]


def test_a_rule_that_says_only_when_something_is_shown_is_left_to_a_person() -> None:
    only = rule("R99000001", "A", "Wenn F99000001 = Ja, dann aktiviere F99000002.")
    (text,) = open_rules(imported(at("1:1", HAS), at("0:1", GOAL), rules=only))
    assert "aber nicht, was sonst gilt" in text
    assert text.startswith("A: Wenn F99000001 = Ja, dann aktiviere F99000002.")


def test_rules_in_a_circle_are_left_to_a_person() -> None:
    first = rule(
        "R99000001", "A", "Wenn F99000002 leer ist, dann darf F99000003 nicht befüllt sein."
    )
    second = rule(
        "R99000002", "B", "Wenn F99000003 leer ist, dann darf F99000002 nicht befüllt sein."
    )
    result = imported(at("1:1", HAS), at("0:1", GOAL), at("0:1", PHONE), rules=first + second)
    assert len(open_rules(result)) == 2
    assert "hängt von dem ab" in open_rules(result)[0]


def test_the_same_id_in_several_groups_is_the_nearest_or_nobody() -> None:
    near = rule(
        "R99000001", "Nah", "Wenn F99000001 = Nein, dann darf F99000002 nicht befüllt sein."
    )
    two = [
        group(f"G9900000{n}", f"Gruppe {n}", at("1:1", HAS), at("0:1", GOAL), rules=near)
        for n in (4, 5)
    ]
    result = imported(*(at("1:1", each) for each in two))
    assert open_rules(result) == []
    assert fields(result)["g99000004-f99000002"]["when"] == "data.G99000004.F99000001 != false"
    plain = [group(f"G9900000{n}", f"Gruppe {n}", at("1:1", HAS), at("0:1", GOAL)) for n in (4, 5)]
    (text,) = open_rules(imported(*(at("1:1", each) for each in plain), rules=near))
    assert "mehrmals" in text


def test_inside_a_list_a_rule_sees_its_own_entry_and_not_another_list() -> None:
    own = rule(
        "R99000001", "Eigen", "Wenn F99000001 = Nein, dann darf F99000002 nicht befüllt sein."
    )
    inside = group("G99000004", "Stand", at("1:1", HAS), at("0:1", GOAL), rules=own)
    result = imported(at("1:5", inside))
    assert fields(result)["g99000004-f99000002"]["when"] == "item.F99000001 != false"
    plain = group("G99000004", "Stand", at("1:1", HAS))
    (text,) = open_rules(imported(at("1:5", plain), at("0:1", GOAL), rules=own))
    assert "steht in einer Liste" in text


def test_a_list_in_a_list_sees_the_entry_around_it() -> None:
    own = rule("R99000001", "A", "Wenn F99000001 = Nein, dann darf F99000002 nicht befüllt sein.")
    queen = group("G99000005", "Königin", at("0:1", GOAL), at("1:1", PHONE))
    stand = group("G99000004", "Stand", at("1:1", HAS), at("0:3", queen), rules=own)
    result = imported(at("1:5", stand))
    assert fields(result)["g99000004-g99000005-f99000002"]["when"] == "outer.F99000001 != false"


def test_values_are_only_compared_where_their_list_is_at_hand() -> None:
    text = 'Wenn F99000005 "Haltung" = 001 "Garten", dann muss F99000002 befüllt werden.'
    chosen = rule("R99000001", "A", text)
    result = imported(at("1:1", KIND), at("0:1", GOAL), rules=chosen)
    assert fields(result)["f99000002"]["required"] == 'data.F99000005 == "001"'
    without = import_file(message(at("1:1", KIND), at("0:1", GOAL), rules=chosen), "test.xml")
    (point,) = (each for each in without.report.open_points if each.id == "R1")
    assert "liegt nicht bei" in point.text


def test_a_land_decides_between_rules_and_must_exist() -> None:
    text = "Für das Land SN gilt: F99000002 muss befüllt werden. "
    lands = rule("R99000001", "A", text + "Für alle anderen Länder gilt: F99000002 darf nicht "
                 "angezeigt werden.")  # fmt: skip
    source = (at("1:1", HAS), at("0:1", GOAL))
    assert fields(imported(*source, rules=lands, land="SN"))["f99000002"]["required"] is True
    assert "f99000002" not in fields(imported(*source, rules=lands, land="NW"))
    assert "--land" in open_rules(imported(*source, rules=lands))[0]
    with pytest.raises(Invalid, match="Das Land"):
        imported(*source, rules=lands, land="XX")


MACHINE = [
    {
        "effect": "require",
        "target": "self.F99000002",
        "message": "Bitte nennen Sie das Ziel.",
        "condition": {"identifier": "self.F99000001"},
    },
    {
        "effect": "forbid",
        "target": "self.F99000002",
        "message": "-",
        "condition": {"not": {"equal": [{"identifier": "self.F99000001"}, True]}},
    },
    {
        "effect": "valid",
        "message": "Nur eines von beiden.",
        "condition": {
            "xor": [
                {"is_empty": {"identifier": "F99000003"}},
                {"is_empty": {"identifier": "F99000004"}},
            ]
        },
    },
]


def test_machine_rules_become_cel_exactly() -> None:
    source = (at("1:1", HAS), at("0:1", GOAL), at("0:1", PHONE), at("0:1", LETTER))
    result = imported(*source, machine=MACHINE)
    assert fields(result)["f99000002"]["when"] == "data.F99000001 == true"
    assert fields(result)["f99000002"]["required"] is True
    (checked,) = pages(result)["angaben-f99000001"]["checks"]
    assert checked["holds"] == "(data.F99000003 == null) != (data.F99000004 == null)"
    assert yaml(result, "texts/de.yaml")["checks"][checked["id"]] == "Nur eines von beiden."
    assert json.loads(result.files["fim/rules.json"]) == MACHINE


def test_machine_rules_may_come_by_element() -> None:
    one = {**MACHINE[0], "target": "self.F99000003"}
    where = group("G99000002", "Standort", at("1:1", HAS), at("0:1", PHONE))
    for machine in ([{"element": "G99000002", "response": [one]}], {"G99000002": [one]}):
        result = imported(at("1:1", where), machine=machine)
        assert (
            fields(result)["g99000002-f99000003"]["required"] == "data.G99000002.F99000001 == true"
        )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"effect": "wish"}, "Wirkung"),
        ({"target": None}, "passen nicht zusammen"),
        ({"target": "self.F99000099"}, "gibt es in diesem Schema nicht"),
        ({"condition": {"equal": [{"identifier": "F99000005"}, "009"]}}, "Codeliste"),
        ({"condition": {"equal": [{"identifier": "F99000002"}, True]}}, "Ja-Nein"),
        ({"condition": {"perhaps": []}}, "gibt es in Bedingungen nicht"),
        ({"condition": 7}, "unbekannte Form"),
    ],
)
def test_machine_rules_that_do_not_fit_are_open_points(change: Any, reason: str) -> None:
    raw = {key: value for key, value in {**MACHINE[0], **change}.items() if value is not None}
    result = imported(at("1:1", HAS), at("0:1", GOAL), at("0:1", KIND), machine=[raw])
    (text,) = open_rules(result)
    assert reason in text


@pytest.mark.parametrize("content", [b"{", b"7", b'["x"]', b'{"G1": 3}'])
def test_a_file_that_holds_no_machine_rules_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="FIM-Regeln"):
        import_file(message(at("1:1", HAS)), "test.xml", rules=content)
