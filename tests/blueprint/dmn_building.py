"""Small DMN files for tests: graphs of decisions with expressions in FEEL."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from dienstweg.blueprint import decisions
from dienstweg.blueprint.expressions import Surroundings

TODAY = date(2026, 3, 2)
HEAD = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"'
    ' xmlns:dw="https://dienstweg.example/dmn/1" name="Probe" namespace="urn:probe"{more}>'
)


def graph(*parts: str, language: str = "") -> bytes:
    """A file of parts; `language` stands at its definitions."""
    more = f' expressionLanguage="{language}"' if language else ""
    return (HEAD.format(more=more) + "\n".join(parts) + "</definitions>").encode()


def _typed(kind: str) -> str:
    return f' typeRef="{kind}"' if kind else ""


def given(name: str, source: str = "", kind: str = "") -> str:
    """Input data, filled by CEL."""
    value = f" dw:value={quoteattr(source)}" if source else ""
    return (
        f'<inputData id="i_{name.replace(" ", "_")}" name="{name}"{value}>'
        f'<variable name="{name}"{_typed(kind)}/></inputData>'
    )


def needs(*names: str) -> str:
    """Requirements: "i:name" of input data, "d:id" of a decision, "f:id" of a function."""
    words = {
        "i": ("informationRequirement", "requiredInput"),
        "d": ("informationRequirement", "requiredDecision"),
        "f": ("knowledgeRequirement", "requiredKnowledge"),
    }
    found = ""
    for each in names:
        kind, _, name = each.partition(":")
        around, inner = words[kind]
        start = "#i_" if kind == "i" else "#"
        found += f'<{around}><{inner} href="{start}{name.replace(" ", "_")}"/></{around}>'
    return found


def literal(text: str, language: str = "") -> str:
    """A literal expression."""
    own = f' expressionLanguage="{language}"' if language else ""
    return f"<literalExpression{own}><text>{escape(text)}</text></literalExpression>"


def decision(name: str, box: str, *required: str, kind: str = "") -> str:
    """A decision with an expression and what it requires."""
    typed = f' typeRef="{kind}"' if kind else ""
    variable = f'<variable name="{name}"{typed}/>'
    identity = name.replace(" ", "_")
    return f'<decision id="{identity}" name="{name}">{variable}{needs(*required)}{box}</decision>\n'


def function(name: str, parameters: Iterable[str], box: str, *required: str) -> str:
    """A business knowledge model."""
    formal = "".join(f'<formalParameter name="{each}"/>' for each in parameters)
    identity = name.replace(" ", "_")
    return (
        f'<businessKnowledgeModel id="{identity}" name="{name}"><variable name="{name}"/>'
        f"<encapsulatedLogic>{formal}{box}</encapsulatedLogic>{needs(*required)}"
        "</businessKnowledgeModel>"
    )


def table(
    inputs: list[str],
    outputs: list[str],
    rows: list[tuple[list[str], list[str]]],
    *,
    policy: str = "UNIQUE",
    more: str = "",
) -> str:
    """A decision table: texts of questions, "name" or "name:type" of answers, cells and values."""
    asked = "".join(
        f"<input><inputExpression><text>{escape(each)}</text></inputExpression></input>"
        for each in inputs
    )
    answers = ""
    for each in outputs:
        name, _, kind = each.partition(":")
        answers += f'<output name="{name}"{_typed(kind)}/>'
    body = ""
    for number, (cells, values) in enumerate(rows, 1):
        tests = "".join(f"<inputEntry><text>{escape(each)}</text></inputEntry>" for each in cells)
        found = "".join(
            f"<outputEntry><text>{escape(each)}</text></outputEntry>" for each in values
        )
        body += f'\n<rule id="r{number}">{tests}{found}</rule>'
    return f'<decisionTable hitPolicy="{policy}"{more}>{asked}{answers}{body}</decisionTable>'


def parsed(content: bytes, name: str = "d", **others: bytes) -> Any:
    """The compiled decision of a file."""
    files = {f"decisions/{name}.dmn": content}
    files |= {f"decisions/{each}.dmn": other for each, other in others.items()}
    return decisions.parse(files)[name]


def decided(content: bytes, name: str = "d", **data: Any) -> dict[str, Any]:
    """What a file answers for an application's data."""
    around = Surroundings({"data": data}, TODAY)
    return decisions.evaluate(parsed(content, name), around)


def told(content: bytes, name: str = "d", **files: bytes) -> list[tuple[str, int | None]]:
    """Codes and lines of what `check` says."""
    found = decisions.check({f"decisions/{name}.dmn": content, **files})
    return [(each.code, each.line) for each in found]
