"""The blueprint with every kind of question: it passes its own check, and no kind is missing."""

import re
from pathlib import Path

from dienstweg.blueprint import check, widgets
from dienstweg.blueprint.folder import read_folder
from dienstweg.blueprint.problems import errors
from dienstweg.blueprint.release import compile as compiled

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "blueprints" / "feldarten"


def test_the_blueprint_passes_all_its_cases():
    assert errors(check.check(read_folder(FOLDER))) == []


def test_every_kind_stands_in_it():
    release = compiled(read_folder(FOLDER))
    used = {field.widget for _, field in release.assistant.fields()}
    used |= {part.widget for _, field in release.assistant.fields() for part in field.parts}
    assert widgets.WIDGETS - used == {"row"}


def test_every_kind_is_explained():
    text = (ROOT / "docs" / "field-types.md").read_text()
    named = set(re.findall(r"`([a-z]+)`|widget: ([a-z]+)", text))
    assert widgets.WIDGETS - {"row", "output"} <= {one or other for one, other in named}


def test_every_picture_of_the_documentation_exists():
    text = (ROOT / "docs" / "field-types.md").read_text()
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", text)
    assert len(pictures) > 10
    assert [one for one in pictures if not (ROOT / "docs" / one).is_file()] == []
