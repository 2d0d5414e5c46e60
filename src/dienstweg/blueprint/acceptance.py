"""Acceptance cases: what a blueprint promises, played for real and compared.

A case answers the assistant, walks through the process, takes decisions, sets documents and maps
deliveries with the same code that serves applicants; nothing is stubbed. Afterwards a report says
what no case has reached.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import decisions, intents
from dienstweg.blueprint.assistant import Page
from dienstweg.blueprint.bpmn import told
from dienstweg.blueprint.notation import Noted, read_yaml
from dienstweg.blueprint.parallel import spread
from dienstweg.blueprint.playing import Played, play
from dienstweg.blueprint.problems import Files, Problem
from dienstweg.blueprint.rehearsal import Rehearsal
from dienstweg.blueprint.staging import Impossible
from dienstweg.blueprint.typesetter import Typesetter

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release


@dataclass(frozen=True, slots=True)
class Case:
    """One acceptance case as its file says it."""

    file: str
    title: str
    today: date
    answers: Mapping[str, Any]
    expect: Mapping[str, Any]
    lang: str = "de"
    land: str = ""
    fails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case: its deviations from what it expects, in words, and what it reached."""

    file: str
    title: str
    passed: bool
    deviations: tuple[str, ...]
    reached: frozenset[str]


