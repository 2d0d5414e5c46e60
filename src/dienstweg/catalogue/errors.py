"""What can be refused here."""

from dienstweg.catalogue.streets import Refused


class UnusableStreets(ValueError):
    """A file of streets cannot be used; the text says why, ``refused`` which lines (German)."""

    def __init__(self, reason: str, refused: tuple[Refused, ...] = ()) -> None:
        super().__init__(reason)
        self.refused = refused
