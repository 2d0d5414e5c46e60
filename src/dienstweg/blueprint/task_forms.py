"""What a task asks of a caseworker besides its outcome: fields of blueprint.yaml `tasks`.

They are fields like an applicant's: the same kinds, conditions, messages and widgets. A task's form
is a small release of one page, so that `pages.view`, `pages.take` and `pages.application` serve it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.assistant import Assistant, Reader
from dienstweg.blueprint.data_schema import compile_schema, skeleton
from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.order import order
from dienstweg.blueprint.problems import Invalid, Problem

if TYPE_CHECKING:
    from dienstweg.blueprint.data_schema import DataSchema
    from dienstweg.blueprint.release import Release
    from dienstweg.blueprint.sources import Sources

PAGE = "aufgabe"
"""The one page of a task's form."""
_REFUSED = frozenset(["file", "search"])
"""Widgets that need an address of their own; a caseworker attaches files to the case instead."""

TAKEN = frozenset(["ergebnis", "begruendung", "handlung", "csrfmiddlewaretoken"])
"""Names that the desk's own inputs have in the same form."""
_WORDS = frozenset(["required", "when", "widget", "width", "options", "allowed"])


def fields_of(release: "Release", task: str) -> Mapping[str, Any]:
    """Give the raw fields of a task by key; a task without any has none."""
    found: Mapping[str, Any] = (
        release.manifest.get("tasks", {}).get(task, {}).get("fields", {}) or {}
    )
    return found


def needs_reason(release: "Release", task: str, outcome: str) -> bool:
    """Tell whether an outcome of a task needs a reason in words (section 39 VwVfG)."""
    needed = release.manifest.get("tasks", {}).get(task, {}).get("reason")
    return needed is None or outcome in needed


def form(release: "Release", task: str, keys: Sequence[str]) -> "Release | None":
    """Give the form of a task with the fields that the process asks for; None without any."""
    known = fields_of(release, task)
    wanted = tuple(key for key in keys if key in known)
    return _form(release, task, wanted) if wanted else None


@lru_cache(maxsize=64)
def _form(release: "Release", task: str, keys: tuple[str, ...]) -> "Release":
    schema, assistant, problems = _read(release, task, keys)
    if problems or schema is None:
        raise Invalid(problems)
    start = f"tasks.{task}.fields."
    flat = {
        lang: {
            **texts,
            **{
                "fields." + key.removeprefix(start): text
                for key, text in texts.items()
                if key.startswith(start)
            },
        }
        for lang, texts in release.flat.items()
    }
    return replace(
        release,
        schema=schema,
        assistant=assistant,
        order=order(assistant, {}),
        empty=skeleton(schema.root),
        flat=flat,
    )


def _read(
    release: "Release", task: str, keys: Sequence[str]
) -> "tuple[DataSchema | None, Assistant, list[Problem]]":
    raw = fields_of(release, task)
    root = {"type": "object", "properties": {key: raw[key]["schema"] for key in keys}}
    try:
        schema = compile_schema(Noted("blueprint.yaml", root, {}))
    except Invalid as invalid:
        return None, Assistant((), {}, {}, {}), list(invalid.problems)
    listed = [
        {"id": key, "at": f"/{key}", **{word: raw[key][word] for word in _WORDS & raw[key].keys()}}
        for key in keys
    ]
    noted = Noted("blueprint.yaml", {"pages": [{"id": PAGE, "fields": listed}]}, {})
    reader = Reader(noted, schema, release.lists)
    return schema, reader.read(), reader.problems


def check(release: "Release", sources: "Sources") -> list[Problem]:
    """Say what is wrong with the fields of tasks; whether one that is asked for is there says
    `process.check`.

    A caseworker cannot be asked for files here: they are attached to the case.
    """
    return list(_check(release, sources))


def _check(release: "Release", sources: "Sources") -> Iterator[Problem]:
    noted = sources.noted["blueprint.yaml"]
    elements = release.process.diagram.elements
    for task in release.manifest.get("tasks", {}):
        if task not in elements:
            message = f"Die Aufgabe „{task}“ gibt es im Ablauf nicht."
            yield noted.problem("unknown-task", message, "tasks", task)
        known = fields_of(release, task)
        _, assistant, problems = _read(release, task, tuple(known))
        for problem in problems:
            yield noted.problem(problem.code, problem.message, "tasks", task, "fields")
        for field in assistant.field.values():
            where = ("tasks", task, "fields", field.id)
            if field.id in TAKEN:
                message = f"„{field.id}“ heißt schon eine Eingabe am Arbeitsplatz."
                yield noted.problem("reserved", message, *where, remedy="Ändern Sie den Namen.")
            if field.widget in _REFUSED:
                message = f"Das Feld „{field.id}“ lässt sich in einer Aufgabe nicht fragen."
                yield noted.problem("widget", message, *where)
            if f"tasks.{task}.fields.{field.id}.label" not in release.flat["de"]:
                message = f"Der Text „tasks.{task}.fields.{field.id}.label“ fehlt."
                yield noted.problem("missing-text", message, *where)
