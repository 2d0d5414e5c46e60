"""What a check-up of the installation has found."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about the installation; what is not well comes with what to do (``remedy``)."""

    state: Literal["ok", "warning", "error"]
    what: str
    remedy: str = ""


def fine(what: str) -> Finding:
    """Return that ``what`` is as it should be."""
    return Finding("ok", what)


def warning(what: str, remedy: str) -> Finding:
    """Return that ``what`` should be looked at soon."""
    return Finding("warning", what, remedy)


def error(what: str, remedy: str) -> Finding:
    """Return that ``what`` is wrong: the installation does not work, or is not safe."""
    return Finding("error", what, remedy)
