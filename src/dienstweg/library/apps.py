"""Registers the room with Django."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Releases of blueprints."""

    name = "dienstweg.library"
    label = "library"
