"""CEL expressions of a blueprint: bounded when they are compiled, null-tolerant when they run.

A blueprint comes from strangers. CEL cannot do I/O and its regular expressions run in linear time,
but the library offers no limits, so the length, the nesting of macros and the work over lists are
bounded here, before anything is run.
"""

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any

import cel

from dienstweg.blueprint import functions
from dienstweg.blueprint.scan import Scan, scan

LONGEST = 2_000
DEEPEST_MACRO = 2
MOST_STEPS = 50_000
BUILT_IN = frozenset(["size", "has", "all", "exists", "exists_one", "filter", "map"]) | {
    "string",
    "int",
    "double",
    "bool",
    "type",
}
KNOWN_FUNCTIONS = BUILT_IN | functions.FUNCTIONS.keys() | {"age"}
_KEPT_ANSWERS = 256
_LAST, _NO_ANSWER = "last", object()


class BadExpression(ValueError):
    """The expression cannot be used; the text says why in German, `remedy` what to do."""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy


class Unanswered(Exception):
    """The expression has no answer for this data: something it needs is still empty."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression sees.

    `variables` are JSON values by name ("data", "item", "index", "decision", "task", ...); `today`
    is the date that counts as today; `lists` the release's local tables (see `Release.lists`).
    """

    variables: Mapping[str, Any]
    today: date
    lists: Mapping[str, Any] = field(default_factory=dict)

    def with_variables(self, **more: Any) -> "Surroundings":
        """The same with further variables: `item` and `index` of a repeating group."""
        return Surroundings({**self.variables, **more}, self.today, self.lists)


@dataclass(frozen=True, eq=False, slots=True)
class Expression:
    """A compiled expression; safe to use from several threads.

    `paths` are what it refers to, as tuples: `data.hund.name` is ("data", "hund", "name"); a part
    in square brackets that is not a constant ends the path.
    """

    source: str
    program: Any = field(repr=False)
    scanned: Scan = field(repr=False)
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def paths(self) -> frozenset[tuple[str, ...]]:
        """What it refers to."""
        return self.scanned.paths

    def evaluate(self, around: Surroundings) -> Any:
        """The JSON value of the expression.

        Raises Unanswered where something it needs is empty or of another type.
        """
        seen = _projection(self.scanned.longest_first, around)
        if "lists" not in self.scanned.roots:
            return self._again(seen, around.today)
        return self._over_lists(seen, around)

    def holds(self, around: Surroundings, *, otherwise: bool = False) -> bool:
        """Whether the condition is true; `otherwise` where it has no answer yet."""
        try:
            answer = self.evaluate(around)
        except Unanswered:
            return otherwise
        return otherwise if answer is None else answer is True

    def value(self, around: Surroundings) -> Any:
        """The JSON value, null where there is no answer yet."""
        try:
            return self.evaluate(around)
        except Unanswered:
            return None

    def _again(self, seen: dict[str, Any], today: date) -> Any:
        """Most answers change nothing for most rules: the last truth or number is kept.

        What it was of is kept as a digest, so that no answer stays behind; it is of the types,
        too, for 1 is not 1.0 and not true.
        """
        key = (today, blake2b(repr(seen).encode(errors="surrogatepass")).digest())
        last = self._kept.get(_LAST)
        if last is not None and last[0] == key:
            if last[1] is _NO_ANSWER:
                raise Unanswered
            return last[1]
        try:
            answer = self._run(_workplace(None).with_variables(seen, today))
        except Unanswered:
            self._kept[_LAST] = (key, _NO_ANSWER)
            raise
        if answer is None or isinstance(answer, bool | int | float):
            self._kept[_LAST] = (key, answer)
        return answer

    def _over_lists(self, seen: dict[str, Any], around: Surroundings) -> Any:
        """Lists are constant within a release but slow to go through: answers are kept."""
        key = repr((id(around.lists), around.today, seen))
        kept = self._kept.get(key, self)
        if kept is not self:
            return kept
        context = _workplace(around.lists).with_variables(seen, around.today)
        answer = self._run(context)
        if len(self._kept) >= _KEPT_ANSWERS:
            self._kept.clear()
        if len(key) < LONGEST:
            self._kept[key] = answer
        return answer

    def _run(self, context: cel.Context) -> Any:
        try:
            return _as_json(self.program.execute(context))
        except Exception:
            # The error's text may contain what an applicant has entered: it goes no further.
            raise Unanswered from None
        except BaseException as error:
            if type(error).__name__ == "PanicException":
                raise Unanswered from None
            raise


