"""Stores complete cases by the hundred thousand, to see whether the rest stays as fast.

Each is a copy of a real one under ids, a number and hashes of its own: the same rows in the same
tables at the same size. COPY and forced row-level security exclude each other, so that the
server's superuser writes them.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from bench.ground import Ground
from bench.statements import DATABASE
from dienstweg.kernel.references import new_id

OF_CASE: Mapping[str, str] = {
    "assistants_draft": "id",
    "cases_case": "id",
    "cases_application": "case_id",
    "processes_conduct": "id",
    "deliveries_delivery": "case_id",
    "documents_document": "case_id",
    "files_file": "owner_id",
    "events_event": "case_id",
    "events_due": "object_id",
}
"""Each table with rows of a case, and the column that names the case."""


def fill(ground: Ground, count: int) -> None:
    """Store ``count`` cases more."""
    server = ground.stage.crew.server
    assert server is not None, "the benchmark runs its own server"
    with server.connect(DATABASE) as superuser:
        row = superuser.execute(
            "SELECT id FROM cases_case WHERE state = 'closed' ORDER BY id DESC LIMIT 1"
        ).fetchone()
        assert row is not None, "the warm-up has made cases"
        case_id = UUID(str(row[0]))
        new_ids = [new_id() for _ in range(count)]
        for table, column in OF_CASE.items():
            _copy(superuser, table, column, case_id, new_ids)
        superuser.execute("ANALYZE")
        superuser.execute("CHECKPOINT")


def _copy(superuser: Any, table: str, column: str, case_id: UUID, new_ids: list[UUID]) -> None:
    cursor = superuser.execute(f"SELECT * FROM {table} LIMIT 0")
    columns = [one.name for one in cursor.description]
    texts = ", ".join(f'"{one}"::text' for one in columns)
    rows = superuser.execute(
        f"SELECT {texts} FROM {table} WHERE {column} = %s ORDER BY id", [case_id]
    ).fetchall()
    names = ", ".join(f'"{one}"' for one in columns)
    with superuser.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for fresh in new_ids:
            for row in _renamed(columns, rows, str(case_id), str(fresh)):
                copy.write_row(row)


def _renamed(columns: list[str], rows: list[Any], old: str, fresh: str) -> Iterator[list[Any]]:
    """Yield the rows of a case as those of another."""
    for row in rows:
        values = [fresh if value == old else value for value in row]
        for place, name in enumerate(columns):
            if name == "id" and values[place] != fresh:
                values[place] = str(new_id())
            elif name == "number":
                values[place] = f"MES-{fresh[-12:]}"
            elif name in {"secret_hash", "code_hash"}:
                values[place] = "\\x" + os.urandom(32).hex()
        yield values
