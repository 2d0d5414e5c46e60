"""Makes a table look used, so that the planner has something to choose for.

For tests with real commits: only the owner of a table can count its rows.
"""

import psycopg
from django.db import connection, models


def copies(owner_url: str, row: models.Model, count: int, **changed: str) -> None:
    """Insert ``count`` copies of a row under ids of their own; ``changed`` is SQL by column.

    ``n`` in that SQL counts the copies.
    """
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields]
    values = {**{one: f'"{one}"' for one in columns}, "id": "gen_random_uuid()", **changed}
    names = ", ".join(f'"{one}"' for one in columns)
    chosen = ", ".join(values[one] for one in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {chosen} FROM "{table}",'
            " generate_series(1, %s) AS n WHERE id = %s",
            [count, row.pk],
        )
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(f'ANALYZE "{table}"')
