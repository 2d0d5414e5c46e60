"""Languages by their tags: names, directions, plural forms, and what was said in another one.

A tag is one of BCP 47 (``de``, ``en``, ``ar``, ``zh-Hant``). What is known of a language comes from
the Unicode CLDR, by Babel.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Final

from babel import Locale, UnknownLocaleError

SOURCE: Final = "de"
"""The language of every text's source, and the official one (section 23 VwVfG)."""
EASY: Final = "de-x-leicht"
"""German in Leichte Sprache (section 11 BGG), by a private subtag of BCP 47."""
TAG_LIMIT = 20
OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"
"""Signs of Unicode's private use area: before a language, between it and its words, after them."""
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_TERRITORY: Mapping[str, str] = {"de": "de_DE", "en": "en_GB"}
"""Where a language is meant to be written as in one country; English as in Europe."""
_NAMES: Mapping[str, str] = {EASY: "Leichte Sprache"}


class Said(str):
    """Words in the language ``lang``, where another one was asked for and had none.

    Everywhere a plain text; a page marks it as being in its own language (WCAG 2.2, 3.1.2).
    """

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, text: str, lang: str = SOURCE) -> "Said":
        """Return ``text`` with the language that it is in."""
        made = super().__new__(cls, text)
        made.lang = lang
        return made

    def __html__(self) -> str:
        """Return the words escaped, with signs around them of which a page makes an element."""
        return f"{OPEN}{self.lang}{MIDDLE}{escape(str.__str__(self))}{CLOSE}"

    def __str__(self) -> str:
        """Return the words with their language, which str() would drop."""
        return self


def said(text: str, lang: str, wanted: str) -> str:
    """Return ``text``, which is in ``lang``, for somebody who asked for ``wanted``."""
    return text if lang == wanted or not text else Said(text, lang)


def is_known(tag: str) -> bool:
    """Tell whether ``tag`` names a language that we can write names and dates in."""
    if len(tag) > TAG_LIMIT or not _TAG.fullmatch(tag):
        return False
    return _known(tag)


@lru_cache(maxsize=256)
def _known(tag: str) -> bool:
    try:
        Locale.parse(_plain(tag), sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


@lru_cache(maxsize=256)
def locale(tag: str) -> Locale:
    """Return what the CLDR knows of a language; of German where it knows nothing."""
    if not is_known(tag):
        return Locale.parse(_TERRITORY[SOURCE])
    plain = _plain(tag)
    return Locale.parse(_TERRITORY[plain]) if plain in _TERRITORY else Locale.parse(plain, sep="-")


def base(tag: str) -> str:
    """Return the language without script, territory or private parts: ``de`` of ``de-x-leicht``."""
    return tag.partition("-")[0]


@lru_cache(maxsize=256)
def direction(tag: str) -> str:
    """Return "rtl" for languages that are written from right to left, else "ltr"."""
    return str(locale(tag).text_direction)


@lru_cache(maxsize=256)
def own_name(tag: str) -> str:
    """Return what people who speak a language call it: "Türkçe", "Leichte Sprache"."""
    if tag in _NAMES:
        return _NAMES[tag]
    if not is_known(tag):
        return tag
    known = Locale.parse(_plain(tag), sep="-")
    name = str(known.get_display_name(known) or tag)
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=4096)
def plural(tag: str, number: float) -> str:
    """Return the plural form of a number: zero, one, two, few, many or other."""
    return str(locale(tag).plural_form(number))


def first(wishes: Sequence[str], offered: Sequence[str]) -> str:
    """Return the first of the ``wishes`` that is ``offered``; else the first that is offered."""
    return next((one for one in wishes if one in offered), offered[0])


def _plain(tag: str) -> str:
    """Return a tag without what is private to us (BCP 47, section 2.2.7)."""
    return tag.partition("-x-")[0]
