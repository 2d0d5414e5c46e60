"""What we read of a request before anything else does: bounded, in UTF-8 and without NUL.

PostgreSQL stores no NUL and Python replaces broken UTF-8 in silence, so both are refused at the
door (TR-03172-3, A3.12; ASVS 5.0, V1.1 and V4.2).
"""

from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFilesSent,
)
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

PATH_LIMIT = 1_000
QUERY_LIMIT = 2_000
QUERY_FIELDS = 100
LENGTH_DIGITS = 15
API = "/api/"
"""Below it bodies are bytes, which the view reads and checks itself."""
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
UPLOAD_LIMIT = 64 * 1024 * 1024
"""Bytes of a whole request with files; `dienstweg.reception.uploads` keeps fewer of them."""
DRAIN_LIMIT = 64 * 1024 * 1024
"""Bytes of a refused body that are read and dropped, so that a browser gets to see the answer."""


_UNREADABLE = (
    BadRequest,
    SuspiciousOperation,
    MultiPartParserError,
    UnreadablePostError,
    LookupError,  # a part that names a codec which does not exist (RFC 2231)
    ValueError,
)


class Unacceptable(Exception):
    """The request is refused as it is; ``status`` says with what."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def check(request: HttpRequest) -> None:
    """Look at path, query, cookies and form of a request; raises `Unacceptable` (400, 413, 414)."""
    # Django would read query and form by whatever codec the client names.
    charset = (request.content_params or {}).get("charset", "")
    if charset.strip().lower() not in {"", "utf-8", "utf8"}:
        raise Unacceptable(400)
    query = str(request.META.get("QUERY_STRING", ""))
    if len(request.path) > PATH_LIMIT or len(query) > QUERY_LIMIT:
        raise Unacceptable(414)
    if query.count("&") >= QUERY_FIELDS:
        raise Unacceptable(400)
    # In quotes, a cookie may spell any character as an octal number.
    if any("\0" in one for one in request.COOKIES.values()):
        raise Unacceptable(400)
    # Django leaves what is not UTF-8 in a path percent-encoded.
    if not _clean(request.path.encode()) or not _clean(query.encode("latin-1", "replace")):
        raise Unacceptable(400)
    if request.method in {"POST", "PUT", "PATCH", "DELETE"}:
        _check_body(request)


def _clean(raw: bytes) -> bool:
    """Tell whether percent-encoded bytes are UTF-8 without NUL."""
    return _is_text(unquote_to_bytes(raw) if b"%" in raw else raw)


def _is_text(raw: bytes) -> bool:
    """Tell whether bytes are UTF-8 without NUL."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in raw


def _check_body(request: HttpRequest) -> None:
    kind = request.content_type
    files = kind == FORM_TYPES[1]
    limit = UPLOAD_LIMIT if files else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or UPLOAD_LIMIT)
    if _length(request) > limit:
        _drain(request)
        raise Unacceptable(413)
    if kind not in FORM_TYPES or request.path.startswith(API):
        return
    if not files and not _clean(request.body):
        raise Unacceptable(400)
    for key, values in _posted(request):
        if any("\0" in text or (files and "�" in text) for text in (key, *values)):
            raise Unacceptable(400)


def _length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    if not text.isascii() or not text.isdecimal() or len(text) > LENGTH_DIGITS:
        raise Unacceptable(400)
    return int(text)


def _drain(request: HttpRequest) -> None:
    left = min(_length(request), DRAIN_LIMIT)
    try:
        while left > 0:
            chunk = request.read(min(left, 65_536))
            if not chunk:
                return
            left -= len(chunk)
    except OSError:
        return


def _posted(request: HttpRequest) -> list[tuple[str, list[str]]]:
    """Return the form; whatever stops Django from reading it becomes a refusal of ours."""
    try:
        return [(str(key), [str(one) for one in values]) for key, values in request.POST.lists()]
    except (RequestDataTooBig, TooManyFilesSent) as error:
        raise Unacceptable(413) from error
    except _UNREADABLE as error:
        raise Unacceptable(400) from error
