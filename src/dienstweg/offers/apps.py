"""Registers the room with Django."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """Online services of authorities."""

    name = "dienstweg.offers"
    label = "offers"
