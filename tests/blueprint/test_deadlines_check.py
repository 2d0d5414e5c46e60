"""What is refused of the legal periods in blueprint.yaml, and where."""

import json
from typing import Any

import pytest

import small_blueprint
from dienstweg.blueprint import deadlines, release
from dienstweg.blueprint.check import check

GOOD: dict[str, Any] = {
    "period": "P3M",
    "law": "§ 42a VwVfG",
    "remind": ["P14D"],
    "suspended_by": ["correction"],
}


def files(**words: Any) -> dict[str, bytes]:
    found = dict(small_blueprint.files())
    line = json.dumps({"entscheidung": {**GOOD, **words}})
    found["blueprint.yaml"] += f"deadlines: {line}\n".encode()
    found["texts/de.yaml"] += b'deadlines: {entscheidung: {title: "Entscheidung"}}\n'
    return found


def problems(content: dict[str, bytes]) -> list[tuple[str, str | None]]:
    return [(one.code, one.file) for one in check(content, cases=False) if one.severity == "error"]


def test_a_good_one_is_read() -> None:
    assert problems(files()) == []
    rule = deadlines.rules(release.compile(files()))["entscheidung"]
    assert (rule.period, rule.law) == (deadlines.Period(months=3), "§ 42a VwVfG")
    assert (rule.starts, rule.on_end, rule.working) == ("submitted", "nothing", False)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"period": "3 months"}, "schema-pattern"),
        ({"period": "P0D"}, "deadline-period"),
        ({"period": "P1M", "days": "working"}, "deadline-period"),
        ({"period": "P10D"}, "deadline-mark"),
        ({"escalate": {"before": "P4M", "role": "leitung"}}, "deadline-mark"),
        ({"escalate": {"before": "P3D", "role": "leitung"}}, "unknown-role"),
        ({"complete_when": {"task": "pruefen", "outcome": "ja"}}, "unknown-reference"),
        ({"met_by": ["nichts"]}, "unknown-reference"),
        ({"on_end": "deemed"}, "deadline-without-timer"),
        ({"suspended_by": ["laune"]}, "schema-enum"),
    ],
)
def test_what_cannot_be_is_refused(words: dict[str, Any], code: str) -> None:
    found = problems(files(**words))
    assert (code, "blueprint.yaml") in found, found


def test_its_name_must_be_told() -> None:
    content = files()
    content["texts/de.yaml"] = dict(small_blueprint.files())["texts/de.yaml"]
    assert problems(content) == [("missing-text", "blueprint.yaml")]
