"""Makes conditions of a FIM schema's rules: those it is certain of; the others stay open points.

Two sources: the rules in German prose that stand in every schema (`fim_rules_grammar`), and the
machine rules that the FIM portal publishes beside some (`fim_rules_translated`). A rule is used as
a whole or not at all: what is not understood, contradicts itself or another rule, or goes round in
a circle, is left to a person with its text and the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dienstweg.blueprint import fim_rules_cel as cel
from dienstweg.blueprint import fim_rules_grammar as grammar
from dienstweg.blueprint import fim_rules_translated as translated
from dienstweg.blueprint.fim_places import Findings, Place
from dienstweg.blueprint.fim_rules_places import Index, Options, Scope, bearers
from dienstweg.blueprint.fim_rules_syntax import (
    Always,
    Condition,
    Effect,
    Equal,
    Filled,
    Length,
    Ordered,
    RealDate,
    Statement,
    Value,
    either,
    mapped,
    opposite,
    refs,
)
from dienstweg.blueprint.fim_rules_tokens import NotRead
from dienstweg.blueprint.fim_rules_truth import TooMany, opposed, together
from dienstweg.standards.xdatenfelder.model import Rule

_EMPTY_SCRIPTS = frozenset({"", "functionscript(){}"})


@dataclass(slots=True)
class Reading:
    """One rule at one element: its statements about places, or why a person must look at it."""

    name: str
    text: str
    source: str
    bearer: Place
    statements: tuple[Statement, ...] = ()
    reason: str | None = None
    message: str | None = None
    machine: bool = False

    @property
    def used(self) -> bool:
        """Whether the rule is translated."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Demand:
    """A condition that must hold (`valid`), with the rule that says so."""

    condition: Condition
    reading: Reading


@dataclass(slots=True)
class Book:
    """All rules of a schema, and what the translated ones come to.

    By place id: `visible` while which condition holds it is asked at all, `required` while which it
    must be answered, `gone` what is never asked. `demands` are conditions between fields.
    """

    index: Index
    readings: list[Reading]
    visible: dict[str, Condition] = field(default_factory=dict)
    required: dict[str, Condition] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    demands: list[Demand] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many rules there are, and how many of them are translated."""
        return {
            "Regeln": len(self.readings),
            "davon übersetzt": sum(reading.used for reading in self.readings),
        }

    def sources(self, place_id: str) -> list[str]:
        """The ids of the rules that speak of a place as their target."""
        return list(
            dict.fromkeys(
                reading.name
                for reading in self.readings
                if reading.used
                and any(statement.target == place_id for statement in reading.statements)
            )
        )


def read(
    root: Place,
    options: Options,
    findings: Findings,
    *,
    machine_rules: bytes | None = None,
    land: str | None = None,
) -> Book:
    """Read all rules of a schema; what stays open is noted in `findings` (kind R).

    `machine_rules` is a JSON file of the FIM portal's translated rules, `land` the Land whose rules
    apply where a rule tells them apart. Raises `problems.Invalid` for a file that is not such JSON.
    """
    index = Index(root, options)
    readings = list(translated.read(machine_rules, index)) if machine_rules else []
    for bearer in bearers(index):
        readings += [_read(rule, bearer, index, land) for rule in bearer.element.rules]
    book = Book(index, readings)
    _combine(book)
    for reading in readings:
        if reading.reason is not None:
            text = f"{reading.text}\nNicht übersetzt: {reading.reason}"
            findings.add("R", text, reading.source)
    return book


def _read(rule: Rule, bearer: Place, index: Index, land: str | None) -> Reading:
    text = rule.free_text or rule.description
    script = "" if "".join(rule.script.split()) in _EMPTY_SCRIPTS else rule.script
    shown = f"{rule.name}: {text or 'Die Regel hat keinen Text.'}"
    reading = Reading(
        name=f"{rule.id}V{rule.version}",
        text=f"{shown}\nSkript: {script}" if script else shown,
        source=f"{rule.id} V{rule.version} ({bearer.fim_path})",
        bearer=bearer,
    )
    try:
        if script:
            raise NotRead("Skripte werden nicht gelesen.")
        scope = Scope(index, bearer)
        reading.statements = tuple(
            placed(statement, scope) for statement in grammar.read(text, scope, land=land)
        )
        writable(reading.statements, index)
    except NotRead as error:
        reading.reason = str(error)
    return reading


def placed(statement: Statement, scope: Scope) -> Statement:
    """The statement with places of the schema for what it names; raises NotRead."""
    place = None if statement.target is None else scope.place(statement.target)
    # a text cannot be filled in: „as a duty“ then only says that it is shown
    shown = place is not None and place.is_label and statement.effect == "require"
    effect: Effect = "show" if shown else statement.effect

    def leaf(condition: Condition) -> Condition:
        match condition:
            case Equal(ref, value):
                return Equal(scope.place(ref).id, value)
            case Filled(ref):
                return Filled(scope.place(ref).id)
            case Length(ref, least, most):
                return Length(scope.place(ref).id, least, most)
            case RealDate(day, month, year):
                return RealDate(*(scope.place(each).id for each in (day, month, year)))
            case Ordered(ref, order, number, to):
                other = None if to is None else scope.place(to).id
                return Ordered(scope.place(ref).id, order, number, other)
        raise AssertionError(condition)

    target = None if place is None else place.id
    return Statement(effect, target, mapped(statement.condition, leaf))


def writable(statements: tuple[Statement, ...], index: Index) -> None:
    """Try to write every condition where it will be needed; raises NotRead where it cannot be."""
    for statement in statements:
        if statement.target is None:
            cel.expression(statement.condition, index, frame_of(statement.condition, index))
            continue
        target = index.places[statement.target]
        cel.expression(statement.condition, index, cel.frame(target))
        if statement.effect == "optional" and target.occurs.minimum:
            raise NotRead(f"{target.element.id} ist laut Schema immer Pflicht.")
        if statement.effect == "require" and not target.holds_data:
            raise NotRead(f"{target.element.id} wird nicht abgefragt.")


def frame_of(condition: Condition, index: Index) -> cel.Frame:
    """The list in whose entries a condition must be looked at; raises NotRead for several."""
    frames = {cel.Frame(place.item, place.outer) for place in _places(condition, index)}
    inner = {each for each in frames if each.outer is not None} or frames - {cel.WHOLE}
    if len(inner) > 1:
        raise NotRead("Die Felder der Regel stehen in verschiedenen Listen.")
    return next(iter(inner), cel.WHOLE)


def _places(condition: Condition, index: Index) -> list[Place]:
    return [index.places[ref] for ref in refs(condition)]


def _combine(book: Book) -> None:
    """Work out what all rules come to; where some cannot be used, anew without them."""
    while True:
        book.visible, book.required, book.gone, book.demands = {}, {}, set(), []
        refused = _collect(book) or _circle(book)
        if not refused:
            return
        for reading in book.readings:
            if reading.used and reading.name in refused:
                reading.reason = refused[reading.name]


def _collect(book: Book) -> dict[str, str]:
    """What each target's rules come to; gives the rules that cannot be put together, and why."""
    by_target: dict[str, list[tuple[Statement, Reading]]] = {}
    for reading in book.readings:
        if reading.used:
            for statement in reading.statements:
                if statement.target is None:
                    book.demands.append(Demand(statement.condition, reading))
                else:
                    by_target.setdefault(statement.target, []).append((statement, reading))
    domains = _domains(book.index)
    refused: dict[str, str] = {}
    for target, said in by_target.items():
        reason = _decide(book, target, [statement for statement, _ in said], domains)
        if reason is not None:
            prose = {reading.name for _, reading in said if not reading.machine}
            names = prose or {reading.name for _, reading in said}
            refused |= dict.fromkeys(names, reason)
    return refused


