"""Money that somebody has to give back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.moments import moment
from dienstweg.payments import actions
from dienstweg.payments import queries as payments
from dienstweg.payments.errors import NoSuchRefund
from dienstweg.reception import pages


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show what is to be given back, the oldest first."""
    rows = [
        {
            "refund": one,
            "amount": f"{one.amount // 100},{one.amount % 100:02} €",
            "authority": authorities.card(one.authority_id).short_name,
            "since": moment(one.ordered_at),
        }
        for one in payments.refunds_to_do()
    ]
    return page(request, desk, "desk/refunds.html", {"rows": rows})


@require_POST
@staff
def done(request: HttpRequest, desk: Desk, refund_id: UUID) -> HttpResponse:
    """Note that the money was given back."""
    try:
        with scope.enter(scope.of(payments.refund(refund_id).authority_id)):
            if not desk.works_at(scope.one()):
                return pages.error(request, 403)
            actions.refund_done(refund_id=refund_id, account_id=desk.account_id)
    except NoSuchRefund:
        return pages.error(request, 404)
    return HttpResponseRedirect(reverse("desk:refunds"))
