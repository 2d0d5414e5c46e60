"""Who does not want to take part, or is not meant at all, says so here."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from dienstweg.cases import actions, errors
from dienstweg.cases.queries import PartyFile
from dienstweg.design.question import Question
from dienstweg.design.words import say
from dienstweg.portal.doors import see_other
from dienstweg.portal.party_doors import of_party, party_url
from dienstweg.portal.views.parties import WORDS_LIMIT, speak, too_late
from dienstweg.reception.acts import new_key, once
from dienstweg.reception.pages import page as respond


@require_http_methods(["GET", "HEAD", "POST"])
@of_party
def decline(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Ask whether somebody does not want to take part, and note it; or take that back."""
    own = actions.open_for_party(party_id=party_id, purpose="decline")
    lang = speak(request, own)
    if request.method != "POST":
        question = Question(
            name="grund", label=say(lang, "portal.party.decline.reason"), widget="textarea",
            required=False,
        )  # fmt: skip
        context = {
            "party": own.party,
            "question": question,
            "back": party_url(own.party.number),
            "signs": any(one.state in ("waiting", "asked") for one in own.signatures),
            "act": new_key(),
        }
        return respond(request, "portal/party_decline.html", context)
    return _decline(request, own)


@once("party.decline")
def _decline(request: HttpRequest, own: PartyFile) -> HttpResponse:
    try:
        if request.POST.get("wieder"):
            actions.take_part_again(party_id=own.party.id)
        else:
            reason = request.POST.get("grund", "")[:WORDS_LIMIT]
            actions.decline_invitation(party_id=own.party.id, reason=reason)
    except errors.NotAllowed:
        return too_late(request, own)
    return see_other(party_url(own.party.number))


@require_POST
@of_party
def not_meant(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Note that the invitation has reached somebody else; this page is the last that they see."""
    own = actions.open_for_party(party_id=party_id, purpose="decline")
    speak(request, own)
    try:
        actions.say_not_meant(party_id=party_id)
    except errors.NotAllowed:
        return too_late(request, own)
    return respond(request, "portal/party_not_meant.html", {})
