"""Reads settings from the environment and from the files of the installation."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def flag(name: str) -> bool:
    """Tell whether the environment variable ``name`` is switched on."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def database(url: str) -> dict[str, Any]:
    """Return Django's description of the PostgreSQL at ``url``.

    Knows ``postgresql://user:password@host:port/name?option=value``; a socket's folder may be the
    host, percent-encoded, or the option ``host``. Connecting takes at most 10 seconds, unless the
    option ``connect_timeout`` says otherwise.
    """
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", unquote(parts.hostname or ""))
    # A server that takes a connection and never answers would be waited for without end.
    options.setdefault("connect_timeout", "10")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "dienstweg",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(options.pop("port", parts.port or "")),
        # The first statement of every request sets the scope; it notices a dead connection and
        # opens another, so that no health check of its own is needed.
        "CONN_MAX_AGE": None,
        "OPTIONS": options,
    }


def secret_key(path: Path) -> str:
    """Return the key for signed cookies: from the environment, else from ``path``, else made."""
    given = os.environ.get("DIENSTWEG_SECRET_KEY")
    if given:
        return given
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()
