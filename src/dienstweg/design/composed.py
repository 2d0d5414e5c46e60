"""Questions made of parts: an address, a person, an organisation, a signature, a place on a map.

Each is a fieldset whose parts are fields of their own. Parts that belong together (street and
number, postcode and town) share a row where there is room; on a phone they stand one below the
other.
"""

from collections.abc import Callable, Mapping, Sequence

from django.utils.safestring import SafeString

from dienstweg.design.markup import classes, h, join
from dienstweg.design.parts import group, identifier
from dienstweg.design.question import Field, Means, Suggestion, Tiles
from dienstweg.design.searches import told
from dienstweg.design.words import say

Draw = Callable[[Field], SafeString]

PAIRS = frozenset(
    {
        ("vorname", "nachname"),
        ("strasse", "hausnummer"),
        ("plz", "ort"),
        ("registergericht", "registernummer"),
        ("firma", "rechtsform"),
    }
)
"""Parts that stand side by side when one follows the other."""
MEANT = "-vorschlag"
"""Added to the name of a street's input: the radio buttons with streets that may be meant."""
AS_TYPED = "-"
"""What those buttons post for "my answer is right"."""


def _group(field: Field, lang: str, draw: Draw, means: Means) -> SafeString:
    """Return a person or an organisation: its parts, side by side where they belong together."""
    return group(field, lang, [_parts(field, draw)], css="dw-composed", named=True)


def _address(field: Field, lang: str, draw: Draw, means: Means) -> SafeString:
    """Return an address; streets are suggested while typing where there is a register."""
    parts = {_key(field, part): part for part in field.parts}
    doubts = means.doubts.get(f"{field.name}-strasse", ())
    named = {f"data-{key}": identifier(parts[key].name) for key in ("plz", "ort") if key in parts}
    listening = {}
    if means.streets_url and "strasse" in parts and not parts["strasse"].locked:
        listening = {
            "data-streets": means.streets_url,
            "data-strasse": identifier(f"{field.name}-strasse"),
            **named,
            **told(lang),
        }
    body = h(
        "div",
        {"class": "dw-parts", **listening},
        _parts(field, draw, after={"strasse": _doubts(field, lang, doubts)}),
    )
    return group(field, lang, [body], css="dw-composed", named=True)


def _parts(
    field: Field, draw: Draw, *, after: Mapping[str, SafeString | None] | None = None
) -> SafeString:
    """Return the parts of a field in their order, pairs in rows of their own."""
    rows: list[SafeString] = []
    waiting = list(field.parts)
    while waiting:
        first = waiting.pop(0)
        key = _key(field, first)
        keys = [key]
        drawn = [draw(first)]
        if waiting and (key, _key(field, waiting[0])) in PAIRS:
            second = waiting.pop(0)
            keys.append(_key(field, second))
            drawn.append(draw(second))
        css = classes("dw-pair", f"dw-pair--{key}") if len(drawn) > 1 else "dw-single"
        rows.append(h("div", {"class": css}, *drawn))
        rows += [below for one in keys if (below := (after or {}).get(one))]
    return join(rows)


def _key(field: Field, part: Field) -> str:
    """Return what a part is called within its field: ``plz`` of ``adresse-plz``."""
    return part.name.removeprefix(f"{field.name}-")


def _doubts(field: Field, lang: str, doubts: Sequence[Suggestion]) -> SafeString | None:
    """Return the question whether another street is meant; what was typed may stay."""
    if not doubts:
        return None
    name = f"{field.name}-strasse{MEANT}"
    offered = [*doubts, Suggestion(AS_TYPED, say(lang, "design.street.as_typed"))]
    buttons = []
    for number, one in enumerate(offered, start=1):
        own = identifier(name) if number == 1 else f"{identifier(name)}-{number}"
        button = h(
            "input",
            {
                "type": "radio",
                "class": "kern-form-check__radio",
                "id": own,
                "name": name,
                "value": one.value,
                "checked": one.value == AS_TYPED,
            },
        )
        label = h("label", {"class": "kern-label", "for": own}, one.label)
        buttons.append(h("div", {"class": "kern-form-check"}, button, label))
    return h(
        "fieldset",
        {"class": "kern-fieldset dw-doubt", "id": f"{identifier(name)}-frage"},
        h("legend", {"class": "kern-label"}, say(lang, "design.street.meant")),
        h("div", {"class": "kern-hint"}, say(lang, "design.street.unknown")),
        h("div", {"class": "kern-fieldset__body"}, *buttons),
    )


