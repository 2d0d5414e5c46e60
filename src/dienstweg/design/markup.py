"""HTML from Python: escaped by default, and faster than many small templates."""

from collections.abc import Iterable, Mapping
from html import escape

from django.utils.safestring import SafeString, mark_safe

VOID = frozenset({"input", "br", "hr", "img", "meta", "link"})
"""Elements without content and end tag (HTML, section 13.1.2)."""

Attribute = str | int | bool | None
Child = str | None


def h(tag: str, attributes: Mapping[str, Attribute] | None = None, *children: Child) -> SafeString:
    """Return one element; attributes that are None or False are left out, True stands alone.

    Children that are not marked as safe are escaped.
    """
    parts = ["<", tag]
    for name, value in (attributes or {}).items():
        if value is None or value is False:
            continue
        if value is True:
            parts.append(f" {name}")
        else:
            parts.append(f' {name}="{_escaped(value if isinstance(value, str) else str(value))}"')
    parts.append(">")
    if tag not in VOID:
        parts.extend(_escaped(child) for child in children if child)
        parts.append(f"</{tag}>")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _escaped(text: str) -> str:
    """Return ``text`` as it may stand in HTML; what is marked as safe stays as it is."""
    return text if isinstance(text, SafeString) else escape(text)


def join(pieces: Iterable[Child]) -> SafeString:
    """Return the ``pieces`` one after another; those not marked as safe are escaped."""
    return mark_safe("".join(_escaped(one) for one in pieces if one))  # noqa: S308 - escaped


def classes(*names: str | bool | None) -> str:
    """Return a class attribute of those ``names`` that are not empty."""
    return " ".join(name for name in names if isinstance(name, str) and name)


def icon(name: str) -> SafeString:
    """Return a KERN icon, hidden from assistive technology since words stand beside it."""
    return h("span", {"class": f"kern-icon kern-icon--{name}", "aria-hidden": "true"})


def paragraphs(text: str, css: str = "kern-body") -> SafeString:
    """Return plain ``text`` as paragraphs (blank lines), lists ("- ") and headings ("## ").

    Line ends inside a paragraph mean nothing: texts are wrapped in their files.
    """
    return join(
        _block(lines, css, h("p", {"class": css}, " ".join(lines))) for lines in _blocks(text)
    )


def letter(text: str, css: str = "kern-body") -> SafeString:
    """Return plain ``text`` as paragraphs in which every line end is kept."""
    return join(
        _block(lines, css, h("p", {"class": css}, join(_with_breaks(lines))))
        for lines in _blocks(text)
    )


def _blocks(text: str) -> Iterable[list[str]]:
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in block.strip().split("\n") if line.strip()]
        if lines:
            yield lines


def _block(lines: list[str], css: str, plain: SafeString) -> SafeString:
    if all(line.startswith("- ") for line in lines):
        items = [h("li", {}, line[2:]) for line in lines]
        return h("ul", {"class": "kern-list kern-list--bullet"}, *items)
    if lines[0].startswith("## "):
        rest = h("p", {"class": css}, " ".join(lines[1:])) if lines[1:] else None
        return join((h("h2", {"class": "kern-heading-medium"}, lines[0][3:]), rest))
    return plain


def bullets(text: str) -> SafeString:
    """Return a list with one entry for each line of ``text``; a single line is a paragraph."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) <= 1:
        return paragraphs(text)
    items = [h("li", {}, line) for line in lines]
    return h("ul", {"class": "kern-list kern-list--bullet"}, *items)


def _with_breaks(lines: list[str]) -> Iterable[Child]:
    for number, line in enumerate(lines):
        if number:
            yield h("br")
        yield line
