"""Sources of documents: contexts are complete, templates stay in their folder."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from dienstweg.blueprint import documents
from dienstweg.blueprint.documents import check, parse, source
from dienstweg.blueprint.problems import Invalid


def codes(text: str) -> list[tuple[str, int | None]]:
    """The codes and lines of what is wrong with a template."""
    return [(each.code, each.line) for each in check({"documents/a.typ": text.encode()})]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('\n#import "@preview/cetz:0.3.4"', "document-package"),
        ('\n#import"@local/x:1.0.0"', "document-package"),
        ('\n#include "/etc/passwd"', "document-path"),
        ('\n#read("../../secret")', "document-path"),
        ('\n#image("/fehlt.png")', "document-path"),
        ('\n#json( "x.json" )', "document-path"),
        ('\n#plugin("x.wasm")', "document-path"),
    ],
)
def test_what_leads_outside_is_refused_at_its_line(text: str, code: str) -> None:
    found = codes(text)
    assert (code, 2) in found
    with pytest.raises(Invalid):
        parse({"documents/a.typ": text.encode()})


@pytest.mark.parametrize(
    "text",
    [
        '#import "/letter.typ": letter',
        '#import "letter.typ": letter',
        '// #import "@preview/x:1.0.0"',
        '/* #read("/etc/passwd") */',
        '#link("https://example.org")[x]',
        '#include "b.typ"',
    ],
)
def test_what_stays_inside_is_allowed(text: str) -> None:
    assert check({"documents/a.typ": text.encode(), "documents/b.typ": b"x"}) == []


def test_other_files_and_encodings_are_refused() -> None:
    assert [each.code for each in check({"documents/a.exe": b"x"})] == ["document-file"]
    assert [each.code for each in check({"documents/a.typ": b"\xff"})] == ["encoding"]


def test_the_receipt_is_always_there_and_can_be_replaced() -> None:
    assert "Eingangsbestätigung" in parse({})["receipt"].text
    assert parse({"documents/receipt.typ": b"Meine"})["receipt"].text == "Meine"


def test_who_takes_part_is_given_to_what_names_it_by_itself_or_by_a_neighbour() -> None:
    found = parse(
        {
            "documents/a.typ": b"#c.parties.len()",
            "documents/b.typ": b'#import "c.typ": all',
            "documents/c.typ": b'#include "/d.typ"',
            "documents/d.typ": b"#for one in c.parties [x]",
            "documents/e.typ": b"Nur du",
        }
    )
    assert {name for name, each in found.items() if each.parties} == {"a", "b", "c", "d"}
    own_letter = parse({"documents/letter.typ": b"#let letter = c.parties"})
    assert own_letter["receipt"].parties, "ours is set on the blueprint's letter, too"


MANIFEST = b"""documents:
  bescheid: {title: B, kind: decision, recipient: ["=data.name", "=data.fehlt", "='Ort'"]}
"""


def release() -> Any:
    """What a source needs of a release."""
    files = {
        "blueprint.yaml": MANIFEST,
        "documents/bescheid.typ": b"x",
        "documents/logo.svg": b"<svg/>",
    }
    return SimpleNamespace(
        manifest={},
        id="probe",
        files=files,
        documents=parse(files),
        lists={},
        text=lambda lang, key, default=None: f"{lang}:{key}",
        texts=lambda lang: {"lang": lang},
    )


def context(name: str, **given: Any) -> dict[str, Any]:
    """The context that a template would see."""
    import json

    found: dict[str, Any] = json.loads(
        source(release(), name, {"date": "2026-03-02", **given}).inputs["context"]
    )
    return found


def test_decisions_are_in_german_and_other_documents_in_the_applicants_language() -> None:
    assert context("bescheid", lang="uk")["texts"] == {"lang": "de"}
    assert context("receipt", lang="uk")["texts"] == {"lang": "uk"}
    assert context("receipt", lang="uk")["title"] == "uk:documents.receipt.title"


def test_the_address_window_comes_from_the_data() -> None:
    found = context("bescheid", application={"name": "Ayşe"})
    assert found["recipient"] == ["Ayşe", "Ort"]
    assert context("bescheid", recipient=["Post"])["recipient"] == ["Post"]


def test_a_template_finds_every_key() -> None:
    found = context("receipt")
    for key in ("case_number", "application", "decision", "task", "report", "outcome", "reason"):
        assert key in found
    known = context("receipt", data={"decision": {"g": {"x": 1}}, "task": {"t": {}}})
    assert known["decision"] == {"g": {"x": 1}}
    assert known["task"] == {"t": {}}


def test_rows_may_be_flat_or_in_sections() -> None:
    row = {"label": "L", "text": ""}
    assert context("receipt", rows=[row])["rows"] == [
        {"title": None, "rows": [{"label": "L", "text": "–"}]}
    ]
    assert context("receipt", rows=[{"title": "T", "rows": [row]}])["rows"][0]["title"] == "T"


@pytest.mark.parametrize(
    ("given", "day", "stamp"),
    [
        ("2026-03-02", "2026-03-02", 1772406000),
        (datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "2026-03-03", 1772494200),
    ],
)
def test_the_time_of_writing_is_given(given: Any, day: str, stamp: int) -> None:
    made = source(release(), "receipt", {"date": given})
    assert made.timestamp == stamp
    assert context("receipt", date=given)["date"] == day


@pytest.mark.parametrize("given", [None, 5, "bald"])
def test_without_a_time_nothing_is_written(given: Any) -> None:
    with pytest.raises(ValueError, match=r"date|isoformat"):
        source(release(), "receipt", {"date": given})


def test_unknown_documents_are_a_key_error() -> None:
    with pytest.raises(KeyError):
        source(release(), "nie", {"date": "2026-03-02"})


def test_our_templates_pass_their_own_check() -> None:
    files = {f"documents/{name}": content for name, content in documents.built_in().items()}
    assert check(files) == []
    assert {"letter.typ", "receipt.typ"} <= documents.built_in().keys()
