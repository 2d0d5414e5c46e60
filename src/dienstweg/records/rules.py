"""Decides how long an archive is kept, and what its files are called. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

KEPT = timedelta(days=3)
"""An archive is a copy of everything: it goes soon, and can be made again."""
LOST_AFTER = timedelta(minutes=15)
"""An archive that is not made this long after it was asked for has been lost sight of."""
SWEPT_EVERY = timedelta(hours=1)
SWEPT_AT_ONCE = 100
_LONGEST = 80


def file_name(text: str) -> str:
    """Return ``text`` as a name that every system can keep: no paths, no controls, no devices."""
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(one if unicodedata.category(one)[0] != "C" else " " for one in plain)
    plain = re.sub(r'[\\/:*?"<>|\s]+', "-", plain).strip(" .-")
    stem, dot, ending = plain.rpartition(".")
    if dot and 1 <= len(ending) <= 5:
        return f"{stem[:_LONGEST].rstrip(' .-') or 'Datei'}.{ending}"
    return plain[:_LONGEST].rstrip(" .-") or "Datei"


def numbered(names: Iterable[str]) -> list[str]:
    """Return the names in their order, each with its number before it: none is there twice."""
    return [f"{number:02d}-{file_name(name)}" for number, name in enumerate(names, start=1)]
