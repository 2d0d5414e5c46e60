"""Decides what may be uploaded, under which name it is kept, and when it is scanned again. Pure."""

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from pathlib import PurePath

STATES: Mapping[str, frozenset[str]] = {
    "waiting": frozenset({"ready", "refused"}),
    "ready": frozenset(),
    "refused": frozenset(),
}
"""What a file may become: it waits for the virus scan and is released, or its content deleted."""

ARCHIVE = "application/zip"
"""The type of what `records` makes of a case: as an upload it is refused, it does not count as a
file of the case, and it stays behind where the case goes elsewhere."""
MAX_BYTES = 10 * 1024 * 1024
"""Bytes of one file, where its field does not ask for less."""
PIECE = 256 * 1024
"""Bytes that are received, sealed and stored at once."""
MAX_PIECES = 2_000
"""Pieces of one upload: even a line that breaks every few seconds needs fewer."""
UPLOAD_KEPT = timedelta(hours=24)
UPLOAD_LATELY = timedelta(minutes=1)
"""Of what a piece has come so lately nobody knows whether it broke off: it may come elsewhere."""
"""How long an upload that is not complete is kept after its last piece."""

_SOONEST, _LATEST = timedelta(seconds=5), timedelta(minutes=10)
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


def scan_pause(waited: timedelta) -> timedelta:
    """Return how long to wait for a scanner that is away, for a file that has ``waited`` so long.

    A third of what it has waited, from 5 seconds to 10 minutes: soon after a restart, and no storm
    after a long outage. There is no last time.
    """
    return min(max(waited / 3, _SOONEST), _LATEST)


def may_become(state: str, after: str) -> bool:
    """Tell whether a file in ``state`` may become ``after``."""
    return after in STATES[state]
