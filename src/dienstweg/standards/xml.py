"""Reads XML from strangers: no DTD, no entities, no network, and bounded in every direction.

Two passes. The first builds nothing and stops at the first thing that is not allowed, so that a
hostile file costs no more than its own size; only then is a tree made, with line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sized
from dataclasses import dataclass

from lxml import etree

_POSITION = re.compile(r", line \d+, column \d+\s*$")


@dataclass(frozen=True, slots=True)
class Limits:
    """How big a document may be: bytes, elements, attributes in all, levels of nesting."""

    size: int = 16 * 1024 * 1024
    elements: int = 400_000
    attributes: int = 200_000
    depth: int = 120


class NotWellFormed(Exception):
    """The bytes are not well-formed XML; `line` where the parser gave up."""

    def __init__(self, detail: str, line: int | None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.line = line


class NotAllowed(Exception):
    """The document contains a DTD or exceeds a limit; the text says which, in German."""


class _Guard:
    """A parser target that counts, keeps nothing, and stops the parser by raising."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._depth = self._elements = self._attributes = 0

    def doctype(self, *_names: str | None) -> None:
        """Refuse any DTD: XÖV messages have none, and entities come with it."""
        raise NotAllowed("Die Datei enthält eine DTD (DOCTYPE); das ist nicht erlaubt.")

    def start(self, _tag: str, attributes: Sized) -> None:
        """Count an element, its attributes and its level."""
        self._depth += 1
        self._elements += 1
        self._attributes += len(attributes)
        if self._depth > self._limits.depth:
            raise NotAllowed(f"Die Datei ist tiefer als {self._limits.depth} Ebenen verschachtelt.")
        if self._elements > self._limits.elements:
            raise NotAllowed(f"Die Datei hat mehr als {self._limits.elements} Elemente.")
        if self._attributes > self._limits.attributes:
            raise NotAllowed(f"Die Datei hat mehr als {self._limits.attributes} Attribute.")

    def end(self, _tag: str) -> None:
        """Leave a level."""
        self._depth -= 1

    def data(self, _text: str) -> None:
        """Text is bounded by the size of the whole."""

    def close(self) -> None:
        """Nothing has been kept."""


def parse(content: bytes, limits: Limits | None = None) -> etree._Element:
    """Give the root element of `content` for a codec to walk; comments and PIs are left out.

    Raises NotWellFormed and NotAllowed. Follows OWASP's XML external entity prevention rules.
    """
    limits = limits or Limits()
    if len(content) > limits.size:
        raise NotAllowed(f"Die Datei ist größer als {limits.size // 1024 // 1024} MiB.")
    try:
        etree.fromstring(content, _parser(_Guard(limits)))
        return etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        detail = _POSITION.sub("", str(error.msg or "leer"))[:200].strip()
        if "limit exceeded" in detail or "XML_PARSE_HUGE" in detail:
            raise NotAllowed("Ein Text oder Tag der Datei ist größer als erlaubt.") from None
        raise NotWellFormed(detail, error.lineno or None) from None
    except ValueError as error:  # lxml's answer to encodings it does not know
        raise NotWellFormed(str(error)[:200], None) from None


def _parser(target: _Guard | None = None) -> etree.XMLParser[etree._Element]:
    make: Callable[..., etree.XMLParser[etree._Element]] = etree.XMLParser
    return make(
        **({} if target is None else {"target": target}),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