@dataclass(frozen=True, slots=True)
class Report:
    """All cases of a blueprint, and what none of them has reached, in words."""

    results: tuple[CaseResult, ...]
    missed: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether there are cases and all of them passed."""
        return bool(self.results) and all(result.passed for result in self.results)

    def problems(self) -> list[Problem]:
        """Give deviations as errors and what was missed as warnings, for `check`."""
        found = [
            Problem("case", f"{result.title}: {deviation}", file=result.file)
            for result in self.results
            for deviation in result.deviations
        ]
        found += [
            Problem("not-reached", f"Kein Beispielfall erreicht: {text}", severity="warning")
            for text in self.missed
        ]
        return found


def load(files: Files, noted: Mapping[str, Noted] | None = None) -> list[Case]:
    """Read all cases, by file name; raises `Invalid` for a file that is no YAML.

    `noted` are files that were read already.
    """
    found, known = [], noted or {}
    for path in sorted(files):
        if path.startswith("cases/") and path.endswith(".yaml"):
            data = (known.get(path) or read_yaml(path, files[path])).data
            found.append(
                Case(
                    file=path,
                    title=str(data["title"]),
                    today=date.fromisoformat(str(data["today"])),
                    answers=data.get("answers") or {},
                    expect=data.get("expect") or {},
                    lang=str(data.get("lang", "de")),
                    land=str(data.get("land", "")),
                    fails=frozenset(map(str, data.get("fails") or ())),
                )
            )
    return found


def run(release: "Release", case: Case, typesetter: Typesetter | None = None) -> CaseResult:
    """Play one case; without a typesetter one is started for it."""
    if typesetter is None:
        with Typesetter() as own:
            return run(release, case, own)
    played = play(release, case.answers, today=case.today, lang=case.lang)
    deviations = list(_assistant(case.expect, played))
    reached = set(played.reached)
    if played.application is not None:
        rehearsed, found = _process(release, case, played, typesetter)
        deviations += found
        reached |= rehearsed
    return CaseResult(
        file=case.file,
        title=case.title,
        passed=not deviations,
        deviations=tuple(deviations),
        reached=frozenset(reached),
    )


def run_all(
    release: "Release",
    typesetter: Typesetter | None = None,
    *,
    processes: int = 1,
    noted: Mapping[str, Noted] | None = None,
) -> Report:
    """Play all cases of a release and say what none of them has reached.

    `processes` says how many may do it at a time, each with a typesetter of its own; `noted` are
    files that were read already.
    """

    def play_some(cases: Sequence[Case]) -> list[CaseResult]:
        with Typesetter() as own:
            return [run(release, case, typesetter or own) for case in cases]

    cases = load(release.files, noted)
    results = tuple(spread(play_some, cases, 1 if typesetter else processes))
    reached = frozenset(name for result in results for name in result.reached)
    missed = tuple(text for name, text in reachable(release).items() if name not in reached)
    return Report(results, missed)


def reachable(release: "Release") -> dict[str, str]:
    """Give everything that a case can reach, with words for it."""
    found: dict[str, str] = {}
    for page in release.assistant.pages:
        found |= _on_page(page)
    for element in release.process.diagram.elements.values():
        found[f"flow:{element.id}"] = f"Element {element.id} des Ablaufs"
        if (name := told(element)) is not None:
            found[f"message:{name}"] = f"Nachricht {name}"
        if element.own.get("intent") == "write":
            name = element.own["document"]
            found[f"document:{name}"] = f"Dokument {name}"
    for flow in release.process.diagram.flows.values():
        found[f"flow:{flow.id}"] = f"Pfeil {flow.id} des Ablaufs"
    for name, decision in release.decisions.items():
        for key, row in decisions.rows(decision).items():
            found[f"row:{name}:{key}"] = f"{row} der Entscheidung {name}"
    return found


def _on_page(page: Page) -> dict[str, str]:
    """Give what a case can reach on one page, and where it goes from there."""
    found = {f"page:{page.id}": f"Seite {page.id}"}
    if page.when is not None:
        found |= _both(f"when:{page.id}", f"Bedingung der Seite {page.id}")
    for ending in page.ends:
        found[f"ending:{ending.id}"] = f"Ende {ending.id}"
    for jump in page.jumps:
        found[f"jump:{page.id}:{jump.to}"] = f"Sprung von Seite {page.id} zu {jump.to}"
    for each in page.fields:
        found[f"field:{each.id}"] = f"Feld {each.id}"
        if each.when is not None:
            found |= _both(f"when:{each.id}", f"Bedingung des Feldes {each.id}")
        if each.allowed is not None:
            found |= _both(f"allowed:{each.id}", f"Zulässige Antworten des Feldes {each.id}")
    for check in page.checks:
        found |= _both(f"check:{check.id}", f"Prüfung {check.id}")
    return found


def _both(key: str, text: str) -> dict[str, str]:
    return {f"{key}:true": f"{text}: erfüllt", f"{key}:false": f"{text}: nicht erfüllt"}


def _assistant(expect: Mapping[str, Any], played: Played) -> Iterator[str]:
    """Compare what the assistant showed and said."""
    yield from played.deviations
    if "pages" in expect and list(expect["pages"]) != played.pages:
        yield f"Seiten: erwartet {_list(expect['pages'])}, gezeigt {_list(played.pages)}."
    if expect.get("ending") != played.ending:
        wanted, found = (each or "keins" for each in (expect.get("ending"), played.ending))
        yield f"Ende ohne Antrag: erwartet {wanted}, bekommen {found}."
    expected = expect.get("problems") or {}
    for page, problems in played.problems.items():
        for name, code in problems.items():
            if (expected.get(page) or {}).get(name) != code:
                yield f"Seite {page}: unerwartete Meldung {code} bei {name}."
    for page, problems in expected.items():
        for name, code in problems.items():
            if played.problems.get(page, {}).get(name) != code:
                yield f"Seite {page}: die Meldung {code} bei {name} fehlt."
    for name, text in (expect.get("values") or {}).items():
        shown = played.shown.get(name)
        if shown is None or _folded(text) not in _folded(shown):
            yield f"Feld {name}: erwartet {text!r}, gezeigt {shown!r}."
    if "application" in expect and played.application is not None:
        yield from contained(expect["application"], played.application, "Antrag")


def _process(
    release: "Release", case: Case, played: Played, typesetter: Typesetter
) -> tuple[set[str], list[str]]:
    """Play the process and compare every step; gives what was reached and what deviates."""
    assert played.application is not None
    expect = case.expect
    try:
        rehearsal = Rehearsal(
            release,
            played.application,
            played.answers,
            typesetter,
            today=case.today,
            lang=case.lang,
            land=case.land,
            fails=case.fails,
        )
    except intents.Stuck as error:
        return set(), [f"Der Ablauf bleibt stehen: {error}"]
    found: list[str] = []
    for number, part in enumerate(expect.get("process") or (), 1):
        found += [
            f"Schritt {number}: {text}" for text in _step(part.get("expect") or {}, rehearsal)
        ]
        try:
            if part.get("event"):
                rehearsal.happen(part["event"])
        except (Impossible, intents.Stuck) as error:
            found.append(f"Schritt {number}: {error}")
            break
    found += rehearsal.deviations
    found += _result(expect, rehearsal)
    return rehearsal.reached(), found


def _step(expect: Mapping[str, Any], rehearsal: Rehearsal) -> Iterator[str]:
    """Compare what a process wants since the last event."""
    fresh = rehearsal.fresh
    amounts = [each.amount for each in fresh if isinstance(each, intents.Collect)]
    actual: dict[str, Any] = {
        "intents": rehearsal.wanted(),
        "amount": sum(amounts),
        "tasks": rehearsal.tasks(),
        "messages": [each.message for each in fresh if isinstance(each, intents.Tell)],
        "documents": [each.document for each in fresh if isinstance(each, intents.Write)],
        "mapping": next(
            (each.mapping for each in fresh if isinstance(each, intents.Deliver)), None
        ),
        "waits": rehearsal.waits(timers=False),
        "waiting": rehearsal.waits(timers=False),
        "timers": rehearsal.waits(timers=True),
        "outcome": rehearsal.outcome,
    }
    for word, wanted in expect.items():
        if word not in actual:
            yield f"{word} kann man nicht erwarten; es gibt: {', '.join(actual)}."
        elif actual[word] != wanted:
            yield f"{word}: erwartet {_list(wanted)}, bekommen {_list(actual[word])}."


def _result(expect: Mapping[str, Any], rehearsal: Rehearsal) -> Iterator[str]:
    """Compare what came of the case in the end."""
    for name, wanted in (expect.get("documents") or {}).items():
        text = rehearsal.text(name)
        if text is None:
            yield f"Das Dokument {name} wurde nicht geschrieben."
            continue
        for part in wanted.get("contains") or ():
            if _folded(part) not in text:
                yield f"Dokument {name}: {part!r} fehlt."
        for part in wanted.get("lacks") or ():
            if _folded(part) in text:
                yield f"Dokument {name}: {part!r} darf nicht darin stehen."
    if "messages" in expect and list(expect["messages"]) != rehearsal.messages:
        yield (
            f"Nachrichten: erwartet {_list(expect['messages'])}, "
            f"gesendet {_list(rehearsal.messages)}."
        )
    if "deliveries" in expect:
        yield from _deliveries(expect["deliveries"], rehearsal)
    if "outcome" in expect:
        wanted = None if expect["outcome"] == "open" else expect["outcome"]
        if wanted != rehearsal.outcome:
            yield f"Ergebnis: erwartet {wanted}, bekommen {rehearsal.outcome}."


def _deliveries(expected: list[Mapping[str, Any]], rehearsal: Rehearsal) -> Iterator[str]:
    names = [name for name, _ in rehearsal.deliveries]
    if [each.get("mapping") for each in expected] != names:
        yield f"Übergaben: {len(expected)} erwartet, bekommen {_list(names)}."
        return
    for wanted, (name, content) in zip(expected, rehearsal.deliveries, strict=True):
        yield from contained(wanted.get("contains") or {}, content, f"Übergabe {name}")


def contained(wanted: Any, actual: Any, where: str) -> Iterator[str]:
    """Yield where `actual` lacks what `wanted` names; objects may hold more, lists may not."""
    if isinstance(wanted, Mapping) and isinstance(actual, Mapping):
        for key, value in wanted.items():
            if key in actual:
                yield from contained(value, actual[key], f"{where}/{key}")
            else:
                yield f"{where}/{key} fehlt."
    elif isinstance(wanted, list) and isinstance(actual, list) and len(wanted) == len(actual):
        for place, (first, second) in enumerate(zip(wanted, actual, strict=True)):
            yield from contained(first, second, f"{where}/{place}")
    elif wanted != actual or isinstance(wanted, bool) is not isinstance(actual, bool):
        yield f"{where}: erwartet {wanted!r}, bekommen {actual!r}."


def _folded(text: object) -> str:
    """Fold white space, also the narrow and fixed ones that typography puts into texts."""
    return " ".join(str(text).split())


def _list(values: Any) -> str:
    if isinstance(values, list):
        return ", ".join(map(str, values)) or "nichts"
    return str(values)
