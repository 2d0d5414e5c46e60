"""The small signs of BPMN as SVG paths: what an event is about, what a task is, its markers.

Every sign is drawn in a square of 16 by 16 and moved to its place.
"""

EVENTS: dict[str, str] = {
    "message": "M1 3H15V13H1ZM1 3L8 9L15 3",
    "timer": "M8 1A7 7 0 1 0 8 15A7 7 0 1 0 8 1M8 4V8L11 10",
    "signal": "M8 2L15 14H1Z",
    "error": "M2 14L6 4L10 10L14 2L10 13L6 7Z",
    "escalation": "M8 1L14 15L8 9L2 15Z",
    "compensation": "M8 3V13L1 8ZM15 3V13L8 8Z",
    "link": "M1 6H9V3L15 8L9 13V10H1Z",
    "conditional": "M3 1H13V15H3ZM5 4H11M5 7H11M5 10H11M5 13H11",
    "cancel": "M3 1L8 6L13 1L15 3L10 8L15 13L13 15L8 10L3 15L1 13L6 8L1 3Z",
    "multiple": "M8 1L15 6L12 15H4L1 6Z",
    "parallel": "M6 1H10V6H15V10H10V15H6V10H1V6H6Z",
    "terminate": "M8 1A7 7 0 1 0 8 15A7 7 0 1 0 8 1",
}
GATEWAYS: dict[str, str] = {
    "exclusiveGateway": "M3 3L13 13M13 3L3 13",
    "inclusiveGateway": "M8 1A7 7 0 1 0 8 15A7 7 0 1 0 8 1",
    "parallelGateway": "M8 1V15M1 8H15",
    "complexGateway": "M8 1V15M1 8H15M3 3L13 13M13 3L3 13",
    "eventBasedGateway": "M8 1A7 7 0 1 0 8 15A7 7 0 1 0 8 1M8 4L12 7L10.5 11.5H5.5L4 7Z",
}
TASKS: dict[str, str] = {
    "userTask": "M8 2A3 3 0 1 0 8 8A3 3 0 1 0 8 2M2 15V12Q2 9 5 9H11Q14 9 14 12V15Z",
    "serviceTask": (
        "M8 4.5A3.5 3.5 0 1 0 8 11.5A3.5 3.5 0 1 0 8 4.5M8 1V4M8 12V15M1 8H4M12 8H15"
        "M3 3L5.4 5.4M10.6 10.6L13 13M13 3L10.6 5.4M5.4 10.6L3 13"
    ),
    "sendTask": "M1 3H15V13H1ZM1 3L8 9L15 3",
    "receiveTask": "M1 3H15V13H1ZM1 3L8 9L15 3",
    "scriptTask": "M4 1H14Q10 4 12 8T10 15H2Q5 12 4 8T4 1M6 5H11M6 8H11M6 11H10",
    "businessRuleTask": "M1 3H15V13H1ZM1 6H15M1 9.5H15M5 6V13",
    "manualTask": "M2 14V7L6 3H8L6 7H14V9H9M9 9H13V11H9M9 11H12V13H8L6 14Z",
}
MARKS: dict[str, str] = {
    "loop": "M5 13A6 6 0 1 1 9 14M5 13L2 12M5 13L5 10",
    "parallel": "M4 2V14M8 2V14M12 2V14",
    "sequential": "M2 4H14M2 8H14M2 12H14",
    "compensation": "M8 4V12L2 8ZM14 4V12L8 8Z",
    "collapsed": "M1 1H15V15H1ZM8 4V12M4 8H12",
    "adhoc": "M2 9Q5 4 8 8T14 7",
    "collection": "M4 8V15M8 8V15M12 8V15",
}
MARK_ORDER = ("loop", "parallel", "sequential", "collapsed", "adhoc", "compensation")


def sign(path: str, x: float, y: float, *, size: float = 16.0, filled: bool = False) -> str:
    """Give a sign as SVG with its upper left corner at x, y; a filled one is thrown."""
    fill, line = ("#333" if filled else "none"), "#333"
    if filled and path == EVENTS["message"]:
        line = "#fff"  # the flap of a black envelope
    return (
        f'<path d="{path}" transform="translate({x:g} {y:g}) scale({size / 16:g})"'
        f' fill="{fill}" stroke="{line}" stroke-width="1.2"/>'
    )
