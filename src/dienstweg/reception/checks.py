"""What a door to the world must have, looked at by ``django check --deploy``."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def no_plain_http(**_given: Any) -> list[CheckMessage]:
    """Refuse what only the demo may do: plain HTTP, and cookies that travel over it."""
    found: list[CheckMessage] = []
    if settings.DIENSTWEG_PUBLIC_SCHEME != "https":
        hint = "Unset DIENSTWEG_PUBLIC_SCHEME and DIENSTWEG_DEMO; a proxy in front ends TLS."
        found.append(Error("People reach this by plain HTTP.", hint=hint, id="dienstweg.E001"))
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        hint = "Unset DIENSTWEG_DEMO."
        found.append(Error("Cookies travel over plain HTTP.", hint=hint, id="dienstweg.E002"))
    return found
