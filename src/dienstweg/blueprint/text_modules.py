"""Text modules: paragraphs that a caseworker chooses, edits and puts into a decision.

They stand in the blueprint (blueprint.yaml `modules`, texts `modules.<id>.title` and `.text`), so
that an authority's legal department words them once. What is chosen is data of the task, and data
in the template: never Typst code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import filling
from dienstweg.blueprint.problems import Problem

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release
    from dienstweg.blueprint.sources import Sources

KEY = "modules"
"""Under this word the chosen modules stand in a task's data: [{"id": ..., "text": ...}]."""
FREE = "frei"
"""The id of a paragraph that the caseworker wrote without a module."""
MOST = 40
"""Modules in one decision."""
LONGEST = 5_000
"""Characters of one module."""


@dataclass(frozen=True, slots=True)
class TextModule:
    """One paragraph as it is offered: its text is filled in already."""

    id: str
    title: str
    text: str
    outcomes: tuple[str, ...]
    document: str


def offered(
    release: "Release", task: str, outcomes: Sequence[str], context: Mapping[str, Any]
) -> list[TextModule]:
    """Give the modules that fit a task and one of its outcomes, in the blueprint's order.

    `context` is what placeholders are filled from ("data", "case_number", ...). A module without
    `outcomes` or `tasks` fits all of them. Decisions are in German (section 23 VwVfG).
    """
    found = []
    for name, entry in release.manifest.get(KEY, {}).items():
        wanted = tuple(entry.get("outcomes", ()))
        if entry.get("tasks") and task not in entry["tasks"]:
            continue
        if wanted and not set(wanted) & set(outcomes):
            continue
        text = filling.fill(release, release.text("de", f"{KEY}.{name}.text"), context)
        title = release.text("de", f"{KEY}.{name}.title", default=name)
        found.append(TextModule(name, title, text, wanted, entry.get("document", "")))
    return found


def chosen(values: Mapping[str, Any], release: "Release", document: str) -> list[dict[str, Any]]:
    """Give the modules for a document that the tasks so far have chosen: id, title, paragraphs.

    `values` are the tasks' results by id, as a process knows them. What names no document, and what
    was written freely, stands in every decision.
    """
    known = release.manifest.get(KEY, {})
    found: list[dict[str, Any]] = []
    for task in values.values():
        data = task.get("data") if isinstance(task, Mapping) else None
        listed = data.get(KEY) if isinstance(data, Mapping) else None
        for each in (listed if isinstance(listed, list) else [])[:MOST]:
            if not isinstance(each, Mapping):
                continue
            name = str(each.get("id", FREE))
            if known.get(name, {}).get("document", document) != document:
                continue
            title = release.text("de", f"{KEY}.{name}.title", default="")
            text = str(each.get("text", ""))[:LONGEST]
            found.append({"id": name, "title": title, "paragraphs": paragraphs(text)})
    return found


def fits(release: "Release", name: str, task: str, outcome: str) -> bool:
    """Tell whether a module may be chosen in a task with an outcome; a free paragraph always."""
    entry = release.manifest.get(KEY, {}).get(name)
    if entry is None:
        return name == FREE
    tasks, outcomes = entry.get("tasks"), entry.get("outcomes")
    return (not tasks or task in tasks) and (not outcomes or outcome in outcomes)


def paragraphs(text: str) -> list[str]:
    """Split a text at its empty lines; line ends inside a paragraph stay."""
    blocks: list[list[str]] = [[]]
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block]


def check(release: "Release", sources: "Sources") -> list[Problem]:
    """Say which modules name documents, tasks, outcomes or texts that do not exist."""
    return list(_check(release, sources))


def _check(release: "Release", sources: "Sources") -> Iterator[Problem]:
    noted = sources.noted["blueprint.yaml"]
    asked = {
        element.id: set(element.own.get("outcomes", "").split())
        for element in release.process.diagram.elements.values()
        if element.kind == "userTask"
    }
    for name, entry in release.manifest.get(KEY, {}).items():
        yield from _texts(release, sources, name)
        document = entry.get("document")
        if document is not None and document not in release.documents:
            message = f"Der Textbaustein „{name}“ gehört zum Dokument „{document}“; das fehlt."
            yield noted.problem("unknown-document", message, KEY, name, "document")
        for task in entry.get("tasks", ()):
            if task not in asked:
                message = f"Die Aufgabe „{task}“ des Textbausteins „{name}“ gibt es nicht."
                yield noted.problem("unknown-task", message, KEY, name, "tasks")
        outcomes = set().union(*(asked.get(task, set()) for task in entry.get("tasks", asked)))
        for outcome in entry.get("outcomes", ()):
            if outcome not in outcomes:
                message = f"Das Ergebnis „{outcome}“ des Textbausteins „{name}“ gibt es nicht."
                yield noted.problem("unknown-outcome", message, KEY, name, "outcomes")


def _texts(release: "Release", sources: "Sources", name: str) -> Iterator[Problem]:
    noted = sources.noted["texts/de.yaml"]
    for part in ("title", "text"):
        if f"{KEY}.{name}.{part}" not in release.flat["de"]:
            message = f"Der Text „{KEY}.{name}.{part}“ fehlt."
            yield noted.problem("missing-text", message, KEY, remedy=f"Ergänzen: {noted.file}.")
    for path in filling.placeholders(release.text("de", f"{KEY}.{name}.text", "")):
        if path[0] not in filling.ROOTS:
            message = f"Den Platzhalter {{{'.'.join(path)}}} gibt es nicht."
            yield noted.problem("placeholder", message, KEY, name, severity="warning")
