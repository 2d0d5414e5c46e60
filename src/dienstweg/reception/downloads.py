"""How files of a case leave the house: to be saved, or looked at where nothing of them runs."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase


def download(name: str, content: bytes, media_type: str) -> HttpResponse:
    """Return a file to be saved under ``name``.

    Whatever it contains cannot run here: it is an attachment of the type we know, in a sandbox
    (TR-03172-3, A3.8; RFC 6266 for names with umlauts).
    """
    response = HttpResponse(content, content_type=media_type)
    _as_attachment(response, name)
    return response


def download_in_pieces(
    name: str, pieces: Iterator[bytes], size: int, media_type: str
) -> StreamingHttpResponse:
    """Return what is too long for memory to be saved, as `download`; ``size`` in bytes."""
    response = StreamingHttpResponse(pieces, content_type=media_type)
    response.headers["Content-Length"] = str(size)
    _as_attachment(response, name)
    return response


def _as_attachment(response: HttpResponseBase, name: str) -> None:
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "no-store"


_INLINE = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self' data:",
        "object-src 'self'",
        "style-src 'unsafe-inline'",
        "frame-ancestors 'self'",
    )
)
"""What a file may do that is looked at: be drawn by the browser's own viewer, in our frame only."""
VIEWED = frozenset({"application/pdf", "image/jpeg", "image/png"})


def view(name: str, content: bytes, media_type: str) -> HttpResponse:
    """Return a file to be looked at inside one of our pages; other kinds are saved.

    Its kind was found by its content when it came, and the browser must not guess another. No
    script of it runs; it may stand in a frame of ours alone. A ``sandbox`` would keep browsers from
    starting their viewer of PDF.
    """
    if media_type not in VIEWED:
        return download(name, content, media_type)
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = _INLINE
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
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
