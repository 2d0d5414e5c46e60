"""HTML from Python: escaped by default, and faster than many small templates."""

import re
from collections.abc import Iterable, Mapping
from html import escape

from django.utils.safestring import SafeString, mark_safe

from dienstweg.kernel.language import CLOSE, MIDDLE, OPEN, Said, direction

VOID = frozenset({"input", "br", "hr", "img", "meta", "link"})
"""Elements without content and end tag (HTML, section 13.1.2)."""
FELL_BACK = "data-untranslated"
"""The attribute of elements whose words are not translated into the page's language."""
_SIGNS = re.compile(f"{OPEN}(?:[A-Za-z0-9-]{{2,20}}){MIDDLE}|{CLOSE}")

Attribute = str | int | bool | None
Child = str | None


def h(tag: str, attributes: Mapping[str, Attribute] | None = None, *children: Child) -> SafeString:
    """Return one element; attributes that are None or False are left out, True stands alone.

    Children that are not marked as safe are escaped. Words in another language than the page's
    bring their language and direction to the element, if they are all that stands in it.
    """
    parts = ["<", tag]
    given = attributes or {}
    if any(child.__class__ is Said for child in children):
        given, children = _in_its_language(given, children)
    for name, value in given.items():
        if value is None or value is False:
            continue
        if value is True:
            parts.append(f" {name}")
        else:
            parts.append(f' {name}="{_attribute(value)}"')
    parts.append(">")
    if tag not in VOID:
        parts.extend(_escaped(child) for child in children if child)
        parts.append(f"</{tag}>")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _in_its_language(
    attributes: Mapping[str, Attribute], children: tuple[Child, ...]
) -> tuple[Mapping[str, Attribute], tuple[Child, ...]]:
    """Return attributes that say the language of the only child, which then needs no mark."""
    words = [child for child in children if child]
    if len(words) != 1 or not isinstance(words[0], Said) or "lang" in attributes:
        return attributes, children
    lang = words[0].lang
    plain = mark_safe(escape(words[0]))  # noqa: S308 - escaped here
    return {**attributes, "lang": lang, "dir": direction(lang), FELL_BACK: True}, (plain,)


def _escaped(text: str) -> str:
    """Return ``text`` as it may stand in HTML; what is marked as safe stays as it is."""
    if isinstance(text, SafeString):
        return text
    return text.__html__() if isinstance(text, Said) else escape(text)


def bare(text: str) -> str:
    """Return ``text`` without the signs around words of another language: for attributes."""
    return _SIGNS.sub("", text) if OPEN in text else text


def _attribute(value: str | int) -> str:
    """Return a value as it may stand between quotation marks."""
    text = value if isinstance(value, str) else str(value)
    return bare(text) if isinstance(text, SafeString) else escape(text)


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
    return _around(text, _paragraphs(text, css))


def _around(text: str, drawn: SafeString) -> SafeString:
    """Return what was drawn of ``text``, in an element that says its language where it must."""
    if not isinstance(text, Said):
        return drawn
    lang = text.lang
    return h("div", {"lang": lang, "dir": direction(lang), FELL_BACK: True}, drawn)


def _paragraphs(text: str, css: str) -> SafeString:
    return join(
        _block(lines, css, h("p", {"class": css}, " ".join(lines))) for lines in _blocks(text)
    )


def letter(text: str, css: str = "kern-body") -> SafeString:
    """Return plain ``text`` as paragraphs in which every line end is kept."""
    drawn = join(
        _block(lines, css, h("p", {"class": css}, join(_with_breaks(lines))))
        for lines in _blocks(text)
    )
    return _around(text, drawn)


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
    return _around(text, h("ul", {"class": "kern-list kern-list--bullet"}, *items))


def _with_breaks(lines: list[str]) -> Iterable[Child]:
    for number, line in enumerate(lines):
        if number:
            yield h("br")
        yield line
