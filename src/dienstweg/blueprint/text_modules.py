"""Text modules: paragraphs that a caseworker chooses, edits and puts into a decision.

They stand in the blueprint (blueprint.yaml `modules`, texts `modules.<id>.title` and `.text`), so
that an authority's legal department words them once. What is chosen is data of the task, and data
in the template: never Typst code.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import filling, items
from dienstweg.blueprint.problems import Problem

if TYPE_CHECKING:
    from dienstweg.blueprint.notation import Noted
    from dienstweg.blueprint.release import Release
    from dienstweg.blueprint.sources import Sources

KEY = "modules"
"""Under this word the chosen modules stand in a task's data: [{"id": ..., "text": ...}]."""
FREE = "frei"
"""The id of a paragraph that the caseworker wrote without a module."""
OF = ":"
"""Between the id of a module and the key of the task whose reason it takes over."""
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


@dataclass(frozen=True, slots=True)
class Opinion:
    """How another task of the case was decided, and why; `item` is what it was about."""

    key: str
    task: str
    outcome: str
    reason: str
    item: Any = None


def offered(
    release: "Release",
    task: str,
    outcomes: Sequence[str],
    context: Mapping[str, Any],
    said: Sequence[Opinion] = (),
) -> list[TextModule]:
    """Give the modules that fit a task and one of its outcomes, in the blueprint's order.

    `context` is what placeholders are filled from ("data", "case_number", ...). A module without
    `outcomes` or `tasks` fits all of them. One that comes `from` another task stands there once
    for each time that was decided, out of `said`. Decisions are in German (section 23 VwVfG).
    """
    found = []
    for name, entry in release.manifest.get(KEY, {}).items():
        wanted = tuple(entry.get("outcomes", ()))
        if entry.get("tasks") and task not in entry["tasks"]:
            continue
        if wanted and not set(wanted) & set(outcomes):
            continue
        title = release.text("de", f"{KEY}.{name}.title", default=name)
        module = TextModule(name, title, "", wanted, entry.get("document", ""))
        if "from" in entry:
            found += _taken_over(release, module, entry["from"], context, said)
            continue
        text = filling.fill(release, release.text("de", f"{KEY}.{name}.text"), context)
        found.append(replace(module, text=text))
    return found


def _taken_over(
    release: "Release",
    module: TextModule,
    source: Mapping[str, Any],
    context: Mapping[str, Any],
    said: Sequence[Opinion],
) -> list[TextModule]:
    """Give a module for each reason that was given in another task."""
    template = release.text("de", f"{KEY}.{module.id}.text", default="{reason}")
    found = []
    for one in said:
        allowed = source.get("outcomes", [one.outcome])
        if one.task != source["task"] or one.outcome not in allowed or not one.reason.strip():
            continue
        known = {**context, "reason": one.reason.strip(), "item": one.item, "outcome": one.outcome}
        text = filling.fill(release, template, known)[:LONGEST]
        about = items.name_of(one.item)
        title = f"{module.title}: {about}" if about else module.title
        found.append(replace(module, id=f"{module.id}{OF}{one.key}", title=title, text=text))
    return found


def base(name: str) -> str:
    """Give the id under which a module stands in the blueprint: without the task it comes from."""
    return name.partition(OF)[0]


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
            name = base(str(each.get("id", FREE)))
            if known.get(name, {}).get("document", document) != document:
                continue
            title = release.text("de", f"{KEY}.{name}.title", default="")
            text = str(each.get("text", ""))[:LONGEST]
            found.append({"id": name, "title": title, "paragraphs": paragraphs(text)})
    return found


def fits(release: "Release", name: str, task: str, outcome: str) -> bool:
    """Tell whether a module may be chosen in a task with an outcome; a free paragraph always."""
    entry = release.manifest.get(KEY, {}).get(base(name))
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
        yield from _source(noted, name, entry, asked)
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


def _source(
    noted: "Noted", name: str, entry: Mapping[str, Any], asked: Mapping[str, set[str]]
) -> Iterator[Problem]:
    """Say whether the task whose reasons a module takes over exists, with its outcomes."""
    source = entry.get("from")
    if source is None:
        return
    if source["task"] not in asked:
        message = f"Die Aufgabe „{source['task']}“ des Textbausteins „{name}“ gibt es nicht."
        yield noted.problem("unknown-task", message, KEY, name, "from", "task")
        return
    for outcome in source.get("outcomes", ()):
        if outcome not in asked[source["task"]]:
            message = f"Das Ergebnis „{outcome}“ des Textbausteins „{name}“ gibt es nicht."
            yield noted.problem("unknown-outcome", message, KEY, name, "from", "outcomes")


def _texts(release: "Release", sources: "Sources", name: str) -> Iterator[Problem]:
    noted = sources.noted["texts/de.yaml"]
    taken_over = "from" in release.manifest[KEY][name]
    for part in ("title",) if taken_over else ("title", "text"):
        if f"{KEY}.{name}.{part}" not in release.flat["de"]:
            message = f"Der Text „{KEY}.{name}.{part}“ fehlt."
            yield noted.problem("missing-text", message, KEY, remedy=f"Ergänzen: {noted.file}.")
    for path in filling.placeholders(release.text("de", f"{KEY}.{name}.text", "")):
        if path[0] not in filling.ROOTS:
            message = f"Den Platzhalter {{{'.'.join(path)}}} gibt es nicht."
            yield noted.problem("placeholder", message, KEY, name, severity="warning")
