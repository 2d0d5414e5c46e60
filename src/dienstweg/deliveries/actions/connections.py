"""An authority's connections to back offices, and the connectors that they make."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.deliveries.errors import InvalidOptions, NoSuchConnection
from dienstweg.deliveries.models import Connection
from dienstweg.deliveries.port import Connector
from dienstweg.events import actions as events
from dienstweg.kernel import clock, encryption, plugins
from dienstweg.kernel.references import new_id

GROUP = "dienstweg.connectors"
KEPT = 256
"""Connectors, with their open connections, that a process keeps."""
SWEEP_EVERY = timedelta(minutes=15)
NEWS_PATH = "/api/v1/rueckmeldungen/{slug}"
"""Where back offices send their news, at the authority's own host."""


def add_connection(
    *, slug: str, kind: str, options: Mapping[str, Any], secrets: Mapping[str, Any]
) -> UUID:
    """Set up the connection ``slug`` of the scope's authority, or change it; return its id.

    ``kind`` names the plug-in, which says by schemas what ``options`` and ``secrets`` must be.
    Raises `InvalidOptions`, `dienstweg.kernel.plugins.UnknownPlugin`.
    """
    if not plugins.fits(GROUP, kind, options, secrets):
        raise InvalidOptions
    authority_id = scope.one()
    with transaction.atomic():
        known = Connection.objects.filter(slug=slug).first()
        connection_id = known.id if known is not None else new_id()
        Connection.objects.update_or_create(
            id=connection_id,
            defaults={
                "authority_id": authority_id,
                "slug": slug,
                "kind": kind,
                "options": dict(options),
                "secrets": encryption.seal_json(
                    authorities.authority_key(authority_id),
                    dict(secrets),
                    *_place(authority_id, connection_id),
                ),
            },
        )
        look_after(authority_id, connection_id)
    return connection_id


def look_after(authority_id: UUID, connection_id: UUID) -> None:
    """Have the connection's deliveries swept regularly, for as long as there is the connection."""
    events.due(
        at=clock.now() + SWEEP_EVERY,
        job="deliveries.sweep",
        authority_id=authority_id,
        object_id=connection_id,
    )


def check(*, slug: str) -> list[str]:
    """Ask the back office whether it is there; return what is wrong. Raises `NoSuchConnection`."""
    return connector_of(connection_named(slug)).check()


def check_all() -> list[tuple[str, list[str]]]:
    """Check every connection in scope; return each slug with what is wrong with it."""
    rows = Connection.objects.order_by("authority_id", "slug")
    return [(row.slug, connector_of(row).check()) for row in rows]


def connection_named(slug: str) -> Connection:
    """Return the connection of the scope's authority; raises `NoSuchConnection`."""
    row: Connection | None = Connection.objects.filter(slug=slug).first()
    if row is None:
        raise NoSuchConnection
    return row


def connector_of(connection: Connection) -> Connector:
    """Return the connector of a connection; kept, so that its connections stay open."""
    return _made(
        connection.authority_id,
        connection.id,
        connection.slug,
        connection.kind,
        json.dumps(connection.options, sort_keys=True),
        bytes(connection.secrets),
    )


@lru_cache(maxsize=KEPT)
def _made(  # noqa: PLR0917  # one entry of the cache
    authority_id: UUID, connection_id: UUID, slug: str, kind: str, options: str, sealed: bytes
) -> Connector:
    key = authorities.authority_key(authority_id)
    secrets = encryption.unseal_json(key, sealed, *_place(authority_id, connection_id))
    chosen = json.loads(options)
    if "answer_to" in plugins.beside(plugins.load(GROUP, kind), "OPTIONS_SCHEMA")["properties"]:
        news = authorities.public_url(authority_id, NEWS_PATH.format(slug=slug))
        chosen.setdefault("answer_to", news)
    connector: Connector = plugins.made(GROUP, kind, chosen, secrets)
    return connector


def _place(authority_id: UUID, connection_id: UUID) -> tuple[str, ...]:
    return (str(authority_id), "deliveries_connection", str(connection_id), "secrets")
