"""Registers the room with Django."""

from django.apps import AppConfig


class AssistantsConfig(AppConfig):
    """Drafts of applicants."""

    name = "dienstweg.assistants"
    label = "assistants"
