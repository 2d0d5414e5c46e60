"""What we need from a virus scanner: look through some bytes, and say whether it works.

A scanner is a plug-in of the entry point group ``dienstweg.scanners``: a factory
``make(options, secrets, client) -> Scanner`` like every other plug-in. Its one option here is
``address``, which is what follows the name in the setting ``DIENSTWEG_SCANNER``.
"""

from dataclasses import dataclass
from typing import BinaryIO, Protocol


class Unavailable(Exception):
    """The scanner cannot be reached, is busy, or says nothing that can be believed."""


@dataclass(frozen=True, slots=True)
class Clean:
    """The scanner has found nothing."""


@dataclass(frozen=True, slots=True)
class Infected:
    """The scanner has found malware; ``name`` is what it calls it."""

    name: str


Verdict = Clean | Infected


class Scanner(Protocol):
    """A program that knows malware."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """Look through what ``stream`` gives. Raises `Unavailable`, in bounded time."""

    def check(self) -> list[str]:
        """Return what is wrong with the scanner, in plain German; nothing when it works."""
