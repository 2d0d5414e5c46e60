"""FEEL's built-in functions: what stands behind each signature, and how arguments reach it.

Arguments come in order or by name; a single value is made a list where one is wanted and taken out
of its list where none is. What does not fit gives null.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dienstweg.blueprint import feel_date_functions as dates
from dienstweg.blueprint import feel_interval_functions as intervals
from dienstweg.blueprint import feel_list_functions as lists
from dienstweg.blueprint import feel_number_functions as numbers
from dienstweg.blueprint import feel_text_functions as texts
from dienstweg.blueprint.feel_signatures import SIGNATURES, Parameter, Signature
from dienstweg.blueprint.feel_values import Function, Scope, Value, equal, kind

_WITH_SCOPE: frozenset[Callable[..., Value]] = frozenset(
    [
        texts.matches,
        texts.replace,
        texts.split,
        lists.list_replace,
        lists.distinct_values,
        lists.union,
        lists.flatten,
        lists.sort,
        dates.now,
        dates.today,
    ]
)


def _not(value: bool) -> Value:
    return not value


def _is(first: Value = None, second: Value = None) -> Value:
    """The same value of the same kind; times also in the same zone."""
    if kind(first) != kind(second):
        return False
    if kind(first) in ("time", "date and time"):
        return bool(first == second)
    return equal(first, second)


_BEHIND: dict[str, tuple[Callable[..., Value], ...]] = {
    "number": (numbers.number_of,),
    "string": (texts.written,),
    "date": (dates.date_from, dates.date_of),
    "time": (dates.time_from, dates.time_of),
    "date and time": (dates.stamp_from, dates.stamp_of),
    "duration": (dates.duration,),
    "years and months duration": (dates.years_and_months,),
    "not": (_not,),
    "substring": (texts.substring,),
    "string length": (texts.string_length,),
    "upper case": (texts.upper_case,),
    "lower case": (texts.lower_case,),
    "substring before": (texts.substring_before,),
    "substring after": (texts.substring_after,),
    "replace": (texts.replace,),
    "contains": (texts.contains,),
    "starts with": (texts.starts_with,),
    "ends with": (texts.ends_with,),
    "matches": (texts.matches,),
    "split": (texts.split,),
    "string join": (texts.string_join,),
    "list contains": (lists.list_contains,),
    "count": (lists.count,),
    "min": (numbers.least,),
    "max": (numbers.greatest,),
    "sum": (numbers.total,),
    "mean": (numbers.mean,),
    "all": (lists.all_,),
    "any": (lists.any_,),
    "and": (lists.all_,),
    "or": (lists.any_,),
    "sublist": (lists.sublist,),
    "append": (lists.append,),
    "concatenate": (lists.concatenate,),
    "insert before": (lists.insert_before,),
    "remove": (lists.remove,),
    "list replace": (lists.list_replace, lists.list_replace),
    "reverse": (lists.reverse,),
    "index of": (lists.index_of,),
    "union": (lists.union,),
    "distinct values": (lists.distinct_values,),
    "flatten": (lists.flatten,),
    "product": (numbers.product,),
    "median": (numbers.median,),
    "stddev": (numbers.stddev,),
    "mode": (numbers.mode,),
    "decimal": (numbers.decimal_,),
    "floor": (numbers.floor,),
    "ceiling": (numbers.ceiling,),
    "round up": (numbers.round_up,),
    "round down": (numbers.round_down,),
    "round half up": (numbers.round_half_up,),
    "round half down": (numbers.round_half_down,),
    "abs": (numbers.absolute,),
    "modulo": (numbers.modulo,),
    "sqrt": (numbers.sqrt,),
    "log": (numbers.log,),
    "exp": (numbers.exp,),
    "odd": (numbers.odd,),
    "even": (numbers.even,),
    "before": (intervals.before,),
    "after": (intervals.after,),
    "meets": (intervals.meets,),
    "met by": (intervals.met_by,),
    "overlaps": (intervals.overlaps,),
    "overlaps before": (intervals.overlaps_before,),
    "overlaps after": (intervals.overlaps_after,),
    "finishes": (intervals.finishes,),
    "finished by": (intervals.finished_by,),
    "includes": (intervals.includes,),
    "during": (intervals.during,),
    "starts": (intervals.starts,),
    "started by": (intervals.started_by,),
    "coincides": (intervals.coincides,),
    "day of year": (dates.day_of_year,),
    "day of week": (dates.day_of_week,),
    "month of year": (dates.month_of_year,),
    "week of year": (dates.week_of_year,),
    "last day of month": (dates.last_day_of_month,),
    "is": (_is,),
    "get value": (lists.get_value,),
    "get entries": (lists.get_entries,),
    "context": (lists.context,),
    "context put": (lists.context_put, lists.context_put),
    "context merge": (lists.context_merge,),
    "sort": (lists.sort,),
    "now": (dates.now,),
    "today": (dates.today,),
}


class Unfit(Exception):
    """The arguments do not fit: the call gives null."""


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a function with what stands behind it."""

    signature: Signature
    behind: Callable[..., Value]

    def run(self, scope: Scope, given: Sequence[Value], names: Sequence[str] | None) -> Value:
        """Call it; raises `Unfit`."""
        parameters = self.signature.parameters
        values = _named(self.signature, given, names) if names else list(given)
        most = self.signature.most
        if len(values) < self.signature.least or (most is not None and len(values) > most):
            raise Unfit
        arguments: list[Value] = []
        for at, parameter in enumerate(parameters):
            if parameter.several:
                arguments.append(_several(parameter, values[at:], alone=at == 0))
                break
            if at < len(values):
                arguments.append(_fitting(parameter, values[at]))
        for each in arguments:
            scope.budget.spend_size(each)
        within = (scope,) if self.behind in _WITH_SCOPE else ()
        found = self.behind(*within, *arguments)
        scope.budget.spend_size(found)
        return found