def _signature(field: Field, lang: str, draw: Draw, means: Means) -> SafeString:
    """Return a signature by declaration: what is declared, the name, and the box to tick.

    Text form (section 126b BGB): a readable declaration that names who declares.
    """
    words = h("blockquote", {"class": "dw-note"}, field.info) if field.info else None
    body = [words, *(draw(part) for part in field.parts)]
    return group(field, lang, body, css="dw-composed dw-signature", named=True)


def _place(field: Field, lang: str, draw: Draw, means: Means) -> SafeString:
    """Return a place, a way or an area: by address, by coordinates, by a map if there is one."""
    parts = {_key(field, part): part for part in field.parts}
    body = [draw(part) for key, part in parts.items() if key != "geometry"]
    position = parts.get("geometry")
    if position is not None:
        if means.tiles is not None:
            body.append(_map(field, position, lang, means.tiles))
        # Few people know coordinates: they stand behind a click, unless there is something there.
        is_open = bool(position.value or position.error)
        title = say(lang, "design.map.coordinates")
        body.append(
            h(
                "details",
                {"class": "dw-coordinates", "open": is_open},
                h("summary", {}, title),
                draw(position),
            )
        )
    listening = {}
    if means.streets_url and "adresse" in parts:
        listening = {
            "data-streets": means.streets_url,
            "data-strasse": identifier(parts["adresse"].name),
            "data-whole": "1",
            **told(lang),
        }
    return group(
        field,
        lang,
        [h("div", {"class": "dw-parts", **listening}, *body)],
        css="dw-composed",
        named=True,
    )


_SAID = ("set", "undo", "clear", "one", "many", "nothing")


def _map(field: Field, position: Field, lang: str, tiles: Tiles) -> SafeString:
    """Return the map, which only a script can show; by keyboard it is used with its buttons."""
    own = f"{identifier(field.name)}-karte"
    words = {f"data-say-{name}": say(lang, f"design.map.{name}") for name in _SAID}
    return h(
        "div",
        {
            "class": "dw-map",
            "hidden": True,
            "data-map": field.widget,
            "data-input": identifier(position.name),
            "data-tiles": tiles.url,
            "data-attribution": tiles.attribution,
            "data-latitude": str(tiles.centre[0]),
            "data-longitude": str(tiles.centre[1]),
            "data-zoom": tiles.zoom,
            "data-zoom-in": say(lang, "design.map.zoom_in"),
            "data-zoom-out": say(lang, "design.map.zoom_out"),
            **words,
        },
        h(
            "p",
            {"class": "kern-hint", "id": f"{own}-hilfe"},
            say(lang, f"design.map.{field.widget}"),
        ),
        h(
            "div",
            {
                "class": "dw-map__view",
                "id": own,
                "role": "application",
                "aria-label": f"{say(lang, 'design.map.label')}: {field.label}",
                "aria-describedby": f"{own}-hilfe",
            },
        ),
        h("div", {"class": "dw-map__buttons"}),
        h("p", {"class": "dw-map__state", "role": "status"}),
    )


WIDGETS: Mapping[str, Callable[[Field, str, Draw, Means], SafeString]] = {
    "address": _address,
    "person": _group,
    "organisation": _group,
    "signature": _signature,
    "point": _place,
    "line": _place,
    "area": _place,
}
"""Widget -> the function that draws it, given how to draw a part."""
