"""What stands around every page: whose it is, how to reach them, in which language."""

import logging
from dataclasses import dataclass
from functools import cache, lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString

from dienstweg.design.markup import h
from dienstweg.design.words import LANGUAGES
from dienstweg.kernel.language import direction, own_name

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """An authority (or the network) as its pages show it."""

    name: str
    short_name: str
    accent: str
    phone: str = ""
    email: str = ""
    address: tuple[str, ...] = ()
    opening_hours: tuple[str, ...] = ()
    legal_base: str = ""
    """Where imprint, privacy and help stand: another host where this one has none."""


@cache
def asset(path: str) -> str:
    """Return the address of one of our static files; asked once per process.

    Before the static files are collected there is no hashed name yet: then the plain one is given,
    since a page without its looks helps more than none.
    """
    try:
        return str(static(path))
    except ValueError:
        _log.warning("static_file_missing path=%s", path)
        return f"{settings.STATIC_URL}{path}"


def coat(look: Look) -> SafeString:
    """Return a shield in the authority's colour with the first letter of its name.

    The colour is a presentation attribute of SVG: the Content-Security-Policy allows no inline
    styles.
    """
    return h(
        "svg",
        {
            "class": "dw-coat",
            "viewBox": "0 0 40 46",
            "width": 40,
            "height": 46,
            "aria-hidden": "true",
            "focusable": "false",
        },
        h("path", {"d": "M2 2h36v24c0 9-8 15-18 18C10 41 2 35 2 26z", "fill": look.accent}),
        h(
            "path",
            {
                "d": "M2 2h36v24c0 9-8 15-18 18C10 41 2 35 2 26z",
                "fill": "none",
                "stroke": "currentColor",
                "stroke-width": 2,
            },
        ),
        h(
            "text",
            {
                "x": 20,
                "y": 30,
                "fill": "#fff",
                "font-size": 22,
                "font-weight": 600,
                "text-anchor": "middle",
            },
            look.short_name[:1],
        ),
    )


def stripe(look: Look) -> SafeString:
    """Return a thin stripe in the authority's colour across the page."""
    return h(
        "svg",
        {
            "class": "dw-stripe",
            "width": "100%",
            "height": 6,
            "aria-hidden": "true",
            "focusable": "false",
        },
        h("rect", {"width": "100%", "height": 6, "fill": look.accent}),
    )


@cache
def assets() -> SafeString:
    """Return the stylesheets, fonts and scripts of every page; drawn once per process."""
    return render_to_string("design/assets.html")


Nav = tuple[tuple[str, str], ...]


def header(
    look: Look, lang: str, nav: Nav, query: str, languages: tuple[str, ...] = LANGUAGES
) -> SafeString:
    """Return what stands above every page; ``query`` is kept by the links to other languages.

    ``languages`` are those of this page. The header is the same for everybody and drawn once,
    except where a query has to be kept.
    """
    draw = _draw_header if query else _header
    return draw(look, lang, nav, query, languages)


def _draw_header(
    look: Look, lang: str, nav: Nav, query: str, languages: tuple[str, ...]
) -> SafeString:
    tongues = [(one, own_name(one), direction(one)) for one in languages]
    context = {"look": look, "lang": lang, "nav": nav, "other_query": query, "tongues": tongues}
    return render_to_string("design/header.html", context)


_header = lru_cache(maxsize=1024)(_draw_header)


@lru_cache(maxsize=1024)
def footer(look: Look, lang: str) -> SafeString:
    """Return what stands below every page; drawn once per authority and language."""
    return render_to_string("design/footer.html", {"look": look, "lang": lang})
