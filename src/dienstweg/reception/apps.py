"""The reception as a Django application."""

from pathlib import Path

from django.apps import AppConfig
from django.core.checks import Tags, register

from dienstweg.design import words
from dienstweg.reception.checks import no_plain_http


class ReceptionConfig(AppConfig):
    """Makes the words of the reception's pages known, and what a deployment is checked for."""

    name = "dienstweg.reception"
    label = "reception"

    def ready(self) -> None:
        """Register the words and the checks."""
        register(no_plain_http, Tags.security, deploy=True)
        words.register(Path(__file__).parent / "words")
