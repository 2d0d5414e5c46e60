"""Registers the room with Django."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Makes archives of cases."""

    name = "dienstweg.records"
    label = "records"
