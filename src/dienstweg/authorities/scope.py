"""Whose data a request or job may touch: a value, entered once and left for sure.

The scope drives two walls, each of which holds alone. `ScopedManager` filters every query and
raises without a scope; row-level security lets PostgreSQL hide the rows of others, whatever the
query says. `row_security` writes the policy into a migration.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    connection,
    migrations,
    models,
)

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
    before = _scope.get()
    token = _scope.set(scope)
    try:
        _tell_database(scope)
        yield scope
    finally:
        _scope.reset(token)
        _leave_database(before)


def _tell_database(scope: Scope) -> None:
    """Set the session's settings that the row-level security policies read.

    This is the first statement of every request and job. Where the kept connection has died
    since the last one, another is opened, once.
    """
    authorities = ",".join(sorted(str(one) for one in scope.authorities))
    wanted = "{" + authorities + "}" if authorities else "", str(scope.account or "")
    try:
        _set(*wanted)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        _set(*wanted)


def _leave_database(before: Scope | None) -> None:
    """Clear the settings, or bring back those of the scope outside; never raises.

    In a failed transaction nothing can be said, and nothing needs to be: its rollback takes the
    settings back too. A connection that cannot be told is closed, and forgets them.
    """
    if connection.connection is None or connection.needs_rollback:
        return
    try:
        if before is None:
            _set("", "")
        else:
            _tell_database(before)
    except DatabaseError:
        connection.close()


def _set(authorities: str, account: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('dw.authorities', %s, false), set_config('dw.account', %s, false)",
            [authorities, account],
        )


class ScopedManager(models.Manager[Any]):
    """Starts every query inside the scope; raises `Unscoped` where there is none."""

    account_field: ClassVar[str] = "account_id"

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows that the current scope may see."""
        scope = current()
        rows = super().get_queryset()
        if scope.account is not None:
            return rows.filter(**{self.account_field: scope.account})
        if len(scope.authorities) == 1:
            return rows.filter(authority_id=next(iter(scope.authorities)))
        return rows.filter(authority_id__in=scope.authorities)


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


def row_security(table: str, *, account: bool = False) -> migrations.RunSQL:
    """Return the migration step that walls off ``table`` by authority (and ``account``).

    The policy is forced, so that it binds the owner of the table too. A setting that was never
    made reads as NULL, one that was cleared as '': both let nothing through.
    """
    condition = "authority_id = any(nullif(current_setting('dw.authorities', true), '')::uuid[])"
    if account:
        condition += " or account_id = nullif(current_setting('dw.account', true), '')::uuid"
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
