"""What can be refused about documents."""


class NoSuchDocument(Exception):
    """There is no such document here, or it is not written yet."""


class InvalidOptions(Exception):
    """What was given for the seal is not what its plug-in asks for."""
