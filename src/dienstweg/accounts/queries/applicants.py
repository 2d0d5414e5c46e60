"""Reads about applicants' accounts: who is signed in where, and what they say of themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from dienstweg.accounts import rules
from dienstweg.accounts.actions.proving import address_to_prove, has_roles, token_hash
from dienstweg.accounts.models import Account, Stay
from dienstweg.accounts.rules import IDLE, NOTED, TOTAL, Staying
from dienstweg.authorities.queries import master_key
from dienstweg.kernel import clock, encryption

__all__ = [
    "IDLE",
    "NOTED",
    "TOTAL",
    "Holder",
    "SignedIn",
    "address",
    "address_to_prove",
    "export",
    "holder",
    "known",
    "last_used",
    "shown",
    "signed_in",
]

_STAY = """
SELECT s."account_id", s."began_at", s."used_at" FROM accounts_stay s
JOIN accounts_account a ON a."id" = s."account_id" AND a."is_active"
JOIN django_session d ON d."session_key" = s."session" AND d."expire_date" > %s
WHERE s."token_hash" = %s AND s."authority_id" = %s
"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody at an authority's host: whose account, how that stands, and how long it lasts.

    ``stale`` says that its use should be noted again, ``final`` that no use makes it last longer.
    """

    account_id: UUID
    state: Staying
    ends_in: timedelta
    stale: bool
    final: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """An account as its holder sees it."""

    id: UUID
    email: str = field(repr=False)
    lang: str
    profile: dict[str, str] = field(repr=False)
    works_here: bool


def signed_in(token: str, authority_id: UUID) -> SignedIn | None:
    """Return who is signed in at the authority's host by a cookie's secret, in one statement.

    None where nobody is, or where the session at the network's host has ended.
    """
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_STAY, [now, token_hash(token), authority_id])
        found = cursor.fetchone()
    if found is None:
        return None
    account_id, began_at, used_at = found
    state = rules.staying(now=now, began_at=began_at, used_at=used_at)
    if state == "gone":
        return None
    times = {"now": now, "began_at": began_at, "used_at": used_at}
    return SignedIn(
        account_id=account_id,
        state=state,
        ends_in=rules.ends_in(**times),
        stale=now - used_at >= rules.NOTED,
        final=rules.is_final(**times),
    )


def last_used(session: str) -> datetime | None:
    """Return when a stay that comes from this session was used last, at whatever host."""
    newest: datetime | None = Stay.objects.filter(session=session).aggregate(at=Max("used_at"))[
        "at"
    ]
    return newest


def address(account_id: UUID) -> str:
    """Return the e-mail address of an account, which its holder has proven; empty if it is gone."""
    account = Account.objects.filter(id=account_id, is_active=True).only("email").first()
    return (account.email if account else "") or ""


def holder(account_id: UUID) -> Holder:
    """Return an account with what its holder said of themselves."""
    account = Account.objects.get(id=account_id)
    return Holder(
        id=account.id,
        email=account.email or "",
        lang=account.lang,
        profile=_profile(account),
        works_here=has_roles(account.id),
    )


def shown(profile: Mapping[str, str]) -> dict[str, str]:
    """Return a profile as its holder types it: dates and numbers as people write them."""
    changed = dict(profile)
    if "born" in changed:
        changed["born"] = rules.shown_date(changed["born"])
    if "phone" in changed:
        changed["phone"] = rules.shown_phone(changed["phone"])
    return changed


def known(account_id: UUID) -> dict[str, str]:
    """Return what the account knows of its holder, by autocomplete token; empty if it is gone."""
    account = Account.objects.filter(id=account_id, is_active=True).first()
    return rules.by_purpose(_profile(account), account.email or "") if account else {}


def export(account_id: UUID) -> dict[str, Any]:
    """Return all that stands in the account, for its holder (JSON; Article 20 GDPR)."""
    account = Account.objects.get(id=account_id)
    return {
        "id": str(account.id),
        "email": account.email,
        "lang": account.lang,
        "made_at": account.made_at.isoformat() if account.made_at else None,
        "last_signed_in_at": account.last_login.isoformat() if account.last_login else None,
        "profile": _profile(account),
    }


def _profile(account: Account) -> dict[str, str]:
    if account.wrapped_key is None or account.profile is None:
        return {}
    place = str(account.id)
    key = encryption.unwrap(bytes(account.wrapped_key), master_key(), "account", place)
    found: dict[str, str] = encryption.unseal_json(
        key, bytes(account.profile), "accounts_account", place, "profile"
    )
    return found
