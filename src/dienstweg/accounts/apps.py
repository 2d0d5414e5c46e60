"""Registers the room with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in, and what they may do where."""

    name = "dienstweg.accounts"
    label = "accounts"
