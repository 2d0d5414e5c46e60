"""Who takes part in a case: how far each of them is, what they said, who has signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dienstweg.accounts import queries as accounts
from dienstweg.blueprint import parties as roles
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseFile, PartyCard, SignatureCard, TaskCard, TaskFile
from dienstweg.design.uploads import size
from dienstweg.design.words import say
from dienstweg.desk import application
from dienstweg.desk.door import Desk
from dienstweg.desk.moments import moment
from dienstweg.files import queries as files
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock

KINDS: Mapping[str, str] = {
    "invited": "info",
    "joined": "warning",
    "done": "success",
    "declined": "danger",
    "removed": "info",
}
"""State of a party -> the look of its badge."""


@dataclass(frozen=True, slots=True)
class OnPaper:
    """That something came on paper: on which day, who wrote it down, and the scan."""

    day: str
    by: str
    file_id: UUID


@dataclass(frozen=True, slots=True)
class Said:
    """What a party was asked, and its answer if there is one."""

    title: str
    answer: str
    reason: str
    paper: OnPaper | None


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that a party handed in; ``state`` as `files` has it."""

    id: UUID
    name: str
    size: str
    state: str
    paper: OnPaper | None


@dataclass(frozen=True, slots=True)
class Signed:
    """One party's signature in words: how it stands, when, under which version."""

    state: str
    when: str
    name: str
    reason: str
    version: int
    fingerprint: str
    paper: OnPaper | None


@dataclass(frozen=True, slots=True)
class Person:
    """A party as the desk shows it."""

    card: PartyCard
    role: str
    state: str
    kind: str
    overdue: bool
    due: str
    reminded: str
    said: Sequence[Said]
    handed: Sequence[Handed]
    signed: Sequence[Signed]
    removable: bool
    here: bool
    letter_waits: bool
    stranger: bool
    refused: bool

    @property
    def shown(self) -> bool:
        """Whether the desk shows them: of the removed who did something, or is to be told yet."""
        return self.here or self.letter_waits or not self.removable


@dataclass(frozen=True, slots=True)
class Parties:
    """All who take part, whether more can be invited, and what is missing for a signature."""

    people: Sequence[Person]
    open: bool
    roles: Sequence[tuple[str, str]]
    missing: Sequence[str]


def panel(_desk: Desk, file: CaseFile, release: Release, lang: str) -> Parties | None:
    """Return who takes part in the case; nothing where its blueprint knows of no parties."""
    declared = roles.roles(release)
    cards = cases.parties(file.case.id, key=file.key)
    if not declared and not cards:
        return None
    tasks = cases.party_tasks(file.case.id, key=file.key)
    signatures = cases.signatures(file.case.id, key=file.key)
    proofs = cases.proofs(file.case.id)
    kept = {one.id: one for one in files.cards(file.case.id, key=file.key)} if proofs else {}
    papers, now = _papers(file), clock.now()
    people = [
        _person(
            card,
            release,
            lang,
            now,
            papers=papers,
            tasks=[task for owner, task in tasks if owner == card.id],
            signatures=[one for one in signatures if one.party_id == card.id],
            handed=[
                kept[one.file_id]
                for one in proofs
                if one.party_id == card.id and one.file_id in kept
            ],
        )
        for card in cards
    ]
    return Parties(
        people=[one for one in people if one.shown],
        open=file.case.state == "open",
        roles=[(name, _role(release, name, lang)) for name in declared],
        missing=[_role(release, name, lang) for name in _missing(file, release, signatures)],
    )


