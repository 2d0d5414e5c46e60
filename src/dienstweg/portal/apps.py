"""The portal as a Django application: templates and words."""

from pathlib import Path

from django.apps import AppConfig

from dienstweg.design import words


class PortalConfig(AppConfig):
    """Makes the portal's words known."""

    name = "dienstweg.portal"
    label = "portal"

    def ready(self) -> None:
        """Register the words."""
        words.register(Path(__file__).parent / "words")
