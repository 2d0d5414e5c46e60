"""A blueprint's folder on disk, read with bounds: a folder from a stranger is safe to open."""

import os
import re
import stat
from pathlib import Path

from dienstweg.blueprint.problems import Files, Invalid, Problem

MOST_FILES = 200
LARGEST_FILE = 2 * 1024 * 1024
LARGEST_FOLDER = 10 * 1024 * 1024

_KNOWN = re.compile(
    r"""blueprint\.yaml|assistant\.yaml|data\.schema\.json|process\.bpmn|README\.md|CHANGELOG\.md
    |texts/[a-z]{2,3}(-[A-Za-z0-9]{1,8})*\.yaml
    |decisions/NAME\.dmn|documents/NAME\.typ|mappings/NAME\.yaml|lists/NAME\.(yaml|csv)
    |fim/NAME\.(xml|json)
    |media/NAME\.(mp4|vtt)
    |cases/NAME\.yaml|cases/files/NAME\.(pdf|jpg|jpeg|png)""".replace(
        "NAME", r"[A-Za-z0-9][A-Za-z0-9_.-]{0,80}"
    ),
    re.VERBOSE,
)


def is_known(name: str) -> bool:
    """Whether a blueprint may contain a file of this name (with slashes)."""
    return _KNOWN.fullmatch(name) is not None


def read_folder(path: str | Path) -> dict[str, bytes]:
    """All files of the blueprint at a path, by name with slashes, sorted.

    Hidden files are passed over. Raises Invalid for links, unknown names and what is too large.
    """
    root = Path(path)
    if not root.is_dir():
        raise Invalid([Problem("no-folder", f"Den Ordner {root.name} gibt es nicht.")])
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for folder, folders, names in os.walk(root, followlinks=False):
        for name in [each for each in folders if (Path(folder) / each).is_symlink()]:
            problems.append(_link(str((Path(folder) / name).relative_to(root))))
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(each for each in names if not each.startswith(".")):
            inside = (Path(folder) / name).relative_to(root).as_posix()
            if len(files) >= MOST_FILES:
                raise Invalid([Problem("too-many", f"Mehr als {MOST_FILES} Dateien.")])
            try:
                files[inside] = _content(Path(folder) / name, inside)
            except Invalid as invalid:
                problems.extend(invalid.problems)
    problems += check(files)
    if problems:
        raise Invalid(problems)
    return dict(sorted(files.items()))


def check(files: Files) -> list[Problem]:
    """Names and sizes of a blueprint's files, wherever they come from."""
    problems = [
        Problem(
            "unknown-file",
            f"Die Datei {name[:100]!r} gehört nicht in eine Blaupause.",
            file=name[:100],
            remedy="Löschen Sie die Datei oder verschieben Sie sie in den richtigen Ordner.",
        )
        for name in files
        if not is_known(name)
    ]
    if len(files) > MOST_FILES:
        problems.append(Problem("too-many", f"Mehr als {MOST_FILES} Dateien."))
    problems += [
        Problem("too-large", f"Die Datei ist größer als {LARGEST_FILE} Bytes.", file=name)
        for name, content in files.items()
        if len(content) > LARGEST_FILE
    ]
    if sum(map(len, files.values())) > LARGEST_FOLDER:
        problems.append(Problem("too-large", f"Zusammen größer als {LARGEST_FOLDER} Bytes."))
    return problems


def _link(name: str) -> Problem:
    return Problem("link", "Verknüpfungen (Links) sind nicht erlaubt.", file=name)


def _content(path: Path, name: str) -> bytes:
    """One ordinary file's content; a link is not followed, even if it appears at this moment."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        raise Invalid([_link(name)]) from None
    with os.fdopen(handle, "rb") as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise Invalid([Problem("no-file", "Das ist keine gewöhnliche Datei.", file=name)])
        return opened.read(LARGEST_FILE + 1)
