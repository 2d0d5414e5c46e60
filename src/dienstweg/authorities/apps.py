"""Registers the room with Django."""

from django.apps import AppConfig


class AuthoritiesConfig(AppConfig):
    """Authorities, their tree, hosts, branding, scope and keys."""

    name = "dienstweg.authorities"
    label = "authorities"
