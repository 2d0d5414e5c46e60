"""What can be refused about authorities and scopes; the docstring is the message."""


class Unscoped(Exception):
    """A query for data of an authority was made without a scope."""


class NotOneAuthority(Exception):
    """This needs a scope of exactly one authority."""


class NoSuchAuthority(Exception):
    """There is no authority of this name in the network."""


class InvalidNetwork(Exception):
    """The file that describes the network cannot be used."""
