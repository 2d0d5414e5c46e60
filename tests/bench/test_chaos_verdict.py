"""The judge of the crash test sees each kind of broken promise, and nothing in a clean run."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COMPLETE = [
    "case.submitted",
    "delivery.accepted",
    "receipt.written",
    "delivery.accepted",
    "case.closed",
]


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    from bench.chaos import verdict

    return sys.modules[verdict.__name__]


def told(**more: Any) -> list[dict[str, Any]]:
    return [{"event": "acknowledged", "turn": 0, "number": "LUV-1", **more}]


def taken(*keys: str) -> list[dict[str, Any]]:
    return [{"event": "accepted", "key": key, "reference": f"FV-{key}"} for key in keys]


@pytest.fixture
def judged(
    judge: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., list[str]]:
    def run(
        clients: list[dict[str, Any]],
        office: list[dict[str, Any]],
        *,
        names: list[str] = COMPLETE,
        numbers: tuple[str, ...] = ("LUV-1",),
        expected: int = 1,
        files: list[tuple[Any, ...]] | None = None,
        failed: list[tuple[str]] | None = None,
    ) -> list[str]:
        database = {
            judge._CASES: [(number, number.lower()) for number in numbers],
            judge._DELIVERIES: [
                ("a", "luv-1", 1, "accepted", "FV-a"),
                ("b", "luv-1", 2, "accepted", "FV-b"),
            ],
            judge._EVENTS: [("luv-1", name) for name in names],
            judge._FILES: files or [],
            judge._FAILED: failed or [],
        }
        monkeypatch.setattr(judge, "rows", lambda _server, statement: database[statement])
        found = judge.compare(None, clients, office, tmp_path, expected)
        return [one.partition(":")[0] for one in found.broken]

    return run


def test_a_clean_run_breaks_nothing(judged: Callable[..., list[str]]) -> None:
    assert judged(told(), taken("a", "b")) == []


def test_what_was_acknowledged_and_is_gone(judged: Callable[..., list[str]]) -> None:
    lost = [*told(), {"event": "acknowledged", "turn": 1, "number": "LUV-2"}]
    assert judged(lost, taken("a", "b"), expected=2) == ["acknowledged and missing"]
    assert judged(told(), taken("a", "b"), expected=2) == ["not acknowledged"]


def test_what_arrived_twice_or_too_early_or_never(judged: Callable[..., list[str]]) -> None:
    assert judged(told(), taken("a", "b", "a")) == ["accepted twice", "out of order within a case"]
    assert judged(told(), taken("b", "a")) == ["out of order within a case"]
    assert "deliveries without the office's receipt" in judged(told(), taken("a"))
    assert judged(told(), taken("a", "b", "c")) == ["taken without our knowledge"]


def test_a_case_for_which_nobody_asked(judged: Callable[..., list[str]]) -> None:
    broken = judged(told(), taken("a", "b"), numbers=("LUV-1", "LUV-2"))
    assert broken == ["cases too many", "incomplete timelines"]


@pytest.mark.parametrize("missing", range(len(COMPLETE)))
def test_a_timeline_with_a_gap(judged: Callable[..., list[str]], missing: int) -> None:
    names = COMPLETE[:missing] + COMPLETE[missing + 1 :]
    assert judged(told(), taken("a", "b"), names=names) == ["incomplete timelines"]


def test_a_case_closed_before_its_end(judged: Callable[..., list[str]]) -> None:
    names = [COMPLETE[0], COMPLETE[4], *COMPLETE[1:4]]
    assert judged(told(), taken("a", "b"), names=names) == ["incomplete timelines"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ({"event": "repeated", "number": "LUV-1", "again": "LUV-2"}, "another number"),
        ({"event": "forgotten", "turn": 0}, "saved and forgotten"),
        ({"event": "unexpected", "turn": 0}, "unexpected answers"),
        ({"event": "finished", "broken": {"500": 1, "503": 9}}, "errors of our own"),
    ],
)
def test_what_a_client_complains_of(
    judged: Callable[..., list[str]], line: dict[str, Any], what: str
) -> None:
    broken = judged([*told(), line], taken("a", "b"))
    assert len(broken) == 1
    assert broken[0].startswith(what)


def test_bytes_and_jobs_that_are_gone(judged: Callable[..., list[str]]) -> None:
    from uuid import uuid4

    assert judged(told(), taken("a", "b"), files=[(uuid4(), uuid4())]) == [
        "documents without bytes"
    ]
    assert judged(told(), taken("a", "b"), failed=[("x.y",)]) == ["jobs given up"]
