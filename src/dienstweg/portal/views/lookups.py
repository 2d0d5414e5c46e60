"""Suggestions while somebody types: streets of the authority, entries of a long code list.

Both answer a GET, change nothing, and hold nothing about people. They are bounded in what they
read, in what they answer, and in how often one address may ask.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from dienstweg.assistants import queries as drafts
from dienstweg.blueprint import pages as blueprint
from dienstweg.catalogue import queries as catalogue
from dienstweg.offers import queries as offers
from dienstweg.portal.doors import Key, of_any_draft
from dienstweg.reception import guesses
from dienstweg.reception import visit as visits
from dienstweg.reception.guesses import Limit

LONGEST = 100
"""Characters of a question that are read."""
MOST = 20
"""Suggestions in an answer."""
PACE = Limit(tries=240, seconds=60)
"""Four questions a second from one address: a quick typist asks two, an office shares one."""
KEPT = 300
"""Seconds for which a browser may keep an answer."""

View = Callable[..., HttpResponse]


def _paced(view: View) -> View:
    """Answer with nothing and a time to wait where somebody asks too often."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        seconds = guesses.pace(request, purpose="lookups", limit=PACE)
        if seconds:
            answer = JsonResponse({"options": []}, status=429)
            answer.headers["Retry-After"] = str(seconds)
            return answer
        return view(request, *args, **parts)

    return guarded


@require_safe
@_paced
def streets(request: HttpRequest) -> HttpResponse:
    """Return streets of the authority that fit ``?suche=``; those of ``?plz=`` first."""
    text = request.GET.get("suche", "")[:LONGEST]
    postcode = request.GET.get("plz", "")[:10]
    found = [
        {
            "value": one.name,
            "label": one.label,
            "plz": one.postcode,
            "ort": one.town,
            "lat": one.latitude,
            "lon": one.longitude,
        }
        for one in catalogue.streets(text, limit=MOST, postcode=postcode)
    ]
    return _answer(found)


@require_safe
@_paced
@of_any_draft
def choices(request: HttpRequest, key: Key, field: str) -> HttpResponse:
    """Return entries of a field's code list that fit ``?suche=``; none for an unknown field."""
    draft = drafts.opened(key.draft_id, key.secret)
    release = offers.release(draft.digest)
    lang = visits.speak(request, release.languages)
    text = request.GET.get("suche", "")[:LONGEST]
    found = blueprint.matches(release, field[:LONGEST], text, lang=lang, limit=MOST)
    return _answer([{"value": one.value, "label": one.label} for one in found])


def _answer(options: list[dict[str, Any]]) -> HttpResponse:
    answer = JsonResponse({"options": options})
    answer.headers["Cache-Control"] = f"private, max-age={KEPT}"
    return answer
