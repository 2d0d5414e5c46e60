"""What we need from a source that knows something about the applicant: an account, a register.

A source is a plug-in of the entry point group ``dienstweg.prefill_sources``: a factory
``make() -> PrefillSource``. It is always asked by a worker, outside any transaction, and has
`rules.ANSWERS_WITHIN`; who is late or fails is not waited for. What it says is held against the
blueprint like anything from outside. What our own database knows (an earlier case) needs no port:
the room that knows it hands it to `actions.take_over`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

GROUP = "dienstweg.prefill_sources"


class Unavailable(Exception):
    """The source cannot be reached, is too slow, or knows nobody by this ticket."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: ``purposes`` are HTML autocomplete tokens (WCAG 2.2, section 7).

    ``ticket`` says who is meant in the source's own words (a session, a subject); ``seconds`` are
    what is left to answer in.
    """

    purposes: frozenset[str]
    ticket: str = field(repr=False)
    lang: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Known:
    """A value (JSON) that the source knows; a ``verified`` one cannot be changed."""

    value: Any = field(repr=False)
    verified: bool = False


class PrefillSource(Protocol):
    """Something that knows things about the applicant."""

    def label(self, lang: str) -> str:
        """Return where its values come from, in words for people: "Ihr BundID-Konto"."""

    def find(self, wanted: Wanted) -> Mapping[str, Known]:
        """Return what is known, by purpose. Raises `Unavailable`."""
