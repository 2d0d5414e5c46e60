"""What can be refused about accounts."""

from collections.abc import Mapping


class WeakPassword(Exception):
    """The password is too short or too easy to guess."""


class InvalidAddress(Exception):
    """This is not an e-mail address that mail can be sent to."""


class NoProof(Exception):
    """The code is too old, was used, or was guessed wrongly too often: a new one is needed."""


class WrongCode(Exception):
    """The code is not the one that was sent."""


class WrongPassword(Exception):
    """The password is not that of the account."""


class AddressTaken(Exception):
    """The address has become that of another account meanwhile."""


class InvalidProfile(Exception):
    """Something in the profile cannot be right; ``faults`` says what (`rules.faults`)."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        """Say what is wrong, by entry."""
        super().__init__()
        self.faults = dict(faults)


class NoPassage(Exception):
    """The way to the authority's host is used up, too old, or not this browser's."""


class HasRoles(Exception):
    """The account belongs to somebody who works here: the administration looks after it."""


class NoSuchTeam(Exception):
    """There is no such team."""


class NoSuchColleague(Exception):
    """Nobody who works here has this address."""


class NotToBeGiven(Exception):
    """This role watches over the others: only the operator gives it."""


class LastLeader(Exception):
    """Somebody must lead the team."""


class WrongDates(Exception):
    """The absence ends before it begins, or is over already."""


class TooMany(Exception):
    """There is no room for more."""