def _person(
    card: PartyCard,
    release: Release,
    lang: str,
    now: datetime,
    *,
    papers: Mapping[UUID, OnPaper],
    tasks: Sequence[TaskFile],
    signatures: Sequence[SignatureCard],
    handed: Sequence[FileCard],
) -> Person:
    waits = card.state in ("invited", "joined")
    done = [one for one in tasks if one.card.state == "done"]
    signed = [one for one in signatures if one.state in ("signed", "declined")]
    void = cases.superseded(tasks)
    return Person(
        card=card,
        role=_role(release, card.role, lang),
        state=say(lang, f"desk.parties.state.{card.state}"),
        kind=KINDS[card.state],
        overdue=waits and card.due_at is not None and card.due_at < now,
        due=moment(card.due_at) if card.due_at and waits else "",
        reminded=moment(card.reminded_at) if card.reminded_at else "",
        said=[
            _said(one, release, lang, papers.get(one.card.id), void=one.card.id in void)
            for one in tasks
            if one.card.state != "withdrawn"
        ],
        handed=[
            Handed(one.id, one.name, size(one.size, lang), one.state, papers.get(one.id))
            for one in handed
        ],
        signed=[
            _signed(one, lang, papers.get(one.id)) for one in signatures if one.state != "withdrawn"
        ],
        removable=not (done or signed or handed),
        here=card.state != "removed",
        refused=any(one.state == "refused" for one in handed),
        stranger=card.not_meant_since is not None and card.state != "removed",
        letter_waits=card.by_post
        and card.posted_at is None
        and card.not_meant_since is None
        and (card.state != "removed" or card.news_since is not None),
    )


def _papers(file: CaseFile) -> Mapping[UUID, OnPaper]:
    """Return what came on paper, in words, by what it is about."""
    found = cases.papers(file.case.id)
    people = accounts.names({one.noted_by for one in found.values()}) if found else {}
    return {
        about: OnPaper(f"{one.came_on:%d.%m.%Y}", people.get(one.noted_by, ""), one.file_id)
        for about, one in found.items()
    }


def _said(
    task: TaskFile, release: Release, lang: str, paper: OnPaper | None, *, void: bool
) -> Said:
    """Return an answer in words; of one that counts no more it says so."""
    card = task.card
    said = answer(card, card.outcome, release, lang) if card.state == "done" else ""
    if said and void:
        said = say(lang, "desk.parties.superseded", answer=said)
    return Said(asked(card, release, lang), said, task.reason, paper)


def asked(card: TaskCard, release: Release, lang: str) -> str:
    """Return what a party is asked, in words: the desk's for what its role is always asked."""
    if card.key.startswith(cases.TASKS_OF):
        return say(lang, f"desk.parties.ask.{card.task}")
    return release.text(lang, f"tasks.{card.task}.title", card.task)


def answer(card: TaskCard, outcome: str, release: Release, lang: str) -> str:
    """Return an answer to what a party is asked, in words."""
    if card.key.startswith(cases.TASKS_OF):
        return say(lang, f"desk.parties.answer.{outcome}")
    return release.text(lang, f"tasks.{card.task}.outcomes.{outcome}", outcome)


def _signed(one: SignatureCard, lang: str, paper: OnPaper | None) -> Signed:
    return Signed(
        state=say(lang, f"desk.parties.signature.{one.state}"),
        when=moment(one.signed_at) if one.signed_at else "",
        name=one.name,
        reason=one.reason,
        version=one.version,
        fingerprint=one.sha256,
        paper=paper,
    )


def _role(release: Release, name: str, lang: str) -> str:
    return release.text(lang, f"parties.{name}.title", name)


def _missing(file: CaseFile, release: Release, signatures: Sequence[SignatureCard]) -> list[str]:
    """Return the roles that shall sign and of which nobody is known.

    One that the application leaves out (`when`) is not waited for.
    """
    signings = [one for one in cases.signings(file.case.id) if one.state == "open"]
    wanted = dict.fromkeys(role for one in signings for role in one.roles)
    known = {one.role for one in signatures if one.state != "withdrawn"}
    data, day = file.application.data, application.day_of(file)
    return [
        role for role in wanted if role not in known and roles.applies(release, role, data, day)
    ]
