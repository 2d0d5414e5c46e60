"""One table: when this happened, then these jobs follow.

Facts travel up through this page only; calls go down. A job is named ``room.verb`` and stands in
that room's ``reactions.py``.
"""

from collections.abc import Mapping, Sequence

from dienstweg.cases.facts import CaseSubmitted
from dienstweg.events.facts import Fact
from dienstweg.offers.facts import OfferWentLive, OfferWithdrawn

AFTER: Mapping[type[Fact], Sequence[str]] = {
    OfferWentLive: ("catalogue.list_offer",),
    OfferWithdrawn: ("catalogue.unlist_offer",),
    CaseSubmitted: ("documents.write_receipt",),
}
