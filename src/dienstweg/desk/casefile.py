"""Puts together what the page of a case shows, from the rooms that know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dienstweg.accounts import queries as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.blueprint.pages import from_application, summary
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.deliveries import queries as deliveries
from dienstweg.design.uploads import size
from dienstweg.design.words import say
from dienstweg.desk import panels
from dienstweg.desk.door import Desk
from dienstweg.desk.moments import moment
from dienstweg.documents import queries as documents
from dienstweg.events import queries as events
from dienstweg.files import queries as files
from dienstweg.inbox import queries as inbox
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.payments import queries as payments

KINDS = {"open": "info", "closed": "success", "withdrawn": "warning"}
"""State of a case -> the look of its badge."""


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
    application = dict(file.application.data)
    submitted = clock.local(case.submitted_at)
    return {
        "case": case,
        "authority_name": authorities.card(case.authority_id).name,
        "service": release.text(lang, "service.title", ""),
        "state": say(lang, f"desk.state.{case.state}"),
        "state_kind": KINDS.get(case.state, "info"),
        "outcome": release.text(lang, f"outcomes.{case.outcome}", case.outcome),
        "submitted": moment(case.submitted_at),
        "sections": summary(
            release,
            from_application(release, application),
            lang=lang,
            today=submitted.date(),
            file_names={str(one.file_id): one.name for one in file.attachments},
        ),
        "attachments": _attachments(file, lang),
        "contact": file.contact,
        "withdrawal": file.withdrawal,
        "panels": panels.of_case(desk, file, release, lang),
        "documents": documents.of_case(case.id),
        "messages": inbox.of_case(case.id, key=file.key),
        "payments": payments.of_case(case.id),
        "deliveries": deliveries.of_case(case.id),
        "timeline": _timeline(events.timeline(case.id), release, lang),
    }


def _attachments(file: cases.CaseFile, lang: str) -> list[tuple[cases.AttachmentCard, str, str]]:
    """Return each attachment with its size in words, and whether it may be read."""
    states = files.states(file.case.id) if file.attachments else {}
    return [
        (one, size(one.size, lang), states.get(one.file_id, "refused")) for one in file.attachments
    ]


def _timeline(entries: Sequence[events.Entry], release: Release, lang: str) -> list[Happening]:
    """Return what has happened, each with the person who did it and what came of it."""
    people = accounts.names({one for entry in entries if (one := _person(entry))})
    return [
        Happening(
            title=say(lang, f"desk.event.{entry.name.replace('.', '_')}"),
            when=moment(entry.happened_at),
            text=" · ".join(
                one for one in (_result(entry, release, lang), _by(entry, people)) if one
            ),
        )
        for entry in entries
    ]


def _result(entry: events.Entry, release: Release, lang: str) -> str:
    """Return what a decision says, or how a payment or the case ended."""
    if entry.name == "payment.settled":
        return say(lang, f"desk.payment.{entry.data.get('state', '')}")
    outcome = str(entry.data.get("outcome") or "")
    if entry.name == "case.closed":
        return release.text(lang, f"outcomes.{outcome}", outcome)
    if entry.name == "task.decided":
        key = entry.data.get("key")
        return release.text(lang, f"tasks.{key}.outcomes.{outcome}", outcome)
    return ""


def _person(entry: events.Entry) -> UUID | None:
    kind, _, own = entry.actor.partition(":")
    return UUID(own) if kind == "staff" else None


def _by(entry: events.Entry, people: Mapping[UUID, str]) -> str:
    person = _person(entry)
    return people.get(person, "") if person else ""
