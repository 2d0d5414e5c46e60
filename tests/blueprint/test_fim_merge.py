"""Keeping an imported blueprint in step: what came, what went, what collides, what stays."""

import io
import json
from typing import Any

import pytest
from ruamel.yaml import YAML

from dienstweg.blueprint.check import check
from dienstweg.blueprint.fim import import_file
from dienstweg.blueprint.fim_merge import Update, update
from dienstweg.blueprint.problems import Invalid, errors
from fim_documents import at, code_list, field, group, message, rule

NAME = field("F99000001", "Name")
GOAL = field("F99000002", "Ziel")
MAIL = field("F99000003", "Rufnummer")
HAS = field("F99000004", "Wanderung", datatype="bool")
KIND = field("F99000005", "Haltung", kind="select", code_list="urn:de:test:haltung")
LIST = code_list("urn:de:test:haltung", ("001", "Garten"), ("002", "Wald"))


def schema(*fields: str, version: str = "1.0", rules: str = "", **texts: str) -> bytes:
    keeper = group("G99000001", "Imker", *fields, rules=rules)
    return message(at("1:1", keeper), version=version, **texts)


OLD = schema(at("1:1", NAME), at("0:1", GOAL), at("1:1", HAS))


def imported(source: bytes) -> dict[str, bytes]:
    return import_file(source, "test.xml", code_lists=[LIST]).files


def yaml(files: dict[str, bytes], name: str) -> Any:
    return YAML(typ="safe").load(io.BytesIO(files[name]))


