"""Registers the room with Django."""

from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    """Handing cases over to back offices."""

    name = "dienstweg.deliveries"
    label = "deliveries"
