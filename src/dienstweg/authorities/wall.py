"""The database's half of the scope: no statement runs under the settings of another one.

The row-level security policies read two settings of the session. Before each statement it is made
sure that they are those of the scope that is entered, and empty where there is none. They are
sent only where they differ from what the server was told last: most statements need none beside
them, and one outside of every scope finds nothing, even on a connection that has just served an
authority.
"""

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

Settings = tuple[str, str]
"""The values of ``dw.authorities`` and ``dw.account``."""

NOTHING: Settings = ("", "")
_SET = "SELECT set_config('dw.authorities', %s, false), set_config('dw.account', %s, false)"
_LEFTOVERS = 8
"""Messages of an ended server that are read before its connection counts as dead."""

_wanted: ContextVar[Settings] = ContextVar("dienstweg_wall", default=NOTHING)


class Told:
    """What the server was told last on one connection, as far as that is certain.

    What is told inside a transaction is taken back with it, or with a savepoint. So it counts only
    for as long as a mark stands that Django drops together with them; the commit makes it last.
    """

    def __init__(self) -> None:
        self._settings: Settings | None = NOTHING
        self._mark: Callable[[], None] | None = None

    def holds(self, wrapper: BaseDatabaseWrapper, wanted: Settings) -> bool:
        """Tell whether the session's settings are ``wanted`` for certain."""
        # Backwards, for the mark is mostly the last: a long transaction may have very many.
        if self._mark is not None and all(
            entry[1] is not self._mark for entry in reversed(wrapper.run_on_commit)
        ):
            self._settings = self._mark = None
        return self._settings == wanted

    def note(self, wrapper: BaseDatabaseWrapper, settings: Settings) -> None:
        """Remember what the server has just been told."""
        self._settings, self._mark = settings, None
        if not wrapper.in_atomic_block:
            return

        def committed() -> None:
            if self._mark is committed:
                self._mark = None

        self._mark = committed
        wrapper.on_commit(committed)


_told: WeakKeyDictionary[Any, Told] = WeakKeyDictionary()


@contextmanager
def standing(settings: Settings) -> Iterator[None]:
    """Let every statement inside run under ``settings``; nothing is sent before the first."""
    token = _wanted.set(settings)
    try:
        if _before not in connection.execute_wrappers:
            connection.execute_wrappers.append(_before)
        if not connection.in_atomic_block:
            _leave_dead_connection()
        yield
    finally:
        _wanted.reset(token)


def _before(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run one statement of Django's, after what it needs beside it."""
    wrapper: BaseDatabaseWrapper = context["connection"]
    wanted = _wanted.get()
    raw: Any = wrapper.connection
    told = _told.get(raw)
    if told is None:
        told = _told[raw] = Told()
    # In a failed transaction Django refuses the statement, so that nothing needs to be told.
    if not wrapper.needs_rollback and not told.holds(wrapper, wanted):
        with wrapper.wrap_database_errors:
            raw.execute(_SET, wanted)
        told.note(wrapper, wanted)
    return execute(sql, params, many, context)


def _leave_dead_connection() -> None:
    """Close the kept connection if the server has ended it; the next statement opens another.

    A server that goes away says so, or its system does. Looking costs no statement.
    """
    raw: Any = connection.connection
    if raw is None:
        return
    try:
        for _ in range(_LEFTOVERS):
            poll = select.poll()
            poll.register(raw.pgconn.socket, select.POLLIN)
            if not poll.poll(0):
                return
            raw.pgconn.consume_input()
    except psycopg.Error:
        pass
    connection.close()
