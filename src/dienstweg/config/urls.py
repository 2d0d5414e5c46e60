"""Which surface answers which address on an authority's host."""

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

_PREFIXES = {"api": "api/", "desk": "arbeitsplatz/", "reception": "", "portal": ""}

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(import_module(f"dienstweg.{room}.urls")))
    for room, prefix in _PREFIXES.items()
    if room in settings.ROOMS
]

handler400 = "dienstweg.reception.errors.bad_request"
handler403 = "dienstweg.reception.errors.forbidden"
handler404 = "dienstweg.reception.errors.not_found"
handler500 = "dienstweg.reception.errors.server_error"
