"""Registers the room with Django."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """What authorities write to applicants."""

    name = "dienstweg.inbox"
    label = "inbox"
