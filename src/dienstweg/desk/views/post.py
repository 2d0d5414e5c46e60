"""What is to be posted, because the applicant chose letters or the law wants a sign-in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.moments import moment
from dienstweg.inbox import actions
from dienstweg.inbox import queries as inbox
from dienstweg.inbox.errors import NoSuchMessage
from dienstweg.reception import pages


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the messages that wait for the post, the oldest first."""
    rows = [
        {
            "card": card,
            "number": cases.case(card.case_id).number,
            "href": reverse("desk:case", args=[card.case_id]),
            "authority": authorities.card(card.authority_id).short_name,
            "since": moment(card.since),
        }
        for card in inbox.to_be_posted()
    ]
    invitations = [
        {
            "href": reverse("desk:parties", args=[case_id]),
            "number": cases.case(case_id).number,
            "authority": authorities.card(authority_id).short_name,
            "since": moment(since),
        }
        for _, case_id, authority_id, since in cases.parties_to_post()
    ]
    return page(request, desk, "desk/post.html", {"rows": rows, "invitations": invitations})


@require_POST
@staff
def posted(request: HttpRequest, desk: Desk, message_id: UUID) -> HttpResponse:
    """Note that a message was put into the post."""
    try:
        with scope.enter(scope.of(*desk.workplaces)):
            actions.posted(message_id=message_id, account_id=desk.account_id)
    except NoSuchMessage:
        return pages.error(request, 404)
    return HttpResponseRedirect(reverse("desk:post"))
