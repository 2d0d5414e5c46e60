"""Which surface answers which address on the host that all authorities share.

People of every authority sign in here, and only here (architecture, rule 8): the desk stands on no
other host.
"""

from django.urls import include, path

from dienstweg.reception import views

urlpatterns = [
    path("arbeitsplatz/", include("dienstweg.desk.urls")),
    path("konto/", include("dienstweg.portal.urls_network")),
    path("", include("dienstweg.reception.urls")),
    path("", views.network, name="network"),
    *(
        path(page, views.of_operator, {"page": page})
        for page in ("impressum", "datenschutz", "barrierefreiheit", "hilfe", "rueckmeldung")
    ),
]

handler400 = "dienstweg.reception.errors.bad_request"
handler403 = "dienstweg.reception.errors.forbidden"
handler404 = "dienstweg.reception.errors.not_found"
handler500 = "dienstweg.reception.errors.server_error"
