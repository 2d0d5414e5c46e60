"""Addresses of applicants' accounts, on the host that all authorities share."""

from django.urls import path

from dienstweg.portal.views import prolonging
from dienstweg.portal.views.account import details, entering, holding, passing

app_name = "konto"
urlpatterns = [
    path("", holding.home, name="home"),
    path("anmelden", entering.sign_in, name="sign_in"),
    path("angemeldet-bleiben", prolonging.network, name="extend"),
    path("abmelden", entering.sign_out, name="sign_out"),
    path("anlegen", entering.sign_up, name="sign_up"),
    path("anlegen/code", entering.code, name="code"),
    path("passwort-vergessen", entering.forgotten, name="forgotten"),
    path("passwort-vergessen/code", entering.new_password, name="new_password"),
    path("weitergabe", passing.pass_on, name="pass_on"),
    path("angaben", details.details, name="details"),
    path("email", holding.address, name="address"),
    path("email/code", holding.address_code, name="address_code"),
    path("passwort", holding.password, name="password"),
    path("daten.json", holding.export, name="export"),
    path("loeschen", holding.close, name="close"),
]
