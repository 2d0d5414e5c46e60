"""What a decision costs: a table of 100 rows, and a graph of five decisions, in FEEL and in CEL.

python -m bench.decisions
"""

import time
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from dienstweg.blueprint import decisions
from dienstweg.blueprint.expressions import Surroundings

AIMS = {"table of 100 rows, FEEL": 0.3, "graph of 5 decisions, FEEL": 1.0}
"""Milliseconds."""
_TODAY = date(2026, 3, 2)
_HEAD = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="urn:bench"'
    ' xmlns:dw="https://dienstweg.example/dmn/1" name="bench"{language}>'
)
_FEEL = ' expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/"'


def _table(questions: list[str]) -> str:
    """A table of 100 rows over three columns, the last of which fits the values asked for."""
    inputs = "".join(
        f"<input><inputExpression><text>{each}</text></inputExpression></input>"
        for each in questions
    )
    rows = "".join(
        f'<rule id="r{at}"><inputEntry><text>"{"rand" if at % 2 else "mitte"}"</text></inputEntry>'
        f"<inputEntry><text>[{at // 2 * 10}..{at // 2 * 10 + 10})</text></inputEntry>"
        f"<inputEntry><text>-</text></inputEntry><outputEntry><text>{at * 100}</text></outputEntry>"
        "</rule>"
        for at in range(100)
    )
    return f'<decisionTable>{inputs}<output name="betrag"/>{rows}</decisionTable>'


def _decision(name: str, box: str, *needed: str) -> str:
    needs = "".join(
        f'<informationRequirement><{kind} href="#{each[1:]}"/></informationRequirement>'
        for each in needed
        for kind in ["requiredInput" if each[0] == "i" else "requiredDecision"]
    )
    return f'<decision id="{name}" name="{name}"><variable name="{name}"/>{needs}{box}</decision>'


def _said(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def _file(language: str, *parts: str) -> bytes:
    return (_HEAD.format(language=language) + "".join(parts) + "</definitions>").encode()


def _graph() -> bytes:
    given = (
        '<inputData id="lage" name="lage" dw:value="data.lage"><variable name="lage"/></inputData>'
        '<inputData id="dauer" name="dauer" dw:value="data.dauer"><variable name="dauer"/>'
        "</inputData>"
    )
    return _file(
        "",
        given,
        _decision("grund", _table(["lage", "dauer", "lage"]), "ilage", "idauer"),
        _decision("jahre", _said("round up(dauer / 365, 0)"), "idauer"),
        _decision("rabatt", _said('if lage = "rand" then 0.1 else 0'), "ilage"),
        _decision("summe", _said("grund * jahre * (1 - rabatt)"), "dgrund", "djahre", "drabatt"),
        _decision(
            "d", _said("{betrag: round half up(summe, 2), jahre: jahre}"), "dsumme", "djahre"
        ),
    )


def measure(seconds: float = 0.5) -> dict[str, float]:
    """Milliseconds a decision, by name; the best of several rounds."""
    questions = ["data.lage", "data.dauer", "data.lage"]
    files = {
        "table of 100 rows, FEEL": _file(_FEEL, _decision("d", _table(questions))),
        "table of 100 rows, CEL": _file("", _decision("d", _table(questions))),
        "graph of 5 decisions, FEEL": _graph(),
    }
    around = Surroundings({"data": {"lage": "rand", "dauer": 495}}, _TODAY)
    found = {}
    for name, content in files.items():
        decision = decisions.parse({"decisions/d.dmn": content})["d"]
        assert decisions.evaluate(decision, around)["betrag"] == _expected(name)
        found[name] = _timed(lambda one=decision: decisions.evaluate(one, around), seconds)
    return found


def _expected(name: str) -> Any:
    return 9_900 if name.startswith("table") else 17_820


def _timed(work: Callable[[], Any], seconds: float) -> float:
    """The best milliseconds of one go, in rounds of 50."""
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        for _ in range(50):
            work()
        best = min(best, (time.perf_counter() - began) / 50)
    return best * 1_000


def text(found: dict[str, float]) -> str:
    """The figures as lines, with their aims."""
    lines = ["", "decisions (ms each)"]
    for name, figure in found.items():
        aim = f"  (aim < {AIMS[name]})" if name in AIMS else ""
        lines.append(f"  {name:32}{figure:8.3f}{aim}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(text(measure()))
