"""Uploads that go on after a broken connection: tus 1.0.0 (https://tus.io/protocols/resumable-upload).

Creation is a POST to the address of the plain upload, with tus's header; an upload then has an
address of its own. Extensions: creation, expiration, termination, checksum. A body is read in
pieces, each sealed and synced before the next; the door lets none pass that is longer than 1 MiB.
Refusals carry words for the applicant.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import errors as drafts
from dienstweg.design.words import say
from dienstweg.files.actions import MAX_BYTES, PIECE, Checksum
from dienstweg.files.errors import (
    NoSuchUpload,
    Refused,
    TooLarge,
    TooManyPieces,
    WrongChecksum,
    WrongOffset,
)
from dienstweg.files.queries import UploadCard
from dienstweg.portal.doors import Key, key_of
from dienstweg.reception import pages
from dienstweg.reception import visit as visits

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination,checksum"
ALGORITHMS = ("sha1", "sha256")
PIECE_TYPE = "application/offset+octet-stream"
MOST_DIGITS = 12
MOST_METADATA = 2_000
"""Characters of the metadata: a name of 200 characters in Base64, and a field."""
NAME_LIMIT = 200
FIELD_LIMIT = 100
CHECKSUM_MISMATCH = 460

Entry = tuple[int, ...]
View = Callable[..., HttpResponse]


class Malformed(Exception):
    """A header is missing or is not what tus says."""


def is_tus(request: HttpRequest) -> bool:
    """Tell whether a request speaks tus; what is left is a form."""
    return request.method == "OPTIONS" or "Tus-Resumable" in request.headers


def speaking_tus(view: View) -> View:
    """Answer in tus whatever happens: its headers, its status codes, and words to show."""

    @wraps(view)
    def guarded(request: HttpRequest, draft_id: UUID, **parts: Any) -> HttpResponse:
        key = key_of(request, draft_id)
        early = _stranger(request, key)
        if early is not None or key is None:
            return early or _headed(_refusal(request, 404, "closed"))
        try:
            return _headed(view(request, key, **parts))
        except Refused as refused:
            status = 413 if isinstance(refused, TooLarge) else 422
            message = refused.message(visits.of(request).lang)
            return _headed(JsonResponse({"message": message}, status=status))
        except tuple(_STATUS) as error:
            status, word = _STATUS[type(error)]
            return _headed(_refusal(request, status, word))

    return guarded


def _stranger(request: HttpRequest, key: Key | None) -> HttpResponse | None:
    """Return the answer for whoever asks what we can do, or does not speak this tus."""
    version = request.headers.get("Tus-Resumable")
    if key is not None and request.method == "OPTIONS":
        return _headed(_abilities())
    if version is None:  # no uploader, but somebody with a browser: they get a page
        return pages.error(request, 400) if key else pages.error(request, 404, kind="draft")
    return None if version == VERSION else _headed(HttpResponse(status=412))


_STATUS: dict[type[Exception], tuple[int, str]] = {
    Malformed: (400, "gone"),
    WrongOffset: (409, "gone"),
    WrongChecksum: (CHECKSUM_MISMATCH, "gone"),
    TooManyPieces: (400, "gone"),
    NoSuchUpload: (404, "gone"),
    drafts.NoSuchField: (422, "unknown_field"),
    drafts.NoSuchDraft: (404, "closed"),
    drafts.Expired: (404, "closed"),
    drafts.AlreadySubmitted: (403, "closed"),
    drafts.TooBusy: (423, "gone"),
}
"""What tus is told of an error, and the applicant in which of our words."""


def create(request: HttpRequest, key: Key, entry: Entry) -> HttpResponse:
    """Begin an upload to the field that the metadata names; its address is the answer."""
    known = _metadata(request.headers.get("Upload-Metadata", ""))
    card = assistants.begin_upload(
        draft_id=key.draft_id,
        secret=key.secret,
        field=known.get("feld", "")[:FIELD_LIMIT],
        name=known.get("filename", "")[:NAME_LIMIT],
        length=_number(request, "Upload-Length"),
        entry=entry,
    )
    response = _standing(HttpResponse(status=201), card)
    response.headers["Location"] = key.url("tus", upload_id=card.id)
    return response


@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
@speaking_tus
def resource(request: HttpRequest, key: Key, upload_id: UUID) -> HttpResponse:
    """Say how far an upload is, take its next piece, or end it.

    A HEAD may bring the checksum of the beginning of a file: is it the one of which that much has
    come (ours; tus leaves open what a checksum means there)? Else 460.
    """
    draft_id, secret = key.draft_id, key.secret
    if request.method == "HEAD":
        card = assistants.upload(
            draft_id=draft_id, secret=secret, upload_id=upload_id, checksum=_checksum(request)
        )
        response = _standing(HttpResponse(), card)
        response.headers["Cache-Control"] = "no-store"
        return response
    if request.method == "PATCH":
        if request.content_type != PIECE_TYPE:
            return HttpResponse(status=415)
        card = assistants.continue_upload(
            draft_id=draft_id,
            secret=secret,
            upload_id=upload_id,
            offset=_number(request, "Upload-Offset"),
            chunks=_pieces(request),
            checksum=_checksum(request),
        )
        return _standing(HttpResponse(status=204), card)
    assistants.end_upload(draft_id=draft_id, secret=secret, upload_id=upload_id)
    return HttpResponse(status=204)


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body bit by bit; a line that breaks ends it by an `OSError`."""
    while piece := request.read(PIECE):
        yield piece


def _metadata(text: str) -> dict[str, str]:
    """Return what `Upload-Metadata` says: keys with values in Base64; raises `Malformed`."""
    if len(text) > MOST_METADATA:
        raise Malformed
    found = {}
    for pair in filter(None, (one.strip() for one in text.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, ValueError) as error:
            raise Malformed from error
        if "\0" in found[name]:
            raise Malformed
    return found


def _number(request: HttpRequest, header: str) -> int:
    """Return a header that is a count of bytes; raises `Malformed`."""
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit()) or len(text) > MOST_DIGITS:
        raise Malformed
    return int(text)


def _checksum(request: HttpRequest) -> Checksum | None:
    """Return what the piece must hash to, if anything is said; raises `Malformed`."""
    text = request.headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _, value = text.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Malformed
    try:
        return Checksum(algorithm, base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError) as error:
        raise Malformed from error


def _standing(response: HttpResponse, card: UploadCard) -> HttpResponse:
    response.headers["Upload-Offset"] = str(card.offset)
    response.headers["Upload-Length"] = str(card.length)
    response.headers["Upload-Expires"] = http_date(card.expires_at.timestamp())
    return response


def _abilities() -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = EXTENSIONS
    response.headers["Tus-Max-Size"] = str(min(MAX_BYTES, settings.DIENSTWEG_CASE_BYTES))
    response.headers["Tus-Checksum-Algorithm"] = ",".join(ALGORITHMS)
    return response


def _refusal(request: HttpRequest, status: int, word: str) -> HttpResponse:
    message = say(visits.of(request).lang, f"portal.upload.{word}")
    return JsonResponse({"message": message}, status=status)


def _headed(response: HttpResponse) -> HttpResponse:
    response.headers["Tus-Resumable"] = VERSION
    if response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
    return response
