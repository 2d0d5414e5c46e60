"""A guard against guessing codes and passwords: a few tries, then a pause.

A token bucket per target (a case number, an account) and one per client address; both keyed by a
hash, so that the table holds no address and no number (TR-03172-3, A3.9; CON.10.A1 and A6).
"""

import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from dienstweg.kernel import clock
from dienstweg.reception.models import Guess
from dienstweg.reception.visit import client_address, of

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """``tries`` in ``seconds``; they grow back evenly."""

    tries: int
    seconds: int


TARGET = Limit(tries=5, seconds=600)
ADDRESS = Limit(tries=20, seconds=60)

_TAKE = """
INSERT INTO reception_guess AS bucket ("subject", "left", "changed_at") VALUES (%(subject)s, %(full)s - 1, %(now)s)
ON CONFLICT ("subject") DO UPDATE SET
  "left" = greatest(-1, least(%(full)s, bucket."left"
    + greatest(0, extract(epoch FROM %(now)s - bucket."changed_at")) * %(full)s / %(seconds)s) - 1),
  "changed_at" = %(now)s
RETURNING "left"
"""  # noqa: E501 - one statement


def take(request: HttpRequest, *, purpose: str, target: str) -> int:
    """Count one try to get at ``target``; return 0, or the seconds to wait where it is too many.

    Both the target and the address are counted, also where the pause has begun: who goes on
    guessing waits on.
    """
    authority = of(request).authority
    place = f"{authority.id if authority else 'network'}/{purpose}"
    waits = (
        _count(f"{place}/target/{target}", TARGET),
        _count(f"{place}/address/{client_address(request)}", ADDRESS),
    )
    return max(waits)


def pace(request: HttpRequest, *, purpose: str, limit: Limit) -> int:
    """Count one question to a door that answers while somebody types; return 0, or seconds to wait.

    Counted by address alone: there is nothing to guess behind such a door, only work to be made.
    """
    authority = of(request).authority
    place = f"{authority.id if authority else 'network'}/{purpose}"
    return _count(f"{place}/address/{client_address(request)}", limit)


def forgive(request: HttpRequest, *, purpose: str, target: str) -> None:
    """Forget the tries at ``target``, since the right code has come."""
    authority = of(request).authority
    place = f"{authority.id if authority else 'network'}/{purpose}"
    Guess.objects.filter(subject=_subject(f"{place}/target/{target}")).delete()


def sweep() -> int:
    """Delete buckets that have been full for long; return their number."""
    deleted, _ = Guess.objects.filter(changed_at__lt=clock.now() - KEPT).delete()
    return deleted


def _count(name: str, limit: Limit) -> int:
    values: dict[str, Any] = {
        "subject": _subject(name),
        "full": float(limit.tries),
        "seconds": float(limit.seconds),
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        (left,) = cursor.fetchone()
    if left >= 0:
        return 0
    wait: int = math.ceil(-left * limit.seconds / limit.tries)
    return wait


def _subject(name: str) -> bytes:
    key = hashlib.sha256(b"guess/" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, name.encode(), hashlib.sha256).digest()
