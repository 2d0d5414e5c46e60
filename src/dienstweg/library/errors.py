"""What can be refused about releases; the docstring is the message."""


class TooLarge(Exception):
    """The archive of the blueprint is larger than the library takes."""


class NoSuchRelease(Exception):
    """The library holds no release with this digest."""
