"""What the rest of a blueprint offers its process: roles, documents, decisions, texts ..."""

from dataclasses import dataclass
from typing import Any

from .notation import read_yaml
from .problems import Files, Invalid


@dataclass(frozen=True, slots=True)
class References:
    """What the rest of the blueprint offers a process; None where that file cannot be read.

    `bare` are the documents without the application as data.
    """

    roles: frozenset[str] | None
    parties: frozenset[str] | None
    deadlines: frozenset[str] | None
    documents: frozenset[str] | None
    bare: frozenset[str]
    fields: dict[str, frozenset[str]] | None
    texts: dict[str, Any] | None
    decisions: frozenset[str]
    mappings: frozenset[str]

    @classmethod
    def of(cls, files: Files) -> "References":
        """Look through a blueprint's files as far as they can be read."""
        manifest = _data(files, "blueprint.yaml")
        documents = _keys(manifest, "documents")
        return cls(
            roles=_keys(manifest, "roles"),
            parties=_keys(manifest, "parties"),
            deadlines=_keys(manifest, "deadlines"),
            documents=None if documents is None else documents | {"receipt"},
            bare=_bare(manifest),
            fields=None if manifest is None else _fields(manifest),
            texts=_data(files, "texts/de.yaml"),
            decisions=_stems(files, "decisions/", ".dmn"),
            mappings=_stems(files, "mappings/", ".yaml"),
        )

    def text(self, group: str) -> frozenset[str] | None:
        """Give the ids that have a text in a group such as "messages"."""
        return _keys(self.texts, group)


def _keys(data: dict[str, Any] | None, word: str) -> frozenset[str] | None:
    if data is None:
        return None
    found = data.get(word)
    return frozenset(map(str, found)) if isinstance(found, dict | list) else frozenset()


def _bare(manifest: dict[str, Any] | None) -> frozenset[str]:
    documents = (manifest or {}).get("documents")
    entries = documents.items() if isinstance(documents, dict) else ()
    return frozenset(
        str(name)
        for name, entry in entries
        if isinstance(entry, dict) and entry.get("data") is False
    )


def _fields(manifest: dict[str, Any]) -> dict[str, frozenset[str]]:
    """Give the questions of each task that a caseworker may be asked."""
    tasks = manifest.get("tasks")
    if not isinstance(tasks, dict):
        return {}
    return {
        str(name): _keys(task, "fields") or frozenset()
        for name, task in tasks.items()
        if isinstance(task, dict)
    }


def _data(files: Files, name: str) -> dict[str, Any] | None:
    """Read a YAML file as far as it can be read; its own faults are reported elsewhere."""
    if name not in files:
        return None
    try:
        data = read_yaml(name, files[name]).data
    except Invalid:
        return None
    return data if isinstance(data, dict) else None


def _stems(files: Files, folder: str, ending: str) -> frozenset[str]:
    return frozenset(
        name.removeprefix(folder).removesuffix(ending)
        for name in files
        if name.startswith(folder) and name.endswith(ending)
    )
