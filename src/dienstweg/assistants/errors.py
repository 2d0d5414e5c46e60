"""What can be refused about drafts; the docstring is the message."""

from uuid import UUID


class NoSuchDraft(Exception):
    """Diesen Antrag gibt es nicht oder nicht mehr. Bitte prüfen Sie den Link oder den Code."""


class Expired(Exception):
    """Dieser Entwurf ist abgelaufen und wurde gelöscht. Bitte beginnen Sie einen neuen Antrag."""


class AlreadySubmitted(Exception):
    """Dieser Antrag ist schon abgeschickt."""

    def __init__(self, case_id: UUID) -> None:
        """Say which case the draft has become."""
        super().__init__()
        self.case_id = case_id


class ChangedMeanwhile(Exception):
    """Der Antrag wurde in einem anderen Fenster geändert. Bitte prüfen Sie ihn noch einmal."""


class TooBusy(Exception):
    """Der Antrag wird gerade in einem anderen Fenster gespeichert. Bitte versuchen Sie es gleich
    noch einmal."""


class TooManyCodes(Exception):
    """Sie haben schon mehrere Codes angefordert. Bitte warten Sie eine Stunde."""


class InvalidAddress(Exception):
    """Diese E-Mail-Adresse ist nicht vollständig. Ein Beispiel: name@example.org."""


class CannotCarryOver(Exception):
    """Für diesen Antrag gibt es keine andere Fassung, in die Sie wechseln könnten."""


class AnotherAccount(Exception):
    """Dieser Antrag liegt schon in einem anderen Nutzerkonto."""


class NoSuchField(Exception):
    """Zu dieser Frage kann keine Datei hochgeladen werden."""
