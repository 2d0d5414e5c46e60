"""What can be refused about e-mail."""


class InvalidAddress(Exception):
    """This is not an e-mail address that mail can be sent to."""


class UnknownTemplate(Exception):
    """There is no e-mail of this name."""
