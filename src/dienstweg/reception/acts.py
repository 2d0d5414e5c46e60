"""Acts that may be sent twice and are done once (architecture, rule 2).

A form for such an act carries a key made with the page (`new_key`). The first request that brings
it is carried out, and its answer is kept in the same transaction; a repeat gets that answer again,
and another body under the same key is refused with 409.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from dienstweg.authorities import scope
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.reception import pages
from dienstweg.reception.bounds import FORM_TYPES
from dienstweg.reception.models import Act

FIELD = "handlung"
HEADER = "Idempotency-Key"
KEY_LIMIT = 64
KEPT = timedelta(days=2)

View = Callable[..., HttpResponse]

_CLAIM = """
INSERT INTO reception_act ("id", "authority_id", "name", "key", "body_hash", "made_at")
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT ("authority_id", "name", "key") DO NOTHING
"""


class Refused(Exception):
    """A view inside of `once` refuses: all that it did is taken back, and ``answer`` says why.

    It is asked for the answer after that, so that what showing the page writes (who read a case)
    stays.
    """

    def __init__(self, answer: Callable[[], HttpResponse]) -> None:
        super().__init__()
        self.answer = answer


class _Undone(Exception):
    """The view refused (4xx, 5xx): nothing is kept, and the same key may come again."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def new_key() -> str:
    """Return a key for one act, to stand in its form."""
    return str(new_id())


def key_of(request: HttpRequest) -> str:
    """Return the key that a request brings for its act; empty without one."""
    return request.headers.get(HEADER) or request.POST.get(FIELD, "")


def once(name: str) -> Callable[[View], View]:
    """Make a POST view safe to be sent twice; it runs in one transaction with its answer.

    The key comes from the form field ``handlung`` or the header ``Idempotency-Key``; without one
    the request is refused with 400.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            key = key_of(request)
            if not key or len(key) > KEY_LIMIT:
                return pages.error(request, 400)
            try:
                return _do(request, name, key, lambda: view(request, *args, **kwargs))
            except _Undone as undone:
                return undone.response
            except Refused as refused:
                return refused.answer()

        return guarded

    return decorate


def once_for(name: str, key: str, act: Callable[[], object]) -> bool:
    """Carry out one of several acts of a form under a key of its own, in one transaction.

    Tells whether it was done now; what has been done under the key already is not done again.
    What ``act`` raises takes its transaction back, and the key may come again.
    """
    plain = hashlib.sha256(key.encode()).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [new_id(), scope.one(), name, plain, b"", clock.now()])
        if cursor.rowcount != 1:
            return False
        act()
    return True


def sweep() -> int:
    """Delete acts of the current scope that nobody will repeat any more; return their number."""
    deleted, _ = Act.objects.filter(made_at__lt=clock.now() - KEPT).delete()
    return deleted


@transaction.atomic
def _do(request: HttpRequest, name: str, key: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Carry out ``act`` under its key, or repeat its answer; a rival waits for the first."""
    own, body = new_id(), _hash(request)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [own, scope.one(), name, key, body, clock.now()])
        first = cursor.rowcount == 1
    if not first:
        return _repeat(request, Act.objects.get(name=name, key=key), body)
    response = act()
    if response.status_code >= 400:
        raise _Undone(response)
    Act.objects.filter(pk=own).update(answer=_kept(response))
    return response


def _repeat(request: HttpRequest, done: Act, body: bytes) -> HttpResponse:
    if bytes(done.body_hash) != body:
        return pages.error(request, 409)
    kept: dict[str, Any] = done.answer or {}
    response = HttpResponse(
        kept.get("body", ""),
        status=int(kept.get("status", 200)),
        content_type=str(kept.get("type", "text/html; charset=utf-8")),
    )
    if kept.get("location"):
        response.headers["Location"] = kept["location"]
    return response


def _kept(response: HttpResponse) -> dict[str, Any]:
    """Return what is kept of an answer: acts answer with a redirect or a little JSON of ids."""
    return {
        "status": response.status_code,
        "location": response.headers.get("Location", ""),
        "type": response.headers.get("Content-Type", ""),
        "body": response.content.decode() if len(response.content) <= 4_000 else "",
    }


def _hash(request: HttpRequest) -> bytes:
    """Return a digest of what is asked: path and body, without what changes by itself."""
    digest = hashlib.sha256(request.path.encode())
    if request.content_type in FORM_TYPES:
        for field, values in sorted(request.POST.lists()):
            if field != "csrfmiddlewaretoken":
                digest.update(repr((field, values)).encode())
    else:
        digest.update(request.body)
    return digest.digest()
