"""Registers the room with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Services of authorities, listed and found."""

    name = "dienstweg.catalogue"
    label = "catalogue"
