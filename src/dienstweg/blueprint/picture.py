"""Draws a process as SVG, by the positions of its file or, without them, in columns."""

from collections.abc import Iterable
from html import escape
from itertools import pairwise

from lxml import etree

from . import drawing
from .bpmn import Diagram, Element
from .drawing import Box, Drawing, Line, Shape
from .layout import laid_out
from .picture_signs import EVENTS, GATEWAYS, MARK_ORDER, MARKS, TASKS, sign

_MARGIN = 30.0
_WIDEST = 20_000.0
_PASSED, _PLAIN, _POOL = "#cfe8d4", "#fff", "#f6f6f2"
_LETTER = 6.2
"""Average width of a letter at 12 pixels, to break names into lines."""
_DEFINITIONS = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"'
    ' orient="auto"><path d="M0 0 8 4 0 8z"/></marker><marker id="open" viewBox="0 0 10 10"'
    ' refX="9" refY="5" markerWidth="10" markerHeight="10" orient="auto"><path d="M1 1 9 5 1 9"'
    ' fill="#fff" stroke="#333"/></marker><marker id="dot" viewBox="0 0 8 8" refX="4" refY="4"'
    ' markerWidth="8" markerHeight="8"><circle cx="4" cy="4" r="3" fill="#fff" stroke="#333"/>'
    '</marker><marker id="slash" viewBox="0 0 20 10" refX="-6" refY="5" markerWidth="20"'
    ' markerHeight="10" orient="auto"><path d="M1 9 7 1" stroke="#333"/></marker><marker id="if"'
    ' viewBox="0 0 16 8" refX="0" refY="4" markerWidth="16" markerHeight="8" orient="auto"><path'
    ' d="M0 4 8 0 16 4 8 8z" fill="#fff" stroke="#333"/></marker></defs>'
)


def draw(
    diagram: Diagram,
    *,
    passed: frozenset[str] = frozenset(),
    waiting: frozenset[str] = frozenset(),
) -> str:
    """Give the process as an SVG text with a title and a description for screen readers.

    Elements in `passed` are filled, those in `waiting` have a thick border.
    """
    title = diagram.name or diagram.process_id
    drawn = drawing.of_file(diagram.root, title)
    if not drawing.covers(drawn, diagram):
        drawn = laid_out(diagram)
    return svg(drawn, outline(diagram), passed=passed, waiting=waiting)


def draw_file(root: etree._Element, title: str = "") -> str:
    """Give the picture of any BPMN file as it draws itself; empty where it draws nothing."""
    drawn = drawing.of_file(root, title)
    names = [each.name for each in drawn.shapes if each.name]
    return svg(drawn, names) if drawn.shapes else ""


def svg(
    drawn: Drawing,
    description: Iterable[str],
    *,
    passed: frozenset[str] = frozenset(),
    waiting: frozenset[str] = frozenset(),
) -> str:
    """Give a drawing as SVG."""
    boxes = [shape.box for shape in drawn.shapes]
    left = min(box[0] for box in boxes) - _MARGIN
    top = min(box[1] for box in boxes) - _MARGIN
    width = min(max(box[0] + box[2] for box in boxes) - left + _MARGIN, _WIDEST)
    height = min(max(box[1] + box[3] for box in boxes) - top + 2 * _MARGIN, _WIDEST)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{left:g} {top:g} {width:g}'
        f' {height:g}" width="{width:g}" height="{height:g}" font-family="sans-serif"'
        ' font-size="12">',
        f"<title>{escape(drawn.title)}</title>",
        f"<desc>{escape('; '.join(description))}</desc>",
        _DEFINITIONS,
    ]
    front = [each for each in drawn.shapes if not _behind(each)]
    for shape in drawn.shapes:
        if _behind(shape):
            parts += _shape(shape, shape.id in passed, shape.id in waiting)
    for line in drawn.lines:
        parts += _line(line, line.id in passed)
    for shape in front:
        parts += _shape(shape, shape.id in passed, shape.id in waiting)
    parts += [_named(line) for line in drawn.lines if line.name]
    return "".join([*parts, "</svg>"])


def outline(diagram: Diagram) -> Iterable[str]:
    """Yield the process in words, a line per element: the text for those who do not see it."""
    for element in diagram.elements.values():
        targets = [
            (f"{flow.name}: " if flow.name else "") + _name(diagram.elements[flow.target])
            for flow in diagram.outgoing(element.id)
        ]
        inside = diagram.elements.get(element.level)
        where = f"{_name(inside)}: " if inside is not None else ""
        yield where + _name(element) + (f" → {', '.join(targets)}" if targets else "")


def _name(element: Element) -> str:
    return element.name or element.id


def _behind(shape: Shape) -> bool:
    """Say whether arrows are drawn over a shape."""
    return shape.kind in ("participant", "lane", "group") or "expanded" in shape.marks


