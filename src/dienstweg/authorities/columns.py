"""A table's columns as parts of statements, for what is asked or written at every page or step.

Django builds and compiles a statement anew each time, which takes four times as long for the
processor as sending one that is known and making rows of the answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Columns:
    """Statements about a table that are begun, and how its columns become attributes.

    ``select`` ends after AND, ``insert`` after VALUES; ``values`` has a sign for each column.
    ``read_by`` names the places of columns that something has to read first, such as JSON.
    """

    fields: "Sequence[models.Field[Any, Any]]"
    names: list[str]
    read_by: list[tuple[int, Callable[..., Any]]]
    select: str
    insert: str
    values: str

    def rows(self, model: type[models.Model], found: Sequence[Sequence[Any]]) -> list[Any]:
        """Return rows of the model from what a SELECT has found."""
        rows = [list(values) for values in found]
        for place, read in self.read_by:
            for values in rows:
                values[place] = read(values[place], None, connection)
        return [model.from_db(DEFAULT_DB_ALIAS, self.names, values) for values in rows]


def columns_of(model: type[models.Model]) -> Columns:
    """Return the columns of the table of a model that belongs to authorities."""
    fields = model._meta.concrete_fields
    table = sql.Identifier(model._meta.db_table)
    names = sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields])
    inside = "SELECT {} FROM {} WHERE authority_id = ANY(%s::uuid[]) AND "
    select = sql.SQL(inside).format(names, table)
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ").format(table, names)
    return Columns(
        fields=fields,
        names=[field.attname for field in fields],
        read_by=[
            (place, read)
            for place, field in enumerate(fields)
            for read in field.get_db_converters(connection)
        ],
        select=select.as_string(),
        insert=insert.as_string(),
        values=f"({', '.join(['%s'] * len(fields))})",
    )