def _decide(
    book: Book, target: str, said: list[Statement], domains: Mapping[str, tuple[Value, ...]]
) -> str | None:
    """What all statements about a target come to; gives why they cannot be put together."""
    hidden = [each.condition for each in said if each.effect == "forbid"]
    required = [each.condition for each in said if each.effect == "require"]
    shown = [each.condition for each in said if each.effect in ("show", "require")]
    wanted = [each.condition for each in said if each.effect == "show"]
    if wanted and not hidden and not all(isinstance(each, Always) for each in shown):
        return "Die Regel sagt, wann etwas gezeigt wird, aber nicht, was sonst gilt."
    try:
        if hidden:
            visible = _visible(either(*shown) if shown else None, either(*hidden), domains)
            if isinstance(visible, str):
                return visible
            if isinstance(visible, Always):
                book.gone.add(target)
            else:
                book.visible[target] = visible
        if required:
            book.required[target] = either(*required)
        for conditions in (book.visible, book.required):
            if target in conditions:
                place = book.index.places[target]
                cel.expression(conditions[target], book.index, cel.frame(place))
    except TooMany:
        return "Die Regeln zu einem Feld sind zusammen zu umfangreich, um sie zu prüfen."
    except NotRead as error:
        return str(error)
    return None


def _visible(
    shown: Condition | None, hidden: Condition, domains: Mapping[str, tuple[Value, ...]]
) -> Condition | str:
    """When it is asked; `Always` here means never asked; a text says why it cannot be known."""
    if isinstance(hidden, Always):
        return hidden if shown is None else "Die Regel widerspricht sich selbst."
    if shown is None:
        return opposite(hidden)
    if together(shown, hidden, domains):
        return "Die Regeln widersprechen sich: Sie verlangen und verbieten dasselbe zugleich."
    return shown if opposed(shown, hidden, domains) else opposite(hidden)


def _domains(index: Index) -> dict[str, tuple[Value, ...]]:
    """All values of the fields that have a fixed set of them."""
    found: dict[str, tuple[Value, ...]] = {
        place_id: tuple(code for code, _ in entries) for place_id, entries in index.options.items()
    }
    for place in index.places.values():
        if index.kind(place) == "bool":
            found[place.id] = (True, False)
    return found


def _circle(book: Book) -> dict[str, str]:
    """Rules by which a field's being shown depends on itself."""
    needs = {target: set(_questions(book, condition)) for target, condition in book.visible.items()}
    below = {
        target: {each.id for each in book.index.questions(book.index.places[target])}
        for target in needs
    }
    for start in needs:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            target = waiting.pop()
            for other, inside in below.items():
                if other not in seen and needs[target] & inside:
                    seen.add(other)
                    waiting.append(other)
        if start in seen:
            names = [name for target in sorted(seen | {start}) for name in book.sources(target)]
            return dict.fromkeys(
                names, "Die Bedingung hängt von dem ab, was sie selbst ein- oder ausblendet."
            )
    return {}


def _questions(book: Book, condition: Condition) -> Iterator[str]:
    for ref in refs(condition):
        for each in book.index.questions(book.index.places[ref]):
            yield each.id
