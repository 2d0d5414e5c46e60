"""Grows random sound processes, and says how often each of their tasks must be asked for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from blueprint.process_building import bpmn

LEAF = st.just(("ask",))
TREES = st.recursive(
    LEAF | st.just(("script",)) | st.just(("report",)) | st.just(("timer",)),
    lambda inner: st.one_of(
        st.tuples(st.just("row"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("both"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("one"), st.lists(inner, min_size=2, max_size=3), st.integers(0, 2)),
        st.tuples(
            st.just("some"),
            st.lists(inner, min_size=2, max_size=3),
            st.lists(st.booleans(), min_size=3, max_size=3),
        ),
        st.tuples(st.just("inside"), inner),
        st.tuples(st.just("many"), inner, st.integers(0, 3), st.booleans()),
        st.tuples(st.just("rounds"), inner, st.integers(1, 3)),
        st.tuples(st.just("first"), inner, inner),
        st.tuples(st.just("border"), inner),
        st.tuples(st.just("called"), inner),
    ),
    max_leaves=7,
)
"""Trees of blocks; each has one way in and one way out."""
_TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"


@dataclass
class Grown:
    """A process as it grows: XML by level, and how often each task is to be asked."""

    asked: Counter[str] = field(default_factory=Counter)
    called: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10_000)))

    def name(self, word: str) -> str:
        """A new id."""
        return f"{word}{next(self.numbers)}"


Piece = tuple[str, str, str]
"""The XML of a block, its first and its last element."""


def grown(tree: Any) -> tuple[bytes, Counter[str]]:
    """Give the file of a tree, and how often each task must have been asked for at its end."""
    made = Grown()
    xml, first, last = _block(tree, made, 1)
    close = '<serviceTask id="zu" dw:intent="close" dw:outcome="granted"/>'
    body = f"{xml}{close}{_arrow(made, 'start', first)}{_arrow(made, last, 'zu')}"
    content = bpmn(body + _arrow(made, "zu", "ende"))
    others = "".join(made.called).encode()
    return content.replace(b"</definitions>", others + b"</definitions>"), made.asked


def _arrow(made: Grown, source: str, target: str, condition: str = "") -> str:
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    name = made.name("p")
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="{name}" {ends}>{inner}</sequenceFlow>'


def _block(tree: Any, made: Grown, times: int) -> Piece:
    kind = tree[0]
    if kind in ("ask", "script", "report", "timer"):
        return _leaf(kind, made, times)
    if kind == "row":
        pieces = [_block(each, made, times) for each in tree[1]]
        arrows = [_arrow(made, before[2], after[1]) for before, after in pairwise(pieces)]
        return "".join([*(each[0] for each in pieces), *arrows]), pieces[0][1], pieces[-1][2]
    if kind in ("both", "one", "some"):
        return _split(tree, made, times)
    if kind == "first":
        return _first(tree, made, times)
    return _level(tree, made, times)


def _leaf(kind: str, made: Grown, times: int) -> Piece:
    name = made.name(kind[0])
    match kind:
        case "ask":
            made.asked[name] += times
            xml = f'<userTask id="{name}" dw:role="amt" dw:outcomes="ja nein"/>'
        case "script":
            xml = f'<scriptTask id="{name}" dw:set="x" dw:value="1"/>'
        case "report":
            xml = f'<receiveTask id="{name}" dw:message="{name}"/>'
        case _:
            xml = f'<intermediateCatchEvent id="{name}">{_TIMER}</intermediateCatchEvent>'
    return xml, name, name


def _split(tree: Any, made: Grown, times: int) -> Piece:
    """A split and its join; which ways are taken stands in the conditions."""
    kind, inner = tree[0], tree[1]
    taken = [kind == "both"] * len(inner)
    if kind == "one":
        taken[tree[2] % len(inner)] = True
    if kind == "some":
        # The usual way is only gone where no other is: it has nothing to ask.
        inner, taken = [("script",), *inner], [False, *tree[2][: len(inner)]]
    word = {"both": "parallel", "one": "exclusive", "some": "inclusive"}[kind] + "Gateway"
    split, join = made.name("g"), made.name("g")
    parts = []
    usual = taken.index(True) if kind == "one" else 0
    for place, each in enumerate(inner):
        xml, first, last = _block(each, made, times if taken[place] else 0)
        through = made.name("g")  # two ways may not lead straight to one target
        parts += [xml, f'<exclusiveGateway id="{through}"/>', _arrow(made, last, through)]
        condition = "" if kind == "both" else str(taken[place]).lower()
        arrow = _arrow(made, split, first, condition)
        if kind != "both" and place == usual:
            parts.append(f'<{word} id="{split}" default="{_id(arrow)}"/>')
        parts += [arrow, _arrow(made, through, join)]
    if kind == "both":
        parts.append(f'<{word} id="{split}"/>')
    return "".join([*parts, f'<{word} id="{join}"/>']), split, join


def _id(arrow: str) -> str:
    return arrow.split('"')[1]


def _first(tree: Any, made: Grown, times: int) -> Piece:
    """Two events, of which the message comes first: the other way is never gone."""
    gate, message, time, join = (made.name(word) for word in ("g", "m", "t", "g"))
    won, lost = _block(tree[1], made, times), _block(tree[2], made, 0)
    xml = (
        f'<eventBasedGateway id="{gate}"/><exclusiveGateway id="{join}"/>{won[0]}{lost[0]}'
        f'<intermediateCatchEvent id="{message}" dw:message="{message}"><messageEventDefinition/>'
        f'</intermediateCatchEvent><intermediateCatchEvent id="{time}"><timerEventDefinition>'
        "<timeDuration>P9Y</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    )
    arrows = [(gate, message), (gate, time), (message, won[1]), (time, lost[1])]
    arrows += [(won[2], join), (lost[2], join)]
    return xml + "".join(_arrow(made, *each) for each in arrows), gate, join


def _level(tree: Any, made: Grown, times: int) -> Piece:
    """A sub-process or call: once, for entries of a list, in rounds, or with an event beside."""
    kind, name, marks = tree[0], made.name("s"), ""
    if kind == "many":
        times *= tree[2]
        marks = (
            f'<multiInstanceLoopCharacteristics dw:over="{tree[2]}"'
            f' isSequential="{str(tree[3]).lower()}"/>'
        )
    elif kind == "rounds":
        times *= tree[2]
        marks = (
            f'<standardLoopCharacteristics loopMaximum="{tree[2]}">'
            "<loopCondition>true</loopCondition></standardLoopCharacteristics>"
        )
    xml, first, last = _block(tree[1], made, times)
    start, end = made.name("a"), made.name("e")
    inner = (
        f'<startEvent id="{start}"/><endEvent id="{end}"/>{xml}'
        + _arrow(made, start, first)
        + _arrow(made, last, end)
    )
    if kind == "called":
        process = made.name("c")
        made.called.append(f'<process id="{process}">{inner}</process>')
        return f'<callActivity id="{name}" calledElement="{process}"/>', name, name
    outer = f'<subProcess id="{name}">{marks}{inner}</subProcess>'
    if kind != "border":
        return outer, name, name
    border, out = made.name("b"), made.name("e")
    gentle = (
        f'<boundaryEvent id="{border}" attachedToRef="{name}" cancelActivity="false"'
        f' dw:message="nie"><messageEventDefinition/></boundaryEvent><endEvent id="{out}"/>'
    )
    return outer + gentle + _arrow(made, border, out), name, name
