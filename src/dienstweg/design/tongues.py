"""Words in another language than the page's: marked as such in HTML (WCAG 2.2, 3.1.2).

Such words are a `Said`. On their way through templates and components they carry signs of their own
around them, which no keyboard has; `settle` makes elements of them where text stands, and takes
them away where an element would be wrong: in attributes, titles, scripts.
"""

import re

from dienstweg.design.markup import FELL_BACK, bare, h
from dienstweg.design.words import say
from dienstweg.kernel.language import CLOSE, MIDDLE, OPEN, direction, is_known

NOTICE = "<!--untranslated-->"
"""Where a page has room for the notice that parts of it are not translated."""
_MARKED = re.compile(f"{OPEN}([A-Za-z0-9-]{{2,20}}){MIDDLE}([^{OPEN}{MIDDLE}{CLOSE}]*){CLOSE}")
_PIECES = re.compile(
    r"(<(?:title|script|style|textarea|option)\b.*?</(?:title|script|style|textarea|option)>"
    r"|<[^>]*>)",
    re.DOTALL | re.IGNORECASE,
)


def settle(html: str, lang: str) -> str:
    """Return a page with elements instead of signs, and with one notice where there are any."""
    settled, found = _settled(html)
    return settled.replace(NOTICE, _settled(notice(lang))[0] if found else "", 1)


def _settled(html: str) -> tuple[str, bool]:
    found = f" {FELL_BACK}>" in html
    if OPEN not in html:
        return html, found
    pieces = _PIECES.split(html)
    for number, piece in enumerate(pieces):
        if OPEN not in piece:
            continue
        if number % 2:
            pieces[number] = bare(piece)
        else:
            pieces[number] = _MARKED.sub(_element, piece)
            found = found or pieces[number] != piece
    return "".join(pieces), found


def notice(lang: str) -> str:
    """Return what a page says that holds words in another language than its own."""
    text = say(lang, "design.untranslated")
    return h("p", {"class": "dw-untranslated", "role": "note"}, text)


def _element(match: re.Match[str]) -> str:
    lang, text = match.groups()
    if not is_known(lang):
        return match[0]
    return f'<span lang="{lang}" dir="{direction(lang)}" {FELL_BACK}>{text}</span>'
