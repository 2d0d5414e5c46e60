"""Writes about accounts."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from dienstweg.accounts.errors import WeakPassword
from dienstweg.accounts.models import Account, Membership
from dienstweg.authorities import queries as authorities
from dienstweg.authorities.errors import NoSuchAuthority


def add_staff(
    *, email: str, name: str, password: str, authority_slugs: Sequence[str], role: str
) -> UUID:
    """Add a caseworker, or give an existing one the ``role`` at these authorities; return the id.

    Raises `WeakPassword`, `NoSuchAuthority`. An existing account keeps its password.
    """
    by_slug = {card.slug: card.id for card in authorities.all_cards()}
    unknown = [slug for slug in authority_slugs if slug not in by_slug]
    if unknown:
        raise NoSuchAuthority(", ".join(unknown))
    with transaction.atomic():
        account = Account.objects.filter(email=email.strip().lower()).first()
        if account is None:
            account = Account(email=email.strip().lower(), display_name=name)
            try:
                validate_password(password, account)
            except ValidationError as error:
                raise WeakPassword(" ".join(error.messages)) from error
            account.set_password(password)
            account.save()
        for slug in authority_slugs:
            Membership.objects.get_or_create(account=account, authority_id=by_slug[slug], role=role)
    return account.id
