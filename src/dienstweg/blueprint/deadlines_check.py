"""What is wrong with the legal periods that a blueprint declares."""

from collections.abc import Iterator
from typing import Any

from dienstweg.blueprint import bpmn
from dienstweg.blueprint.deadlines import Rule, period, rules
from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.sources import Sources

DAYS_OF_MONTH = 30


def check(release: Release, sources: Sources) -> Iterator[Problem]:
    """Yield the problems of `deadlines` in blueprint.yaml, with their lines."""
    noted = sources.noted["blueprint.yaml"]
    for rule in rules(release).values():
        key = f"deadlines.{rule.name}.title"
        if key not in release.flat["de"]:
            message = f"Der Text „{key}“ fehlt."
            remedy = "Ergänzen Sie ihn in texts/de.yaml."
            yield noted.problem("missing-text", message, "deadlines", rule.name, remedy=remedy)
        yield from _lengths(rule, noted)
        yield from _references(rule, release, noted)
        yield from _ending(rule, release, noted)


def _lengths(rule: Rule, noted: Noted) -> Iterator[Problem]:
    where = ("deadlines", rule.name)
    if rule.period.months == 0 and rule.period.days == 0:
        yield noted.problem("deadline-period", "Die Frist hat keine Dauer.", *where, "period")
    if rule.working and rule.period.months:
        message = "Eine Frist in Arbeitstagen kann nicht nach Monaten oder Jahren zählen."
        remedy = "Nennen Sie Tage oder Wochen, zum Beispiel P10D."
        yield noted.problem("deadline-period", message, *where, "period", remedy=remedy)
    before = [("remind", each) for each in rule.remind]
    before += [("escalate", rule.escalate[0])] if rule.escalate else []
    whole = rule.period.months * DAYS_OF_MONTH + rule.period.days
    for word, text in before:
        length = period(text)
        if length.months * DAYS_OF_MONTH + length.days >= whole:
            message = f"{text} vor dem Ende liegt nicht in der Frist."
            yield noted.problem("deadline-mark", message, *where, word)


def _references(rule: Rule, release: Release, noted: Noted) -> Iterator[Problem]:
    where = ("deadlines", rule.name)
    if rule.escalate and rule.escalate[1] not in release.manifest.get("roles", {}):
        message = f"Die Rolle „{rule.escalate[1]}“ gibt es nicht."
        yield noted.problem("unknown-role", message, *where, "escalate", "role")
    if rule.complete_when is not None:
        task, outcome = rule.complete_when
        element = release.process.diagram.elements.get(task)
        known = element.own.get("outcomes", "").split() if element is not None else ()
        if outcome not in known:
            message = f"Die Aufgabe {task} mit dem Ergebnis {outcome} gibt es im Ablauf nicht."
            yield noted.problem("unknown-reference", message, *where, "complete_when")
    for name in rule.met_by:
        if name not in release.texts("de").get("messages", {}):
            message = f"Die Nachricht „{name}“ gibt es nicht."
            yield noted.problem("unknown-reference", message, *where, "met_by")


def _ending(rule: Rule, release: Release, noted: Noted) -> Iterator[Problem]:
    """Yield a problem where something counts as granted, and nothing of the process follows."""
    if rule.on_end != "deemed" or rule.name in _timers(release.process.diagram.root):
        return
    message = (
        "Nach dieser Frist gilt der Antrag als genehmigt; im Ablauf folgt aber nichts daraus, "
        "auch keine Bescheinigung (§ 42a Absatz 3 VwVfG)."
    )
    remedy = f'Setzen Sie im Ablauf ein Zeitereignis mit dw:deadline="{rule.name}".'
    yield noted.problem(
        "deadline-without-timer", message, "deadlines", rule.name, "on_end", remedy=remedy
    )


def _timers(root: Any) -> frozenset[str]:
    """Give the periods that timers of the process end with."""
    name = f"{{{bpmn.OWN}}}deadline"
    return frozenset(str(each.get(name)) for each in root.iter() if each.get(name))
