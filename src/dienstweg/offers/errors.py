"""What can be refused about online services; the docstring is the message."""


class NoSuchOffer(Exception):
    """Diesen Onlinedienst gibt es hier nicht oder nicht mehr."""


class NothingToOffer(Exception):
    """Going live needs either an archive or the digest of a release in the library."""


class NoSuchVersion(Exception):
    """Diese Fassung wird und wurde hier nicht angeboten."""
