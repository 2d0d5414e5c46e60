"""Text modules, task forms, how to appeal, and looking ahead: what a decision is made of."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import decided_blueprint
from dienstweg.blueprint import (
    appeals,
    check,
    documents,
    foreseeing,
    pages,
    process,
    task_forms,
    text_modules,
    verification,
)
from dienstweg.blueprint.pdftext import text_of
from dienstweg.blueprint.typesetter import Typesetter

NOW = datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Europe/Berlin"))
CONTEXT: dict[str, Any] = {"data": {"name": "Änne"}, "case_number": "KRA-1"}


@pytest.fixture(scope="module")
def made() -> Any:
    return decided_blueprint.compiled()


@pytest.fixture(scope="module")
def typesetter() -> Any:
    with Typesetter(deadline=20) as kept:
        yield kept


def problems(change: Any) -> set[str]:
    files = dict(decided_blueprint.files())
    change(files)
    return {one.code for one in check.check(files, cases=False) if one.severity == "error"}


def edited(file: str, old: str, new: str) -> Any:
    def change(files: dict[str, bytes]) -> None:
        assert old.encode() in files[file]
        files[file] = files[file].replace(old.encode(), new.encode())

    return change


def test_the_blueprint_is_sound() -> None:
    assert not problems(lambda files: None)


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("blueprint.yaml", "document: bescheid}", "document: fehlt}", "unknown-document"),
        ("blueprint.yaml", "tasks: [pruefen]", "tasks: [fehlt]", "unknown-task"),
        ("blueprint.yaml", "outcomes: [refused]", "outcomes: [nie]", "unknown-outcome"),
        ("texts/de.yaml", '{title: Frist, text: "Dies', '{text: "Dies', "missing-text"),
        ("texts/de.yaml", "frist: {label: Gültig bis}", "frist: {hint: x}", "missing-text"),
        ("blueprint.yaml", "tasks:\n", "tasks:\n  nie: {reason: []}\n", "unknown-task"),
        ("blueprint.yaml", "format: date}", "format: date, x-kind: nie}", "widget"),
        ("process.bpmn", 'form="frist zahl"', 'form="frist fehlt"', "bpmn-reference"),
        (
            "blueprint.yaml",
            "    fields:\n",
            "    fields:\n      ergebnis: {schema: {type: string, maxLength: 9}}\n",
            "reserved",
        ),
        (
            "blueprint.yaml",
            "zahl: {schema: {type: integer, minimum: 1, maximum: 9}}",
            "zahl: {schema: {type: string, x-file: {max_bytes: 9, types: [pdf]}}}",
            "widget",
        ),
    ],
)
def test_what_does_not_fit_is_said(file: str, old: str, new: str, code: str) -> None:
    assert code in problems(edited(file, old, new))


def test_modules_are_offered_by_task_and_outcome_and_filled_in(made: Any) -> None:
    offered = text_modules.offered(made, "pruefen", ["granted", "refused"], CONTEXT)
    assert [one.id for one in offered] == ["hof", "frist-setzen", "ablehnung"]
    assert offered[0].text == "Der Hof von Änne ist frei zu halten."
    assert [one.id for one in text_modules.offered(made, "andere", ["refused"], CONTEXT)] == [
        "ablehnung"
    ]


@pytest.mark.parametrize(
    ("name", "outcome", "fits"),
    [
        ("hof", "granted", True),
        ("hof", "refused", False),
        ("frei", "refused", True),
        ("fehlt", "granted", False),
    ],
)
def test_what_fits_a_decision(made: Any, name: str, outcome: str, fits: bool) -> None:
    assert text_modules.fits(made, name, "pruefen", outcome) is fits


def test_a_reason_is_needed_where_the_blueprint_says_so_or_says_nothing(made: Any) -> None:
    assert task_forms.needs_reason(made, "pruefen", "refused")
    assert not task_forms.needs_reason(made, "pruefen", "granted")
    assert task_forms.needs_reason(made, "andere", "granted")


def test_a_form_has_what_the_process_asks_for(made: Any) -> None:
    form = task_forms.form(made, "pruefen", ["zahl"])
    assert form is not None
    assert [one.id for one in form.assistant.page[task_forms.PAGE].fields] == ["zahl"]
    assert task_forms.form(made, "pruefen", []) is None
    assert task_forms.form(made, "pruefen", ["fehlt"]) is None
    taken = pages.take(
        form,
        task_forms.PAGE,
        {"data": {}, "raw": {}, "seen": []},
        {"zahl": ["7"]},
        today=date(2026, 11, 22),
    )
    assert pages.application(form, taken.answers, today=date(2026, 11, 22)) == {"zahl": 7}


@given(st.text(max_size=400))
def test_paragraphs_keep_every_word(text: str) -> None:
    found = text_modules.paragraphs(text)
    assert all(one.strip() for one in found)
    kept = " ".join("\n".join(found).split())
    assert kept == " ".join(text.replace("\r\n", "\n").split())


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet=st.sampled_from('#$*_`"\\[]{}()<>@-=/~\n a'), min_size=1, max_size=80))
def test_what_is_chosen_is_never_read_as_typst(
    made: Any, typesetter: Typesetter, text: str
) -> None:
    task = {"data": {"frist": "2027-01-31", "modules": [{"id": "frei", "text": text}]}}
    context = {
        "date": NOW, "application": {"name": text}, "reason": text,
        "data": {"task": {"pruefen": task}},
    }  # fmt: skip
    shown = text_of(typesetter.pdf(documents.source(made, "bescheid", context)))
    for line in text.split("\n"):
        words = line.strip().removeprefix("- ").split()
        assert all(word in shown for word in words if word != "-")


def test_an_unknown_shape_of_chosen_modules_is_left_out(made: Any) -> None:
    for odd in (None, "x", [1, None], [{"id": "frei"}], {"modules": 3}, {"modules": [{}, "x"]}):
        assert all(
            not one["paragraphs"]
            for one in text_modules.chosen({"pruefen": {"data": odd}}, made, "bescheid")
        )
    assert text_modules.chosen({"pruefen": "x"}, made, "bescheid") == []


def test_an_appeal_names_remedy_place_seat_and_period() -> None:
    (own,) = appeals.notice("Stadt A", ["Ring 1", "12345 A"])
    for part in ("innerhalb eines Monats", "Widerspruch", "Stadt A, Ring 1, 12345 A"):
        assert part in own
    (court,) = appeals.notice("Stadt A", [], {"way": "court", "court": ["VG B", "12345 B"]})
    assert "Klage beim VG B, 12345 B" in court
    assert appeals.notice("A", [], {"text": "Eins.\n\nZwei."}) == ["Eins.", "Zwei."]
    with pytest.raises(appeals.IncompleteAppeal):
        appeals.notice("A", [], {"way": "court", "court": ["VG B"]})


def test_a_code_is_shown_with_the_page_and_as_a_picture() -> None:
    shown = verification.verification("AAAA-BBBB", "https://a.example/pruefen")
    assert shown["url"] == "a.example/pruefen"
    assert shown["qr"].startswith("<svg")
    assert shown["qr"] != verification.qr("https://a.example/pruefen/AAAA-BBBC")


def test_looking_ahead_says_what_would_be_written_and_moves_nothing(made: Any) -> None:
    facts = {"case_number": "KRA-1", "submitted_at": NOW.isoformat()}
    known: dict[str, Any] = {"application": {"name": "Änne"}, "facts": facts, "now": NOW}
    begun = process.step(made, None, process.Submitted(), **known)
    before = repr(begun.state)
    yes = process.TaskCompleted("pruefen", "granted", {"frist": "2027-01-31"}, "Weil.")
    (found,) = foreseeing.written(made, begun.state, yes, **known)
    assert found.document == "bescheid"
    assert found.data["reason"] == "Weil."
    no = process.TaskCompleted("pruefen", "refused", {}, "Nein.")
    assert foreseeing.written(made, begun.state, no, **known) == []
    assert repr(begun.state) == before


def test_a_letter_without_a_code_shows_none(typesetter: Typesetter) -> None:
    rel = SimpleNamespace(
        id="x", files={}, manifest={}, lists={}, documents=documents.parse({}),
        text=lambda _lang, _key, default=None: default, texts=lambda _lang: {},
    )  # fmt: skip
    plain = text_of(typesetter.pdf(documents.source(rel, "receipt", {"date": NOW})))
    assert "Prüfcode" not in plain
    assert "ENTWURF" not in plain
