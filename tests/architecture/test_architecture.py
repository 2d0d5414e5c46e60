"""What the floor plan demands and the import linter cannot see."""

import ast
import configparser
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

import dienstweg

SOURCE = Path(dienstweg.__file__).parent
ROOT = SOURCE.parents[1]

FILE_LINES = 400
FUNCTION_LINES = 50

CLOCK = {"kernel/clock.py", "kernel/references.py"}
"""Files that may ask what time it is: the clock, and the ids' order (see the comment there)."""
OUTSIDE = {"simulators"}
"""Doubles of foreign systems: programs of their own, with clocks of their own."""
TIMES = {
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.asctime",
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today",
    "datetime.date.today", "timezone.now", "timezone.localtime", "timezone.localdate",
}  # fmt: skip


@cache
def sources() -> dict[str, ast.Module]:
    """Return the syntax tree of every module of ours that people write, by its path."""
    found = sorted(SOURCE.rglob("*.py"))
    return {
        str(path.relative_to(SOURCE)): ast.parse(path.read_text(encoding="utf-8"))
        for path in found
        if "migrations" not in path.parts
    }


def floors() -> list[set[str]]:
    """Return the rooms of the floor plan, the highest floor first."""
    plan = configparser.ConfigParser()
    plan.read(ROOT / ".importlinter", encoding="utf-8")
    lines = plan["importlinter:contract:floors"]["layers"].splitlines()
    rows = [line.split("#")[0] for line in lines]
    return [{name.strip(" ()") for name in re.split(r"[|:]", row)} for row in rows if row.strip()]


def dotted(node: ast.AST) -> str:
    """Return ``a.b.c`` for a chain of attributes, else nothing."""
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else ""
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def test_foreign_keys_point_downwards():
    height = {room: at for at, floor in enumerate(reversed(floors())) for room in floor}
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        for field in model._meta.fields:
            target = field.remote_field.model._meta.app_label if field.remote_field else room
            if room not in height or target == room:
                continue
            if target not in height or height[target] >= height[room]:
                wrong.append(f"{model._meta.db_table}.{field.name} -> {target}")
    assert not wrong
    assert {model._meta.app_label for model in apps.get_models()} & height.keys(), "read nothing"


def test_every_room_with_tables_stands_in_the_floor_plan():
    known = set().union(*floors())
    ours = {
        config.label for config in apps.get_app_configs() if config.name.startswith("dienstweg")
    }
    assert ours <= known


def known_jobs() -> frozenset[str]:
    from dienstweg.events.job import known_jobs

    return known_jobs()


def test_every_job_of_the_journey_exists():
    journey = import_module(settings.DIENSTWEG_JOURNEY)
    named = {job for jobs in journey.AFTER.values() for job in jobs}
    assert named, "the journey is empty"
    assert named - known_jobs() == set()


def jobs_named() -> set[tuple[str, str]]:
    """Return every job that code defers or makes due by name, with the file that does."""
    found = set()
    for path, tree in sources().items():
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for name, call in calls(tree):
            last = name.rpartition(".")[2]
            given = [call.args[0]] if last in {"defer", "job"} and call.args else []
            if last in {"due", "no_longer_due", "due_at", "Order", "defer"}:
                given += [word.value for word in call.keywords if word.arg == "job"]
            for node in given:
                value = node.value if isinstance(node, ast.Constant) else None
                if isinstance(node, ast.Name):
                    value = constants.get(node.id)
                if isinstance(value, str) and "." in value:
                    found.add((value, path))
    return found


def test_every_job_that_is_deferred_by_name_exists():
    named = jobs_named()
    assert ("cases.settle_task", "cases/actions/tasks.py") in named, "constants are not followed"
    unknown = {one for one in named if one[0] not in known_jobs()}
    assert not unknown


def test_a_job_is_named_after_its_room():
    for path, tree in sources().items():
        for name, call in calls(tree):
            if name == "job" and call.args and isinstance(call.args[0], ast.Constant):
                assert str(call.args[0].value).partition(".")[0] == path.split("/")[0], path


def test_only_the_clock_asks_what_time_it_is():
    askers = {
        f"{path}:{call.lineno} {name}"
        for path, tree in sources().items()
        if path not in CLOCK and path.split("/")[0] not in OUTSIDE
        for name, call in calls(tree)
        if name in TIMES
    }
    assert not askers


def test_the_clock_itself_would_be_found():
    found = {name for path in CLOCK for name, _ in calls(sources()[path])}
    assert found & TIMES == {"datetime.now", "time.time_ns"}


def test_nobody_imports_the_time_under_another_name():
    hidden = {
        f"{path}:{node.lineno}"
        for path, tree in sources().items()
        if path.split("/")[0] not in OUTSIDE
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (
            (node.module == "time" and {one.name for one in node.names} - {"monotonic", "sleep"})
            or any(one.asname for one in node.names if node.module == "datetime")
        )
    }
    assert not hidden


def test_files_are_short():
    long = {
        path: count
        for path in sources()
        if (count := len((SOURCE / path).read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }
    assert not long


def test_functions_are_short():
    long = [
        f"{path}:{node.lineno} {node.name} {lines}"
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not long


def test_every_room_says_why_it_exists():
    silent = [
        path
        for path, tree in sources().items()
        if path.endswith("__init__.py") and not ast.get_docstring(tree)
    ]
    assert not silent


def test_public_functions_say_what_they_do():
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in sources().items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_there_are_no_drawers_for_everything():
    drawers = {"utils", "helpers", "common", "core", "base", "services", "managers", "misc"}
    found = [path for path in sources() if drawers & set(re.split(r"[/.]", path))]
    assert not found


def test_django_signals_are_not_used():
    users = [
        path
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "signals" in (node.module or "")
    ]
    assert not users


FRONT = {"actions", "queries", "port", "facts", "errors", "reactions"}
OPEN = {"authorities": FRONT | {"scope"}, "events": FRONT | {"job"}}
PURE = {"blueprint", "standards", "kernel", "design"}


def test_rooms_are_entered_by_their_front_doors():
    """Another room's models and rules are its own; surfaces and start-up use front doors too."""
    rooms = {config.label for config in apps.get_app_configs()} - PURE
    wrong = []
    for path, tree in sources().items():
        own = path.split("/")[0]
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("dienst"):
                continue
            parts = str(node.module).split(".")[1:]
            room = parts[0] if parts else ""
            if room not in rooms or room == own or own in {"config", "journey.py"}:
                continue
            doors = {parts[1]} if len(parts) > 1 else {one.name for one in node.names}
            if doors - OPEN.get(room, FRONT) and room != "reception":
                wrong.append(f"{path}: {node.module} {sorted(doors)}")
    assert not wrong


def test_nobody_shows_the_way_past_the_walls():
    """Only the rooms of shared tables may leave the scoped manager."""
    past = [
        f"{path}:{node.lineno}"
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"_base_manager", "_default_manager"}
    ]
    assert not past


@pytest.mark.parametrize("name", ["DIENSTWEG_JOURNEY"])
def test_what_is_found_by_name_is_there(name):
    assert import_module(getattr(settings, name))
