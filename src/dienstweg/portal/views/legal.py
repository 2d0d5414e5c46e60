"""What the law wants on every site: imprint, privacy, accessibility; and help."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dienstweg.reception import visit as visits
from dienstweg.reception.pages import page


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Show who is responsible (section 5 DDG)."""
    return _text(request, "imprint", visits.of(request).at.imprint)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what happens to personal data (Art. 13 GDPR)."""
    return _text(request, "privacy", visits.of(request).at.privacy)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the statement on accessibility (section 12b BGG, section 7 BITV 2.0)."""
    return _text(request, "accessibility", visits.of(request).at.accessibility)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Show how to go on when one is stuck, and whom to call."""
    return page(request, "portal/help.html", {"text": visits.of(request).at.help})


def _text(request: HttpRequest, name: str, text: str) -> HttpResponse:
    context = {"name": name, "text": text, "title_key": f"portal.legal.{name}"}
    return page(request, "portal/text.html", context)
