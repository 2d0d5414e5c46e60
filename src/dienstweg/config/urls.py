"""Which surface answers which address on an authority's host; the desk stands on the shared one."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("dienstweg.api.urls")),
    path("", include("dienstweg.reception.urls")),
    path("", include("dienstweg.portal.urls")),
]

handler400 = "dienstweg.reception.errors.bad_request"
handler403 = "dienstweg.reception.errors.forbidden"
handler404 = "dienstweg.reception.errors.not_found"
handler500 = "dienstweg.reception.errors.server_error"
