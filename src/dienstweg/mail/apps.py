"""Registers the room with Django."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Outgoing e-mail: a row and a job."""

    name = "dienstweg.mail"
    label = "mail"
