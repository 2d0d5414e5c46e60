"""What can be refused about accounts."""


class WeakPassword(Exception):
    """The password is too short or too common."""
