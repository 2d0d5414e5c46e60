"""What the built-in functions of FEEL take and give (DMN 1.5, section 10.3.4).

One line a function: its name, its parameters with their kinds, `?` after those that may be left
out, `*` after one that may come any number of times, and what it gives. A function with several
lines has several forms. The reader, the compiler, the check and the documentation read from here.
"""

from dataclasses import dataclass

_LINES = """
number(from: string, grouping separator: string?, decimal separator: string?) -> number
string(from: Any) -> string
date(from: Any) -> date
date(year: number, month: number, day: number) -> date
time(from: Any) -> time
time(hour: number, minute: number, second: number, offset: days and time duration?) -> time
date and time(from: Any) -> date and time
date and time(date: Any, time: time) -> date and time
duration(from: string) -> Any
years and months duration(from: Any, to: Any) -> years and months duration
not(negand: boolean) -> boolean
substring(string: string, start position: number, length: number?) -> string
string length(string: string) -> number
upper case(string: string) -> string
lower case(string: string) -> string
substring before(string: string, match: string) -> string
substring after(string: string, match: string) -> string
replace(input: string, pattern: string, replacement: string, flags: string?) -> string
contains(string: string, match: string) -> boolean
starts with(string: string, match: string) -> boolean
ends with(string: string, match: string) -> boolean
matches(input: string, pattern: string, flags: string?) -> boolean
split(string: string, delimiter: string) -> list
string join(list: list, delimiter: string?) -> string
list contains(list: list, element: Any) -> boolean
count(list: list) -> number
min(list: Any*) -> Any
max(list: Any*) -> Any
sum(list: Any*) -> Any
mean(list: Any*) -> number
all(list: Any*) -> boolean
any(list: Any*) -> boolean
and(list: Any*) -> boolean
or(list: Any*) -> boolean
sublist(list: list, start position: number, length: number?) -> list
append(list: list, item: Any*) -> list
concatenate(list: list*) -> list
insert before(list: list, position: number, newItem: Any) -> list
remove(list: list, position: number) -> list
list replace(list: list, position: number, newItem: Any) -> list
list replace(list: list, match: function, newItem: Any) -> list
reverse(list: list) -> list
index of(list: list, match: Any) -> list
union(list: list*) -> list
distinct values(list: list) -> list
flatten(list: list) -> list
product(list: Any*) -> number
median(list: Any*) -> number
stddev(list: Any*) -> number
mode(list: Any*) -> list
decimal(n: number, scale: number) -> number
floor(n: number, scale: number?) -> number
ceiling(n: number, scale: number?) -> number
round up(n: number, scale: number) -> number
round down(n: number, scale: number) -> number
round half up(n: number, scale: number) -> number
round half down(n: number, scale: number) -> number
abs(n: Any) -> Any
modulo(dividend: number, divisor: number) -> number
sqrt(number: number) -> number
log(number: number) -> number
exp(number: number) -> number
odd(number: number) -> boolean
even(number: number) -> boolean
before(point1: Any, point2: Any) -> boolean
after(point1: Any, point2: Any) -> boolean
meets(range1: range, range2: range) -> boolean
met by(range1: range, range2: range) -> boolean
overlaps(range1: range, range2: range) -> boolean
overlaps before(range1: range, range2: range) -> boolean
overlaps after(range1: range, range2: range) -> boolean
finishes(point: Any, range: range) -> boolean
finished by(range: range, point: Any) -> boolean
includes(range: range, point: Any) -> boolean
during(point: Any, range: range) -> boolean
starts(point: Any, range: range) -> boolean
started by(range: range, point: Any) -> boolean
coincides(point1: Any, point2: Any) -> boolean
day of year(date: Any) -> number
day of week(date: Any) -> string
month of year(date: Any) -> string
week of year(date: Any) -> number
last day of month(date: Any) -> date
is(value1: Any?, value2: Any?) -> boolean
get value(m: context, key: string) -> Any
get entries(m: context) -> list
context(entries: list) -> context
context put(context: context, key: string, value: Any) -> context
context put(context: context, keys: list, value: Any) -> context
context merge(contexts: list) -> context
sort(list: list, precedes: function?) -> list
range(from: string) -> range
now() -> date and time
today() -> date
"""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function."""

    name: str
    kind: str
    optional: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One form of a function."""

    name: str
    parameters: tuple[Parameter, ...]
    gives: str

    @property
    def least(self) -> int:
        """How many arguments it needs."""
        return sum(not each.optional for each in self.parameters)

    @property
    def most(self) -> int | None:
        """How many it takes at most; None for any number."""
        several = any(each.several for each in self.parameters)
        return None if several else len(self.parameters)


def _read(line: str) -> Signature:
    name, _, rest = line.partition("(")
    inside, _, gives = rest.rpartition(") -> ")
    return Signature(name, tuple(_parameter(each) for each in inside.split(", ") if each), gives)


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(": ")
    return Parameter(name, kind.rstrip("?*"), kind.endswith("?"), kind.endswith("*"))


SIGNATURES: dict[str, tuple[Signature, ...]] = {}
"""All forms by name."""
for _line in _LINES.strip().splitlines():
    _found = _read(_line)
    SIGNATURES[_found.name] = (*SIGNATURES.get(_found.name, ()), _found)
BUILT_IN = frozenset(SIGNATURES)
"""The names of all built-in functions."""
