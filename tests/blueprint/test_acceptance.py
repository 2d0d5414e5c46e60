"""Acceptance cases: ours pass for real, and every kind of deviation is seen."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dienstweg.blueprint import acceptance, release
from dienstweg.blueprint.acceptance import Case, contained
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.typesetter import Typesetter

SERVICES = Path(__file__).parents[2] / "leistungen"


def files(name: str) -> dict[str, bytes]:
    """The files of a blueprint that we ship."""
    return {
        each.relative_to(SERVICES / name).as_posix(): each.read_bytes()
        for each in (SERVICES / name).rglob("*")
        if each.is_file()
    }


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    """One child for all."""
    with Typesetter(deadline=30) as kept:
        yield kept


@pytest.fixture(scope="module")
def parking() -> Release:
    """The parking permit."""
    return release.compile(files("bewohnerparkausweis"))


@pytest.fixture(scope="module")
def case(parking: Release) -> Case:
    """Its first case: granted at once."""
    return acceptance.load(parking.files)[0]


@pytest.mark.parametrize("name", ["bewohnerparkausweis", "hundesteuer-anmeldung"])
def test_the_cases_of_our_blueprints_pass_and_reach_nearly_everything(
    name: str, typesetter: Typesetter
) -> None:
    report = acceptance.run_all(release.compile(files(name)), typesetter)
    assert [
        (result.file, result.deviations) for result in report.results if not result.passed
    ] == []
    assert len(report.results) >= 12
    assert report.passed
    assert len(report.missed) <= 3, report.missed
    assert all(problem.severity == "warning" for problem in report.problems())


def changed(case: Case, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Case:
    """A copy of a case with other answers or expectations."""
    answers, expect = copy.deepcopy(dict(case.answers)), copy.deepcopy(dict(case.expect))
    change(answers, expect)
    return replace(case, answers=answers, expect=expect)


CHANGES: list[tuple[Callable[[dict[str, Any], dict[str, Any]], Any], str]] = [
    (lambda _a, e: e["pages"].pop(), "Seiten: erwartet"),
    (lambda _a, e: e.update(problems={"person": {"vorname": "required"}}), "required bei vorname"),
    (lambda a, _e: a["person"].update(vorname=""), "unerwartete Meldung required bei vorname"),
    (lambda a, _e: a.update(nie={}), "Die Seite nie gibt es nicht"),
    (lambda a, _e: a["person"].update(nie="x"), "Das Feld nie gibt es auf person nicht"),
    (lambda _a, e: e["values"].update(gebuehr_betrag="1 €"), "Feld gebuehr_betrag: erwartet"),
    (lambda _a, e: e["application"]["zone"].update(kuerzel="Q"), "Antrag/zone/kuerzel: erwartet"),
    (lambda _a, e: e["process"][0]["expect"].update(amount=1), "Schritt 1: amount: erwartet 1"),
    (lambda _a, e: e["process"][0]["expect"].update(intents=[]), "Schritt 1: intents"),
    (lambda _a, e: e["process"][0]["expect"].update(unfug=1), "unfug kann man nicht erwarten"),
    (lambda _a, e: e["process"][0].update(event={"delivery": "x"}), "Auf deliver wird nicht"),
    (lambda _a, e: e["process"][0].update(event={"unfug": 1}), "gibt es nicht"),
    (lambda _a, e: e["process"].pop(), "") ,
    (lambda _a, e: e["documents"]["ausweis"]["contains"].append("Quatsch"), "'Quatsch' fehlt"),
    (lambda _a, e: e["documents"]["ausweis"].update(lacks=["Zone A"]), "darf nicht darin stehen"),
    (lambda _a, e: e["documents"].update(ablehnung={}), "ablehnung wurde nicht geschrieben"),
    (lambda _a, e: e.update(messages=["abgelehnt"]), "Nachrichten: erwartet abgelehnt"),
    (lambda _a, e: e["deliveries"][0]["contains"].update(zone="Q"), "Übergabe standard/zone"),
    (lambda _a, e: e.update(deliveries=[]), "Übergaben: 0 erwartet"),
    (lambda _a, e: e.update(outcome="refused"), "Ergebnis: erwartet refused"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_a_deviation_is_said(
    parking: Release, case: Case, typesetter: Typesetter, change: Any, words: str
) -> None:
    result = acceptance.run(parking, changed(case, change), typesetter)
    if not words:
        assert result.passed, "what a case does not name is not compared"
        return
    assert not result.passed
    assert any(words in text for text in result.deviations), result.deviations


def test_a_template_that_cannot_be_set_fails_its_cases(case: Case, typesetter: Typesetter) -> None:
    broken = files("bewohnerparkausweis")
    broken["documents/ausweis.typ"] += b"\n#nichts"
    result = acceptance.run(release.compile(broken), case, typesetter)
    assert any("Das Dokument ausweis lässt sich nicht setzen" in each for each in result.deviations)


def test_what_no_case_reaches_is_named(parking: Release, typesetter: Typesetter) -> None:
    only = {
        name: content
        for name, content in parking.files.items()
        if not name.startswith("cases/") or name.startswith("cases/01")
    }
    report = acceptance.run_all(release.compile(only), typesetter)
    assert report.passed
    for text in (
        "Element pruefen des Ablaufs",
        "Dokument ablehnung",
        "Nachricht abgelehnt",
        "Zeile 2 (zeile-2) der Entscheidung gebuehr",
    ):
        assert text in report.missed
    assert "Dokument ausweis" not in report.missed


def test_no_cases_are_no_success(parking: Release, typesetter: Typesetter) -> None:
    none = {name: text for name, text in parking.files.items() if not name.startswith("cases/")}
    assert not acceptance.run_all(release.compile(none), typesetter).passed


@pytest.mark.parametrize(
    ("wanted", "actual", "count"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, 0),
        ({"a": 1}, {"b": 2}, 1),
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 2, "d": 3}]}}, 0),
        ([1], [1, 2], 1),
        (True, 1, 1),
        (None, None, 0),
        ({"a": 1}, [1], 1),
    ],
)
def test_parts_are_compared(wanted: Any, actual: Any, count: int) -> None:
    assert len(list(contained(wanted, actual, "x"))) == count
