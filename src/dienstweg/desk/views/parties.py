"""Who takes part in a case: name somebody, remind, write a letter, remove."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import actions
from dienstweg.cases import queries as cases
from dienstweg.cases.errors import (
    AlreadyTookPart,
    Erased,
    NoSuchCase,
    NoSuchParty,
    NoSuchRole,
    NotAllowed,
    TooManyParties,
)
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.panels import parties as panel
from dienstweg.files import queries as files
from dienstweg.files.errors import NoSuchFile, NotReleased
from dienstweg.mail.errors import InvalidAddress
from dienstweg.offers import queries as offers
from dienstweg.reception import pages
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import Refused, new_key, once
from dienstweg.reception.downloads import download

NAME_LIMIT, ADDRESS_LIMIT, LINES_LIMIT = 200, 250, 400

View = Callable[..., HttpResponse]


def of_party(view: View) -> View:
    """Give a view a party of the case that its address names, inside that case's authority."""

    @wraps(view)
    def guarded(
        request: HttpRequest, desk: Desk, case_id: UUID, party_id: UUID, **parts: Any
    ) -> HttpResponse:
        try:
            with scope.enter(scope.of(cases.case(case_id).authority_id)):
                card = cases.party(party_id)
                if card.case_id != case_id:
                    return pages.error(request, 404)
                if not desk.works_at(card.authority_id):
                    return pages.error(request, 403)
                return view(request, desk, card, **parts)
        except (NoSuchCase, NoSuchParty, Erased):
            return pages.error(request, 404)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def listing(request: HttpRequest, desk: Desk, case_id: UUID) -> HttpResponse:
    """Show everybody who takes part, and invite one more."""
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            if request.method == "POST" and not desk.works_at(scope.one()):
                return pages.error(request, 403)
            if request.method == "POST":
                return _add(request, desk=desk, case_id=case_id)
            return _page(request, desk, case_id)
    except (NoSuchCase, Erased):
        return pages.error(request, 404)


@once("desk.party")
def _add(request: HttpRequest, *, desk: Desk, case_id: UUID) -> HttpResponse:
    name = " ".join(request.POST.get("name", "").split())[:NAME_LIMIT]
    party = actions.NewParty(
        role=request.POST.get("rolle", ""),
        name=name,
        email=request.POST.get("email", "").strip()[:ADDRESS_LIMIT],
        address=_lines(request),
    )

    def refused(problem: str, status: int = 422) -> Refused:
        return Refused(lambda: _page(request, desk, case_id, problem=problem, status=status))

    if not name:
        raise refused("name")
    try:
        actions.add_party(case_id=case_id, party=party, account_id=desk.account_id)
    except NoSuchRole as error:
        raise refused("role") from error
    except InvalidAddress as error:
        raise refused("email") from error
    except (NotAllowed, TooManyParties) as error:
        raise refused("closed", 409) from error
    return HttpResponseRedirect(reverse("desk:parties", args=[case_id]))


def _page(
    request: HttpRequest,
    desk: Desk,
    case_id: UUID,
    *,
    problem: str = "",
    done: str = "",
    status: int = 200,
) -> HttpResponse:
    lang = visits.of(request).lang
    file = actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="parties")
    context = {
        "case": file.case,
        "panel": panel.panel(desk, file, offers.release(file.case.digest), lang),
        "problem": problem,
        "done": done or request.GET.get("getan", "")[:20],
        "typed": request.POST if problem else {},
        "act": new_key(),
    }
    return page(request, desk, "desk/taking_part.html", context, status=status)


def _back(case_id: UUID, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('desk:parties', args=[case_id])}?getan={done}")


@require_POST
@staff
@of_party
def remind(request: HttpRequest, desk: Desk, party: cases.PartyCard) -> HttpResponse:
    """Remind a party by e-mail of what is open."""
    del request
    sent = actions.remind_party(party_id=party.id, account_id=desk.account_id)
    return _back(party.case_id, "reminded" if sent else "not_reminded")


