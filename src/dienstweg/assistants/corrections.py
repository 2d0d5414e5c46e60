"""What a draft knows of the application that it corrects; sealed with its answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from dienstweg.assistants.errors import NoSuchField
from dienstweg.blueprint.correcting import Correcting, Mark, Opening
from dienstweg.blueprint.release import Release

DOCUMENT = "Unterlage-"
"""Begins the name under which a document that was asked for is uploaded: no field has a capital."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that somebody asked for: its name, what is said about it, and what came."""

    name: str
    remark: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction under way: of which case, what is open, and what was submitted.

    ``kept`` are the ids of the files that the submitted version names: they stay, whatever becomes
    of the correction.
    """

    case_id: UUID
    opening: Opening
    kept: frozenset[str] = frozenset()
    documents: tuple[Wanted, ...] = ()

    def standing(self, release: Release, answers: dict[str, Any]) -> Correcting:
        """Return how the correction stands with these answers."""
        return Correcting(release, self.opening, answers)

    def asked(self, field: str) -> int:
        """Return which of the documents an upload to ``field`` is; raises `NoSuchField`."""
        number = field.removeprefix(DOCUMENT)
        if field.startswith(DOCUMENT) and number.isascii() and number.isdigit():
            place = int(number[:3])
            if place < len(self.documents):
                return place
        raise NoSuchField

    def with_files(self, place: int, files: tuple[str, ...]) -> "Correction":
        """Return the correction with these files for one of the documents."""
        changed = list(self.documents)
        changed[place] = replace(changed[place], files=files)
        return replace(self, documents=tuple(changed))

    @property
    def uploaded(self) -> frozenset[str]:
        """The ids of all files that were uploaded for documents."""
        return frozenset(one for wanted in self.documents for one in wanted.files)


def content_of(correction: Correction) -> dict[str, Any]:
    """Return a correction as JSON, to be sealed."""
    return {
        "base": correction.opening.base,
        "marks": [marked(one) for one in correction.opening.marks],
        "day": correction.opening.day.isoformat(),
        "kept": sorted(correction.kept),
        "documents": [
            {"name": one.name, "remark": one.remark, "files": list(one.files)}
            for one in correction.documents
        ],
    }


def correction_of(case_id: UUID, content: Mapping[str, Any]) -> Correction:
    """Return the correction that `content_of` has written."""
    return Correction(
        case_id=case_id,
        opening=Opening(
            base=content["base"],
            marks=tuple(mark_of(one) for one in content["marks"]),
            day=date.fromisoformat(content["day"]),
        ),
        kept=frozenset(content["kept"]),
        documents=tuple(
            Wanted(one["name"], one["remark"], tuple(one["files"])) for one in content["documents"]
        ),
    )


def marked(mark: Mark) -> dict[str, Any]:
    """Return a mark as JSON."""
    return {
        "page": mark.page,
        "field": mark.field,
        "entry": list(mark.entry),
        "remark": mark.remark,
    }


def mark_of(content: Mapping[str, Any]) -> Mark:
    """Return the mark that `marked` has written."""
    return Mark(content["page"], content["field"], tuple(content["entry"]), content["remark"])
