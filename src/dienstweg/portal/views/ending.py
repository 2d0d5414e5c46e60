"""Where an assistant ends without an application: why, what to do instead, and the way back."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dienstweg.blueprint import pages as blueprint
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.portal.doors import Key, of_draft, open_draft, see_other
from dienstweg.portal.moments import day
from dienstweg.reception import visit as visits
from dienstweg.reception.pages import page as respond


@require_safe
@of_draft
def show(request: HttpRequest, key: Key) -> HttpResponse:
    """Say that nobody needs to apply, as the answers stand; else lead to where it goes on."""
    draft = open_draft(request, key)
    release = offers.release(draft.digest)
    lang = visits.speak(request, release.languages)
    ending = blueprint.ending(release, dict(draft.answers), clock.today(), lang=lang)
    if ending is None:
        return see_other(key.url("draft"))
    context = {
        "service": release.text(lang, "service.title", ""),
        "ending": ending,
        "back_url": key.page(ending.page),
        "pause_url": key.url("pause"),
        "discard_url": key.url("discard"),
        "until": day(draft.expires_at, lang),
    }
    return respond(request, "portal/ending.html", context)
