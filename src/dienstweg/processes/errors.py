"""What can be refused about the course of a case; the docstring is the message."""

from dienstweg.blueprint.moving import Point


class NotMovable(Exception):
    """Der Vorgang wartet an einer Stelle, die es in der anderen Version nicht gibt."""

    def __init__(self, points: tuple[Point, ...] = ()) -> None:
        """Say at which places."""
        super().__init__()
        self.points = points


class AlreadyEnded(Exception):
    """Der Ablauf dieses Vorgangs ist schon zu Ende."""


class SameRelease(Exception):
    """Der Vorgang läuft schon unter dieser Version."""


class OtherBlueprint(Exception):
    """Das ist eine Version einer anderen Leistung."""


class NotAwaited(Exception):
    """Darauf wartet der Vorgang nicht mehr."""


class AlreadyNoted(Exception):
    """Dieser Eingang ist schon vermerkt; der Ablauf hat ihn noch nicht aufgenommen."""


class NothingToUndo(Exception):
    """Es gibt keine Umstellung, die man zurücknehmen könnte: Seither ist schon etwas geschehen."""
