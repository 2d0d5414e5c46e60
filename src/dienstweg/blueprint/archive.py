"""The one canonical file of a release (`.blaupause`): the same files give the same bytes.

A ZIP archive with sorted names, no times and no compression of its own choosing, so that its
SHA-256 identifies the release and every tool can open it.
"""

import hashlib
import io
import zipfile
import zlib

from dienstweg.blueprint import folder
from dienstweg.blueprint.problems import Files, Invalid, Problem

LARGEST_ARCHIVE = folder.LARGEST_FOLDER + 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(files: Files) -> bytes:
    """The archive of a blueprint's files; raises Invalid for names and sizes that are not."""
    problems = folder.check(files)
    if problems:
        raise Invalid(problems)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()


def unpack(archive: bytes) -> dict[str, bytes]:
    """The files of an archive; raises Invalid for anything that `pack` would not have made.

    Sizes are checked against what is really read, never against what the archive claims.
    """
    if len(archive) > LARGEST_ARCHIVE:
        raise Invalid([Problem("too-large", "Das Archiv ist zu groß.")])
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            entries = opened.infolist()
            if len(entries) > folder.MOST_FILES:
                raise Invalid([Problem("too-many", f"Mehr als {folder.MOST_FILES} Dateien.")])
            for entry in entries:
                if entry.compress_type != zipfile.ZIP_STORED or entry.filename in files:
                    raise Invalid([_foreign()])
                with opened.open(entry) as content:
                    files[entry.filename] = content.read(folder.LARGEST_FILE + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, ValueError, EOFError) as error:
        if isinstance(error, Invalid):
            raise
        raise Invalid([_foreign()]) from None
    except NotImplementedError:
        raise Invalid([_foreign()]) from None
    problems = folder.check(files)
    if problems:
        raise Invalid(problems)
    # Only the canonical form has an identity: hidden bytes between the entries would change it.
    if pack(files) != archive:
        raise Invalid([_foreign()])
    return files


def digest(archive: bytes) -> str:
    """The identity of a release: SHA-256 of its archive, hexadecimal."""
    return hashlib.sha256(archive).hexdigest()


def _foreign() -> Problem:
    return Problem(
        "no-archive",
        "Das ist keine Blaupausen-Datei.",
        remedy="Erzeugen Sie die Datei mit „dienstweg blueprint release“.",
    )
