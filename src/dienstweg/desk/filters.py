"""What a browser asks of the work list, read into what the list wants; nothing is believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from dienstweg.authorities import queries as authorities
from dienstweg.cases.queries import Due, Wanted, Whose
from dienstweg.desk.door import Desk
from dienstweg.offers import queries as offers

LISTS: Mapping[str, Whose] = {
    "meine": "mine",
    "team": "team",
    "frei": "free",
    "freigabe": "approval",
}
"""Name of a list in an address -> whose tasks it shows."""
FIRST = "team"
DUE: Mapping[str, Due] = {"ueberfaellig": "over", "woche": "week", "ohne": "none"}
STATES: Mapping[str, str] = {"offen": "open", "vorgeschlagen": "proposed", "entschieden": "decided"}
BY_DUE = "frist"
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the list, each one as it stands in an address; empty is no filter.

    ``service`` and ``authority`` are slugs. What is not known is left out.
    """

    whose: str = FIRST
    service: str = ""
    authority: str = ""
    role: str = ""
    state: str = ""
    due: str = ""
    order: str = ""

    def parameters(self) -> dict[str, str]:
        """Return what stands in an address or is kept as a view: only what differs."""
        given = {
            "liste": "" if self.whose == FIRST else self.whose,
            "leistung": self.service,
            "behoerde": self.authority,
            "rolle": self.role,
            "stand": self.state,
            "frist": self.due,
            "ordnung": self.order,
        }
        return {name: value for name, value in given.items() if value}

    def query(self, **more: str) -> str:
        """Return the query of an address with these filters, and ``more``."""
        return "?" + urlencode({**self.parameters(), **more})


def read(given: QueryDict | Mapping[str, Any]) -> Filters:
    """Return the filters that an address or a kept view names."""

    def one(name: str) -> str:
        return str(given.get(name, ""))[:_LONGEST]

    whose, due, state = one("liste"), one("frist"), one("stand")
    return Filters(
        whose=whose if whose in LISTS else FIRST,
        service=one("leistung"),
        authority=one("behoerde"),
        role=one("rolle"),
        state=state if state in STATES else "",
        due=due if due in DUE else "",
        order=BY_DUE if one("ordnung") == BY_DUE else "",
    )


def wanted(filters: Filters, desk: Desk) -> Wanted:
    """Return the tasks that the filters mean for this person, inside their scope."""
    return Wanted(
        roles=desk.roles,
        people=desk.people,
        whose=LISTS[filters.whose],
        offers=offer_ids(filters.service),
        authority_id=place_of(filters.authority, desk),
        role=filters.role,
        state=STATES.get(filters.state, ""),
        due=DUE.get(filters.due, ""),
        by_due=filters.order == BY_DUE,
    )


def offer_ids(service: str) -> tuple[UUID, ...]:
    """Return the offers of a service at all authorities of the scope; one that is none for none."""
    if not service:
        return ()
    found = tuple(one.id for one in offers.in_scope() if one.slug == service)
    return found or (UUID(int=0),)


def place_of(slug: str, desk: Desk) -> UUID | None:
    """Return the authority of this person with this slug; one that is none for another's."""
    if not slug:
        return None
    found = (one for one in desk.roles if authorities.card(one).slug == slug)
    return next(found, UUID(int=0))


def choices(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen: services, authorities and roles, each with its name."""
    services = {one.slug: one.title for one in reversed(offers.in_scope())}
    places = sorted((authorities.card(one) for one in desk.roles), key=lambda card: card.name)
    roles = sorted({role for names in desk.roles.values() for role in names})
    return {
        "services": sorted(services.items(), key=lambda pair: pair[1]),
        "authorities": [(card.slug, card.short_name) for card in places],
        "roles": [(role, role.capitalize()) for role in roles],
    }
