"""The acceptance cases of an imported blueprint: every page, and both sides of every rule.

A bounded search: for each side that no case before has reached, the answers that the condition
tells apart are tried one after the other. What cannot be reached is named as an open point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

from dienstweg.blueprint import fim_values
from dienstweg.blueprint.fim_design import Design
from dienstweg.blueprint.fim_pages import Page, PageCheck
from dienstweg.blueprint.fim_rules_syntax import Condition, Value, both, opposite, refs
from dienstweg.blueprint.fim_rules_truth import TooMany, holds, worlds
from dienstweg.blueprint.fim_schema import Contract
from dienstweg.blueprint.fim_worlds import World

TODAY = "2026-03-02"
MOST_CASES = 60
_MOST_TRIES = 24
_MOST_TURNS = 12
_MOST_WORLDS = 2_000
_REASON = "Die Angaben sind vollständig und geprüft."


def cases(made: Design, contract: Contract) -> dict[str, dict[str, Any]]:
    """Cases by file name; what none of them reaches is noted as open (kind A)."""
    search = _Search(made, contract)
    full = search.world(search.everything(), full=True)
    least = search.world({}, full=False)
    found = {
        "cases/alles-ausgefuellt.yaml": search.case("Alles ausgefüllt, bewilligt", full, True),
        "cases/nur-das-noetige.yaml": search.case("Nur das Nötige, abgelehnt", least, False),
    }
    for number, (title, world) in enumerate(search.others(), 1):
        found[f"cases/weg-{number:02}.yaml"] = search.case(title, world, granted=number % 2 == 1)
    for text, source in search.unreached:
        contract.findings.add("A", text, source)
    return found


class _Search:
    """One search for cases of one design."""

    def __init__(self, made: Design, contract: Contract) -> None:
        self.made, self.contract = made, contract
        self.index = made.book.index
        self.domains = self._domains()
        self.reached: set[str] = set()
        self.unreached: list[tuple[str, str]] = []

    def _domains(self) -> dict[str, tuple[Value, ...]]:
        found: dict[str, tuple[Value, ...]] = {
            place_id: tuple(code for code, _ in entries)
            for place_id, entries in self.index.options.items()
        }
        for place in self.index.places.values():
            if self.index.kind(place) == "bool":
                found[place.id] = (True, False)
            elif not place.is_question:
                found[place.id] = (True,)
        return found

    # -- worlds ---------------------------------------------------------------------------------

    def everything(self) -> dict[str, Any]:
        """An answer to every question."""
        return {
            entry.place.id: fim_values.example(entry.place, self.contract)
            for page in self.made.pages
            for entry in page.questions
        }

    def world(
        self,
        answers: dict[str, Any],
        *,
        full: bool,
        barred: frozenset[str] = frozenset(),
        free: frozenset[str] = frozenset(),
    ) -> World:
        """Answers grown until nothing is missing and no check is broken, as far as that goes.

        `barred` are questions that stay empty, `free` are checks that may stay broken.
        """
        given = dict(answers)
        world = self._grown(given, full, barred)
        for _ in range(_MOST_TURNS):
            broken = next(
                (
                    each
                    for page in world.pages
                    for each in world.broken(page)
                    if each.id not in free
                ),
                None,
            )
            if broken is None:
                break
            mended = self._mended(world, broken, full=full, barred=barred, kept=frozenset(answers))
            if mended is None:
                break
            world, barred = mended
        return world

    def _mended(
        self,
        world: World,
        broken: PageCheck,
        *,
        full: bool,
        barred: frozenset[str],
        kept: frozenset[str],
    ) -> tuple[World, frozenset[str]] | None:
        """A world in which a broken check holds; what was chosen on purpose stays if it can."""
        for chosen in self._ways(broken.condition):
            answers, bars = self._choose(dict(world.answers), chosen)
            touched = sum(answers.get(each) != world.answers.get(each) for each in kept)
            if not full and touched:
                continue
            grown = self._grown(answers, full, bars | barred)
            still = {each.id for page in grown.pages for each in grown.broken(page)}
            if broken.id not in still and not any(map(grown.missing, grown.pages)):
                return grown, bars | barred
        return None

    def _ways(self, condition: Condition) -> list[dict[str, Value | None]]:
        """Some combinations of answers for which a condition holds."""
        try:
            found = (each for each in worlds([condition], self.domains) if holds(condition, each))
            return list(islice(found, _MOST_TRIES))
        except TooMany:
            return []

    def _choose(
        self, answers: dict[str, Any], chosen: Mapping[str, Value | None]
    ) -> tuple[dict[str, Any], frozenset[str]]:
        """The answers changed as chosen, and the questions that must stay empty for it."""
        barred: set[str] = set()
        filled: set[str] = set()
        for ref, value in chosen.items():
            place = self.index.places[ref]
            questions = [each.id for each in self.index.questions(place)]
            if value is None:
                barred |= set(questions)
            elif place.is_question:
                answers[ref] = fim_values.wanted(place, value, self.contract)
                filled.add(ref)
            elif questions and not any(answers.get(each) is not None for each in questions):
                places = [self.index.places[each] for each in questions]
                first = next((each for each in places if each.occurs.minimum), places[0])
                answers[first.id] = fim_values.example(first, self.contract)
                filled.add(first.id)
        barred -= filled
        kept = {key: value for key, value in answers.items() if key not in barred}
        return {key: value for key, value in kept.items() if value is not None}, frozenset(barred)

    def _grown(self, answers: dict[str, Any], full: bool, barred: frozenset[str]) -> World:
        """Answers, and everything that they make necessary."""
        answers = dict(answers)
        entries: dict[str, int] = {}
        for page in self.made.pages:
            if page.repeated:
                spoken = any(each.place.id in answers for each in page.questions)
                entries[page.id] = max(page.least, 1 if full or spoken else 0)
        world = World(self.index, answers, entries, self.made.pages).stand()
        for _ in range(_MOST_TURNS):
            missing = [
                entry.place
                for page in world.pages
                for entry in world.missing(page)
                if entry.place.id not in barred
            ]
            if not missing:
                break
            for place in missing:
                answers[place.id] = fim_values.example(place, self.contract)
            world = World(self.index, answers, entries, self.made.pages).stand()
        return world

    # -- goals ----------------------------------------------------------------------------------

    def others(self) -> Iterator[tuple[str, World]]:
        """A world for each side of a rule that was not reached before, named after it."""
        for key, page, condition, title in self._goals():
            if key in self.reached:
                continue
            world = self._find(key, page, condition) if self._room() else None
            if world is None:
                self.unreached.append((f"Kein Abnahmefall: {title}", page.group.fim_path))
                continue
            self.found += 1
            yield title, world

    found = 0
    tries = 0

    def _room(self) -> bool:
        return self.found < MOST_CASES and self.tries < _MOST_WORLDS

    def _goals(self) -> Iterator[tuple[str, Page, Condition, str]]:
        """Every side of every rule: its key, its page, when it is reached, in words."""
        for page in self.made.pages:
            name = page.group.element.label
            if page.id in page.shown:
                condition = page.shown[page.id]
                yield f"when:{page.id}:true", page, condition, f"Seite „{name}“ gezeigt"
                shown = f"Seite „{name}“ nicht gezeigt"
                yield f"when:{page.id}:false", page, opposite(condition), shown
            for entry in page.entries:
                if entry.id in page.shown and not entry.heading:
                    label = entry.place.element.label
                    condition = page.shown[entry.id]
                    yield f"when:{entry.id}:true", page, condition, f"„{label}“ gefragt"
                    hidden = f"„{label}“ nicht gefragt"
                    yield f"when:{entry.id}:false", page, opposite(condition), hidden
            for check in page.checks:
                fine = both(check.applies, check.condition)
                yield f"check:{check.id}:true", page, fine, f"Prüfung {check.rule} erfüllt"
                broken = both(check.applies, opposite(check.condition))
                yield f"check:{check.id}:false", page, broken, f"Prüfung {check.rule} verletzt"

    def _find(self, key: str, page: Page, condition: Condition) -> World | None:
        broken = key.startswith("check:") and key.endswith(":false")
        # a check may be broken alone, or only together with others of its page
        frees = [frozenset([key.split(":")[1]]), frozenset(check.id for check in page.checks)]
        ways = self._ways(self._closed(page, condition, key))
        for free in frees if broken else [frozenset[str]()]:
            for each, full in product(ways, (False, True)):
                self.tries += 1
                world = self._tried(each, free, full=full)
                if key in self._reaches(world) and self._sound(world, key):
                    return world
        return None

    def _closed(self, page: Page, condition: Condition, key: str) -> Condition:
        """The condition, and all that must hold for its page and its questions to be seen."""
        parts = [condition]
        if not key.startswith(f"when:{page.id}:") and page.id in page.shown:
            parts.append(page.shown[page.id])
        done: set[str] = set()
        waiting = [ref for part in parts for ref in refs(part)]
        while waiting:
            ref = waiting.pop()
            if ref in done:
                continue
            done.add(ref)
            for other in self._seen_when(ref):
                parts.append(other)
                waiting += refs(other)
        return both(*parts)

    def _seen_when(self, ref: str) -> Iterator[Condition]:
        for page in self.made.pages:
            for entry in page.entries:
                if entry.place.id == ref and not entry.heading:
                    if page.id in page.shown:
                        yield page.shown[page.id]
                    if entry.id in page.shown:
                        yield page.shown[entry.id]

    def _tried(
        self, chosen: Mapping[str, Value | None], free: frozenset[str], *, full: bool
    ) -> World:
        """A world with the answers that a condition names, and what they make necessary."""
        answers, barred = self._choose(self.everything() if full else {}, chosen)
        return self.world(answers, full=full, barred=barred, free=free)

    def _sound(self, world: World, key: str) -> bool:
        """Whether the case ends well, or with nothing wrong but what it is about."""
        for page in world.pages:
            if world.missing(page):
                return False
            broken = world.broken(page)
            if broken:
                return key in {f"check:{each.id}:false" for each in broken}
        return True

    def _reaches(self, world: World) -> set[str]:
        """What a case reaches: pages and lines shown or not, checks held or broken."""
        found: set[str] = set()
        visible = {page.id for page in world.pages}
        stopped = self._stop(world)
        for page in self.made.pages:
            if page.id in page.shown and stopped is None:
                found.add(f"when:{page.id}:{str(page.id in visible).lower()}")
        for page in world.pages:
            if not page.repeated or world.entries.get(page.id):
                for entry in page.entries:
                    if entry.id in page.shown:
                        found.add(f"when:{entry.id}:{str(entry.id in world.shown).lower()}")
                broken = {each.id for each in world.broken(page)}
                for check in page.checks:
                    found.add(f"check:{check.id}:{str(check.id not in broken).lower()}")
            if page is stopped:
                break
        return found

    def _stop(self, world: World) -> Page | None:
        """The first page with a broken check; there a case ends."""
        return next((page for page in world.pages if world.broken(page)), None)

    # -- written --------------------------------------------------------------------------------

    def case(self, title: str, world: World, granted: bool) -> dict[str, Any]:
        """The case's file."""
        self.reached |= self._reaches(world)
        stop = self._stop(world)
        pages = world.pages[: world.pages.index(stop) + 1] if stop else world.pages
        outer = [page for page in pages if page.inside is None]
        said: dict[str, Any] = {
            "title": title[:200],
            "today": TODAY,
            "answers": {
                page.id: answers for page in outer if (answers := self._answers(world, page))
            },
        }
        expect: dict[str, Any] = {"pages": [page.id for page in outer]}
        if stop is not None:
            codes = {check.id: check.id for check in world.broken(stop)}
            said["expect"] = {**expect, "problems": {stop.id: codes}}
            return said
        said["expect"] = {**expect, **_ending(granted)}
        return said

    def _answers(self, world: World, page: Page) -> Any:
        values = {
            entry.id: world.answers[entry.place.id]
            for entry in page.questions
            if entry.id in world.shown and entry.place.id in world.answers
        }
        if not page.repeated:
            return values
        for inner in self.made.pages:
            if inner.inside == page.id and inner in world.pages:
                nested = self._answers(world, inner)
                if nested:
                    values[inner.id] = nested
        return [dict(values) for _ in range(world.entries.get(page.id, 0))]


def _ending(granted: bool) -> dict[str, Any]:
    """What the process of every imported blueprint does with an application."""
    outcome = "granted" if granted else "refused"
    return {
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
    }
