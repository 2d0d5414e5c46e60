"""Keeps the index by which cases are found; it goes with the case (decision 0032)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from dienstweg.authorities import queries as authorities
from dienstweg.cases import queries, terms
from dienstweg.cases.models import Case, Term
from dienstweg.kernel.references import new_id

AT_ONCE = 200
"""Cases that the sweeper indexes in one go."""

_ADD = """
INSERT INTO cases_term (id, authority_id, case_id, token)
SELECT new.id, %s, %s, new.token FROM unnest(%s::uuid[], %s::bigint[]) AS new (id, token)
WHERE NOT EXISTS (
    SELECT FROM cases_term old
    WHERE old.authority_id = %s AND old.token = new.token AND old.case_id = %s
)
"""


def index(row: Case, data: Mapping[str, Any]) -> None:
    """Let the case be found by its number and by the application ``data``; twice is once.

    Terms of an earlier version stay: a case is found by what it was called, too. Runs in the
    transaction that writes the data; the row's ``indexed`` is the caller's to write.
    """
    key = terms.index_key(authorities.authority_key(row.authority_id))
    tokens = sorted(set(terms.tokens(key, terms.of_application(row.number, data))))
    ids = [new_id() for _ in tokens]
    place = [row.authority_id, row.id]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [*place, ids, tokens, *place])


def forget(case_id: UUID) -> None:
    """Let the case no longer be found by what is in it."""
    Term.objects.filter(case_id=case_id).delete()


def sweep_index() -> int:
    """Index cases of the scope that are not, since they came before there was an index.

    Returns how many those were.
    """
    rows = Case.objects.filter(indexed=0, wrapped_key__isnull=False).order_by("id")[:AT_ONCE]
    for row in rows:
        with transaction.atomic():
            data = queries.application(row.id, key=queries.key_of(row)).data
            index(row, data)
            Case.objects.filter(id=row.id).update(indexed=terms.VERSION)
    return len(rows)
