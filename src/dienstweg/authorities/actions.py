"""Writes about authorities: made by the operator, never by a request."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import queries
from dienstweg.authorities.models import Authority, Host
from dienstweg.blueprint import appeals
from dienstweg.kernel import encryption
from dienstweg.kernel.references import new_id


def add(
    *,
    slug: str,
    name: str,
    host: str,
    ars: str,
    number_prefix: str,
    kind: str = "Gemeinde",
    short_name: str = "",
    parent: str | None = None,
    branding: Mapping[str, Any] | None = None,
    contact: Mapping[str, Any] | None = None,
    texts: Mapping[str, Any] | None = None,
) -> UUID:
    """Add an authority, or change the one with this ``slug``, and return its id.

    ``ars`` has 12 digits (Amtlicher Regionalschlüssel), ``parent`` is the slug of the authority
    above it, ``branding``, ``contact`` and ``texts`` are read by `queries.AuthorityCard`. The key
    of an authority is made once and never replaced here. Raises
    `dienstweg.blueprint.appeals.IncompleteAppeal` where ``texts`` has an ``appeal`` to a court
    without name or seat.
    """
    appeals.notice(name, (), (texts or {}).get("appeal"))
    values: dict[str, Any] = {
        "name": name,
        "short_name": short_name or name,
        "kind": kind,
        "ars": ars,
        "number_prefix": number_prefix,
        "parent": Authority.objects.get(slug=parent) if parent else None,
        "branding": dict(branding or {}),
        "contact": dict(contact or {}),
        "texts": dict(texts or {}),
    }
    with transaction.atomic():
        row = Authority.objects.filter(slug=slug).first()
        if row is None:
            authority_id = new_id()
            row = Authority(id=authority_id, slug=slug, wrapped_key=_fresh_key(authority_id))
        for field, value in values.items():
            setattr(row, field, value)
        row.save()
        Host.objects.update_or_create(name=host.lower(), defaults={"authority": row})
    queries.forget()
    return row.id


def load(*, entries: Sequence[Mapping[str, Any]]) -> dict[str, UUID]:
    """Add or change all the authorities of a network file; return their ids by slug.

    ``entries`` have the keys of `add`, with contact and texts written flat, as
    ``demo/network.yaml`` shows; a parent stands before its children.
    """
    return {str(entry["slug"]): add(**_arguments(entry)) for entry in entries}


_CONTACT = ("phone", "email", "address", "opening_hours")
_TEXTS = ("imprint", "privacy", "accessibility", "help", "appeal")


def _arguments(entry: Mapping[str, Any]) -> dict[str, Any]:
    flat = dict(entry)
    contact = {key: flat.pop(key) for key in _CONTACT if key in flat}
    texts = {key: flat.pop(key) for key in _TEXTS if key in flat}
    branding = {"accent": flat.pop("accent")} if "accent" in flat else {}
    return {**flat, "contact": contact, "texts": texts, "branding": branding}


def _fresh_key(authority_id: UUID) -> bytes:
    key = encryption.new_key()
    return encryption.wrap(key, queries.master_key(), "authority", str(authority_id))
