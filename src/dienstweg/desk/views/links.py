"""How the connections to back offices stand, and what waits for them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.deliveries import actions
from dienstweg.deliveries import queries as deliveries
from dienstweg.deliveries.errors import NoSuchDelivery, NotRefused
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.moments import moment
from dienstweg.payments import actions as paying
from dienstweg.payments import queries as payments
from dienstweg.payments.errors import NoSuchPayment
from dienstweg.processes import queries as processes
from dienstweg.reception import pages


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show each connection: well, or failing since when, how much waits, and what is stuck."""
    rows = [
        {
            "link": link,
            "authority": authorities.card(link.authority_id).short_name,
            "since": moment(link.failing_since) if link.failing_since else "",
        }
        for link in deliveries.connections()
    ]
    context = {
        "rows": rows,
        "troubled": deliveries.troubled(),
        "troubled_payments": _payments(),
        "payments_listed": payments.LISTED,
        "stuck": processes.number_stuck(),
        "refunds": payments.number_to_refund(),
    }
    return page(request, desk, "desk/links.html", context)


def _payments() -> list[dict[str, object]]:
    """Return the payments that somebody has to look at, with their amounts as people write them."""
    return [
        {"payment": one, "amount": f"{one.amount // 100},{one.amount % 100:02} €"}
        for one in payments.troubled()
    ]


@require_POST
@staff
def cleared(request: HttpRequest, desk: Desk, payment_id: UUID) -> HttpResponse:
    """Note that what was wrong with a payment is cleared up."""
    try:
        with scope.enter(scope.of(payments.payment(payment_id).authority_id)):
            if not desk.works_at(scope.one()):
                return pages.error(request, 403)
            paying.clear(payment_id=payment_id, account_id=desk.account_id)
    except NoSuchPayment:
        return pages.error(request, 404)
    return HttpResponseRedirect(reverse("desk:links"))


@require_POST
@staff
def send_again(request: HttpRequest, desk: Desk, delivery_id: UUID) -> HttpResponse:
    """Have a stuck delivery sent once more, under the same key."""
    try:
        with scope.enter(scope.of(*desk.workplaces)):
            actions.send_again(delivery_id=delivery_id)
    except NoSuchDelivery:
        return pages.error(request, 404)
    except NotRefused:
        pass  # somebody else was faster: it is on its way
    return HttpResponseRedirect(reverse("desk:links"))
