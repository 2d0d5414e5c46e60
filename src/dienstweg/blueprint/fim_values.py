"""Plausible answers to the questions of an imported blueprint, for its acceptance cases."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from dienstweg.blueprint import fim_kinds
from dienstweg.blueprint.fim_places import Place
from dienstweg.blueprint.fim_rules_syntax import Value
from dienstweg.blueprint.fim_rules_truth import OTHER
from dienstweg.blueprint.fim_schema import Contract, in_cents
from dienstweg.standards.xdatenfelder.model import Field

PROOF = "nachweis.pdf"
_DAY = date(2026, 2, 16)
_SIMPLE = {
    "bool": True,
    "date": _DAY.isoformat(),
    "time": "14:30",
    "datetime": "2026-02-16T14:30:00Z",
}
_FILLER = "Beispiel "


def example(place: Place, contract: Contract) -> Any:
    """An answer that fits the question, as a case writes it."""
    element = place.element
    assert isinstance(element, Field)
    if place.is_file:
        one = {"file": PROOF}
        return [one] * max(place.occurs.minimum, 1) if place.multiple else one
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


def wanted(place: Place, value: Value, contract: Contract) -> Any:
    """The answer that a rule's condition asks for; None where the question cannot have it."""
    element = place.element
    assert isinstance(element, Field)
    if value == OTHER:
        return example(place, contract)
    if isinstance(value, Decimal):
        if element.datatype == "date":
            return (_DAY + timedelta(days=int(value))).isoformat()
        return _fitting(element, value)
    if place.id in contract.options and not isinstance(value, bool):
        known = {code for code, _label in contract.options[place.id]}
        if value not in known:
            return None
    return [value] if place.multiple else value


def _fitting(element: Field, value: Decimal) -> int | float | None:
    low, high = element.facets.min_value, element.facets.max_value
    below = isinstance(low, Decimal) and value < low
    above = isinstance(high, Decimal) and value > high
    return None if below or above else _plain(value)


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


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
    if element.datatype == "num_currency" and in_cents(element):
        value = value.quantize(Decimal("0.01"), ROUND_DOWN)
    return _plain(value)


def _text(place: Place, element: Field, contract: Contract) -> str:
    least = max(element.facets.min_length or 0, 1)
    most = element.facets.max_length
    pattern = contract.patterns.get(place.id)
    if pattern:
        return pattern.example(least, most) or _FILLER.strip()
    text = (_FILLER * (least // len(_FILLER) + 1))[: max(least, len(_FILLER) - 1)]
    return (text[:-1] + "l" if text.endswith(" ") else text)[:most]
