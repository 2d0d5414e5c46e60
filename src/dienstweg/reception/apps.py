"""The reception as a Django application."""

from pathlib import Path

from django.apps import AppConfig

from dienstweg.design import words


class ReceptionConfig(AppConfig):
    """Makes the words of the reception's pages known."""

    name = "dienstweg.reception"
    label = "reception"

    def ready(self) -> None:
        """Register the words."""
        words.register(Path(__file__).parent / "words")
