"""One authority's changes to a blueprint, only where the blueprint declares extension points."""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from dienstweg.blueprint.decisions import change_outputs
from dienstweg.blueprint.notation import read_yaml
from dienstweg.blueprint.problems import Files, Invalid, Problem

_KINDS = {"texts": "texts", "lists": "data", "decisions": "decision"}


def apply(files: Files, overlay: Mapping[str, Any]) -> dict[str, bytes]:
    """The files with the overlay's texts, lists and decision tables in place of the blueprint's.

    Raises Invalid where it changes what is no extension point, or what does not exist.
    """
    manifest = read_yaml("blueprint.yaml", files.get("blueprint.yaml", b"")).data
    if not isinstance(manifest, dict):
        raise Invalid([Problem("missing-file", "Die Datei blueprint.yaml fehlt.")])
    problems = list(_refused(manifest, overlay))
    if problems:
        raise Invalid(problems)
    changed = dict(files)
    for lang, texts in overlay.get("texts", {}).items():
        name = f"texts/{lang}.yaml"
        tree = read_yaml(name, files.get(name, b"{}")).data or {}
        for key, text in texts.items():
            _put(tree, key.split("."), text)
        changed[name] = _written(tree)
    for name, rows in overlay.get("lists", {}).items():
        changed[manifest["lists"][name]] = _written({"rows": rows})
    for name, change in overlay.get("decisions", {}).items():
        file = f"decisions/{name}.dmn"
        changed[file] = _table(file, changed.get(file), change)
    return changed


def _table(file: str, content: bytes | None, change: Any) -> bytes:
    """A decision table with other outputs ({rule id: {output name: value}}), or a whole other."""
    if content is None:
        raise Invalid([Problem("overlay", f"Die Entscheidungstabelle {file} gibt es nicht.")])
    if isinstance(change, str):
        return change.encode()
    try:
        return change_outputs(content, change)
    except KeyError as unknown:
        message = f"In {file} gibt es {str(unknown)[:100]} nicht."
        remedy = "Nennen Sie Zeilen und Ausgaben mit ihren ids aus der Tabelle."
        raise Invalid([Problem("overlay", message, remedy=remedy)]) from None


def _refused(manifest: Mapping[str, Any], overlay: Mapping[str, Any]) -> Iterator[Problem]:
    for part, changes in overlay.items():
        if part not in _KINDS or not isinstance(changes, Mapping):
            yield Problem("overlay", f"„{part}“ kann eine örtliche Anpassung nicht ändern.")
            continue
        keys = list(changes)
        if part == "texts":
            keys = [key for texts in changes.values() for key in texts]
        for key in keys:
            if not _may(manifest, _KINDS[part], str(key)):
                yield Problem(
                    "overlay",
                    f"„{str(key)[:120]}“ ist in dieser Blaupause kein Erweiterungspunkt.",
                    remedy="Die Blaupause nennt ihre Erweiterungspunkte in blueprint.yaml.",
                )
        if part == "lists":
            for name in set(keys) - set(manifest.get("lists", {})):
                yield Problem("overlay", f"Die Liste „{str(name)[:60]}“ gibt es nicht.")


def _may(manifest: Mapping[str, Any], kind: str, key: str) -> bool:
    points = manifest.get("extension_points", ())
    return any(
        point["kind"] == kind
        and (not point.get("ids") or any(fnmatchcase(key, each) for each in point["ids"]))
        for point in points
    )


def _put(tree: dict[str, Any], path: list[str], text: Any) -> None:
    for part in path[:-1]:
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            message = f"Unter dem Text „{part[:60]}“ kann kein anderer stehen."
            raise Invalid([Problem("overlay", message)])
        tree = below
    tree[path[-1]] = text


def _written(data: Any) -> bytes:
    """JSON, which is YAML too."""
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
