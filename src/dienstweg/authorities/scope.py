"""Whose data a request or job may touch: a value, entered once and left for sure.

The scope drives two walls, each of which holds alone. `ScopedManager` filters every query and
raises without a scope; row-level security lets PostgreSQL hide the rows of others, whatever the
query says (see `wall`). `row_security` writes the policy into a migration.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, migrations, models

from dienstweg.authorities import statements, wall
from dienstweg.authorities.columns import Columns, columns_of
from dienstweg.authorities.errors import NotOneAuthority, Unscoped
from dienstweg.kernel.references import new_id


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of authorities, or one account, or the network's shared tables for a reason."""

    authorities: frozenset[UUID] = frozenset()
    account: UUID | None = None
    network_reason: str | None = None


def of(*authority_ids: UUID) -> Scope:
    """Return the scope of the authorities with these ids."""
    return Scope(authorities=frozenset(authority_ids))


def of_account(account_id: UUID) -> Scope:
    """Return the scope of one account: its own drafts, cases and messages."""
    return Scope(account=account_id)


def network(reason: str) -> Scope:
    """Return the scope of work on shared tables only; the ``reason`` is logged by its user."""
    return Scope(network_reason=reason)


_scope: ContextVar[Scope | None] = ContextVar("dienstweg_scope", default=None)


def current() -> Scope:
    """Return the scope that is entered; raises `Unscoped` without one."""
    scope = _scope.get()
    if scope is None:
        raise Unscoped
    return scope


def one() -> UUID:
    """Return the only authority of the scope; raises `NotOneAuthority`, `Unscoped`."""
    authorities = current().authorities
    if len(authorities) != 1:
        raise NotOneAuthority
    return next(iter(authorities))


@contextmanager
def enter(scope: Scope) -> Iterator[Scope]:
    """Let all that runs inside touch the data of ``scope`` and nothing else.

    Inside another scope the new one replaces it, and the old one comes back at the end.
    """
    token = _scope.set(scope)
    try:
        with wall.standing(_settings(scope)):
            yield scope
    finally:
        _scope.reset(token)


def _settings(scope: Scope) -> wall.Settings:
    """Return the session's settings that the row-level security policies read."""
    return _array(scope) if scope.authorities else "", str(scope.account or "")


def _array(scope: Scope) -> str:
    """Return the ids of a scope's authorities as PostgreSQL writes an array."""
    return "{" + ",".join(sorted(str(one) for one in scope.authorities)) + "}"


class ScopedManager(models.Manager[Any]):
    """Starts every query inside the scope; raises `Unscoped` where there is none.

    So it does in the scope of an account for a table that knows no accounts.
    """

    account_field: ClassVar[str] = "account_id"

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows that the current scope may see."""
        scope = current()
        rows = super().get_queryset()
        if scope.account is not None:
            if not any(one.attname == self.account_field for one in self.model._meta.fields):
                raise Unscoped
            return rows.filter(**{self.account_field: scope.account})
        if len(scope.authorities) == 1:
            return rows.filter(authority_id=next(iter(scope.authorities)))
        return rows.filter(authority_id__in=scope.authorities)

    @cached_property
    def columns(self) -> Columns:
        """The table's columns as parts of statements."""
        return columns_of(self.model)

    def by_hand(self, where: str, *params: Any) -> list[Any]:
        """Return the rows that the scope may see and ``where`` holds for: "id = %s FOR UPDATE".

        ``where`` is SQL of ours, never of a request; it may order, limit and lock as well. For what
        every page or step asks: as a queryset it takes four times the time of the processor.
        Raises `Unscoped` without a scope, and in that of an account.
        """
        return read_by_hand((self, where, params))[0]

    def add_by_hand(self, rows: Sequence[Any], conflict: str = "") -> None:
        """Insert these rows in one statement; ``conflict`` is what follows ON CONFLICT, if any.

        As `by_hand` for what every step writes. Raises `Unscoped` for a row of an authority that is
        not in scope.
        """
        inside = current().authorities
        if any(row.authority_id not in inside for row in rows):
            raise Unscoped
        if not rows:
            return
        columns = self.columns
        values = ", ".join([columns.values] * len(rows))
        clause = f" ON CONFLICT {conflict}" if conflict else ""
        text = columns.insert + values + clause
        with connection.cursor() as cursor:
            cursor.execute(
                statements.call(text) if len(rows) <= _USUAL else text,
                [
                    field.get_db_prep_save(getattr(row, field.attname), connection)
                    for row in rows
                    for field in columns.fields
                ],
            )


_USUAL = 4
"""Rows up to which an INSERT is kept prepared; each number of rows is a statement of its own."""
Asked = tuple[ScopedManager, str, Sequence[Any]]
"""A table, what must hold for its rows, and the values in that: see `ScopedManager.by_hand`."""


def read_by_hand(*asked: Asked) -> list[list[Any]]:
    """Return what `ScopedManager.by_hand` gives for each of these, asked in one message.

    The server takes them one after another: the second sees what was written while the first had
    to wait. Raises `Unscoped` without a scope, and in that of an account.
    """
    scope = current()
    if scope.account is not None:
        raise Unscoped
    inside = _array(scope)
    tables = [manager.columns for manager, _, _ in asked]
    texts = [
        statements.call(columns.select + where)
        for columns, (_, where, _) in zip(tables, asked, strict=True)
    ]
    answers: list[list[Any]] = []
    with connection.cursor() as cursor:
        cursor.execute("; ".join(texts), [one for *_, own in asked for one in (inside, *own)])
        for columns, (manager, _, _) in zip(tables, asked, strict=True):
            if answers:
                cursor.nextset()
            answers.append(columns.rows(manager.model, cursor.fetchall()))
    return answers


def prepared(text: str) -> str:
    """Return the statement that calls ``text``, which the server keeps prepared.

    For a room's own statements that pages and steps ask all the time, of few different texts. Its
    values are given as for ``text`` itself; see `dienstweg.authorities.statements`.
    """
    return statements.call(text)


@contextmanager
def writing_together() -> Iterator[None]:
    """Let what is written inside be sent without waiting for each answer in between.

    What is wrong with any of it is raised at the end at the latest, as by Django.
    """
    connection.ensure_connection()
    raw: Any = connection.connection
    with connection.wrap_database_errors, raw.pipeline():
        yield


class AuthorityOwned(models.Model):
    """A row of one authority: the base of every table that is not shared."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(
        "authorities.Authority", on_delete=models.PROTECT, db_index=False, related_name="+"
    )

    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


def row_security(table: str) -> migrations.RunSQL:
    """Return the migration step that walls off ``table`` by authority.

    The policy is forced, so that it binds the owner of the table too. A setting that was never
    made reads as NULL, one that was cleared as '': both let nothing through.
    """
    condition = "authority_id = any(nullif(current_setting('dw.authorities', true), '')::uuid[])"
    return migrations.RunSQL(
        sql=[
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY "own_authority" ON "{table}" USING ({condition})',
        ],
        reverse_sql=[
            f'DROP POLICY "own_authority" ON "{table}"',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        ],
    )


def account_reads(table: str) -> migrations.RunSQL:
    """Return the migration step that lets the scope of an account read its rows of ``table``.

    It reads only: whatever changes a row does so in the scope of the row's authority, after the
    account's right to it was read.
    """
    condition = "account_id = nullif(current_setting('dw.account', true), '')::uuid"
    return migrations.RunSQL(
        sql=f'CREATE POLICY "own_account" ON "{table}" FOR SELECT USING ({condition})',
        reverse_sql=f'DROP POLICY "own_account" ON "{table}"',
    )