# Lines


def _line(line: Line, passed: bool) -> list[str]:
    path = " ".join(f"{x:g},{y:g}" for x, y in line.points)
    width = "2.5" if passed else "1.2"
    style = f'fill="none" stroke="#333" stroke-width="{width}"{_ends(line)}'
    return [f'<polyline points="{path}" {style}/>']


def _named(line: Line) -> str:
    """Write the name of a line where its file says, or above its longest part."""
    if line.label is not None and line.label[2] > 0:
        x, y, width, height = line.label
        return _halo(line.name, x + width / 2, y + height / 2 + 4)
    longest = max(pairwise(line.points), key=lambda two: abs(two[0][0] - two[1][0]))
    x = (longest[0][0] + longest[1][0]) / 2
    return _halo(line.name, x, (longest[0][1] + longest[1][1]) / 2 - 4)


def _halo(text: str, x: float, y: float) -> str:
    """Write a word in front of lines so that it can be read."""
    style = 'text-anchor="middle" paint-order="stroke" stroke="#fff" stroke-width="3"'
    return f'<text x="{x:g}" y="{y:g}" {style} fill="#000">{escape(text)}</text>'


def _ends(line: Line) -> str:
    match line.kind:
        case "messageFlow":
            dashes = ' stroke-dasharray="7 4"'
            return f'{dashes} marker-start="url(#dot)" marker-end="url(#open)"'
        case "association":
            return ' stroke-dasharray="2 3"'
        case "dataInputAssociation" | "dataOutputAssociation":
            return ' stroke-dasharray="2 3" marker-end="url(#open)"'
    begin = {"default": ' marker-start="url(#slash)"', "condition": ' marker-start="url(#if)"'}
    return "".join(begin[each] for each in sorted(line.marks)) + ' marker-end="url(#tip)"'


# Shapes


def _shape(shape: Shape, passed: bool, waiting: bool) -> list[str]:
    fill = _PASSED if passed else _PLAIN
    style = f'fill="{fill}" stroke="#333" stroke-width="{"4" if waiting else "1.5"}"'
    if shape.kind.endswith("Gateway"):
        return _gateway(shape, style)
    if shape.kind.endswith("Event"):
        return _event(shape, style)
    if shape.kind in ("participant", "lane"):
        return _pool(shape)
    if shape.kind in _THINGS:
        return _thing(shape)
    return _activity(shape, style, waiting)


def _gateway(shape: Shape, style: str) -> list[str]:
    x, y, width, height = shape.box
    middle, center = x + width / 2, y + height / 2
    corners = (
        f"{middle:g},{y:g} {x + width:g},{center:g} {middle:g},{y + height:g} {x:g},{center:g}"
    )
    parts = [f'<polygon points="{corners}" {style}/>']
    if shape.kind in GATEWAYS:
        size = min(width, height) * 0.5
        parts.append(sign(GATEWAYS[shape.kind], middle - size / 2, center - size / 2, size=size))
    return [*parts, *_label(shape, middle, y + height + 14)]


def _event(shape: Shape, style: str) -> list[str]:
    """A start has a thin ring, an end a thick one, all others two; dashes do not interrupt."""
    x, y, width, height = shape.box
    middle, center, radius = x + width / 2, y + height / 2, min(width, height) / 2
    if shape.kind == "endEvent" and 'stroke-width="4"' not in style:
        style = style.replace('stroke-width="1.5"', 'stroke-width="3"')
    dashes = ' stroke-dasharray="4 3"' if "gentle" in shape.marks else ""
    ring = f'<circle cx="{middle:g}" cy="{center:g}" r="{{:g}}" {{}}{dashes}/>'
    parts = [ring.format(radius, style)]
    if shape.kind not in ("startEvent", "endEvent"):
        thin = 'fill="none" stroke="#333" stroke-width="1"'
        parts.append(ring.format(max(radius - 3.5, 1), thin))
    if shape.event in EVENTS:
        size = radius * 1.05
        filled = "throwing" in shape.marks
        parts.append(
            sign(
                EVENTS[shape.event], middle - size / 2, center - size / 2, size=size, filled=filled
            )
        )
    return [*parts, *_label(shape, middle, y + height + 14)]


