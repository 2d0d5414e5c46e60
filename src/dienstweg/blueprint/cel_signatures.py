"""What our functions take and give, for typing: by name, the types of the arguments and the result.

A method's object is its first argument. A name that stands here must stand in
`expressions.KNOWN_FUNCTIONS`, and the other way round (a test compares them).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dienstweg.blueprint.cel_types import ANY, BOOL, DATE, DECIMAL, TEXT, WHOLE, Type

NUMBER = DECIMAL
"""Whole numbers fit, too."""
LIST = Type("list", inner=ANY)


@dataclass(frozen=True, slots=True)
class Signature:
    """`takes` are the arguments, of which the last `optional` may be left out; `gives` the result.

    `open` says that any number of arguments of any type may follow.
    """

    takes: tuple[Type, ...]
    gives: Type
    optional: int = 0
    open: bool = False


def _of(gives: Type, *takes: Type, optional: int = 0) -> Signature:
    return Signature(takes, gives, optional)


_ANYTHING = Signature((), ANY, open=True)
SIGNATURES: Mapping[str, Signature] = {
    "size": _of(WHOLE, ANY),
    "has": _of(BOOL, ANY),
    "string": _of(TEXT, ANY),
    "int": _of(WHOLE, ANY),
    "double": _of(DECIMAL, ANY),
    "bool": _of(BOOL, ANY),
    "type": _of(ANY, ANY),
    "days": _of(DATE, DATE, WHOLE),
    "months": _of(DATE, DATE, WHOLE),
    "years": _of(DATE, DATE, WHOLE),
    "days_between": _of(WHOLE, DATE, DATE),
    "months_between": _of(WHOLE, DATE, DATE),
    "date_before": _of(BOOL, DATE, DATE),
    "date_after": _of(BOOL, DATE, DATE),
    "date_text": _of(TEXT, DATE),
    "age": _of(WHOLE, DATE, DATE, optional=1),
    "year": _of(WHOLE, DATE),
    "month": _of(WHOLE, DATE),
    "weekday": _of(WHOLE, DATE),
    "euro": _of(TEXT, NUMBER),
    "blank": _of(BOOL, ANY),
    "number": _of(DECIMAL, ANY),
    "min": _ANYTHING,
    "max": _ANYTHING,
    "sum": _of(ANY, LIST),
    "round": _of(ANY, NUMBER, WHOLE, optional=1),
    "floor": _of(WHOLE, NUMBER),
    "ceil": _of(WHOLE, NUMBER),
    "lower": _of(TEXT, TEXT),
    "upper": _of(TEXT, TEXT),
    "trim": _of(TEXT, TEXT),
    "joined": _of(TEXT, LIST, TEXT, optional=1),
    "matches": _of(BOOL, TEXT, TEXT),
    "startsWith": _of(BOOL, TEXT, TEXT),
    "endsWith": _of(BOOL, TEXT, TEXT),
    "contains": _of(BOOL, TEXT, TEXT),
}
"""Signatures by name; macros have none."""
