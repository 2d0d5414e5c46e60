"""Who takes part in a case: how far each of them is, what they said, who has signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dienstweg.blueprint import parties as roles
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseFile, PartyCard, SignatureCard, TaskFile
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
class Said:
    """What a party was asked, and its answer if there is one."""

    title: str
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that a party handed in; ``state`` as `files` has it."""

    id: UUID
    name: str
    size: str
    state: str


@dataclass(frozen=True, slots=True)
class Signed:
    """One party's signature in words: how it stands, when, under which version."""

    state: str
    when: str
    name: str
    reason: str
    version: int
    fingerprint: str


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
    now = clock.now()
    people = [
        _person(
            card,
            release,
            lang,
            now,
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
    tasks: Sequence[TaskFile],
    signatures: Sequence[SignatureCard],
    handed: Sequence[FileCard],
) -> Person:
    waits = card.state in ("invited", "joined")
    done = [one for one in tasks if one.card.state == "done"]
    signed = [one for one in signatures if one.state in ("signed", "declined")]
    return Person(
        card=card,
        role=_role(release, card.role, lang),
        state=say(lang, f"desk.parties.state.{card.state}"),
        kind=KINDS[card.state],
        overdue=waits and card.due_at is not None and card.due_at < now,
        due=moment(card.due_at) if card.due_at and waits else "",
        reminded=moment(card.reminded_at) if card.reminded_at else "",
        said=[_said(one, release, lang) for one in tasks if one.card.state != "withdrawn"],
        handed=[Handed(one.id, one.name, size(one.size, lang), one.state) for one in handed],
        signed=[_signed(one, lang) for one in signatures if one.state != "withdrawn"],
        removable=not (done or signed or handed),
        here=card.state != "removed",
        letter_waits=card.by_post
        and card.posted_at is None
        and (card.state != "removed" or card.news_since is not None),
    )


def _said(task: TaskFile, release: Release, lang: str) -> Said:
    card = task.card
    own = card.key.startswith(cases.TASKS_OF)
    if own:
        title = say(lang, f"desk.parties.ask.{card.task}")
    else:
        title = release.text(lang, f"tasks.{card.task}.title", card.task)
    answer = ""
    if card.state == "done":
        answer = (
            say(lang, f"desk.parties.answer.{card.outcome}")
            if own
            else release.text(lang, f"tasks.{card.task}.outcomes.{card.outcome}", card.outcome)
        )
    return Said(title, answer, task.reason)


def _signed(one: SignatureCard, lang: str) -> Signed:
    return Signed(
        state=say(lang, f"desk.parties.signature.{one.state}"),
        when=moment(one.signed_at) if one.signed_at else "",
        name=one.name,
        reason=one.reason,
        version=one.version,
        fingerprint=one.sha256,
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
