"""What can be refused about messages."""


class NoSuchMessage(Exception):
    """There is no such message here, or it was posted already."""