def _named(signature: Signature, given: Sequence[Value], names: Sequence[str]) -> list[Value]:
    """Put arguments by name in order; those left out at the end stay away, others are null."""
    by_name = dict(zip(names, given, strict=True))
    known = [each.name for each in signature.parameters]
    if not set(names) <= set(known) or len(by_name) < len(names):
        raise Unfit
    needed = {each.name for each in signature.parameters if not each.optional}
    if not needed <= by_name.keys():
        raise Unfit
    last = max(known.index(name) for name in by_name)
    return [by_name.get(name) for name in known[: last + 1]]


def _several(parameter: Parameter, values: list[Value], *, alone: bool) -> list[Value]:
    """The arguments of a parameter that comes any number of times, or the one list of them."""
    if alone and parameter.kind == "Any" and len(values) == 1 and isinstance(values[0], list):
        return values[0]
    if not values:
        raise Unfit
    return [_fitting(parameter, each) for each in values]


def _fitting(parameter: Parameter, value: Value) -> Value:
    wanted = parameter.kind
    if wanted == "Any":
        return value
    if value is None:
        if parameter.optional:
            return None
        raise Unfit
    found = kind(value)
    if found == wanted:
        return value
    if wanted == "list":
        return [value]
    if found == "list" and len(value) == 1 and kind(value[0]) == wanted:
        return value[0]
    raise Unfit


def _function(name: str) -> Function:
    forms = tuple(
        _Form(signature, behind)
        for signature, behind in zip(SIGNATURES[name], _BEHIND[name], strict=True)
    )

    def run(scope: Scope, given: Sequence[Value], names: Sequence[str] | None = None) -> Value:
        scope.budget.spend()
        for form in forms:
            try:
                return form.run(scope, given, names)
            except Unfit:
                continue
        return None

    parameters = tuple(each.name for each in forms[0].signature.parameters)
    return Function(name, parameters, run)


FUNCTIONS: dict[str, Function] = {name: _function(name) for name in _BEHIND}
"""All built-in functions by name, without `range`, which has to read FEEL itself."""
