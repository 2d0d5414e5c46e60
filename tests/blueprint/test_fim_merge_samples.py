"""Keeping real federal schemas in step: a newer version meets what a designer has made.

The samples hold one version of each schema. A newer one is made of it here by five edits, as
publishers make them (`newer`); and two real schemas that are nearly the same stand for two
versions, with nothing edited but the second one's id.
"""

import io
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from dienstweg.blueprint.check import check
from dienstweg.blueprint.fim import import_file
from dienstweg.blueprint.fim_merge import Update, update
from dienstweg.blueprint.problems import errors

SAMPLES = os.environ.get("SAMPLES")
pytestmark = pytest.mark.skipif(not SAMPLES, reason="SAMPLES is not set")

FOLDER = Path(SAMPLES or ".") / "fim-xdatenfelder" / "xdf3-fimportal"
NAMES = ("S00000000371", "S00000000380", "S07000000248")
TWINS = ("S00000000371", "S00000000372")
MINE = "So fragt unsere Stadt"


def content(name: str) -> bytes:
    return (FOLDER / f"{name}.xdf.xml").read_bytes()


class Newer:
    """A newer version of a schema, made by edits that are noted."""

    def __init__(self, source: bytes) -> None:
        self.root = ET.fromstring(source)
        match = re.match(r"\{(.*)\}", self.root.tag)
        assert match
        self.space = match[1]
        parts = [each for each in self.root.iter(self.tag("struktur")) if self.field(each)]
        ids = [self.id(each) for each in parts]
        self.places = [each for each in parts if ids.count(self.id(each)) == 1]
        self.above = {child: one for one in self.root.iter() for child in one}

    def tag(self, name: str) -> str:
        return f"{{{self.space}}}{name}"

    def field(self, place: ET.Element) -> Any:
        return place.find(f"{self.tag('enthaelt')}/{self.tag('datenfeld')}")

    def id(self, place: ET.Element) -> str:
        return str(self.field(place).findtext(f"{self.tag('identifikation')}/{self.tag('id')}"))

    def label(self, place: ET.Element) -> Any:
        return self.field(place).find(self.tag("bezeichnungEingabe"))

    def text(self) -> bytes:
        return ET.tostring(self.root, encoding="utf-8", xml_declaration=True)


def newer(source: bytes, avoided: set[str]) -> tuple[bytes, dict[str, str]]:
    """The next version: one label said otherwise, one field gone, one new, one asked if at all.

    Gives the file, and the id of the element that each edit was about. What a rule or the designer
    (`avoided`) speaks of is left alone.
    """
    new = Newer(source)
    rules = " ".join(each.text or "" for each in new.root.iter(new.tag("freitextRegel")))
    free = [
        each
        for each in new.places
        if new.id(each) not in rules
        and new.id(each) not in avoided
        and new.field(each).findtext(f"{new.tag('feldart')}/code") == "input"
    ]
    said, gone, optional = (
        free[0],
        free[1],
        next(each for each in free[2:] if each.findtext(new.tag("anzahl")) == "1:1"),
    )
    edits = {"said": new.id(said), "gone": new.id(gone), "optional": new.id(optional)}
    new.label(said).text = "Ganz neu gesagt"
    amount = optional.find(new.tag("anzahl"))
    assert amount is not None
    amount.text = "0:1"
    more = ET.fromstring(ET.tostring(said))
    identity = new.field(more).find(f"{new.tag('identifikation')}/{new.tag('id')}")
    identity.text = edits["new"] = "F99000000077"
    new.label(more).text = "Kommt neu dazu"
    around = new.above[said]
    around.insert(list(around).index(said) + 1, more)
    new.above[gone].remove(gone)
    schema = next(new.root.iter(new.tag("stammdatenschema")))
    version = schema.find(f"{new.tag('identifikation')}/{new.tag('version')}")
    assert version is not None
    version.text = "99.0.0"
    return new.text(), edits


def worked_on(source: bytes, name: str) -> tuple[dict[str, bytes], str, str]:
    """The import with a label of the designer's own; gives also the field and its element's id."""
    files = import_file(source, name).files
    tree = YAML().load(io.BytesIO(files["texts/de.yaml"]))
    field = next(name for name in reversed(tree["fields"]) if re.search(r"f\d{11}$", name))
    tree["fields"][field]["label"] = MINE
    out = io.BytesIO()
    YAML().dump(tree, out)
    return {**files, "texts/de.yaml": out.getvalue()}, field, field[-12:].upper()


def sound(result: Update) -> Update:
    assert result.collisions == ()
    assert [str(problem) for problem in errors(check(result.files))] == []
    return result


@pytest.mark.parametrize("name", NAMES)
def test_a_newer_version_comes_in_and_the_designers_work_stays(name: str) -> None:
    files, field, own = worked_on(content(name), f"{name}.xml")
    after, edits = newer(content(name), {own})
    result = sound(update(files, after, f"{name}.xml"))
    assert result.new_version == "99.0.0"
    assert [element.id for element in result.came] == [edits["new"]]
    assert [element.id for element in result.went] == [edits["gone"]]
    assert result.moved == ()
    assert {edits["said"], edits["optional"]} <= {element.id for element in result.changed}
    texts = YAML(typ="safe").load(io.BytesIO(result.files["texts/de.yaml"]))["fields"]
    assert texts[field]["label"] == MINE
    labels = [each.get("label") for each in texts.values()]
    assert "Ganz neu gesagt" in labels
    assert "Kommt neu dazu" in labels
    assert not [name for name in texts if name.endswith(edits["gone"].lower())]
    again = update(result.files, after, f"{name}.xml")
    assert (again.came, again.went, again.changed) == ((), (), ())
    assert again.files == result.files


def test_two_real_schemas_as_two_versions_merge_to_what_the_second_one_is() -> None:
    old, other = (content(name) for name in TWINS)
    second = other.replace(TWINS[1].encode(), TWINS[0].encode())
    untouched = import_file(old, "alt.xml").files
    result = sound(update(untouched, second, "neu.xml"))
    assert result.came or result.went or result.changed
    assert result.files == import_file(second, "neu.xml").files
    files, field, _ = worked_on(old, "alt.xml")
    kept = update(files, second, "neu.xml", decided=lambda _: "ours")
    texts = YAML(typ="safe").load(io.BytesIO(kept.files["texts/de.yaml"]))["fields"]
    assert texts[field]["label"] == MINE
    assert [str(problem) for problem in errors(check(kept.files))] == []
