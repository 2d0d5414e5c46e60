"""Reads about accounts: who may do what where."""

from uuid import UUID

from dienstweg.accounts.models import Account, Membership


def roles_of(account_id: UUID) -> dict[UUID, set[str]]:
    """Return the roles of an active account by authority."""
    rows = Membership.objects.filter(account_id=account_id, account__is_active=True)
    roles: dict[UUID, set[str]] = {}
    for authority_id, role in rows.values_list("authority_id", "role"):
        roles.setdefault(authority_id, set()).add(role)
    return roles


def names(account_ids: set[UUID]) -> dict[UUID, str]:
    """Return the names under which colleagues know these accounts."""
    rows = Account.objects.filter(id__in=account_ids)
    return dict(rows.values_list("id", "display_name"))
