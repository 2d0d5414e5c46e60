"""What can be refused about cases and tasks; the docstring is the message."""

from datetime import datetime


class NoSuchCase(Exception):
    """Diesen Vorgang gibt es hier nicht."""


class NoSuchTask(Exception):
    """Diese Aufgabe gibt es hier nicht."""


class Erased(NoSuchCase):
    """Die Daten dieses Vorgangs sind gelöscht."""


class NotAllowed(Exception):
    """Das ist im jetzigen Stand des Vorgangs nicht mehr möglich."""


class AlreadyDecided(Exception):
    """Über diese Aufgabe hat schon jemand entschieden."""


class TooLateToUndo(Exception):
    """Die Entscheidung ist schon wirksam und kann nicht mehr zurückgenommen werden."""


class UnknownOutcome(Exception):
    """Bitte wählen Sie eine der angebotenen Entscheidungen."""


class ReasonNeeded(Exception):
    """Bitte begründen Sie Ihre Entscheidung."""


class WrongNumberOrCode(Exception):
    """Vorgangsnummer und Zugangscode passen nicht zusammen. Bitte prüfen Sie beide."""


class TooManyTries(Exception):
    """Der Zugangscode wurde zu oft falsch eingegeben. Bitte warten Sie eine Viertelstunde."""

    def __init__(self, until: datetime) -> None:
        """Say until when no code is accepted."""
        super().__init__()
        self.until = until
