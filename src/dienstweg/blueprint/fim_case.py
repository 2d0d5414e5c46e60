"""The acceptance cases of an imported blueprint: every required question, answered plausibly."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from dienstweg.blueprint import fim_kinds
from dienstweg.blueprint.fim_pages import Page
from dienstweg.blueprint.fim_places import Place
from dienstweg.blueprint.fim_schema import Contract
from dienstweg.standards.xdatenfelder.model import Field

TODAY = "2026-03-02"
_PROOF = "nachweis.pdf"
_SIMPLE = {
    "bool": True,
    "date": "2026-02-16",
    "time": "14:30",
    "datetime": "2026-02-16T14:30:00Z",
}
_FILLER = "Beispiel "
_REASON = "Die Angaben sind vollständig und geprüft."


def cases(pages: list[Page], contract: Contract) -> dict[str, dict[str, Any]]:
    """Cases by file name: everything answered and granted, the least answered and refused."""
    short = [page for page in pages if page.when is None]
    return {
        "cases/alles-ausgefuellt.yaml": _case(
            "Alles ausgefüllt, bewilligt", pages, _answers(pages, contract, full=True), granted=True
        ),
        "cases/nur-das-noetige.yaml": _case(
            "Nur das Nötige, abgelehnt", short, _answers(short, contract, full=False), granted=False
        ),
    }


def _case(
    title: str, pages: list[Page], answers: dict[str, Any], *, granted: bool
) -> dict[str, Any]:
    outcome = "granted" if granted else "refused"
    return {
        "title": title,
        "today": TODAY,
        "answers": answers,
        "expect": {
            "pages": [page.id for page in pages],
            "process": [
                {"expect": {"intents": ["deliver"]}, "event": {"delivery": "accepted"}},
                {
                    "expect": {"tasks": ["entscheiden"]},
                    "event": {"task": "entscheiden", "outcome": outcome, "reason": _REASON},
                },
                {"expect": {"intents": ["write", "tell", "close"]}},
            ],
            "documents": {"bescheid": {"contains": ["bewilligt" if granted else "abgelehnt"]}},
            "messages": ["bewilligt" if granted else "abgelehnt"],
            "deliveries": [{"mapping": "standard"}],
            "outcome": outcome,
        },
    }


def _answers(pages: list[Page], contract: Contract, *, full: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for page in pages:
        values = {
            entry.id: _value(entry.place, contract)
            for entry in page.entries
            if not entry.heading
            and entry.place.is_question
            and (full or _needed(page, entry.place))
        }
        entries = max(page.least, 1) if full else page.least
        if page.repeated and entries:
            found[page.id] = [dict(values) for _ in range(entries)]
        elif values and not page.repeated:
            found[page.id] = values
    return found


def _needed(page: Page, place: Place) -> bool:
    """Whether a question must be answered even if nothing optional is."""
    if place.occurs.minimum == 0:
        return False
    if page.repeated:
        return all(above.occurs.minimum > 0 for above in _between(page, place))
    chain = (*page.above, page.group, *_between(page, place))
    return all(above.occurs.minimum > 0 for above in chain)


def _between(page: Page, place: Place) -> tuple[Place, ...]:
    """The groups between a page's own group and a question on it."""
    for each, above in page.group.walk():
        if each.id == place.id:
            return above[1:]
    return ()


def _value(place: Place, contract: Contract) -> Any:
    element = place.element
    assert isinstance(element, Field)
    if place.is_file:
        one = {"file": _PROOF}
        return [one] * max(place.occurs.minimum, 1) if place.occurs.repeats else one
    if place.id in contract.options:
        codes = [code for code, _label in contract.options[place.id]]
        return codes[: max(place.occurs.minimum, 1)] if place.multiple else codes[0]
    if widget := fim_kinds.widget(place):
        return fim_kinds.EXAMPLES[widget]
    if element.kind != "select" and element.datatype in _SIMPLE:
        return _SIMPLE[element.datatype]
    if element.kind != "select" and element.datatype.startswith("num"):
        return _number(element)
    return _text(place, element, contract)


def _number(element: Field) -> int | float:
    low, high = element.facets.min_value, element.facets.max_value
    value = Decimal(1)
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        value = (low + high) / 2
        value = Decimal(math.floor(value)) if math.floor(value) >= low else value
    elif isinstance(low, Decimal):
        value = max(value, low)
    elif isinstance(high, Decimal):
        value = min(value, high)
    return int(value) if value == value.to_integral_value() else float(value)


def _text(place: Place, element: Field, contract: Contract) -> str:
    least = max(element.facets.min_length or 0, 1)
    most = element.facets.max_length
    pattern = contract.patterns.get(place.id)
    if pattern:
        return pattern.example(least, most) or _FILLER.strip()
    text = (_FILLER * (least // len(_FILLER) + 1))[: max(least, len(_FILLER) - 1)]
    return (text[:-1] + "l" if text.endswith(" ") else text)[:most]
