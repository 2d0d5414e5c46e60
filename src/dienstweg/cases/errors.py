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


class NoSuchParty(Exception):
    """Diese beteiligte Person gibt es hier nicht."""


class NoSuchRole(Exception):
    """Diese Rolle kennt die Leistung nicht."""


class TooManyParties(Exception):
    """An diesem Vorgang sind schon so viele Personen beteiligt, wie möglich ist."""


class AlreadyTookPart(Exception):
    """Diese Person hat schon etwas getan und kann nicht mehr entfernt werden."""


class NumberOrCodeOfPartyWrong(Exception):
    """Beteiligungsnummer und Code passen nicht zusammen. Bitte prüfen Sie beide."""


class InvitationExpired(Exception):
    """Diese Einladung ist abgelaufen. Bitte lassen Sie sich einen neuen Link schicken."""


class NotYours(Exception):
    """Das gehört nicht zu Ihrer Beteiligung, oder es ist schon erledigt."""


class ApplicationChanged(Exception):
    """Der Antrag wurde geändert, seit Sie ihn gelesen haben. Bitte lesen Sie ihn noch einmal."""


class ProofNeeded(Exception):
    """Vor der Unterschrift muss ein Nachweis hochgeladen sein."""


class WrongDay(Exception):
    """Das Schreiben kann an diesem Tag nicht eingegangen sein."""


class SameSigner(Exception):
    """Zwei Unterschriften dürfen nicht von derselben Person stammen."""

    def __init__(self, by: str) -> None:
        """Say by what both seem to be one: email, account, or name."""
        super().__init__()
        self.by = by


class NotTheirs(Exception):
    """Das gehört nicht zu den Aufgaben dieser Person."""


class ProposalChanged(Exception):
    """Der Vorschlag hat sich inzwischen geändert. Bitte lesen Sie ihn noch einmal."""


class SamePerson(Exception):
    """Wer entschieden hat, kann nicht selbst zustimmen. Bitte fragen Sie eine zweite Person."""


class TakenMeanwhile(Exception):
    """Diese Aufgabe hat inzwischen jemand anderes übernommen."""


class NoSuchCorrection(Exception):
    """Diese Nachforderung gibt es hier nicht."""


class AlreadyAsked(Exception):
    """In diesem Vorgang läuft schon eine Nachforderung."""


class NothingAsked(Exception):
    """Bitte kreuzen Sie an, was fehlt, oder nennen Sie eine Unterlage."""


class DraftChanged(Exception):
    """In einem anderen Fenster haben Sie inzwischen weitergeschrieben."""


class DraftTooLong(Exception):
    """Das ist zu lang, um als Entwurf gespeichert zu werden."""


class NoSuchNote(Exception):
    """Diese Notiz gibt es hier nicht, oder sie ist nicht von Ihnen."""


class EmptyNote(Exception):
    """Bitte schreiben Sie etwas in die Notiz."""


class TooLateToCorrect(Exception):
    """Die Notiz steht schon länger da und bleibt, wie sie ist. Schreiben Sie eine neue dazu."""