def compile_expression(source: object) -> Expression:
    """Make an expression of its text; constants true and false are expressions too.

    Raises BadExpression where the text is no CEL, is unbounded or calls what does not exist.
    """
    if isinstance(source, bool | int):
        source = str(source).lower()
    if not isinstance(source, str):
        raise BadExpression("Hier muss ein CEL-Ausdruck stehen (ein Text).")
    if len(source) > LONGEST:
        raise BadExpression(
            f"Der Ausdruck ist {len(source)} Zeichen lang; erlaubt sind {LONGEST}.",
            "Teilen Sie den Ausdruck auf, zum Beispiel in eine Entscheidungstabelle.",
        )
    try:
        program = cel.compile(source)
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise BadExpression(f"Der Ausdruck ist kein gültiges CEL: {_reason(error)}") from None
    scanned = scan(source)
    _refuse_unknown_functions(program)
    if scanned.deepest > DEEPEST_MACRO:
        raise BadExpression(
            "Der Ausdruck verschachtelt exists, all, map oder filter zu tief.",
            "Erlaubt ist höchstens eine Wiederholung innerhalb einer anderen.",
        )
    return Expression(source=source, program=program, scanned=scanned)


def constant(expression: Expression) -> Any:
    """The value of an expression that refers to nothing ("false"), else None."""
    if expression.paths:
        return None
    return expression.value(Surroundings({}, date(2000, 1, 1)))


def _refuse_unknown_functions(program: Any) -> None:
    for name in program.functions():
        if name.isidentifier() and name not in KNOWN_FUNCTIONS:
            raise BadExpression(
                f"Die Funktion „{name}“ gibt es nicht.",
                "Es gibt: " + ", ".join(sorted(KNOWN_FUNCTIONS)) + ".",
            )


def _reason(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if "ERROR" in line]
    return (lines[0].split("ERROR:", 1)[-1].strip() if lines else "Schreibfehler")[:200]


def _projection(paths: tuple[tuple[str, ...], ...], around: Surroundings) -> dict[str, Any]:
    """Only what the expression refers to: converting values for CEL costs more than running it.

    Raises Unanswered where a variable is not there at all, because a thread's context would still
    hold somebody else's.
    """
    seen: dict[str, Any] = {}
    for path in paths:
        root = path[0]
        if root in ("lists", "today"):
            continue
        if root not in around.variables:
            raise Unanswered
        seen.setdefault(root, {})
        _copy(around.variables, path, seen)
    return seen


def _copy(source: Mapping[str, Any], path: tuple[str, ...], target: dict[str, Any]) -> None:
    for depth, part in enumerate(path):
        if part not in source:
            return
        value = source[part]
        if depth == len(path) - 1 or not isinstance(value, Mapping):
            target[part] = value
            return
        source, target = value, target.setdefault(part, {})


class _Workplace(threading.local):
    """One thread's CEL contexts: the library's are not safe to share between threads."""

    def __init__(self) -> None:
        self.contexts: dict[int, _Context] = {}


class _Context:
    """A CEL context with our functions and, kept alive with it, one release's lists."""

    def __init__(self, lists: Mapping[str, Any] | None) -> None:
        self.lists = lists
        self.today: str = "1970-01-01"
        available = {name: functions.gentle(it) for name, it in functions.FUNCTIONS.items()}
        available["age"] = functions.gentle(self._age)
        self.context = cel.Context(
            variables={} if lists is None else {"lists": dict(lists)}, functions=available
        )

    def _age(self, born: Any, on: Any = None) -> int | None:
        return functions.age(born, on or self.today)

    def with_variables(self, variables: Mapping[str, Any], today: date) -> cel.Context:
        """The context, ready to run with these variables."""
        day = today.isoformat()
        if day != self.today:
            self.today = day
            self.context.add_variable("today", day)
        for name, value in variables.items():
            try:
                self.context.add_variable(name, value)
            except ValueError:
                raise Unanswered from None
        return self.context


_workplaces = _Workplace()
_MOST_CONTEXTS = 32


def _workplace(lists: Mapping[str, Any] | None) -> _Context:
    contexts = _workplaces.contexts
    found = contexts.get(id(lists))
    if found is None:
        if len(contexts) >= _MOST_CONTEXTS:
            contexts.clear()
        found = contexts[id(lists)] = _Context(lists)
    return found


def _as_json(value: Any) -> Any:
    """Only what JSON can say: times as ISO texts, whole decimals stay decimals."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_as_json(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _as_json(each) for key, each in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else None
