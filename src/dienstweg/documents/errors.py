"""What can be refused about documents."""


class NoSuchDocument(Exception):
    """There is no such document here, or it is not written yet."""
