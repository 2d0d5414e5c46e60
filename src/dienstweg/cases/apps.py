"""Registers the room with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases, their applications and tasks."""

    name = "dienstweg.cases"
    label = "cases"
