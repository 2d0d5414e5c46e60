"""Addresses of the API, below ``/api/``."""

from django.urls import path

from dienstweg.api import drafts, news

app_name = "api"
urlpatterns = [
    path("v1/entwuerfe/<slug:connection>", drafts.begin, name="drafts"),
    path("v1/rueckmeldungen/<slug:connection>", news.take, name="news"),
]
