"""What a blueprint was imported from, kept in its folder, so that it can be imported again.

`fim/schema.xml` is the file as it came, byte for byte; beside it the code lists and machine rules
that were given with it. `update-fim` needs them: they are the old side of the three-way merge.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from dienstweg.blueprint.fim_rules_grammar import LANDS
from dienstweg.blueprint.problems import Files, Invalid, Problem

SCHEMA = "fim/schema.xml"
RULES = "fim/rules.json"
NOTE = "fim/import.json"
_LIST = "fim/codeliste-"


@dataclass(frozen=True, slots=True)
class Source:
    """The files an import took, and the Land it was made for."""

    content: bytes
    name: str
    code_lists: tuple[bytes, ...] = ()
    rules: bytes | None = None
    land: str | None = None

    def __post_init__(self) -> None:
        if self.land is not None and self.land not in LANDS:
            text = f"Das Land „{self.land[:10]}“ gibt es nicht."
            remedy = f"Es gibt: {', '.join(sorted(LANDS))}."
            raise Invalid([Problem("unknown-land", text, remedy=remedy)])

    def files(self) -> dict[str, bytes]:
        """The files that keep it, by path in the blueprint."""
        note = {
            "file": self.name[:200],
            "land": self.land,
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }
        kept = {
            SCHEMA: self.content,
            NOTE: json.dumps(note, ensure_ascii=False, indent=2).encode() + b"\n",
        }
        if self.rules is not None:
            kept[RULES] = self.rules
        lists = {f"{_LIST}{number}.xml": each for number, each in enumerate(self.code_lists, 1)}
        return kept | lists


def kept(files: Files) -> Source:
    """What a blueprint was imported from; raises Invalid where it is not there or was changed."""
    content, note = files.get(SCHEMA), _note(files)
    if content is None or note is None:
        raise _missing("Der Blaupause fehlt der Ordner fim/ mit dem eingelesenen Schema.")
    if hashlib.sha256(content).hexdigest() != note.get("sha256"):
        raise _missing(f"{SCHEMA} ist nicht mehr die Datei, die eingelesen wurde.")
    lists = sorted(name for name in files if name.startswith(_LIST))
    land = note.get("land")
    return Source(
        content,
        str(note.get("file", "schema.xml")),
        tuple(files[name] for name in lists),
        files.get(RULES),
        str(land) if land else None,
    )


def _note(files: Files) -> Mapping[str, object] | None:
    try:
        note = json.loads(files.get(NOTE, b"null"))
    except ValueError:
        return None
    return note if isinstance(note, dict) else None


def _missing(text: str) -> Invalid:
    remedy = "Lesen Sie das Schema neu ein (import-fim) oder holen Sie fim/ aus der Versionsablage."
    return Invalid([Problem("no-source", text, file=SCHEMA, remedy=remedy)])
