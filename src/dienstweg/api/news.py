"""Takes the calls of back offices: ``POST /api/v1/rueckmeldungen/<connection>``.

The connection's own connector says who may call and what the body means. 201 for news, 200 for a
repeat, 409 for other news under a known id; a body of at most `LIMIT` bytes.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dienstweg.cases.errors import NoSuchCase
from dienstweg.deliveries import actions
from dienstweg.deliveries.errors import (
    AnotherNotice,
    NoSuchConnection,
    NoSuchDelivery,
    NotListening,
)
from dienstweg.deliveries.port import Call, Untrusted

LIMIT = 256 * 1024

_REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (Untrusted, 401, "Die Signatur fehlt oder stimmt nicht."),
    (AnotherNotice, 409, "Unter dieser Kennung wurde schon etwas anderes gemeldet."),
    (NoSuchConnection, 404, "Diese Anbindung gibt es hier nicht."),
    (NotListening, 404, "Diese Anbindung gibt es hier nicht."),
    (NoSuchDelivery, 404, "Zu dieser Rückmeldung gibt es keine Übergabe."),
    (NoSuchCase, 410, "Den Vorgang zu dieser Rückmeldung gibt es nicht mehr."),
)


@csrf_exempt  # no browser calls this, and no cookie lets anybody in: the signature does
@require_POST
def take(request: HttpRequest, connection: str) -> HttpResponse:
    """Take news from the back office of a connection, once for each."""
    body = request.body
    if len(body) > LIMIT:
        return problem(413, "Die Rückmeldung ist zu groß.")
    try:
        taken = actions.take_notice(connection_slug=connection, call=call_of(request))
    except tuple(kind for kind, _, _ in _REFUSALS) as refusal:
        return _refused(refusal)
    answer = {"rueckmeldung": str(taken.notice_id), "bekannt": taken.repeated}
    return JsonResponse(answer, status=200 if taken.repeated else 201)


def call_of(request: HttpRequest) -> Call:
    """Return the call as a connector proves it."""
    return Call(
        method=str(request.method),
        url=request.build_absolute_uri(),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
    )


def _refused(refusal: Exception) -> JsonResponse:
    for kind, status, title in _REFUSALS:
        if isinstance(refusal, kind):
            return problem(status, title)
    raise refusal


def problem(status: int, title: str, **more: object) -> JsonResponse:
    """Return problem details (RFC 9457), with ``more`` members of our own."""
    value = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(value, status=status, content_type="application/problem+json")
