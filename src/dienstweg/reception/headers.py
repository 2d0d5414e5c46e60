"""The headers that every answer carries (TR-03172-3, A3.11; ASVS 5.0, V3.4)."""

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # KERN's icons stand in its stylesheet as data
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""No inline script or style, nothing from elsewhere, no frame around us."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def add(response: HttpResponseBase) -> None:
    """Give ``response`` our headers; a page that says nothing about caching is never stored."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
    if settings.SECURE_HSTS_SECONDS:
        seconds = f"max-age={settings.SECURE_HSTS_SECONDS}"
        response.headers.setdefault("Strict-Transport-Security", seconds)


def with_pictures(response: HttpResponse, origin: str) -> HttpResponse:
    """Let a page show pictures of one other host as well: the tiles of its map."""
    widened = POLICY.replace("img-src 'self'", f"img-src 'self' {origin}")
    response.headers["Content-Security-Policy"] = widened
    return response


def public(response: HttpResponse, seconds: int) -> HttpResponse:
    """Let anybody keep a page without personal data for ``seconds``."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
