"""The CEL expressions of a process: where they stand, and whether what they name can be there."""

from collections.abc import Iterator

from .bpmn import FILE, Diagram
from .expressions import BadExpression, compile_expression
from .problems import Problem

VARIABLES = frozenset(
    {"data", "facts", "decision", "task", "payment", "delivery", "report", "case", "sign"}
    | {"parties", "deadlines", "item", "index", "lists", "today"}
)
FACTS = frozenset({"case_number", "submitted_at", "land", "parties", "deadlines"})
_MAYBE_CEL = ("due", "outcome", "role", "party")


def expressions(diagram: Diagram) -> Iterator[tuple[str, str, int]]:
    """Yield every CEL expression of a process: where it stands, its text, its line."""
    for flow in diagram.flows.values():
        if flow.condition:
            yield flow.id, flow.condition, flow.line
    for element in diagram.elements.values():
        for word in _MAYBE_CEL:
            if element.own.get(word, "").startswith("="):
                yield element.id, element.own[word][1:], element.line
        if "amount" in element.own:
            yield element.id, element.own["amount"], element.line
        if element.event == "timer" and element.ref.startswith("="):
            yield element.id, element.ref[1:], element.line
        if element.many is not None:
            yield element.id, element.many.over, element.line
            if element.many.until:
                yield element.id, element.many.until, element.line
        if element.loop is not None:
            yield element.id, element.loop.condition, element.line
        for _, text in element.sets:
            yield element.id, text, element.line


def check(diagram: Diagram) -> Iterator[Problem]:
    """Yield the expressions that cannot be read or that name what can never be there."""
    offered = _offered(diagram)
    for where, text, line in expressions(diagram):
        try:
            used = compile_expression(text).paths
        except BadExpression as error:
            yield Problem("cel", f"{where}: {error}", FILE, line, remedy=error.remedy)
            continue
        for path in sorted(used):
            known, name = VARIABLES, path[0]
            if name in offered and len(path) > 1:
                known, name = offered[path[0]], path[1]
            if name not in known:
                message = f"{where}: {'.'.join(path)} gibt es im Ablauf nicht."
                remedy = f"Es gibt: {', '.join(sorted(known - {''})) or 'nichts'}."
                yield Problem("cel-unknown", message, FILE, line, remedy=remedy)


def _offered(diagram: Diagram) -> dict[str, frozenset[str]]:
    """Give the names that can stand after each variable."""
    elements = diagram.elements.values()

    def of(intent: str) -> frozenset[str]:
        return frozenset(each.id for each in elements if each.own.get("intent") == intent)

    return {
        "decision": frozenset(each.own.get("decision", "") for each in elements),
        "task": frozenset(each.id for each in elements if each.kind == "userTask"),
        "payment": of("collect"),
        "delivery": of("deliver"),
        "sign": of("sign"),
        "report": frozenset(each.message or "" for each in elements),
        "case": frozenset(name for each in elements for name, _ in each.sets),
        "facts": FACTS,
    }
