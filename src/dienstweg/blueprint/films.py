"""Films of a blueprint: short, in its own folder, with their words as text beside the picture.

Nothing is fetched from elsewhere: a page with a film works in a closed network, and nobody learns
who watches it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dienstweg.blueprint.problems import Files, Problem

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

TYPES: Mapping[str, str] = {"mp4": "video/mp4", "vtt": "text/vtt; charset=utf-8"}
"""Ending of a file in media/ -> its type."""
_NAME = re.compile(r"media/([a-z0-9][a-z0-9-]{0,40})(?:\.([a-z]{2,3}))?\.(mp4|vtt)")


@dataclass(frozen=True, slots=True)
class Film:
    """A film by its name; `captions` are the languages in which its words can be read in it."""

    name: str
    captions: tuple[str, ...] = ()


def film(name: str, files: Files) -> Film:
    """The film of a name, with the languages of its captions in order."""
    found = (_NAME.fullmatch(each) for each in sorted(files))
    captions = [each[2] for each in found if each and each[1] == name and each[3] == "vtt"]
    return Film(name, tuple(each for each in captions if each))


def content(release: "Release", name: str) -> tuple[bytes, str] | None:
    """A file of the release's media/ and its type; None where there is no such file."""
    found = release.files.get(f"media/{name}")
    ending = name.rpartition(".")[2]
    return None if found is None or ending not in TYPES else (found, TYPES[ending])


def check(release: "Release") -> Iterator[Problem]:
    """Films that are missing or none, captions that cannot be read, and what nobody shows."""
    asked = {field.film for page in release.pages for field in page.fields if field.film}
    for name in sorted(asked):
        if f"media/{name}.mp4" not in release.files:
            message = f"Der Film media/{name}.mp4 fehlt."
            remedy = "Legen Sie ihn als MP4 (H.264) in den Ordner media."
            yield Problem("missing-film", message, file="assistant.yaml", remedy=remedy)
    for file, inside in release.files.items():
        if file.startswith("media/"):
            yield from _file(file, inside, asked)


def _file(file: str, inside: bytes, asked: set[str]) -> Iterator[Problem]:
    named = _NAME.fullmatch(file)
    if named is None or (named[3] == "mp4") == bool(named[2]):
        remedy = "Filme heißen media/name.mp4, ihre Untertitel media/name.de.vtt."
        yield Problem("film-name", "So heißt keine Datei eines Films.", file=file, remedy=remedy)
        return
    if named[1] not in asked:
        message = "Diesen Film zeigt keine Seite."
        yield Problem("unused-film", message, file=file, severity="warning")
    if named[3] == "mp4" and inside[4:8] != b"ftyp":
        remedy = "Speichern Sie ihn als MP4 (H.264, AAC)."
        yield Problem("film-format", "Das ist kein MP4-Film.", file=file, remedy=remedy)
    if named[3] == "vtt" and not inside.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        remedy = "Speichern Sie sie als WebVTT."
        yield Problem("film-captions", "Das sind keine Untertitel.", file=file, remedy=remedy)
