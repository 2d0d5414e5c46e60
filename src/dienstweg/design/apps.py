"""The design room as a Django application: its templates, static files and words."""

from pathlib import Path

from django.apps import AppConfig

from dienstweg.design import words


class DesignConfig(AppConfig):
    """Makes the design system's own words known."""

    name = "dienstweg.design"
    label = "design"

    def ready(self) -> None:
        """Register the words of the components."""
        words.register(Path(__file__).parent / "words")
