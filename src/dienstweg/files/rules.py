"""Decides what may be uploaded, and under which name a file is kept."""

import unicodedata
from pathlib import PurePath

MAX_BYTES = 10 * 1024 * 1024
MAX_FILES = 20
"""Files of one draft."""
_MAX_NAME = 120
_ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


def name_of(given: str, media_type: str) -> str:
    """Return the name to keep: what people called the file, with the ending of its content.

    Path, control and direction characters are dropped, so that a name cannot pose as another.
    """
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    stem = PurePath(plain).stem.strip(" .")[:_MAX_NAME] or "Datei"
    return stem + _ENDINGS.get(media_type, "")