def _activity(shape: Shape, style: str, waiting: bool) -> list[str]:
    x, y, width, height = shape.box
    if "call" in shape.marks and not waiting:
        style = style.replace('stroke-width="1.5"', 'stroke-width="3.5"')
    dashes = ' stroke-dasharray="2 4"' if "event" in shape.marks else ""
    box = f'<rect x="{{:g}}" y="{{:g}}" width="{{:g}}" height="{{:g}}" rx="8" {style}{dashes}/>'
    parts = [box.format(x, y, width, height)]
    if "transaction" in shape.marks:
        parts.append(box.format(x + 3, y + 3, max(width - 6, 1), max(height - 6, 1)))
    if shape.kind in TASKS:
        filled = shape.kind == "sendTask"
        parts.append(sign(TASKS[shape.kind], x + 5, y + 5, size=13, filled=filled))
    marks = [each for each in MARK_ORDER if each in shape.marks]
    start = x + width / 2 - len(marks) * 9
    for place, mark in enumerate(marks):
        parts.append(sign(MARKS[mark], start + place * 18 + 2, y + height - 16, size=14))
    if "expanded" in shape.marks:
        return [*parts, *_label(shape, x + width / 2, y + 18, width=width - 20, most=1)]
    most = max(int((height - 10) / 14), 1)
    return [*parts, *_label(shape, x + width / 2, y + height / 2, width=width - 8, most=most)]


def _pool(shape: Shape) -> list[str]:
    """A pool or lane: its name stands upright at the left, or above where it runs downwards."""
    x, y, width, height = shape.box
    box = f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    parts = [f'{box} fill="{_POOL}" fill-opacity="0.6" stroke="#333" stroke-width="1.5"/>']
    name = escape(shape.name)
    if not name:
        return parts
    if "upright" in shape.marks:
        text = f'<text x="{x + width / 2:g}" y="{y + 18:g}" text-anchor="middle">{name}</text>'
        return [*parts, text]
    turned = f"rotate(-90 {x + 18:g} {y + height / 2:g})"
    return [
        *parts,
        f'<text x="{x + 18:g}" y="{y + height / 2:g}" text-anchor="middle"'
        f' transform="{turned}">{name}</text>',
    ]


def _thing(shape: Shape) -> list[str]:
    """Data, notes and groups: drawn beside the process, they move nothing in it."""
    x, y, width, height = shape.box
    path = _THINGS[shape.kind](shape.box)
    dashes = ' stroke-dasharray="8 4 2 4"' if shape.kind == "group" else ""
    fill = "none" if shape.kind in ("group", "textAnnotation") else "#fff"
    parts = [f'<path d="{path}" fill="{fill}" stroke="#333" stroke-width="1.2"{dashes}/>']
    if "collection" in shape.marks:
        parts.append(sign(MARKS["collection"], x + width / 2 - 7, y + height - 16, size=14))
    if shape.kind == "textAnnotation":
        middle = y + height / 2
        most = max(int(height / 14), 1)
        return [*parts, *_label(shape, x + width / 2, middle, width=width - 8, most=most)]
    if shape.kind == "group":
        return [*parts, *_label(shape, x + width / 2, y - 4)]
    return [*parts, *_label(shape, x + width / 2, y + height + 14)]


def _page(box: Box) -> str:
    x, y, width, height = box
    fold = min(width, height) * 0.3
    return (
        f"M{x:g} {y:g}H{x + width - fold:g}L{x + width:g} {y + fold:g}V{y + height:g}H{x:g}Z"
        f"M{x + width - fold:g} {y:g}V{y + fold:g}H{x + width:g}"
    )


def _store(box: Box) -> str:
    x, y, width, height = box
    round_ = height * 0.12
    arc = f"A{width / 2:g} {round_:g} 0 0 {{}} {{:g}} {{:g}}"
    top, bottom = y + round_, y + height - round_
    return (
        f"M{x:g} {top:g}{arc.format(1, x + width, top)}V{bottom:g}{arc.format(1, x, bottom)}Z"
        f"M{x:g} {top:g}{arc.format(0, x + width, top)}"
    )


def _bracket(box: Box) -> str:
    x, y, _, height = box
    return f"M{x + 12:g} {y:g}H{x:g}V{y + height:g}H{x + 12:g}"


def _rectangle(box: Box) -> str:
    x, y, width, height = box
    return f"M{x:g} {y:g}H{x + width:g}V{y + height:g}H{x:g}Z"


_THINGS = {
    "dataObjectReference": _page,
    "dataObject": _page,
    "dataInput": _page,
    "dataOutput": _page,
    "dataStoreReference": _store,
    "dataStore": _store,
    "textAnnotation": _bracket,
    "group": _rectangle,
}


def _label(shape: Shape, x: float, y: float, *, width: float = 112.0, most: int = 4) -> list[str]:
    """Write a name in lines that fit; around the height `y` if it stands inside of its shape."""
    inside = y < shape.box[1] + shape.box[3] and shape.kind != "group"
    lines: list[str] = [""]
    longest = max(int(width / _LETTER), 6)
    for word in shape.name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= longest:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + " …"]
    start = y - (len(lines) - 1) * 7 + 4 if inside and most > 1 else y
    return [_halo(line, x, start + place * 14) for place, line in enumerate(lines) if line]
