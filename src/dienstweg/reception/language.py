"""Which language a page is in: the one asked for, else an earlier choice, else the browser's."""

from collections.abc import Mapping

LANGUAGES = ("de", "en")
COOKIE = "dw_sprache"
YEAR = 365 * 24 * 60 * 60


def choose(query: str | None, cookie: str | None, accept: str) -> str:
    """Return the first known language of link, cookie and ``Accept-Language``; else German."""
    for wish in (query, cookie):
        if wish in LANGUAGES:
            return str(wish)
    return _accepted(accept[:200])


def _accepted(header: str) -> str:
    weights: dict[str, float] = {}
    for part in header.split(","):
        tag, _, parameter = part.strip().partition(";")
        name = tag.strip().lower().split("-")[0]
        if name in LANGUAGES:
            weights[name] = max(weights.get(name, 0.0), _weight(parameter))
    return _heaviest(weights)


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _heaviest(weights: Mapping[str, float]) -> str:
    if not weights:
        return LANGUAGES[0]
    best = max(weights.values())
    return next(name for name in LANGUAGES if weights.get(name) == best) if best > 0 else "de"
