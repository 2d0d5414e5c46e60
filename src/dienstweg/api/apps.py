"""Registers the room with Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What machines may call."""

    name = "dienstweg.api"
    label = "api"
