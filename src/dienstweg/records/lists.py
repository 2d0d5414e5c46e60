"""What the archive says of a case besides its files: each list as data, with names and words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dienstweg.accounts import queries as accounts
from dienstweg.blueprint import deadlines
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseView, TaskFile
from dienstweg.deliveries import queries as deliveries
from dienstweg.events import queries as events
from dienstweg.inbox import queries as inbox
from dienstweg.payments import queries as payments
from dienstweg.processes import queries as processes
from dienstweg.records import participants

LANG = "de"
"""The language of files; the official one (section 23 VwVfG)."""


@dataclass(frozen=True, slots=True)
class Known:
    """A case, its key and release, and the names of those of the staff who worked on it."""

    case: CaseView
    release: Release
    people: Mapping[UUID, str]
    key: bytes = field(repr=False)

    def name(self, account_id: UUID | None) -> str:
        """Return who that is; their id where they have left."""
        if account_id is None:
            return ""
        return self.people.get(account_id) or str(account_id)

    def actor(self, actor: str) -> str:
        """Return who has done something, as the timeline names them."""
        kind, _, own = actor.partition(":")
        return self.name(UUID(own)) if kind == "staff" else actor


def known(case: CaseView, key: bytes, release: Release) -> Known:
    """Return what is to be known before the lists are made."""
    tasks = [one.card for one in cases.tasks(case.id, key=key)]
    corrections = [one.card for one in cases.corrections(case.id, key=key)]
    found = {one.account_id for one in cases.notes(case.id, key=key)}
    found |= {
        who for one in tasks for who in (one.decided_by, one.proposed_by, one.assignee) if who
    }
    found |= {one.asked_by for one in corrections if one.asked_by}
    actors = [one.actor.partition(":") for one in events.timeline(case.id)]
    found |= {UUID(own) for kind, _, own in actors if kind == "staff"}
    return Known(case, release, accounts.names(found), key)


def timeline(about: Known) -> Any:
    """Return what has happened, the oldest first."""
    return [
        {
            "event": one.name,
            "at": one.happened_at,
            "by": about.actor(one.actor),
            "data": one.data,
        }
        for one in events.timeline(about.case.id)
    ]


def decisions(about: Known) -> Any:
    """Return what caseworkers were asked and have decided: who, when, with which reason."""
    return [_decision(about, one) for one in cases.tasks(about.case.id, key=about.key)]


def _decision(about: Known, task: TaskFile) -> Mapping[str, Any]:
    card, words = task.card, f"tasks.{task.card.task}"
    return {
        "key": card.key,
        "title": about.release.text(LANG, f"{words}.title", card.task),
        "about": task.item,
        "role": card.role,
        "state": card.state,
        "asked_at": card.asked_at,
        "due_at": card.due_at,
        "assignee": about.name(card.assignee),
        "proposed_by": about.name(card.proposed_by),
        "proposed_at": card.proposed_at,
        "decided_by": about.name(card.decided_by),
        "decided_at": card.decided_at,
        "outcome": card.outcome,
        "answer": about.release.text(LANG, f"{words}.outcomes.{card.outcome}", card.outcome),
        "reason": task.reason,
        "data": task.data,
        "remark": task.remark,
    }


def periods(about: Known) -> Any:
    """Return the legal periods: when they began and end, how they stand, by which law."""
    rules = deadlines.rules(about.release)
    return [
        {
            "name": one.name,
            "title": about.release.text(LANG, f"deadlines.{one.name}.title", one.name),
            "law": rules[one.name].law if one.name in rules else "",
            "state": one.state,
            "starts_at": one.starts_at,
            "last_day": one.last_day,
            "suspended_at": one.suspended_at,
            "suspended_days": one.suspended_days,
            "met_at": one.met_at,
            "reminded_at": one.reminded_at,
            "escalated_to": one.escalated_to,
        }
        for one in processes.deadlines([about.case.id])[about.case.id]
    ]


def corrections(about: Known) -> Any:
    """Return what was asked back or offered, and what came of it."""
    return [
        {
            "state": one.card.state,
            "asked_by": about.name(one.card.asked_by) or "applicant",
            "asked_at": one.card.asked_at,
            "due_on": one.card.due_on,
            "ended_at": one.card.ended_at,
            "version_before": one.card.base,
            "version_made": one.card.made,
            "marks": one.marks,
            "documents": one.documents,
            "subject": one.subject,
            "body": one.body,
            "remark": one.remark,
        }
        for one in cases.corrections(about.case.id, key=about.key)
    ]


def messages(about: Known) -> Any:
    """Return what was written to the applicant and to parties, and when it was read or posted."""
    own = about.case.id
    found = [{"to": "applicant", "message": one} for one in inbox.of_case(own, key=about.key)]
    for party in cases.parties(own, key=about.key):
        found += [
            {"to": f"party:{party.id}", "message": one}
            for one in inbox.of_party(own, party.id, key=about.key)
        ]
    return found


def money(about: Known) -> Any:
    """Return what was to be paid and was paid, and what went back; amounts in cents."""
    return {
        "payments": payments.of_case(about.case.id),
        "refunds": payments.refunds_of_case(about.case.id),
    }


def handed_over(about: Known) -> Any:
    """Return what back offices were given, and what they have said to it."""
    return deliveries.of_case(about.case.id)


def notes(about: Known) -> Any:
    """Return what caseworkers have noted for each other."""
    return [
        {"by": about.name(one.account_id), "at": one.at, "text": one.text}
        for one in cases.notes(about.case.id, key=about.key)
    ]


def people(about: Known) -> Any:
    """Return who took part, what they were asked, have answered, handed in and signed."""
    return participants.told(about.case.id, key=about.key, release=about.release, lang=LANG)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as a file of the archive: its name, what it is called, who makes it."""

    file: str
    title: str
    make: Callable[[Known], Any]


SHEETS = (
    Sheet("verlauf.json", "Verlauf", timeline),
    Sheet("entscheidungen.json", "Aufgaben und Entscheidungen", decisions),
    Sheet("beteiligte.json", "Beteiligte, ihre Antworten und Unterschriften", people),
    Sheet("fristen.json", "Fristen", periods),
    Sheet("nachforderungen.json", "Nachforderungen und Korrekturen", corrections),
    Sheet("nachrichten.json", "Nachrichten", messages),
    Sheet("zahlungen.json", "Zahlungen und Erstattungen", money),
    Sheet("uebergaben.json", "Übergaben an Fachverfahren", handed_over),
    Sheet("notizen.json", "Notizen", notes),
)
"""What is known of a case, in the order of the archive."""
