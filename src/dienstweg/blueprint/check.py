"""Everything that can be said of a blueprint before anybody uses it: where, what, what to do."""

from collections.abc import Iterator
from typing import Any

from dienstweg.blueprint import (
    acceptance,
    archive,
    arrivals,
    deadlines_check,
    decisions,
    documents,
    films,
    folder,
    mapping,
    parties,
    process,
    proofs,
    references,
    task_forms,
    text_modules,
    turning,
    typed_rules,
    wording,
)
from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.problems import Files, Invalid, Problem, errors
from dienstweg.blueprint.release import Release, assemble
from dienstweg.blueprint.sources import Sources, read
from dienstweg.blueprint.subjects import SUBJECTS

_MODULES = (decisions, process, documents, mapping)


def check(files: Files, *, cases: bool = True, processes: int = 1) -> list[Problem]:
    """All problems of a blueprint, errors first; empty: it can be offered.

    `cases` says whether its acceptance cases are run, too (they set real documents), and
    `processes` how many may do that at a time (a command's, never a server's).
    """
    sources = read(files, cases=True)
    if folder.check(files):
        return sources.problems
    release, assembled = assemble(files, archive.pack(files), sources)
    problems = [*sources.problems, *assembled]
    for module in _MODULES:
        problems += module.check(files)
    if release is not None:
        problems += references.check(release, sources)
        problems += parties.check(release, sources)
        problems += turning.check(release, sources)
        problems += typed_rules.check(release, sources)
        if not errors(problems):
            problems += proofs.check(release, sources)
        problems += wording.check(release, sources)
        problems += deadlines_check.check(release, sources)
        problems += films.check(release)
        problems += task_forms.check(release, sources)
        problems += text_modules.check(release, sources)
        problems += arrivals.check(release, sources)
        problems += _manifest(release, sources)
        if cases and not errors(problems):
            problems += _cases(release, sources, processes)
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda problem: problem.severity != "error")


def refuse(files: Files) -> None:
    """Raise Invalid where the blueprint has errors; warnings are passed over."""
    problems = errors(check(files))
    if problems:
        raise Invalid(problems)


def _manifest(release: Release, sources: Sources) -> Iterator[Problem]:
    """Names in blueprint.yaml that must exist elsewhere."""
    noted = sources.noted["blueprint.yaml"]
    if release.manifest["subject"] not in SUBJECTS:
        yield noted.problem(
            "unknown-subject",
            "Diesen Themenbereich gibt es nicht.",
            "subject",
            remedy="Es gibt: " + ", ".join(SUBJECTS) + ".",
        )
    for name in release.manifest.get("documents", {}):
        if name not in release.documents and name != "receipt":
            message = f"Die Vorlage documents/{name}.typ fehlt."
            yield noted.problem("missing-file", message, "documents", name)
    yield from _points(release, noted)


def _points(release: Release, noted: Noted) -> Iterator[Problem]:
    known: dict[str, Any] = {
        "decision": release.decisions,
        "data": release.lists,
        "role": release.manifest.get("roles", {}),
    }
    for number, point in enumerate(release.manifest.get("extension_points", ())):
        for name in point.get("ids", ()):
            if point["kind"] in known and name not in known[point["kind"]] and "*" not in name:
                message = f"Den Erweiterungspunkt „{name}“ gibt es nicht."
                yield noted.problem("unknown-point", message, "extension_points", number)


def _cases(release: Release, sources: Sources, processes: int) -> Iterator[Problem]:
    """What the blueprint's own acceptance cases say of it."""
    report = acceptance.run_all(release, processes=processes, noted=sources.noted)
    yield from report.problems()
