"""Registers the room with Django."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Facts, the jobs they set off, and what falls due."""

    name = "dienstweg.events"
    label = "events"
