"""Paying: the way to the platform and back, and once more when it has failed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseView
from dienstweg.payments import actions as payments
from dienstweg.payments import errors as payment_errors
from dienstweg.payments import queries as payment_queries
from dienstweg.portal import owners
from dienstweg.portal.doors import case_url, of_case, see_other
from dienstweg.reception.acts import once
from dienstweg.reception.pages import error


@require_POST
@of_case
@once("pay")
def pay(request: HttpRequest, case: CaseView) -> HttpResponse:
    """Begin a failed or cancelled payment once more; the case page then shows the way to pay."""
    wanted = request.POST.get("zahlung", "")
    own = {str(one.id): one for one in payment_queries.of_case(case.id)}
    if wanted not in own:
        return error(request, 404)
    try:
        payments.repeat(payment_id=own[wanted].id)
    except payment_errors.NotRepeatable:
        return see_other(case_url(case))
    return see_other(case_url(case))


@require_safe
def back(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Receive the browser from the platform: ask for the status soon, and show the case.

    Nothing in the address is believed; only the platform's own answer settles a payment.
    """
    try:
        payment = payment_queries.payment(payment_id)
    except payment_errors.NoSuchPayment:
        payment = None
    case = cases.case(payment.case_id) if payment else None
    if payment is None or case is None or not owners.holds_case(request, case):
        # The same answer whether there is such a payment or not.
        return see_other(reverse("portal:case_enter"))
    payments.ask_soon(payment_id=payment_id)
    return see_other(f"{case_url(case)}#zahlung")
