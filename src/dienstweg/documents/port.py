"""What we need from an electronic seal: seal a PDF, and say whether it works.

A seal is a plug-in of the entry point group ``dienstweg.seals``: a factory
``make(options, secrets, client) -> Sealer`` like every other plug-in. It may hold its key in a
file, in a token, or at a provider of trust services; where it is, only the plug-in knows.
"""

from typing import Protocol


class Unavailable(Exception):
    """The seal cannot be used now: its key or its provider is away. The document waits."""


class Sealer(Protocol):
    """Somebody who can seal in the authority's name."""

    def seal(self, pdf: bytes) -> bytes:
        """Return the PDF with a seal (PAdES), its former content unchanged.

        In bounded time; raises `Unavailable` for whatever keeps it from doing so.
        """

    def check(self) -> list[str]:
        """Return what is wrong with the seal, in plain German; nothing when it works."""
