"""What can be refused about deliveries; the docstring is the message."""


class NoSuchConnection(Exception):
    """Für diese Behörde ist keine solche Anbindung eingerichtet."""


class NoSuchDelivery(Exception):
    """Diese Übergabe gibt es hier nicht."""


class NoSuchNotice(Exception):
    """Diese Rückmeldung gibt es hier nicht."""


class InvalidOptions(Exception):
    """Die Angaben zur Anbindung sind unvollständig oder falsch."""


class NotListening(Exception):
    """Über diese Anbindung kommen keine Rückmeldungen."""


class NotRefused(Exception):
    """Nur eine abgewiesene Übergabe kann noch einmal gesendet werden."""


class AnotherNotice(Exception):
    """Unter dieser Kennung wurde schon etwas anderes gemeldet."""


class MayNotBegin(Exception):
    """Über diese Anbindung darf niemand Anträge vorbereiten."""
