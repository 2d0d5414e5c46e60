"""Places on a map: a point, a line, an area; by coordinates, by words, or by both.

The value is {"geometry": GeoJSON, "adresse": text}. GeoJSON is RFC 7946: WGS 84, longitude before
latitude; people type latitude first, as every map shows it, one position a line.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import figures
from dienstweg.blueprint.kinds.composed import Composed, _properties, filled
from dienstweg.blueprint.kinds.kind import Fault, Part, Read, Schema, Simple
from dienstweg.blueprint.kinds.planes import crosses, turned
from dienstweg.blueprint.kinds.texts import Text
from dienstweg.blueprint.kinds.words import say

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field
    from dienstweg.blueprint.release import Release

MOST_POINTS = 100
_TYPES = {"point": "Point", "line": "LineString", "area": "Polygon"}
_LEAST = {"point": 1, "line": 2, "area": 3}
_NUMBER = r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,15})?"
_DECIMAL = r"[+-]?[0-9]{1,3}\.[0-9]{1,15}"
_PAIR = re.compile(
    rf"({_NUMBER})\s?°?\s?([NS]?)\s?[,;]?\s({_NUMBER})\s?°?\s?([EOW]?)", re.IGNORECASE
)
_TIGHT = (
    re.compile(rf"({_DECIMAL})()[,;]({_DECIMAL})()"),
    re.compile(rf"({_NUMBER})();({_NUMBER})()"),
)

Position = tuple[float, float]


def position(text: str) -> Position | None:
    """ "54,3215 10,1349", "54.3215, 10.1349": latitude and longitude as (lon, lat); else None."""
    tried = (pattern.fullmatch(text.strip()) for pattern in (_PAIR, *_TIGHT))
    found = next(filter(None, tried), None)
    if found is None:
        return None
    latitude, longitude = _degrees(found[1], found[2]), _degrees(found[3], found[4])
    return (longitude, latitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _degrees(number: str, side: str) -> float:
    """Degrees to six decimals (ten centimetres); south and west are negative."""
    value = round(float(number.replace(",", ".")), 6)
    return -value if side.upper() in ("S", "W") else value


class Positions(Simple):
    """The coordinates of a place, typed; the value is a GeoJSON geometry."""

    types = frozenset(["object"])

    def __init__(self, widget: str, shape: str) -> None:
        super().__init__(widget)
        self.shape, self.lines = shape, shape != "point"

    def understand(self, text: str, field: "Field") -> Read:
        """One position a line; what is repeated right away counts once."""
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) > MOST_POINTS + 1:
            return Read(code="points-many")
        found = [position(line) for line in lines]
        points = [each for each in found if each is not None]
        if len(points) < len(found):
            return Read(code="positions" if self.lines else "position")
        if self.shape == "area" and len(points) > 1 and points[0] == points[-1]:
            points.pop()
        points = [each for at, each in enumerate(points) if at == 0 or each != points[at - 1]]
        code = self._wrong(points)
        return Read(code=code) if code else Read(self._geometry(points))

    def _wrong(self, points: list[Position]) -> str | None:
        if len(points) > MOST_POINTS:
            return "points-many"
        if len(points) < _LEAST[self.shape]:
            return f"{self.shape}-few"
        if self.shape == "area" and crosses(points):
            return "area-crosses"
        return "position" if self.shape == "point" and len(points) > 1 else None

    def _geometry(self, points: list[Position]) -> dict[str, Any]:
        """GeoJSON; the ring of an area is closed and goes round anticlockwise (RFC 7946, 3.1.6)."""
        if self.shape == "point":
            return {"type": "Point", "coordinates": list(points[0])}
        if self.shape == "line":
            return {"type": "LineString", "coordinates": [list(each) for each in points]}
        ring = [list(each) for each in turned(points)]
        return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}

    def sound(self, field: "Field", value: Any) -> str | None:
        """A geometry of this shape, with a bounded number of positions on the earth."""
        points = self.points(value)
        if points is None:
            return "positions" if self.lines else "position"
        return self._wrong(points)

    def points(self, value: Any) -> list[Position] | None:
        """The positions of a geometry, of an area without the repeated first; else None."""
        if not isinstance(value, Mapping) or value.get("type") != _TYPES[self.shape]:
            return None
        found = value.get("coordinates")
        if self.shape == "point":
            found = [found]
        elif self.shape == "area":
            found = found[0] if isinstance(found, list) and len(found) == 1 else None
        if not isinstance(found, list) or not all(map(_is_position, found)):
            return None
        if self.shape == "area":
            if len(found) < 2 or found[0] != found[-1]:
                return None
            found = found[:-1]
        return [(each[0], each[1]) for each in found]

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """The positions line by line, under what they are."""
        lines = [_told(each, lang) for each in self.points(value) or ()]
        if self.lines and lines:
            lines.insert(0, say(self.shape, lang).format(count=len(lines)))
        return "\n".join(lines)

    def typed(self, field: "Field", value: Any) -> list[str]:
        """Latitude first, one position a line."""
        points = self.points(value) or ()
        return ["\n".join(f"{latitude:.6f}, {longitude:.6f}" for longitude, latitude in points)]

    def usual_label(self, lang: str) -> str | None:
        """Koordinaten."""
        return say("position", lang)

    def usual_hint(self, lang: str) -> str | None:
        """How they are typed."""
        return say("positions-hint" if self.lines else "position-hint", lang)


def _is_position(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(each, int | float) and not isinstance(each, bool) for each in value)
        and abs(value[0]) <= 180
        and abs(value[1]) <= 90
    )


def _told(point: Position, lang: str) -> str:
    longitude, latitude = point
    north, east = (
        ("N", "S")[latitude < 0],
        ("O" if lang.startswith("de") else "E", "W")[longitude < 0],
    )
    return (
        f"{figures.shown_number(abs(latitude), lang)}° {north}, "
        f"{figures.shown_number(abs(longitude), lang)}° {east}"
    )


class Description(Text):
    """Where it is, in words."""

    def usual_label(self, lang: str) -> str | None:
        """Adresse oder Beschreibung."""
        return say("described", lang)


_DESCRIPTION = Description("text")


class Place(Composed):
    """A place: coordinates, a description, or both; one of them is enough."""

    def __init__(self, widget: str) -> None:
        super().__init__(widget)
        self.positions = Positions("textarea" if widget != "point" else "text", widget)

    def mistakes(self, schema: Schema) -> Iterator[tuple[str, str]]:
        """Without the part "geometry" there is nothing for a map to fill in."""
        yield from super().mistakes(schema)
        members = _properties(schema)
        if dict(members.get("geometry") or {}).get("type") != "object" or "adresse" not in members:
            message = "Ein Ort auf der Karte braucht die Teile „geometry“ und „adresse“."
            yield message, "„geometry“ ist ein Objekt (GeoJSON), „adresse“ ein Text."

    def parts(self, schema: Schema) -> Iterator[Part]:
        """The description first: it is what everybody can give."""
        every = {part.key: part for part in super().parts(schema)}
        if "adresse" in every:
            every["adresse"] = Part("adresse", every["adresse"].schema, "text", _DESCRIPTION)
        if "geometry" in every:
            geometry = every.pop("geometry").schema
            every["geometry"] = Part("geometry", geometry, self.positions.widget, self.positions)
        yield from every.values()

    def told(
        self, release: "Release", field: "Field", value: dict[str, Any], lang: str
    ) -> Iterator[str]:
        """The description, then the positions."""
        yield from filter(None, [self.words(release, field, value, "adresse", lang)])
        if isinstance(value.get("geometry"), Mapping):
            yield from self.positions.shown(release, field, value["geometry"], lang).split("\n")
        yield from self.named(release, field, value, lang, "adresse", "geometry")

    def faults(
        self, field: "Field", value: Any, *, asked: frozenset[str] = frozenset()
    ) -> list[Fault]:
        """As every composed answer; rules see an empty geometry, which is none."""
        if isinstance(value, Mapping):
            geometry = filled(value.get("geometry"))
            value = {**value, "geometry": geometry if geometry else None}
        return super().faults(field, value, asked=asked)
