"""Staff for tests: colleagues with roles, and teams."""

from collections.abc import Sequence
from uuid import UUID

from dienstweg.accounts import actions
from dienstweg.accounts.models import Account, Membership
from dienstweg.authorities import queries as authorities


def colleague(name: str, **roles: str) -> UUID:
    """Return the account ``name``@example.org with these roles, authority's slug -> role."""
    account, _ = Account.objects.get_or_create(
        email=f"{name}@example.org", defaults={"display_name": name, "password": "!"}
    )
    by_slug = {card.slug: card.id for card in authorities.all_cards()}
    for slug, role in roles.items():
        Membership.objects.get_or_create(account=account, authority_id=by_slug[slug], role=role)
    return account.id


def team(
    name: str,
    places: Sequence[str],
    roles: Sequence[str],
    names: Sequence[str],
    leaders: Sequence[str] = (),
) -> UUID:
    """Return a team of authorities (by slug) and colleagues (by name)."""
    return actions.load_team(
        slug=name,
        name=name,
        authority_slugs=places,
        roles=roles,
        emails=[f"{one}@example.org" for one in names],
        leaders=[f"{one}@example.org" for one in leaders],
    )
