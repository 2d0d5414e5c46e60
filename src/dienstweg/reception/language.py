"""The languages that a visitor wishes for: asked for, chosen earlier, then the browser's."""

from dienstweg.kernel import language

LANGUAGES = ("de", "en")
"""The languages that every page is in; a service may bring more."""
COOKIE = "dw_sprache"
YEAR = 365 * 24 * 60 * 60
HEADER_LIMIT = 200


def wishes(query: str | None, cookie: str | None, accept: str) -> tuple[str, ...]:
    """Return the known languages of link, cookie and ``Accept-Language``, the dearest first."""
    chosen = [wish for wish in (query, cookie) if wish and language.is_known(wish)]
    return tuple(dict.fromkeys([*chosen, *_accepted(accept[:HEADER_LIMIT])]))


def choose(query: str | None, cookie: str | None, accept: str) -> str:
    """Return the language of a page that belongs to no service; German where no wish fits."""
    return language.first(wishes(query, cookie, accept), LANGUAGES)


def _accepted(header: str) -> list[str]:
    """Return the languages of the header (RFC 9110, section 12.5.4), the heaviest first."""
    weights: dict[str, float] = {}
    for part in header.split(","):
        tag, _, parameter = part.strip().partition(";")
        name = language.base(tag.strip().lower())
        weight = _weight(parameter)
        if weight > 0 and language.is_known(name):
            weights[name] = max(weights.get(name, 0.0), weight)
    return sorted(weights, key=lambda name: -weights[name])


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
