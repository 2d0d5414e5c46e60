"""Registers the room with Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Bytes: checked, encrypted, stored."""

    name = "dienstweg.files"
    label = "files"
