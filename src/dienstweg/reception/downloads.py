"""How files of a case leave the house: always to be saved, never opened inside our pages."""

import re
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse


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


_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def played(request: HttpRequest, content: bytes, media_type: str) -> HttpResponse:
    """Return a public file whole, or the part of it that a player asks for (RFC 9110, section 14).

    A range that cannot be is answered with 416; several at once with the whole.
    """
    wanted = _RANGE.fullmatch(request.headers.get("Range", ""))
    if wanted is None or not (wanted[1] or wanted[2]):
        response = HttpResponse(content, content_type=media_type)
    else:
        size = len(content)
        first = int(wanted[1]) if wanted[1] else max(0, size - int(wanted[2]))
        last = min(int(wanted[2]), size - 1) if wanted[1] and wanted[2] else size - 1
        if first > last:
            response = HttpResponse(status=416)
            response.headers["Content-Range"] = f"bytes */{size}"
            return response
        response = HttpResponse(content[first : last + 1], content_type=media_type, status=206)
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    return response
