"""What can be refused about payments; the docstring is the message."""


class NoSuchPayment(Exception):
    """Diese Zahlung gibt es hier nicht."""


class NotRepeatable(Exception):
    """Diese Zahlung kann nicht noch einmal begonnen werden."""


class NoSuchRefund(Exception):
    """Diese Erstattung gibt es hier nicht."""


class NoSuchAccount(Exception):
    """Für diese Behörde ist kein solches Zahlungskonto eingerichtet."""


class InvalidOptions(Exception):
    """Die Angaben zum Zahlungskonto sind unvollständig oder falsch."""
