"""Gives the engine what it is good at: one flat level of tasks, gateways, arrows and borders.

Everything that is composed, repeated, thrown or undone is to the engine a task that waits until we
say that it is done; `passages` conducts the inside. What is only for compensation is left out,
because no arrow leads to it.
"""

from lxml import etree

from .bpmn import MODEL, Diagram, Element, Flow

_TASK = "serviceTask"
_KEPT = frozenset({"startEvent", "exclusiveGateway", "inclusiveGateway", "parallelGateway"})


def reduced(diagram: Diagram, level: str) -> etree._Element:
    """Give one level of a sound process as a flat BPMN file of its own."""
    root = etree.Element(f"{{{MODEL}}}definitions", nsmap={None: MODEL}, targetNamespace="x")
    process = _add(root, "process", id=level, isExecutable="true")
    for element in diagram.levels[level]:
        if not (element.by_event or element.undoes or _undoing(element)):
            _node(process, element)
    for flow in (*diagram.arrows[level], *_links(diagram, level)):
        _arrow(process, flow, diagram.elements[flow.source])
    return root


def _undoing(element: Element) -> bool:
    return element.kind == "boundaryEvent" and element.event == "compensation"


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{MODEL}}}{tag}", attributes)


def _node(process: etree._Element, element: Element) -> None:
    kind, name = element.kind, element.id
    if kind == "boundaryEvent":
        node = _add(process, kind, id=name, attachedToRef=element.attached_to or "")
        node.set("cancelActivity", "true" if element.interrupting else "false")
        _add(node, "messageEventDefinition")
    elif kind == "intermediateCatchEvent" and element.event != "link":
        _add(_add(process, kind, id=name), "messageEventDefinition")
    elif kind == "receiveTask" and element.many is None and element.loop is None:
        _add(process, kind, id=name)
    elif kind in _KEPT or kind == "eventBasedGateway":
        node = _add(process, kind, id=name)
        if element.default:
            node.set("default", element.default)
    elif kind == "endEvent":
        _end(process, element)
    else:
        _add(process, _TASK, id=name)


def _end(process: etree._Element, element: Element) -> None:
    """An end that throws something is a task that throws it, and then a plain end."""
    if element.event in ("", "terminate"):
        node = _add(process, "endEvent", id=element.id)
        if element.event:
            _add(node, "terminateEventDefinition")
        return
    after = f"~{element.id}"
    _add(process, _TASK, id=element.id)
    _add(process, "endEvent", id=after)
    _add(process, "sequenceFlow", id=f"{after}~", sourceRef=element.id, targetRef=after)


def _links(diagram: Diagram, level: str) -> list[Flow]:
    """A link is an arrow that is not drawn."""
    ends = {
        each.ref: each.id
        for each in diagram.levels[level]
        if each.event == "link" and each.kind == "intermediateCatchEvent"
    }
    return [
        Flow(f"~{each.id}", each.id, ends[each.ref], each.line, level=level)
        for each in diagram.levels[level]
        if each.event == "link" and each.kind == "intermediateThrowEvent"
    ]


def _arrow(process: etree._Element, flow: Flow, source: Element) -> None:
    node = _add(process, "sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target)
    if flow.condition and source.kind in ("exclusiveGateway", "inclusiveGateway"):
        _add(node, "conditionExpression").text = flow.condition
