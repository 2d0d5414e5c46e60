"""Is this document genuine? Anybody may ask, and learns nothing of what it says.

By the code on the paper one learns that there is such a document and when it was issued; by the
file itself (or its SHA-256) that it is unchanged. What is uploaded is hashed in memory and dropped.
"""

import hashlib
import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from dienstweg.design.words import say
from dienstweg.documents import queries as documents
from dienstweg.documents.queries import Issued
from dienstweg.kernel import clock
from dienstweg.kernel.references import normalise
from dienstweg.reception import guesses
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond
from dienstweg.reception.uploads import Withheld

CODE_LIMIT, HASH_LIMIT = 40, 100
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said: the key of its words, the look of the alert, and when it was issued."""

    words: str
    kind: str
    issued: Issued | None = None

    def issued_on(self) -> str:
        """Return the day of issue as people read it."""
        if self.issued is None:
            return ""
        return clock.local(self.issued.written_at).strftime("%d.%m.%Y")


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Ask for a code, a file or a hash, and say whether the document is genuine."""
    asked = request.POST.get("code", code)[:CODE_LIMIT].strip()
    if request.method != "POST" and not code:
        return _show(request, "", None)
    if wait := _wait(request, asked):
        return error(request, 429, retry_after=wait)
    answer = _answer(request, asked)
    return _show(request, asked, answer, status=422 if answer.words == "nothing" else 200)


def _wait(request: HttpRequest, code: str) -> int:
    """Count the question; return 0, or the seconds to wait.

    A file can be no guess: counted as one target, five of them would close the page to everybody.
    """
    if code:
        return guesses.take(request, purpose="verify", target=normalise(code))
    return guesses.pace(request, purpose="verify_file", limit=guesses.ADDRESS)


def _answer(request: HttpRequest, code: str) -> Answer:
    digest, fault = _digest(request)
    if fault is not None:
        return fault
    if code:
        return _by_code(code, digest)
    if digest is None:
        return Answer("nothing", "danger")
    found = documents.issued(sha256=digest)
    return Answer("genuine", "success", found) if found else Answer("unknown_file", "danger")


def _by_code(code: str, digest: bytes | None) -> Answer:
    found = documents.issued(code=code)
    if found is None:
        return Answer("unknown_code", "danger")
    if digest is None:
        return Answer("issued", "info", found)
    same = found.sha256 == digest
    return Answer("genuine", "success", found) if same else Answer("changed", "danger", found)


def _digest(request: HttpRequest) -> tuple[bytes | None, Answer | None]:
    """Return the hash of what was uploaded or typed; or what is wrong with that."""
    file = request.FILES.get("datei")
    if isinstance(file, Withheld):
        return None, Answer("too_large", "danger")
    if file is not None and file.size:
        return hashlib.sha256(file.read()).digest(), None
    typed = re.sub(r"[\s:]", "", request.POST.get("hash", "")[:HASH_LIMIT]).lower()
    if not typed:
        return None, None
    if not _HEX.fullmatch(typed):
        return None, Answer("no_hash", "danger")
    return bytes.fromhex(typed), None


def _show(
    request: HttpRequest, code: str, answer: Answer | None, *, status: int = 200
) -> HttpResponse:
    visit = visits.of(request)
    context = {
        "code": code,
        "answer": answer,
        "title": say(visit.lang, f"portal.verify.{answer.words}.title") if answer else "",
        "text": say(
            visit.lang,
            f"portal.verify.{answer.words}.text",
            name=visit.at.name,
            day=answer.issued_on(),
        )
        if answer
        else "",
        "hash": request.POST.get("hash", "")[:HASH_LIMIT],
    }
    return respond(request, "portal/verify.html", context, status=status)
