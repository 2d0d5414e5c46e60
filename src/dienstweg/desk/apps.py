"""The desk as a Django application."""

from pathlib import Path

from django.apps import AppConfig

from dienstweg.design import words


class DeskConfig(AppConfig):
    """Makes the words of the desk known."""

    name = "dienstweg.desk"
    label = "desk"

    def ready(self) -> None:
        """Register the words."""
        words.register(Path(__file__).parent / "words")
