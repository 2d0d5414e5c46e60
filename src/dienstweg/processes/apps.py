"""Registers the room with Django."""

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """Conducts a case through its process."""

    name = "dienstweg.processes"
    label = "processes"
