"""Puts together what the page of a case shows, from the rooms that know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from dienstweg.accounts import queries as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.deliveries import queries as deliveries
from dienstweg.design.words import say
from dienstweg.desk import application, panels, tasknames
from dienstweg.desk.door import Desk
from dienstweg.desk.moments import moment
from dienstweg.desk.reading import day_or_none
from dienstweg.documents import queries as documents
from dienstweg.events import queries as events
from dienstweg.inbox import queries as inbox
from dienstweg.offers import queries as offers
from dienstweg.payments import queries as payments

KINDS = {"open": "info", "closed": "success", "withdrawn": "warning"}
"""State of a case -> the look of its badge."""


_WITH_OUTCOME = frozenset({"task.proposed", "task.decided", "party.answered"})
"""What tells of an outcome of a task."""

KEYS = (
    ("e", "decide"),
    ("f", "ask"),
    ("a", "application"),
    ("u", "attachments"),
    ("n", "note"),
    ("v", "timeline"),
    ("d", "print"),
    ("l", "tasks"),
    ("w", "next"),
    ("?", "help"),
)
"""Single keys on the page of a case, with the word for what they do."""


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the timeline."""

    title: str
    when: str
    text: str


def context(desk: Desk, file: cases.CaseFile, lang: str) -> dict[str, Any]:
    """Return everything that the template of a case needs."""
    case = file.case
    release = offers.release(case.digest)
    return {
        "case": case,
        "works": desk.works_at(case.authority_id),
        "authority_name": authorities.card(case.authority_id).name,
        "others": _others(case),
        "service": release.text(lang, "service.title", ""),
        "state": say(lang, f"desk.state.{case.state}"),
        "state_kind": KINDS.get(case.state, "info"),
        "outcome": release.text(lang, f"outcomes.{case.outcome}", case.outcome),
        "submitted": moment(case.submitted_at),
        "sections": application.sections(file, release, lang),
        "data": application.as_data(file),
        "version": file.application.version,
        "attachments": application.attached(file, release, lang),
        "contact": file.contact,
        "withdrawal": file.withdrawal,
        "keys": [(key, say(lang, f"desk.keys.{word}")) for key, word in KEYS],
        "panels": panels.of_case(desk, file, release, lang),
        "documents": documents.of_case(case.id),
        "messages": inbox.of_case(case.id, key=file.key),
        "payments": payments.of_case(case.id),
        "deliveries": deliveries.of_case(case.id),
        "timeline": _timeline(events.timeline(case.id), file, release, lang),
    }


def _others(case: cases.CaseView) -> Mapping[str, str]:
    """Return by what they have to do with the case the names of other authorities."""
    found = {"gone": case.moved_to, "going": case.handing_to, "came": case.came_from}
    return {name: authorities.card(one).name for name, one in found.items() if one is not None}


def _timeline(
    entries: Sequence[events.Entry], file: cases.CaseFile, release: Release, lang: str
) -> list[Happening]:
    """Return what has happened, each with what it is about, what came of it, and who did it."""
    about = {one.card.key: one.item for one in file.tasks}
    people = accounts.names({one for entry in entries if (one := _person(entry))})
    return [
        Happening(
            title=say(lang, f"desk.event.{entry.name.replace('.', '_')}"),
            when=moment(entry.happened_at),
            text=" · ".join(
                one
                for one in (
                    _task(entry, about, release, lang),
                    _result(entry, release, lang),
                    _by(entry, people),
                )
                if one
            ),
        )
        for entry in entries
    ]


def _task(entry: events.Entry, about: Mapping[str, Any], release: Release, lang: str) -> str:
    """Return which task it is about: several may be open at once."""
    if not entry.name.startswith("task."):
        return ""
    key = str(entry.data.get("key") or "")
    return tasknames.title(release, lang, tasknames.task_of(key), about.get(key)) if key else ""


def _result(entry: events.Entry, release: Release, lang: str) -> str:
    """Return what came of it: how a payment went, what came on paper, what a decision says."""
    if entry.name == "payment.settled":
        return say(lang, f"desk.payment.{entry.data.get('state', '')}")
    if entry.name == "process.arrival_noted":
        return _arrival(entry, release, lang)
    if entry.name == "party.noted_on_paper":
        return _on_paper(entry, lang)
    return _outcome(entry, release, lang)


def _outcome(entry: events.Entry, release: Release, lang: str) -> str:
    """Return how a task was decided or answered, or how the case ended."""
    outcome = str(entry.data.get("outcome") or "")
    if entry.name == "case.closed":
        return release.text(lang, f"outcomes.{outcome}", outcome)
    task = tasknames.task_of(str(entry.data.get("key") or ""))
    if entry.name == "party.answered" and outcome in tasknames.OWN_ANSWERS:
        return say(lang, f"desk.parties.answer.{outcome}")
    if entry.name in _WITH_OUTCOME:
        return tasknames.outcome(release, lang, task, outcome)
    return ""


def _arrival(entry: events.Entry, release: Release, lang: str) -> str:
    """Return what came by paper, and when."""
    name, day = str(entry.data.get("arrival")), day_or_none(str(entry.data.get("on")))
    title = release.text(lang, f"arrivals.{name}.title", name)
    return say(lang, "desk.arrival.noted", title=title, day=f"{day:%d.%m.%Y}" if day else "")


def _on_paper(entry: events.Entry, lang: str) -> str:
    day = date.fromisoformat(str(entry.data["came_on"]))
    what = say(lang, f"desk.paper.noted_{entry.data['what']}")
    return say(lang, "desk.paper.of", what=what, day=f"{day:%d.%m.%Y}")


def _person(entry: events.Entry) -> UUID | None:
    kind, _, own = entry.actor.partition(":")
    return UUID(own) if kind == "staff" else None


def _by(entry: events.Entry, people: Mapping[UUID, str]) -> str:
    person = _person(entry)
    return people.get(person, "") if person else ""
