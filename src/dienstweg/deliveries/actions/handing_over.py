"""Order a delivery in the transaction that wants it, or send a refused one again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection as database
from django.db import transaction

from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.deliveries import queries, rules
from dienstweg.deliveries.actions.connections import connection_named
from dienstweg.deliveries.errors import NoSuchDelivery, NotRefused
from dienstweg.deliveries.models import Delivery
from dienstweg.deliveries.port import Kind
from dienstweg.events.job import defer
from dienstweg.kernel import clock, encryption
from dienstweg.kernel.references import new_id

SEND = "deliveries.send"

_ORDER = """
INSERT INTO deliveries_delivery
    (id, authority_id, case_id, key, connection_id, sequence, kind, mapping, known, state,
     followed, tries, trouble, reference, made_at)
SELECT %s, %s, %s, %s, link.id,
       (SELECT coalesce(max(sequence), 0) + 1 FROM deliveries_delivery
        WHERE authority_id = link.authority_id AND case_id = %s),
       %s, %s, %s, 'waiting', false, 0, '', '', %s
FROM deliveries_connection AS link WHERE link.authority_id = %s AND link.slug = %s
ON CONFLICT (case_id, key) DO NOTHING
"""


def hand_over(
    *,
    case_id: UUID,
    key: str,
    connection_slug: str,
    mapping: str,
    kind: Kind = "application",
    data: Mapping[str, Any] | None = None,
    case_key: bytes | None = None,
) -> UUID:
    """Have a case handed over by a connection, once for each ``key``; return the delivery's id.

    ``mapping`` names the format of the blueprint, ``data`` is what the process knows (decision,
    task ...). Runs inside the transaction that wants it, while the case is held; a worker sends it
    afterwards. Raises `dienstweg.deliveries.errors.NoSuchConnection`.
    """
    authority_id, delivery_id = scope.one(), new_id()
    sealed = encryption.seal_json(
        case_key or cases.key(case_id),
        dict(data or {}),
        *queries.delivery_place(authority_id, delivery_id, "known"),
    )
    values: list[Any] = [delivery_id, authority_id, case_id, key, case_id, kind, mapping, sealed]
    values += [clock.now(), authority_id, connection_slug]
    with transaction.atomic(savepoint=False):
        with database.cursor() as cursor:
            cursor.execute(_ORDER, values)
            first = cursor.rowcount == 1
        if not first:
            connection_named(connection_slug)
            known: Delivery = Delivery.objects.get(case_id=case_id, key=key)
            return known.id
        defer(SEND, authority_id=authority_id, object_id=delivery_id)
    return delivery_id


def send_again(*, delivery_id: UUID) -> None:
    """Send a refused delivery once more, since a person has put right what was wrong.

    Raises `NoSuchDelivery`, `NotRefused`.
    """
    with transaction.atomic():
        row = Delivery.objects.select_for_update().filter(id=delivery_id).first()
        if row is None:
            raise NoSuchDelivery
        if not rules.may_become(row.state, "waiting"):
            raise NotRefused
        Delivery.objects.filter(id=delivery_id).update(state="waiting", trouble="", content=None)
        defer(SEND, authority_id=row.authority_id, object_id=delivery_id)
