"""How files of a case leave the house: always to be saved, never opened inside our pages."""

from urllib.parse import quote

from django.http import HttpResponse


def download(name: str, content: bytes, media_type: str) -> HttpResponse:
    """Return a file to be saved under ``name``.

    Whatever it contains cannot run here: it is an attachment of the type we know, in a sandbox
    (TR-03172-3, A3.8; RFC 6266 for names with umlauts).
    """
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response