def changed(files: dict[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    text = files[name].decode()
    assert old in text
    return {**files, name: text.replace(old, new).encode()}


def sound(result: Update) -> Update:
    assert result.collisions == ()
    assert [str(problem) for problem in errors(check(result.files))] == []
    return result


def fields(files: dict[str, bytes]) -> list[str]:
    pages = yaml(files, "assistant.yaml")["pages"]
    return [each["id"] for page in pages for each in page["fields"]]


def test_the_same_file_changes_nothing_not_even_what_the_designer_wrote() -> None:
    files = changed(imported(OLD), "texts/de.yaml", "label: Ziel", "label: Wohin?  # kurz")
    files["README.md"] = b"# Ganz anders\n"
    files["decisions/gebuehr.dmn"] = b"<definitions/>"
    result = update(files, OLD, "test.xml")
    assert result.files == files
    assert (result.came, result.went, result.changed, result.collisions) == ((), (), (), ())


def test_without_changes_of_the_designer_it_is_the_new_import() -> None:
    new = schema(at("1:1", NAME), at("0:1", MAIL), version="1.1")
    assert sound(update(imported(OLD), new, "test.xml")).files == imported(new)


def test_a_new_question_comes_beside_its_neighbour_wherever_that_is_now() -> None:
    files = changed(imported(OLD), "texts/de.yaml", "label: Ziel", "label: Wohin?")
    tree = yaml(files, "assistant.yaml")
    (page,) = tree["pages"]
    moved = [each for each in page["fields"] if each["id"] == "g99000001-f99000002"]
    page["fields"] = [each for each in page["fields"] if each not in moved]
    tree["pages"].append({"id": "eigene", "fields": moved})
    files = {**files, **_written("assistant.yaml", tree)}
    files = changed(files, "texts/de.yaml", "pages:", "pages:\n  eigene:\n    title: Wohin")
    new = schema(at("1:1", NAME), at("0:1", GOAL), at("0:1", MAIL), at("1:1", HAS))
    result = update(files, new, "test.xml")
    assert result.collisions == ()
    pages = {page["id"]: page["fields"] for page in yaml(result.files, "assistant.yaml")["pages"]}
    # the neighbour's own page still stands, so the new question comes to the schema's page
    assert [each["id"] for each in pages["g99000001"]] == [
        "g99000001-f99000001",
        "g99000001-f99000003",
        "g99000001-f99000004",
    ]
    assert [each["id"] for each in pages["eigene"]] == ["g99000001-f99000002"]
    assert [element.label for element in result.came] == ["Rufnummer"]
    assert yaml(result.files, "texts/de.yaml")["fields"]["g99000001-f99000002"] == {
        "label": "Wohin?"
    }


def _written(name: str, tree: Any) -> dict[str, bytes]:
    out = io.BytesIO()
    YAML().dump(tree, out)
    return {name: out.getvalue()}


def test_a_question_of_a_page_that_the_designer_dissolved_comes_to_its_neighbours() -> None:
    files = imported(OLD)
    tree = yaml(files, "assistant.yaml")
    tree["pages"][0]["id"] = "alles"
    files = {**files, **_written("assistant.yaml", tree)}
    files = changed(files, "texts/de.yaml", "  g99000001:", "  alles:")
    new = schema(at("1:1", NAME), at("0:1", MAIL), at("0:1", GOAL), at("1:1", HAS))
    result = update(files, new, "test.xml")
    assert result.collisions == ()
    (page,) = yaml(result.files, "assistant.yaml")["pages"]
    assert page["id"] == "alles"
    assert [each["id"][-9:] for each in page["fields"]] == [
        "f99000001",
        "f99000003",
        "f99000002",
        "f99000004",
    ]


def test_a_removed_question_goes_unless_the_designer_has_worked_on_it() -> None:
    new = schema(at("1:1", NAME), at("1:1", HAS))
    result = sound(update(changed(imported(OLD), "texts/de.yaml", "label: Name", "label: Ihr Name"),
                          new, "test.xml"))  # fmt: skip
    assert "g99000001-f99000002" not in fields(result.files)
    assert [element.id for element in result.went] == ["F99000002"]
    mine = changed(imported(OLD), "texts/de.yaml", "label: Ziel", "label: Wohin?")
    result = update(mine, new, "test.xml")
    (collision,) = result.collisions
    assert collision.id == "texts/de.yaml#/fields/g99000001-f99000002"
    assert collision.ours == {"label": "Wohin?"}
    assert repr(collision.theirs) == "(fehlt)"
    assert result.files == mine


def test_the_same_label_changed_on_both_sides_collides_until_somebody_decides() -> None:
    mine = changed(imported(OLD), "texts/de.yaml", "label: Ziel", "label: Wohin?")
    new = schema(at("1:1", NAME), at("0:1", field("F99000002", "Reiseziel")), at("1:1", HAS))
    result = update(mine, new, "test.xml")
    (collision,) = result.collisions
    assert (collision.base, collision.ours, collision.theirs) == ("Ziel", "Wohin?", "Reiseziel")
    for side, label in (("ours", "Wohin?"), ("theirs", "Reiseziel")):
        decided = sound(update(mine, new, "test.xml", decided=lambda _, side=side: side))  # type: ignore[misc]  # a default binds it
        found = yaml(decided.files, "texts/de.yaml")["fields"]["g99000001-f99000002"]
        assert found["label"] == label


def test_a_label_that_the_designer_left_alone_is_taken_with_the_rest_kept() -> None:
    mine = changed(imported(OLD), "texts/de.yaml", "label: Name", "label: Ihr Name  # so")
    new = schema(at("1:1", NAME), at("0:1", field("F99000002", "Reiseziel")), at("1:1", HAS))
    result = sound(update(mine, new, "test.xml"))
    said = yaml(result.files, "texts/de.yaml")["fields"]
    assert said["g99000001-f99000002"]["label"] == "Reiseziel"
    assert said["g99000001-f99000001"]["label"] == "Ihr Name"
    assert b"# so" in result.files["texts/de.yaml"]
    assert [element.label for element in result.changed] == ["Reiseziel"]


def test_a_moved_group_takes_the_designers_texts_with_it() -> None:
    stand = group("G99000002", "Stand", at("1:1", GOAL))
    place = group("G99000003", "Ort", at("1:1", MAIL))
    inner = group("G99000003", "Ort", at("1:1", MAIL), at("0:1", stand))
    old = message(at("1:1", group("G99000001", "Imker", at("1:1", NAME), at("0:1", stand))),
                  at("1:1", place))  # fmt: skip
    new = message(at("1:1", group("G99000001", "Imker", at("1:1", NAME))), at("1:1", inner))
    mine = changed(imported(old), "texts/de.yaml", "label: Ziel", "label: Wohin?")
    result = update(mine, new, "test.xml")
    assert result.collisions == ()
    said = yaml(result.files, "texts/de.yaml")["fields"]
    assert said["g99000003-g99000002-f99000002"]["label"] == "Wohin?"
    assert {(before.pointer, after.pointer) for before, after in result.moved} == {
        ("/G99000001/G99000002", "/G99000003/G99000002"),
        ("/G99000001/G99000002/F99000002", "/G99000003/G99000002/F99000002"),
    }
    assert errors(check(result.files)) == []


def test_a_change_of_nothing_but_version_and_status_touches_no_text() -> None:
    mine = changed(imported(OLD), "texts/de.yaml", "label: Ziel", "label: Wohin?")
    new = schema(at("1:1", NAME), at("0:1", GOAL), at("1:1", HAS), version="1.1", status="inaktiv")
    result = sound(update(mine, new, "test.xml"))
    assert (result.old_version, result.new_version) == ("1.0", "1.1")
    assert result.files["texts/de.yaml"] == mine["texts/de.yaml"]
    assert result.files["assistant.yaml"] == mine["assistant.yaml"]
    assert result.files["fim/schema.xml"] == new


def hides(value: str) -> str:
    text = f"Wenn F99000004 = {value}, dann darf F99000002 nicht befüllt werden."
    return rule("R99000001", "A", text)


def test_a_changed_rule_is_taken_and_collides_with_one_of_the_designer() -> None:
    parts = (at("1:1", NAME), at("0:1", GOAL), at("1:1", HAS))
    mine = imported(schema(*parts, rules=hides("Nein")))
    new = schema(*parts, rules=hides("Ja"))
    other = changed(mine, "texts/de.yaml", "label: Name", "label: Ihr Name")
    result = sound(update(other, new, "test.xml"))
    assert b"data.G99000001.F99000004 != true" in result.files["assistant.yaml"]
    own = changed(mine, "assistant.yaml", "F99000004 != false", "F99000004 == true")
    (collision,) = update(own, new, "test.xml").collisions
    assert collision.path == ("fields", "g99000001-f99000002", "when")
    assert collision.ours == "data.G99000001.F99000004 == true"


def test_a_changed_code_list_brings_its_values() -> None:
    source = schema(at("1:1", NAME), at("1:1", KIND))
    mine = changed(imported(source), "texts/de.yaml", "label: Name", "label: Ihr Name")
    longer = code_list("urn:de:test:haltung", ("001", "Garten"), ("002", "Wald"), ("003", "Dach"))
    result = sound(update(mine, source, "test.xml", code_lists=[longer]))
    said = yaml(result.files, "texts/de.yaml")["fields"]["g99000001-f99000005"]
    assert said["options"]["003"] == "Dach"
    node = json.loads(result.files["data.schema.json"])["properties"]["G99000001"]
    assert "003" in json.dumps(node["properties"]["F99000005"])


def test_open_points_that_were_done_stay_done() -> None:
    unread = rule("R99000001", "A", "Wenn es regnet, dann nicht.")
    parts = (at("1:1", NAME), at("0:1", GOAL))
    mine = imported(schema(*parts, rules=unread))
    tree = yaml(mine, "blueprint.yaml")
    tree["open_points"] = [{"id": "X", "text": "Anrufen", "source": "Notiz"}]
    mine = {**mine, **_written("blueprint.yaml", tree)}
    more = unread + rule("R99000002", "B", "Wenn es schneit, dann auch nicht.")
    result = sound(update(mine, schema(*parts, rules=more), "test.xml"))
    points = yaml(result.files, "blueprint.yaml")["open_points"]
    assert [(point["id"], point["text"][:7]) for point in points] == [
        ("R2", "B: Wenn"),
        ("X", "Anrufen"),
    ]


def test_process_documents_and_mappings_of_the_designer_are_kept() -> None:
    mine = changed(imported(OLD), "process.bpmn", "Über den Antrag", "Über alles")
    mine = changed(mine, "documents/bescheid.typ", "Guten Tag", "Moin")
    mine = changed(mine, "mappings/standard.yaml", "data: =data", "alles: =data")
    new = schema(at("1:1", NAME), at("0:1", MAIL), name="xdatenfelder.stammdatenschema.0102")
    result = update(mine, new, "test.xml")
    assert "Über alles" in result.files["process.bpmn"].decode()
    assert b"Moin" in result.files["documents/bescheid.typ"]
    assert yaml(result.files, "mappings/standard.yaml")["content"]["alles"] == "=data"


def test_cases_of_the_designer_that_speak_of_what_changed_are_named() -> None:
    mine = imported(OLD)
    text = mine["cases/alles-ausgefuellt.yaml"].decode().replace("title: Alles", "title: Mein")
    mine["cases/meiner.yaml"] = text.encode()
    quiet = "title: Still\ntoday: '2026-03-02'\nanswers: {}\nexpect: {}\n"
    mine["cases/still.yaml"] = quiet.encode()
    new = schema(at("1:1", NAME), at("1:1", HAS))
    result = update(mine, new, "test.xml")
    assert "cases/meiner.yaml" in result.cases
    assert "cases/still.yaml" not in result.cases
    assert result.files["cases/meiner.yaml"] == mine["cases/meiner.yaml"]


def test_another_schema_or_a_blueprint_without_its_source_is_refused() -> None:
    with pytest.raises(Invalid, match="kommt aus S99000001"):
        update(imported(OLD), message(at("1:1", NAME), id="S99000002"), "test.xml")
    bare = {name: each for name, each in imported(OLD).items() if not name.startswith("fim/")}
    with pytest.raises(Invalid, match="fehlt der Ordner"):
        update(bare, OLD, "test.xml")
    touched = {**imported(OLD), "fim/schema.xml": OLD + b"\n"}
    with pytest.raises(Invalid, match="nicht mehr die Datei"):
        update(touched, OLD, "test.xml")


def hive(*numbers: int, repeats: str = "0:9") -> bytes:
    asked = [at("0:1", field(f"F990000{number}", f"Wabe {number}")) for number in numbers]
    return message(at(repeats, group("G99000009", "Stock", *asked)))


def screens(files: dict[str, bytes]) -> list[list[int]]:
    found: list[list[int]] = []
    for each in yaml(files, "assistant.yaml")["pages"][0]["fields"]:
        if not found or each.get("new_leaf"):
            found.append([])
        found[-1].append(int(each["id"][-2:]))
    return found


def test_the_screens_of_a_long_entry_stay_as_the_designer_cut_them() -> None:
    old = hive(*range(11, 21))
    mine = imported(old)
    assert screens(mine) == [[11, 12, 13, 14, 15], [16, 17, 18, 19, 20]]
    own = yaml(mine, "assistant.yaml")
    for at_, each in enumerate(own["pages"][0]["fields"]):
        each.pop("new_leaf", None)
        if at_ in (3, 8):
            each["new_leaf"] = True
    mine = {**mine, **_written("assistant.yaml", own)}
    more = sound(update(mine, hive(*range(11, 22)), "test.xml"))
    assert screens(more.files) == [[11, 12, 13], [14, 15, 16, 17, 18], [19, 20, 21]]
    assert len(screens(sound(update(imported(old), hive(*range(11, 27)), "test.xml")).files)) == 3
    fewer = sound(
        update(mine, hive(14, 15, 16, 17, 18, 19), "test.xml", decided=lambda _: "theirs")
    )
    assert screens(fewer.files) == [[14, 15, 16, 17, 18], [19]], "no screen without a question"
    once = sound(update(mine, hive(*range(11, 21), repeats="1:1"), "test.xml",
                        decided=lambda _: "theirs"))  # fmt: skip
    assert b"new_leaf" not in once.files["assistant.yaml"]
