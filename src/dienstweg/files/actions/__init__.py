"""Writes about files: keep, receive in pieces, scan, and sweep."""

from dienstweg.files.actions.copying import copy_owned
from dienstweg.files.actions.keeping import discard, keep, keep_archive, take
from dienstweg.files.actions.scanning import scan, scanner_problems, sweep_waiting
from dienstweg.files.actions.sweeping import sweep
from dienstweg.files.actions.uploading import (
    Checksum,
    begin_upload,
    content_of,
    end_upload,
    finish_upload,
    receive,
    vouch_for,
)
from dienstweg.files.rules import MAX_BYTES, PIECE

__all__ = [
    "MAX_BYTES",
    "PIECE",
    "Checksum",
    "begin_upload",
    "content_of",
    "copy_owned",
    "discard",
    "end_upload",
    "finish_upload",
    "keep",
    "keep_archive",
    "receive",
    "scan",
    "scanner_problems",
    "sweep",
    "sweep_waiting",
    "take",
    "vouch_for",
]
