"""Texts: in one line, in several, an e-mail address, a web address."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dienstweg.blueprint.kinds.cleaning import LONGEST_LINE, tight
from dienstweg.blueprint.kinds.kind import Read, Schema, Simple, accepted

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field

_AROUND = re.compile(r"\s*([@.])\s*")
_EMAIL = re.compile(r"[^\s@<>(),;:\"\\]{1,64}@[^\s@<>(),;:\"\\]{1,190}\.[^\s@<>(),;:\"\\.]{2,63}")
_HOST = re.compile(r"[^\s.@:/]+(\.[^\s.@:/]+)+")
LONGEST_EMAIL = 254
"""RFC 5321, section 4.5.3.1: a path has at most 256 signs, its angle brackets among them."""


class Text(Simple):
    """One line."""

    def understand(self, text: str, field: "Field") -> Read:
        """The text as it is, or in capitals or without spaces where only that fits the pattern."""
        if len(text) > LONGEST_LINE and not self.lines:
            return Read(code="length")
        if "pattern" not in field.schema:
            return Read(text)
        return Read(accepted(field, text, text.upper(), tight(text), tight(text).upper()))


class LongText(Text):
    """Several lines."""

    lines = True


class Formatted(Simple):
    """A text in a fixed notation; whatever breaks it is said in the words of the kind."""

    def code(self, rule: str) -> str:
        """The kind's own code where the pattern or the format is broken."""
        return self.widget if rule in ("format", "pattern", "minLength") else super().code(rule)


class Email(Formatted):
    """An e-mail address; its host in small letters."""

    def understand(self, text: str, field: "Field") -> Read:
        """Spaces around "@" and "." are forgiven; a space inside a name could be a lost dot."""
        text = _AROUND.sub(r"\1", text).removeprefix("mailto:").rstrip(".")
        if len(text) > LONGEST_EMAIL or not _EMAIL.fullmatch(text) or ".." in text:
            return Read(code="email")
        name, _, host = text.rpartition("@")
        return Read(f"{name}@{host.lower()}")

    def sound(self, field: "Field", value: Any) -> str | None:
        """An address that could be written to."""
        return None if isinstance(value, str) and _EMAIL.fullmatch(value) else "email"


class Url(Simple):
    """A web address; "https://" is added where it is missing."""

    def understand(self, text: str, field: "Field") -> Read:
        """Only http and https; no user names or passwords, which do not belong in applications."""
        text = tight(text)
        full = text if "://" in text else f"https://{text}"
        return Read(full) if _is_web(full) else Read(code="url")

    def sound(self, field: "Field", value: Any) -> str | None:
        """An address of a page in the web."""
        return None if isinstance(value, str) and _is_web(value) else "url"

    def code(self, rule: str) -> str:
        """The kind's own code where the format is broken."""
        return "url" if rule == "format" else super().code(rule)


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(
            parts.scheme in ("http", "https")
            and _HOST.fullmatch(parts.hostname or "")
            and "@" not in parts.netloc
            and parts.port != 0
            and len(text) <= LONGEST_LINE
        )
    except ValueError:
        return False


def suggested_text(schema: Schema) -> str:
    """The widget for a text: a long one gets several lines."""
    long = int(schema.get("maxLength", 0)) > LONG_TEXT
    return "textarea" if long else "text"


LONG_TEXT = 250
