"""Begins a draft for somebody: ``POST /api/v1/entwuerfe/<connection>`` (docs/prefill.md).

The connection's own connector says who may call. 201 with a link that opens the draft once, in the
browser of whoever it is for; its code stands behind ``#``, which no server gets to see. The same
again under a known ``Idempotency-Key`` is the same answer, another body 409. What fits no question
of the service is refused with 422 and named by JSON pointers, never by values.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dienstweg.api.news import call_of, problem
from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.actions import Given
from dienstweg.authorities.queries import public_url
from dienstweg.blueprint import prefilling
from dienstweg.deliveries import actions as deliveries
from dienstweg.deliveries.errors import MayNotBegin, NoSuchConnection
from dienstweg.deliveries.port import Untrusted
from dienstweg.design.words import say
from dienstweg.kernel import clock
from dienstweg.kernel.references import new_id
from dienstweg.offers import queries as offers
from dienstweg.offers.queries import OfferView
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import once

LIMIT = 256 * 1024
NAME_LIMIT = 100
MOST_NAMED = 50
LANGUAGES = ("de", "en")

_REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (Untrusted, 401, "Die Signatur fehlt oder stimmt nicht."),
    (NoSuchConnection, 404, "Diese Anbindung gibt es hier nicht."),
    (MayNotBegin, 403, "Über diese Anbindung darf niemand Anträge vorbereiten."),
)


@csrf_exempt  # no browser calls this, and no cookie lets anybody in: the signature does
@require_POST
def begin(request: HttpRequest, connection: str) -> HttpResponse:
    """Begin a draft with what is known, once for each key; answer with the link that opens it."""
    if len(request.body) > LIMIT:
        return problem(413, "Die Anfrage ist zu groß.")
    try:
        deliveries.prove_caller(connection_slug=connection, call=call_of(request))
    except tuple(kind for kind, _, _ in _REFUSALS) as refusal:
        return _refused(refusal)
    caller = hashlib.sha256(connection.encode()).hexdigest()[:16]
    answer = once(f"drafts/{caller}")(_begin)(request, connection=connection)
    if answer.status_code != 201:
        return answer
    # The link is worked out anew each time: what is kept of an answer holds no code.
    told = json.loads(answer.content)
    code = drafts.handover_code(UUID(told["entwurf"]))
    told["link"] = public_url(visits.of(request).at.id, f"/fortsetzen#{code}")
    return JsonResponse(told, status=201)


def _begin(request: HttpRequest, *, connection: str) -> HttpResponse:
    told = _object(request.body)
    offer = offers.live(str(told.get("leistung", ""))[:NAME_LIMIT]) if told else None
    if told is None or not isinstance(told.get("angaben", {}), dict):
        return problem(400, "Die Anfrage ist kein JSON in der beschriebenen Form.")
    if offer is None:
        return problem(404, "Diese Leistung gibt es hier nicht.")
    given = _given(told, connection)
    wrong = _unfit(offer, given)
    if wrong:
        return problem(422, "Manche Angaben passen zu keiner Frage.", angaben=wrong[:MOST_NAMED])
    begun = assistants.begin_for(
        draft_id=new_id(), offer_id=offer.id, lang=_lang(told), given=given
    )
    until = clock.now() + timedelta(days=offer.draft_days)
    answer = {"entwurf": str(begun.draft_id), "gueltig_bis": until.isoformat()}
    return JsonResponse(answer, status=201)


def _given(told: dict[str, Any], connection: str) -> Given:
    name = told.get("absender")
    is_name = isinstance(name, str) and 0 < len(name) <= NAME_LIMIT and name.isprintable()
    label = say(_lang(told), "portal.source.api", name=name if is_name else connection)
    values = {f"/{key}": value for key, value in told.get("angaben", {}).items()}
    return Given(values, "api", label)


def _unfit(offer: OfferView, given: Given) -> list[str]:
    """Return the pointers of what the service does not ask, or not so."""
    release = offers.release(offer.digest)
    tried = prefilling.prefill(release, {}, given.values, source=given.source, label="")
    return list(tried.refused)


def _lang(told: dict[str, Any]) -> str:
    return str(told["sprache"]) if told.get("sprache") in LANGUAGES else LANGUAGES[0]


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _refused(refusal: Exception) -> JsonResponse:
    for kind, status, title in _REFUSALS:
        if isinstance(refusal, kind):
            return problem(status, title)
    raise refusal
