"""Decision tables (DMN 1.5, chapter 8): rows that fit, and what a hit policy makes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from dienstweg.blueprint import feel_number_functions as numbers
from dienstweg.blueprint.feel_compiling import Passes
from dienstweg.blueprint.feel_values import Run, Scope, Value, equal


class Ambiguous(ValueError):
    """More rules fit than the hit policy allows."""


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column that answers: its name, its default, and its values in order of priority."""

    name: str
    default: Run | None
    order: Callable[[Scope], list[Value]] | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One rule: `key` names it among all rows of a file."""

    key: str
    tests: tuple[tuple[int, Passes], ...]
    results: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled decision table; cells that say nothing (`-`) are left out of the rows."""

    name: str
    policy: str
    aggregation: str | None
    inputs: tuple[Run, ...]
    outputs: tuple[OutputColumn, ...]
    rows: tuple[TableRow, ...]

    def fitting(self, scope: Scope) -> list[TableRow]:
        """All rows that fit, the first only where no more are needed; they are noted."""
        given = [each(scope) for each in self.inputs]
        first = self.policy == "FIRST"
        found = []
        scope.budget.spend(len(self.rows) // 4 + 1)
        for row in self.rows:
            for at, passes in row.tests:
                if not passes(given[at], scope):
                    break
            else:
                found.append(row)
                scope.budget.rows.add(row.key)
                if first:
                    break
        return found

    def run(self, scope: Scope) -> Value:
        """What the table answers; raises `Ambiguous`."""
        rows = self.fitting(scope)
        if not rows:
            return self._default(scope)
        results = [[each(scope) for each in row.results] for row in rows]
        match self.policy:
            case "UNIQUE" | "FIRST":
                if len(results) > 1:
                    message = f"{self.name}: {len(results)} rules of a UNIQUE table fit"
                    raise Ambiguous(message)
                return self._answer(results[0])
            case "ANY":
                if any(equal(each, results[0]) is not True for each in results):
                    message = f"{self.name}: the fitting rules of an ANY table differ"
                    raise Ambiguous(message)
                return self._answer(results[0])
            case "PRIORITY":
                return self._answer(self._ordered(results, scope)[0])
            case "OUTPUT ORDER":
                return [self._answer(each) for each in self._ordered(results, scope)]
        return self._collected(results)

    def _default(self, scope: Scope) -> Value:
        if all(each.default is None for each in self.outputs):
            return None
        return self._answer([each.default and each.default(scope) for each in self.outputs])

    def _answer(self, values: list[Value]) -> Value:
        """One output's value, or a context of several."""
        if len(self.outputs) == 1:
            return values[0]
        return {each.name: value for each, value in zip(self.outputs, values, strict=True)}

    def _ordered(self, results: list[list[Value]], scope: Scope) -> list[list[Value]]:
        orders = [None if each.order is None else each.order(scope) for each in self.outputs]

        def places(values: list[Value]) -> list[int]:
            return [
                0 if order is None else _place(order, value)
                for order, value in zip(orders, values, strict=True)
            ]

        return sorted(results, key=places)

    def _collected(self, results: list[list[Value]]) -> Value:
        if self.aggregation is None:
            return [self._answer(each) for each in results]
        gathered = [
            _AGGREGATED[self.aggregation](list(column)) for column in zip(*results, strict=True)
        ]
        return self._answer(gathered)


def _place(order: list[Value], value: Value) -> int:
    for place, each in enumerate(order):
        if equal(each, value) is True:
            return place
    return len(order)


_AGGREGATED: dict[str, Callable[[list[Value]], Value]] = {
    "SUM": numbers.total,
    "MIN": numbers.least,
    "MAX": numbers.greatest,
    "COUNT": lambda values: Decimal(len(values)),
}
