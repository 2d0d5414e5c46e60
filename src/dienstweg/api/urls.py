"""Addresses of the API, below ``/api/``."""

from django.urls import path

from dienstweg.api import news

app_name = "api"
urlpatterns = [
    path("v1/rueckmeldungen/<slug:connection>", news.take, name="news"),
]
