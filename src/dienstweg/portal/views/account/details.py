"""At the network's host: what holders say of themselves, to be offered in assistants."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dienstweg.accounts import actions as accounts
from dienstweg.accounts import queries
from dienstweg.accounts.errors import InvalidProfile
from dienstweg.design.question import Question
from dienstweg.design.words import say
from dienstweg.portal.doors import see_other
from dienstweg.portal.views.account.forms import Form, held, show
from dienstweg.reception import visit as visits

LIMIT = 200
ENTRIES: Mapping[str, tuple[str, str, str, int | None]] = {
    "given": ("vorname", "text", "given-name", None),
    "family": ("nachname", "text", "family-name", None),
    "born": ("geburtsdatum", "date", "bday", None),
    "street": ("strasse", "text", "address-line1", None),
    "number": ("hausnummer", "text", "off", 7),
    "postcode": ("plz", "postcode", "postal-code", None),
    "town": ("ort", "text", "address-level2", None),
    "phone": ("telefon", "phone", "tel", None),
}
"""Entry of the profile -> the name of its input, widget, autocomplete token and width."""


@require_http_methods(["GET", "HEAD", "POST"])
@held
def details(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Show and change what the holder says of themselves."""
    if request.method != "POST":
        shown = queries.shown(queries.holder(account_id).profile)
        return _page(request, shown, {})
    typed = {name: request.POST.get(entry[0], "")[:LIMIT] for name, entry in ENTRIES.items()}
    try:
        accounts.keep_profile(account_id=account_id, profile=typed)
    except InvalidProfile as invalid:
        lang = visits.of(request).lang
        wrong = {
            name: say(lang, f"portal.account.details.wrong_{why}")
            for name, why in invalid.faults.items()
        }
        return _page(request, typed, wrong)
    return see_other(f"{reverse('konto:home')}?fertig=details")


def _page(
    request: HttpRequest, profile: Mapping[str, str], wrong: Mapping[str, str]
) -> HttpResponse:
    lang = visits.of(request).lang
    questions = [
        Question(
            name=field,
            label=say(lang, f"portal.account.details.{name}"),
            widget=widget,
            value=profile.get(name, ""),
            required=False,
            autocomplete=token,
            width=width,
            error=wrong.get(name),
        )
        for name, (field, widget, token, width) in ENTRIES.items()
    ]
    faults = {ENTRIES[name][0]: text for name, text in wrong.items()}
    form = Form("details", questions, faults, links=[("back", reverse("konto:home"))])
    return show(request, form)
