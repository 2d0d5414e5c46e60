"""The blueprints we ship are sound, and their acceptance cases reach everything in them."""

from functools import cache
from pathlib import Path

import pytest

from dienstweg.blueprint import acceptance, check, folder, release

ROOT = Path(__file__).parents[2] / "leistungen"
NAMES = sorted(path.parent.name for path in ROOT.glob("*/blueprint.yaml"))


@cache
def _files(name: str) -> dict[str, bytes]:
    return folder.read_folder(ROOT / name)


@cache
def _report(name: str) -> acceptance.Report:
    return acceptance.run_all(release.compile(_files(name)))


def test_all_services_are_shipped() -> None:
    assert NAMES == [
        "baugenehmigung",
        "bewohnerparkausweis",
        "gewerbeanmeldung",
        "hundesteuer-anmeldung",
        "infektionsschutzbelehrung",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_check_finds_nothing(name: str) -> None:
    assert [str(problem) for problem in check.check(_files(name))] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_acceptance_case_passes(name: str) -> None:
    failed = {
        result.title: result.deviations for result in _report(name).results if not result.passed
    }
    assert len(_report(name).results) >= 12
    assert failed == {}


@pytest.mark.parametrize("name", NAMES)
def test_no_part_is_left_unreached(name: str) -> None:
    assert list(_report(name).missed) == []


@pytest.mark.parametrize("name", NAMES)
def test_english_is_complete(name: str) -> None:
    compiled = release.compile(_files(name))
    assert compiled.flat["en"].keys() == compiled.flat["de"].keys()


@pytest.mark.parametrize(
    ("name", "file", "old", "new"),
    [
        (
            "bewohnerparkausweis",
            "decisions/gebuehr.dmn",
            b"<text>3070</text>",
            b"<text>3071</text>",
        ),
        ("bewohnerparkausweis", "documents/ausweis.typ", b"#c.texts.documents.ausweis.appeal", b""),
        (
            "hundesteuer-anmeldung",
            "lists/rassen.yaml",
            b"name: Rottweiler, liste: 2",
            b"name: Rottweiler, liste: 0",
        ),
        ("hundesteuer-anmeldung", "process.bpmn", b'"granted"', b'"refused"'),
        ("baugenehmigung", "process.bpmn", b">P28D<", b">P35D<"),
        (
            "baugenehmigung",
            "process.bpmn",
            b">P30D<",
            b">P40D<",
        ),
        ("baugenehmigung", "documents/genehmigung.typ", b"#modules()", b""),
        ("gewerbeanmeldung", "decisions/weiterleitung.dmn", b"<text>&gt; 0<", b"<text>&gt; 2<"),
        ("gewerbeanmeldung", "process.bpmn", b'outcome="rejected"', b'outcome="registered"'),
        ("infektionsschutzbelehrung", "assistant.yaml", b'== "sofort"', b'== "woche"'),
    ],
)
def test_the_cases_notice_a_mistake(name: str, file: str, old: bytes, new: bytes) -> None:
    files = dict(_files(name))
    assert old in files[file]
    files[file] = files[file].replace(old, new)
    assert not acceptance.run_all(release.compile(files)).passed


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_question_says_what_it_is_for(name: str, lang: str) -> None:
    compiled = release.compile(_files(name))
    fields = compiled.texts(lang)["fields"]
    asked = [field.id for _, field in compiled.assistant.fields() if field.is_input]
    assert [each for each in asked if not fields[each].get("purpose")] == []
    # What is made of parts (an address) has messages of its own for each of them.
    needed = [
        f.id for _, f in compiled.assistant.fields() if f.place and f.place.required and not f.parts
    ]
    without = [
        each for each in needed if each in asked and "required" not in fields[each].get("error", {})
    ]
    assert without == []
