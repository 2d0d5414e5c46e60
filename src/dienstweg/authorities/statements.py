"""Statements that the server keeps prepared: it reads and plans them once for each connection.

They are called by SQL's own EXECUTE, so that several go in one message. A connection's statements
end with it, so they are noted beside it.
"""

import re
from functools import lru_cache
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_kept: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_SIGN = re.compile(r"%%|%s|%\((?P<name>\w+)\)s")
MOST = 300
"""Statements that one connection keeps; the server holds each in its memory."""


def call(text: str) -> str:
    """Return the statement that calls ``text`` on the server, with the same signs for its values.

    These are either ``%s`` or ``%(name)s``, where one name is one value however often it stands.
    The same text is prepared once for a connection. One too many is not prepared, but returned as
    it is.
    """
    connection.ensure_connection()
    raw: Any = connection.connection
    kept = _kept.setdefault(raw, set())
    name, prepare, execute = _forms(text)
    if name not in kept:
        if len(kept) >= MOST:
            return text
        with connection.wrap_database_errors, raw.pipeline() as pipeline:
            raw.execute(prepare)
            pipeline.sync()  # amid others, too, the answer is awaited: it is there, or this raises
        kept.add(name)
    return execute


@lru_cache(maxsize=MOST)
def _forms(text: str) -> tuple[str, str, str]:
    """Return the name of a statement, how it is prepared, and how it is called."""
    name = f"dw_{sha256(text.encode()).hexdigest()[:32]}"
    numbers: dict[str, int] = {}

    def numbered(sign: re.Match[str]) -> str:
        if sign[0] == "%%":
            return "%"
        given = sign[0] if sign["name"] else f"%s{len(numbers)}"
        return f"${numbers.setdefault(given, len(numbers) + 1)}"

    body = _SIGN.sub(numbered, text)
    values = ", ".join(given if given.startswith("%(") else "%s" for given in numbers)
    return name, f"PREPARE {name} AS {body}", f"EXECUTE {name}" + (f" ({values})" if values else "")
