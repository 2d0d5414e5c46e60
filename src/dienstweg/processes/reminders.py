"""Decides whom to tell by e-mail of what falls due, and when: pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID

from dienstweg.blueprint.workdays import is_working_day, next_working_day
from dienstweg.kernel.clock import LOCAL

FROM = time(7)
"""When such e-mails are made, on working days: after the marks of the morning have come."""
LOOKED_BACK = timedelta(days=14)
"""What is older is no news any more; it stands in the lists."""

Kind = Literal["over", "near", "told"]


@dataclass(frozen=True, slots=True)
class News:
    """Something that falls due, since when that is so, and who answers for it.

    ``over``: it is overdue, ``near``: a period ends soon, ``told``: it was escalated.
    """

    kind: Kind
    at: datetime
    authority_id: UUID
    people: frozenset[UUID]
    roles: frozenset[str]

    def concerns(self, people: Collection[UUID], roles: Mapping[UUID, Collection[str]]) -> bool:
        """Tell whether it is for somebody with these roles, or who is (or stands in for) one."""
        here = roles.get(self.authority_id, ())
        return bool(self.people.intersection(people)) or not self.roles.isdisjoint(here)


def is_time(now: datetime, *, land: str) -> bool:
    """Tell whether an e-mail may be made now: on a working day, not in the night."""
    here = now.astimezone(LOCAL)
    return is_working_day(here.date(), land=land) and here.time() >= FROM


def next_time(now: datetime, *, land: str) -> datetime:
    """Return the next morning of a working day after ``now``."""
    here = now.astimezone(LOCAL)
    day = here.date() if here.time() < FROM else here.date() + timedelta(days=1)
    return datetime.combine(next_working_day(day, land=land), FROM, LOCAL)


def day_began(now: datetime) -> datetime:
    """Return when the present day began in Germany: who was told since is not told again."""
    return datetime.combine(now.astimezone(LOCAL).date(), time(), LOCAL)


def counted(
    news: Iterable[News],
    *,
    people: Collection[UUID],
    roles: Mapping[UUID, Collection[str]],
    since: datetime | None,
    now: datetime,
) -> Mapping[Kind, int]:
    """Return how much there is for somebody that is new ``since`` they were told last."""
    first = now - LOOKED_BACK if since is None else max(since, now - LOOKED_BACK)
    fresh = (one for one in news if first < one.at <= now and one.concerns(people, roles))
    return Counter(one.kind for one in fresh)
