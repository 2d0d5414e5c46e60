"""What can be refused about archives of cases; the docstring is the message."""


class NoSuchExport(Exception):
    """Diese Akte gibt es nicht mehr. Bitte lassen Sie sie neu erstellen."""
