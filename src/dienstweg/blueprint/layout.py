"""Places a process whose file draws nothing: in columns, sub-processes around what is in them."""

from .bpmn import COMPOSED, Diagram, Element
from .drawing import Box, Drawing, Line, Points, Shape

_TASK, _EVENT, _GATEWAY = (130.0, 64.0), (36.0, 36.0), (50.0, 50.0)
_GAP, _ROW, _INSIDE, _HEAD = 60.0, 46.0, 24.0, 30.0
_BORDER = 18.0


def laid_out(diagram: Diagram) -> Drawing:
    """Give a drawing of a process: that of the case first, those that it calls below."""
    shapes: dict[str, Shape] = {}
    down = 0.0
    for level in diagram.lines:
        if level not in diagram.elements:
            _, height = _level(diagram, level, 0.0, down, shapes)
            down += height + 2 * _GAP
    boxes = {name: shape.box for name, shape in shapes.items()}
    lines = tuple(
        Line(flow.id, "sequenceFlow", flow.name, _between(boxes[flow.source], boxes[flow.target]))
        for flow in diagram.flows.values()
    )
    return Drawing(diagram.name or diagram.process_id, tuple(shapes.values()), lines)


def _level(
    diagram: Diagram, level: str, left: float, top: float, shapes: dict[str, Shape]
) -> tuple[float, float]:
    """Place the elements of a level, what encloses others before them; gives width and height."""
    columns = _columns(diagram, level)
    right, bottom = left, top
    for column in columns:
        width, y = 0.0, top
        for element in column:
            size = _element(diagram, element, right, y, shapes)
            width = max(width, size[0])
            y += size[1] + _ROW
        right += width + _GAP
        bottom = max(bottom, y - _ROW)
    for element in (each for each in diagram.levels[level] if each.by_event):
        width, height = _element(diagram, element, left, bottom + _ROW, shapes)
        right, bottom = max(right, left + width + _GAP), bottom + _ROW + height
    _borders(diagram, level, shapes)
    return max(right - _GAP - left, _TASK[0]), max(bottom - top, _TASK[1])


def _element(
    diagram: Diagram, element: Element, x: float, y: float, shapes: dict[str, Shape]
) -> tuple[float, float]:
    if element.kind == "subProcess":
        shapes[element.id] = _shape(element, (x, y, 0, 0))
        inner = _level(diagram, element.id, x + _INSIDE, y + _HEAD, shapes)
        size = (inner[0] + 2 * _INSIDE, inner[1] + _HEAD + _INSIDE)
        shapes[element.id] = _shape(element, (x, y, *size))
        return size
    width, height = _size(element)
    middle = y + max(_TASK[1] - height, 0) / 2
    shapes[element.id] = _shape(element, (x, middle, width, height))
    return width, max(height, _TASK[1])


def _shape(element: Element, box: Box) -> Shape:
    marks = set()
    if element.many is not None:
        marks.add("sequential" if element.many.sequential else "parallel")
    if element.loop is not None:
        marks.add("loop")
    if element.undoes:
        marks.add("compensation")
    if element.by_event:
        marks.add("event")
    if element.kind in COMPOSED:
        marks.add("expanded" if element.kind == "subProcess" else "collapsed")
    if element.kind == "callActivity":
        marks.add("call")
    if element.kind in ("intermediateThrowEvent", "endEvent", "sendTask"):
        marks.add("throwing")
    if not element.interrupting:
        marks.add("gentle")
    return Shape(
        element.id, element.kind, element.name or element.id, box, element.event, frozenset(marks)
    )


def _size(element: Element) -> tuple[float, float]:
    if element.kind.endswith("Event"):
        return _EVENT
    return _GATEWAY if element.kind.endswith("Gateway") else _TASK


def _columns(diagram: Diagram, level: str) -> list[list[Element]]:
    """Put each element one column after the first that leads to it; none that begins by itself."""
    elements = [
        each for each in diagram.levels[level] if each.kind != "boundaryEvent" and not each.by_event
    ]
    at: dict[str, int] = {each.id: 0 for each in elements if each.kind == "startEvent"}
    pending = list(at)
    while pending:
        name = pending.pop(0)
        nexts = [flow.target for flow in diagram.outgoing(name)]
        for border in diagram.attached(name):
            nexts += [flow.target for flow in diagram.outgoing(border.id)]
            nexts += [border.handler] if border.handler in diagram.elements else []
        for target in nexts:
            if target not in at:
                at[target] = at[name] + 1
                pending.append(target)
    found: list[list[Element]] = [[] for _ in range(max(at.values(), default=0) + 1)]
    for each in elements:
        found[at.get(each.id, 0)].append(each)
    return [column for column in found if column]


def _borders(diagram: Diagram, level: str, shapes: dict[str, Shape]) -> None:
    """Place events on the lower border of their activities, from the right to the left."""
    seen: dict[str, int] = {}
    for each in diagram.levels[level]:
        host = shapes.get(each.attached_to or "")
        if each.kind != "boundaryEvent":
            continue
        place = seen[each.attached_to or ""] = seen.get(each.attached_to or "", -1) + 1
        x, y, width, height = host.box if host is not None else (0.0, 0.0, *_TASK)
        right = x + width - _BORDER - place * (_EVENT[0] + 6) - _EVENT[0] / 2
        shapes[each.id] = _shape(each, (right, y + height - _EVENT[1] / 2, *_EVENT))


def _between(start: Box, end: Box) -> Points:
    """Give a straight arrow to the right, or one that leaves below and comes from below."""
    (ax, ay, aw, ah), (bx, by, bw, bh) = start, end
    if bx > ax + aw:
        return ((ax + aw, ay + ah / 2), (bx, by + bh / 2))
    if by > ay + ah:
        return ((ax + aw / 2, ay + ah), (bx + bw / 2, by))
    return ((ax + aw / 2, ay + ah), (bx + bw / 2, by + bh))