@require_POST
@staff
@of_party
def remove(request: HttpRequest, desk: Desk, party: cases.PartyCard) -> HttpResponse:
    """Remove a party that has done nothing yet."""
    try:
        actions.remove_party(party_id=party.id, account_id=desk.account_id)
    except AlreadyTookPart:
        return _page(request, desk, party.case_id, problem="took_part", status=409)
    return _back(party.case_id, "removed")


@require_POST
@staff
@of_party
def prove(request: HttpRequest, desk: Desk, party: cases.PartyCard) -> HttpResponse:
    """Note that this is a person of their own, though somebody else has the same name."""
    del request
    actions.prove_person(party_id=party.id, account_id=desk.account_id)
    return _back(party.case_id, "proven")


@require_POST
@staff
@of_party
def send_link(request: HttpRequest, desk: Desk, party: cases.PartyCard) -> HttpResponse:
    """Send a new link, maybe to another address."""
    email = request.POST.get("email", "").strip()[:ADDRESS_LIMIT]
    if party.not_meant_since is not None:
        return _invite_rightly(request, desk, party, email)
    try:
        actions.send_link_again(party_id=party.id, account_id=desk.account_id, email=email)
    except InvalidAddress:
        return _page(request, desk, party.case_id, problem="email", status=422)
    except NotAllowed:
        return _page(request, desk, party.case_id, problem="closed", status=409)
    return _back(party.case_id, "linked")


def _invite_rightly(
    request: HttpRequest, desk: Desk, party: cases.PartyCard, email: str
) -> HttpResponse:
    """Invite again whom the first invitation has not reached."""
    address = _lines(request)
    if not (email or address):
        return _page(request, desk, party.case_id, problem="reach", status=422)
    try:
        actions.invite_rightly(
            party_id=party.id, account_id=desk.account_id, email=email, address=address
        )
    except InvalidAddress:
        return _page(request, desk, party.case_id, problem="email", status=422)
    except NotAllowed:
        return _page(request, desk, party.case_id, problem="closed", status=409)
    return _back(party.case_id, "invited")


def _lines(request: HttpRequest) -> tuple[str, ...]:
    """Return the lines of the address that a form brings."""
    lines = request.POST.get("anschrift", "")[:LINES_LIMIT].splitlines()
    return tuple(line.strip() for line in lines if line.strip())


@require_POST
@staff
@of_party
def letter(request: HttpRequest, desk: Desk, party: cases.PartyCard) -> HttpResponse:
    """Show the letter with a new code, to be printed; the old code opens nothing any more."""
    try:
        code = actions.letter_for(party_id=party.id, account_id=desk.account_id)
    except NotAllowed:
        return _page(request, desk, party.case_id, problem="closed", status=409)
    file = actions.open_for(case_id=party.case_id, account_id=desk.account_id, purpose="parties")
    release = offers.release(file.case.digest)
    authority = authorities.card(party.authority_id)
    context = {
        "party": party,
        "code": code,
        "authority": authority,
        "site": authorities.public_url(party.authority_id, "/beteiligt"),
        "role": release.text("de", f"parties.{party.role}.title", party.role),
        "service": release.text("de", "service.title", ""),
    }
    response = page(request, desk, "desk/party_letter.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@staff
@of_party
def posted(request: HttpRequest, desk: Desk, party: cases.PartyCard) -> HttpResponse:
    """Note that the letter is in the post."""
    del request
    if not party.by_post:
        return _back(party.case_id, "posted")
    actions.letter_posted(party_id=party.id, account_id=desk.account_id)
    return _back(party.case_id, "posted")


@require_safe
@staff
def proof(request: HttpRequest, desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Download what a party handed in; that it was read is written down."""
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            if file_id not in {one.file_id for one in cases.proofs(case_id)}:
                return pages.error(request, 404)
            file = actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="proof")
            card = files.card(file_id, key=file.key)
            return download(card.name, files.content(file_id, key=file.key), card.media_type)
    except NotReleased:
        return HttpResponseRedirect(reverse("desk:parties", args=[case_id]))
    except (NoSuchCase, Erased, NoSuchFile):
        return pages.error(request, 404)
