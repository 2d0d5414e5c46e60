"""Registers the room with Django."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """PDFs that cases produce."""

    name = "dienstweg.documents"
    label = "documents"
