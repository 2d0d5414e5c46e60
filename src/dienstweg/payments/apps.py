"""Registers the room with Django."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Money that a case costs."""

    name = "dienstweg.payments"
    label = "payments"
