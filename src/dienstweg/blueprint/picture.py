"""Draws a process as SVG, by the positions of its file or, without them, in columns."""

from collections.abc import Iterable
from html import escape
from itertools import pairwise

from .bpmn import GATEWAYS, Diagram, Element, Flow

Box = tuple[float, float, float, float]
Points = tuple[tuple[float, float], ...]
_SIZE = {"Event": (36.0, 36.0), "Gateway": (50.0, 50.0)}
_TASK = (130.0, 64.0)
_COLUMN, _ROW, _MARGIN = 190.0, 100.0, 30.0
_WIDEST = 20_000.0
_SIGNS = {
    "exclusiveGateway": "×",
    "inclusiveGateway": "○",
    "parallelGateway": "+",
    "eventBasedGateway": "⬠",
}


def draw(
    diagram: Diagram,
    *,
    passed: frozenset[str] = frozenset(),
    waiting: frozenset[str] = frozenset(),
) -> str:
    """Give the process as an SVG text with a title and a description for screen readers.

    Elements in `passed` are filled, those in `waiting` have a thick border.
    """
    boxes = diagram.bounds if diagram.bounds.keys() >= diagram.elements.keys() else None
    points = diagram.points if boxes else {}
    boxes = boxes or _columns(diagram)
    left = min(box[0] for box in boxes.values()) - _MARGIN
    top = min(box[1] for box in boxes.values()) - _MARGIN
    width = min(max(box[0] + box[2] for box in boxes.values()) - left + _MARGIN, _WIDEST)
    height = min(max(box[1] + box[3] for box in boxes.values()) - top + 2 * _MARGIN, _WIDEST)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{left:g} {top:g} {width:g}'
        f' {height:g}" width="{width:g}" height="{height:g}" font-family="sans-serif"'
        ' font-size="12">',
        f"<title>{escape(diagram.name or diagram.process_id)}</title>",
        f"<desc>{escape('; '.join(outline(diagram)))}</desc>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
    ]
    for flow in diagram.flows.values():
        parts += _arrow(flow, points.get(flow.id) or _straight(boxes, flow), flow.id in passed)
    for name, element in diagram.elements.items():
        parts += _shape(element, boxes[name], name in passed, name in waiting)
    return "".join([*parts, "</svg>"])


def outline(diagram: Diagram) -> Iterable[str]:
    """Yield the process in words, a line per element: the text for those who do not see it."""
    for element in diagram.elements.values():
        targets = [
            (f"{flow.name}: " if flow.name else "") + _name(diagram.elements[flow.target])
            for flow in diagram.outgoing(element.id)
        ]
        yield _name(element) + (f" → {', '.join(targets)}" if targets else "")


def _name(element: Element) -> str:
    return element.name or element.id


def _columns(diagram: Diagram) -> dict[str, Box]:
    """Place each element one column after the first that leads to it."""
    column: dict[str, int] = {}
    pending = [each.id for each in diagram.elements.values() if each.kind == "startEvent"]
    column.update(dict.fromkeys(pending, 0))
    while pending:
        name = pending.pop(0)
        nexts = [flow.target for flow in diagram.outgoing(name)]
        nexts += [each.id for each in diagram.elements.values() if each.attached_to == name]
        for target in nexts:
            if target not in column:
                column[target] = column[name] + 1
                pending.append(target)
    rows: dict[int, int] = {}
    boxes: dict[str, Box] = {}
    for name, element in diagram.elements.items():
        at = column.get(name, 0)
        row = rows.get(at, 0)
        rows[at] = row + 1
        width, height = _size(element)
        boxes[name] = (
            at * _COLUMN + (_TASK[0] - width) / 2,
            row * _ROW + (_TASK[1] - height) / 2,
            width,
            height,
        )
    return boxes


def _size(element: Element) -> tuple[float, float]:
    return next((size for word, size in _SIZE.items() if element.kind.endswith(word)), _TASK)


def _straight(boxes: dict[str, Box], flow: Flow) -> Points:
    (ax, ay, aw, ah), (bx, by, _, bh) = boxes[flow.source], boxes[flow.target]
    if bx > ax:
        return ((ax + aw, ay + ah / 2), (bx, by + bh / 2))
    return ((ax + aw / 2, ay + ah), (boxes[flow.target][0] + boxes[flow.target][2] / 2, by + bh))


def _arrow(flow: Flow, points: Points, passed: bool) -> list[str]:
    if len(points) < 2:
        return []
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    width = "2.5" if passed else "1.2"
    parts = [
        f'<polyline points="{path}" fill="none" stroke="#333" stroke-width="{width}"'
        ' marker-end="url(#tip)"/>'
    ]
    if flow.name:
        longest = max(pairwise(points), key=lambda two: abs(two[0][0] - two[1][0]))
        x = (longest[0][0] + longest[1][0]) / 2
        y = (longest[0][1] + longest[1][1]) / 2 - 4
        parts.append(f'<text x="{x:g}" y="{y:g}" text-anchor="middle">{escape(flow.name)}</text>')
    return parts


def _shape(element: Element, box: Box, passed: bool, waiting: bool) -> list[str]:
    x, y, width, height = box
    style = (
        f'fill="{"#cfe8d4" if passed else "#fff"}" stroke="#333"'
        f' stroke-width="{"4" if waiting else "1.5"}"'
    )
    middle, center = x + width / 2, y + height / 2
    if element.kind in GATEWAYS:
        corners = (
            f"{middle:g},{y:g} {x + width:g},{center:g} {middle:g},{y + height:g} {x:g},{center:g}"
        )
        shape = f'<polygon points="{corners}" {style}/>'
        sign = f'<text x="{middle:g}" y="{center + 6:g}" text-anchor="middle" font-size="18">'
        return [
            shape,
            f"{sign}{_SIGNS[element.kind]}</text>",
            *_label(element, middle, y + height + 14),
        ]
    if element.kind.endswith("Event"):
        ring = f'<circle cx="{middle:g}" cy="{center:g}" r="{width / 2:g}" {style}/>'
        return [ring, *_label(element, middle, y + height + 14)]
    shape = f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8" {style}/>'
    return [shape, *_label(element, middle, center - 2, inside=True)]


def _label(element: Element, x: float, y: float, *, inside: bool = False) -> list[str]:
    """Write a name in lines of some 18 characters."""
    lines: list[str] = [""]
    for word in _name(element).split():
        if lines[-1] and len(lines[-1]) + len(word) >= 18:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    start = y - (len(lines) - 1) * 7 if inside else y
    return [
        f'<text x="{x:g}" y="{start + place * 14:g}" text-anchor="middle">{escape(line)}</text>'
        for place, line in enumerate(lines[:4])
    ]
