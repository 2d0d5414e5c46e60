"""What can go wrong at start-up and on the command line, said so that somebody can act."""


class Trouble(Exception):
    """The command cannot go on: the text says why, and what to do."""
