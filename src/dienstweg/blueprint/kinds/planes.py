"""A little plane geometry for areas that people draw: does the ring touch itself, which way round.

Degrees are taken as if the earth were flat, which is good enough for plots and streets.
"""

from collections.abc import Iterator

Position = tuple[float, float]


def turned(ring: list[Position]) -> list[Position]:
    """The ring anticlockwise, beginning where it began."""
    doubled = sum(
        here[0] * there[1] - there[0] * here[1]
        for here, there in zip(ring, ring[1:] + ring[:1], strict=True)
    )
    return ring if doubled >= 0 else [ring[0], *reversed(ring[1:])]


def crosses(ring: list[Position]) -> bool:
    """Whether two sides of a ring (its first position not repeated) touch or cross each other."""
    count = len(ring)
    if len(set(ring)) < count:
        return True
    sides = [(ring[at], ring[(at + 1) % count]) for at in range(count)]
    for at, (start, end) in enumerate(sides):
        after = sides[(at + 1) % count][1]
        if _side(start, end, after) == 0 and _goes_back(start, end, after):
            return True
    return any(_meet(sides[one], sides[two]) for one, two in _near(sides))


def _near(sides: list[tuple[Position, Position]]) -> Iterator[tuple[int, int]]:
    """Pairs of sides that are no neighbours and whose boxes overlap; the others cannot meet."""
    count = len(sides)
    boxes = sorted(
        (min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1]), at)
        for at, (a, b) in enumerate(sides)
    )
    for place, (_, east, south, north, at) in enumerate(boxes):
        for west, _, below, above, other in boxes[place + 1 :]:
            if west > east:
                break
            apart = abs(at - other)
            if below <= north and above >= south and 1 < apart < count - 1:
                yield at, other


def _side(a: Position, b: Position, c: Position) -> int:
    """On which side of the line from a to b a position lies: 1 left, -1 right, 0 on it."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    # Positions have six decimals: what is smaller than that is noise of the arithmetic.
    return 0 if abs(cross) < 1e-13 else (1 if cross > 0 else -1)


def _goes_back(a: Position, b: Position, c: Position) -> bool:
    """Whether three positions on one line double back at the middle one."""
    return (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0


def _within(a: Position, b: Position, c: Position) -> bool:
    """Whether a position on the line through a and b lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _meet(one: tuple[Position, Position], two: tuple[Position, Position]) -> bool:
    a, b = one
    c, d = two
    first, second = _side(a, b, c), _side(a, b, d)
    third, fourth = _side(c, d, a), _side(c, d, b)
    if first != second and third != fourth:
        return True
    return (
        (first == 0 and _within(a, b, c))
        or (second == 0 and _within(a, b, d))
        or (third == 0 and _within(c, d, a))
        or (fourth == 0 and _within(c, d, b))
    )
