"""Which surface answers which address on the host that all authorities share."""

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from dienstweg.reception import views

_PREFIXES = {"api": "api/", "desk": "arbeitsplatz/", "reception": ""}

urlpatterns: list[URLPattern | URLResolver] = [
    *(
        path(prefix, include(import_module(f"dienstweg.{room}.urls")))
        for room, prefix in _PREFIXES.items()
        if room in settings.ROOMS
    ),
    path("", views.network, name="network"),
]

handler400 = "dienstweg.reception.errors.bad_request"
handler403 = "dienstweg.reception.errors.forbidden"
handler404 = "dienstweg.reception.errors.not_found"
handler500 = "dienstweg.reception.errors.server_error"
