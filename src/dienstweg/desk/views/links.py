"""How the connections to back offices stand, and what waits for them."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dienstweg.authorities import queries as authorities
from dienstweg.deliveries import queries as deliveries
from dienstweg.desk.casefile import moment
from dienstweg.desk.door import Desk, page, staff


@require_safe
@staff
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show each connection: well, or failing since when, and how much waits."""
    rows = [
        {
            "link": link,
            "authority": authorities.card(link.authority_id).short_name,
            "since": moment(link.failing_since) if link.failing_since else "",
        }
        for link in deliveries.connections()
    ]
    return page(request, desk, "desk/links.html", {"rows": rows})
