"""Reads what a BPMN file draws: every shape and line with its marks, whether we conduct it or not.

The picture must show what a designer has drawn, pools and data objects included, so this looks at
the diagram of the file (BPMN DI) and takes each element as it is. A drawing is never worth an
error: what cannot be read is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from .bpmn import MODEL, Diagram
from .bpmn_xml import tag, unprefixed

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_DC = "{http://www.omg.org/spec/DD/20100524/DC}"
_POINTS = "{http://www.omg.org/spec/DD/20100524/DI}"
_MODEL = f"{{{MODEL}}}"
_APART = 60.0
"""Between two diagrams of one file."""
Box = tuple[float, float, float, float]
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing that has a place: `kind` is its BPMN name, `event` what an event is about.

    `marks` are parallel, sequential, loop, compensation, collapsed, expanded, adhoc, call,
    event, transaction, collection, throwing, gentle (it does not interrupt), instantiate.
    """

    id: str
    kind: str
    name: str
    box: Box
    event: str = ""
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One arrow or dotted line; `marks` are default and condition, `label` where its name goes."""

    id: str
    kind: str
    name: str
    points: Points
    marks: frozenset[str] = frozenset()
    label: Box | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """All shapes and lines, those that lie behind others first."""

    title: str
    shapes: tuple[Shape, ...] = ()
    lines: tuple[Line, ...] = field(default=())


def of_file(root: etree._Element, title: str = "") -> Drawing:
    """Read the diagrams of a file, one below the other."""
    nodes = {
        str(node.get("id")): node
        for node in root.iter(f"{_MODEL}*")
        if isinstance(node.tag, str) and node.get("id")
    }
    shapes: list[Shape] = []
    lines: list[Line] = []
    bottom = 0.0
    for number, plane in enumerate(root.iter(f"{_DI}BPMNPlane")):
        found = list(_shapes(plane, nodes))
        drawn = list(_lines(plane, nodes))
        down = bottom - min((each.box[1] for each in found), default=0.0) if number else 0.0
        shapes += [replace(each, box=_moved(each.box, down)) for each in found]
        lines += [
            replace(
                each,
                points=tuple((x, y + down) for x, y in each.points),
                label=_moved(each.label, down) if each.label else None,
            )
            for each in drawn
        ]
        bottom = max((each.box[1] + each.box[3] for each in shapes), default=0.0) + _APART
    return Drawing(title, tuple(sorted(shapes, key=_depth)), tuple(lines))


def covers(drawing: Drawing, diagram: Diagram) -> bool:
    """Say whether a drawing has a place for every element of a process."""
    return diagram.elements.keys() <= {shape.id for shape in drawing.shapes}


def event_of(node: etree._Element) -> str:
    """Give what an event is about, by the name of its definition; several are "multiple"."""
    found = [
        tag(child).removesuffix("EventDefinition")
        for child in node
        if tag(child).endswith("EventDefinition")
    ]
    if len(found) > 1:
        return "parallel" if node.get("parallelMultiple") == "true" else "multiple"
    if not found and node.find(f"{_MODEL}eventDefinitionRef") is not None:
        return "multiple"
    return found[0].replace("compensate", "compensation") if found else ""


def marks_of(node: etree._Element) -> frozenset[str]:
    """Give the marks that an element carries by what stands in it."""
    kind = tag(node)
    found: set[str] = set()
    for child in node:
        if tag(child) == "multiInstanceLoopCharacteristics":
            found.add("sequential" if child.get("isSequential") == "true" else "parallel")
        elif tag(child) == "standardLoopCharacteristics":
            found.add("loop")
    said = {
        "compensation": node.get("isForCompensation") == "true",
        "event": node.get("triggeredByEvent") == "true",
        "instantiate": node.get("instantiate") == "true",
        "collection": node.get("isCollection") == "true",
        "adhoc": kind == "adHocSubProcess",
        "transaction": kind == "transaction",
        "call": kind == "callActivity",
        "throwing": kind in ("intermediateThrowEvent", "endEvent", "sendTask"),
        "gentle": "false" in (node.get("cancelActivity"), node.get("isInterrupting")),
    }
    return frozenset(found | {word for word, is_so in said.items() if is_so})


def _depth(shape: Shape) -> tuple[int, float]:
    """Sort what encloses others behind them, borders and labels to the front."""
    order = {"participant": 0, "lane": 1}.get(shape.kind, 2)
    if shape.kind == "boundaryEvent":
        order = 4
    return order, -shape.box[2] * shape.box[3]


def _shapes(plane: etree._Element, nodes: dict[str, etree._Element]) -> Iterator[Shape]:
    for drawn in plane.iter(f"{_DI}BPMNShape"):
        box = drawn.find(f"{_DC}Bounds")
        node = nodes.get(unprefixed(drawn.get("bpmnElement")))
        if box is None or node is None:
            continue
        kind, marks = tag(node), set(marks_of(node))
        if kind in ("subProcess", "transaction", "adHocSubProcess", "callActivity"):
            marks.add("expanded" if drawn.get("isExpanded") == "true" else "collapsed")
        if drawn.get("isHorizontal") == "false":
            marks.add("upright")
        yield Shape(
            id=str(node.get("id")),
            kind=kind,
            name=_name(node, nodes),
            box=_box(box),
            event=event_of(node),
            marks=frozenset(marks),
        )


def _lines(plane: etree._Element, nodes: dict[str, etree._Element]) -> Iterator[Line]:
    for drawn in plane.iter(f"{_DI}BPMNEdge"):
        node = nodes.get(unprefixed(drawn.get("bpmnElement")))
        points = tuple(
            (_number(point.get("x")), _number(point.get("y")))
            for point in drawn.iter(f"{_POINTS}waypoint")
        )
        if node is None or len(points) < 2:
            continue
        yield Line(str(node.get("id")), tag(node), node.get("name", ""), points, _said(node, nodes))


def _said(node: etree._Element, nodes: dict[str, etree._Element]) -> frozenset[str]:
    """Give whether an arrow is the usual one of its source, or one with a condition."""
    source = nodes.get(node.get("sourceRef", ""))
    if source is None or tag(node) != "sequenceFlow":
        return frozenset()
    if source.get("default") == node.get("id"):
        return frozenset({"default"})
    conditional = node.find(f"{_MODEL}conditionExpression") is not None
    activity = not tag(source).endswith(("Gateway", "Event"))
    return frozenset({"condition"}) if conditional and activity else frozenset()


def _name(node: etree._Element, nodes: dict[str, etree._Element]) -> str:
    """Give the name that is shown: of a reference that of its object, of a note its text."""
    if node.get("name"):
        return str(node.get("name"))
    if tag(node) == "textAnnotation":
        return (node.findtext(f"{_MODEL}text") or "").strip()
    for word in ("dataObjectRef", "dataStoreRef", "categoryValueRef", "processRef"):
        other = nodes.get(unprefixed(node.get(word)))
        if other is not None:
            return other.get("name") or other.get("value") or ""
    return ""


def _box(node: etree._Element) -> Box:
    x, y, width, height = (_number(node.get(word)) for word in ("x", "y", "width", "height"))
    return x, y, abs(width), abs(height)


def _moved(box: Box, down: float) -> Box:
    return (box[0], box[1] + down, box[2], box[3])


def _number(text: str | None) -> float:
    """Read a coordinate; nonsense is the origin, a drawing is never worth an error."""
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if abs(number) < 1e6 else 0.0
