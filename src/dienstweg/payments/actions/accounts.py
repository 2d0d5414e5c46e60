"""An authority's accounts at payment platforms, and the providers that they make."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption, plugins
from dienstweg.kernel.references import new_id
from dienstweg.payments.errors import InvalidOptions, NoSuchAccount
from dienstweg.payments.models import PaymentAccount
from dienstweg.payments.port import PaymentProvider

GROUP = "dienstweg.payment_providers"
SWEEP_EVERY = timedelta(hours=1)
KEPT = 256
"""Providers, with their open connections, that a process keeps."""


def add_account(
    *, slug: str, kind: str, options: Mapping[str, Any], secrets: Mapping[str, Any]
) -> UUID:
    """Set up the account ``slug`` of the scope's authority, or change it; return its id.

    ``kind`` names the plug-in, which says by schemas what ``options`` and ``secrets`` must be.
    Raises `InvalidOptions`, `dienstweg.kernel.plugins.UnknownPlugin`.
    """
    if not plugins.fits(GROUP, kind, options, secrets):
        raise InvalidOptions
    authority_id = scope.one()
    with transaction.atomic():
        known = PaymentAccount.objects.filter(slug=slug).first()
        account_id = known.id if known is not None else new_id()
        PaymentAccount.objects.update_or_create(
            id=account_id,
            defaults={
                "authority_id": authority_id,
                "slug": slug,
                "kind": kind,
                "options": dict(options),
                "secrets": encryption.seal_json(
                    authorities.authority_key(authority_id),
                    dict(secrets),
                    *_place(authority_id, account_id),
                ),
            },
        )
        look_after(authority_id, account_id)
    return account_id


def look_after(authority_id: UUID, account_id: UUID) -> None:
    """Have the authority's payments swept once an hour, for as long as there is the account."""
    events.due(
        at=clock.now() + SWEEP_EVERY,
        job="payments.sweep",
        authority_id=authority_id,
        object_id=account_id,
    )


def check(*, slug: str) -> list[str]:
    """Ask the platform whether the account works; return what is wrong. Raises `NoSuchAccount`."""
    return provider_of(account_named(slug)).check()


def check_all() -> list[tuple[str, list[str]]]:
    """Check every account in scope; return each slug with what is wrong with it."""
    rows = PaymentAccount.objects.order_by("authority_id", "slug")
    return [(row.slug, provider_of(row).check()) for row in rows]


def account_named(slug: str) -> PaymentAccount:
    """Return the account of the scope's authority; raises `NoSuchAccount`."""
    account: PaymentAccount | None = PaymentAccount.objects.filter(slug=slug).first()
    if account is None:
        raise NoSuchAccount
    return account


def provider_of(account: PaymentAccount) -> PaymentProvider:
    """Return the provider for an account; kept, so that its connections stay open."""
    options = json.dumps(account.options, sort_keys=True)
    return _made(account.authority_id, account.id, account.kind, options, bytes(account.secrets))


@lru_cache(maxsize=KEPT)
def _made(
    authority_id: UUID, account_id: UUID, kind: str, options: str, sealed: bytes
) -> PaymentProvider:
    key = authorities.authority_key(authority_id)
    secrets = encryption.unseal_json(key, sealed, *_place(authority_id, account_id))
    provider: PaymentProvider = plugins.made(GROUP, kind, json.loads(options), secrets)
    return provider


def _place(authority_id: UUID, account_id: UUID) -> tuple[str, ...]:
    return (str(authority_id), "payments_paymentaccount", str(account_id), "secrets")
