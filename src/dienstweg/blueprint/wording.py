"""The texts of a blueprint: that none is missing, none is left over, and all are translated."""

from collections.abc import Iterator

from dienstweg.blueprint import filling
from dienstweg.blueprint.kinds.words import unnamed
from dienstweg.blueprint.notation import Noted, Path
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.references import exists
from dienstweg.blueprint.release import Release, flattened
from dienstweg.blueprint.sources import Sources

_MOST = 40


def check(release: Release, sources: Sources) -> list[Problem]:
    """Missing German texts are errors; leftovers and missing translations are warnings."""
    german = sources.noted["texts/de.yaml"]
    problems = list(_missing(release, german))
    problems += _left_over(release, german)
    for lang in sources.languages():
        noted = sources.noted[f"texts/{lang}.yaml"]
        problems += _placeholders(release, noted)
        if lang != "de":
            problems += _untranslated(german, noted)
    return problems


def _missing(release: Release, noted: Noted) -> Iterator[Problem]:
    needed = ["service.title", "service.summary"]
    for page in release.pages:
        needed.append(f"pages.{page.id}.title")
        needed += [f"checks.{check.id}" for check in page.checks]
        needed += [f"endings.{each.id}.{part}" for each in page.ends for part in ("title", "text")]
        for field in page.fields:
            if field.is_input:
                needed.append(f"fields.{field.id}.label")
                needed += [f"fields.{part.id}.label" for part in field.parts if unnamed(part)]
            elif field.widget == "info":
                needed.append(f"fields.{field.id}.info")
    for key in needed:
        if key not in release.flat["de"]:
            path = key.split(".")
            yield noted.problem(
                "missing-text",
                f"Der Text „{key}“ fehlt.",
                *path,
                remedy=f"Ergänzen Sie ihn in {noted.file}.",
            )


def _left_over(release: Release, noted: Noted) -> Iterator[Problem]:
    known = {
        "pages": set(release.assistant.page),
        "fields": set(release.assistant.field),
        "checks": {check.id for page in release.pages for check in page.checks},
        "endings": {each.id for page in release.pages for each in page.ends},
    }
    for kind, names in known.items():
        for name in noted.data.get(kind, {}):
            if name not in names:
                message = f"Der Text „{kind}.{name}“ gehört zu nichts in assistant.yaml."
                yield noted.problem("left-over", message, kind, name, severity="warning")


def _untranslated(german: Noted, noted: Noted) -> Iterator[Problem]:
    here = dict(flattened(noted.data or {}))
    # Decisions are in German (section 23 VwVfG), and so is what is put together for them.
    said = [key for key, _ in flattened(german.data) if not key.startswith("modules.")]
    missing = [key for key in said if key not in here]
    for key in missing[:_MOST]:
        path: Path = tuple(key.split("."))
        message = f"Der Text „{key}“ ist nicht übersetzt; gezeigt wird der deutsche."
        yield noted.problem("untranslated", message, *path, severity="warning")
    if len(missing) > _MOST:
        message = f"{len(missing) - _MOST} weitere Texte sind nicht übersetzt."
        yield noted.problem("untranslated", message, severity="warning")


def _placeholders(release: Release, noted: Noted) -> Iterator[Problem]:
    """A placeholder that names nothing would leave a hole in a letter."""
    for key, text in flattened({"messages": noted.data.get("messages", {})}):
        for path in filling.placeholders(text):
            unknown = path[0] not in filling.ROOTS
            unknown |= path[0] == "data" and not exists(release.schema.root, path[1:])
            unknown |= path[0] == "decision" and path[1:2] not in [(n,) for n in release.decisions]
            if unknown:
                message = f"Den Platzhalter {{{'.'.join(path)}}} gibt es nicht."
                yield noted.problem("placeholder", message, *key.split("."), severity="warning")
