"""Where the operator's map comes from, if there is one; without tiles no map is shown at all."""

from urllib.parse import urlsplit

from django.conf import settings

from dienstweg.design.question import Tiles


def tiles(centre: tuple[float, float] | None = None) -> Tiles | None:
    """Return the operator's map, centred where the authority is; None where there is none.

    ``centre`` is latitude and longitude; without it the whole country is shown.
    """
    url = str(settings.DIENSTWEG_TILES_URL)
    if not url:
        return None
    attribution = str(settings.DIENSTWEG_TILES_ATTRIBUTION)
    if centre is None:
        return Tiles(url, attribution)
    return Tiles(url, attribution, centre, zoom=14)


def origin(found: Tiles) -> str:
    """Return scheme and host of the tiles, as a Content-Security-Policy names them."""
    parts = urlsplit(found.url)
    return f"{parts.scheme}://{parts.netloc}"
