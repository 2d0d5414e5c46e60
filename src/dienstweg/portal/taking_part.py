"""What a party sees of a case, in its own words: what is asked, what it may read, what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dienstweg.blueprint import parties as roles
from dienstweg.blueprint.pages import from_application, summary
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.views import SummarySection
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import PartyFile, SignatureCard, TaskFile
from dienstweg.design.question import Choice
from dienstweg.design.uploads import size
from dienstweg.design.words import say
from dienstweg.documents import queries as documents
from dienstweg.documents.queries import DocumentCard
from dienstweg.files import queries as files
from dienstweg.inbox import queries as inbox
from dienstweg.inbox.queries import MessageView
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.portal.moments import day, minute
from dienstweg.portal.party_doors import party_url

KINDS: Mapping[str, str] = {
    "invited": "info",
    "joined": "info",
    "done": "success",
    "declined": "warning",
}
"""State of a party -> the look of its badge."""


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that a party is asked to do, with the page on which it does it."""

    title: str
    url: str
    due: str
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """Something that a party has done: what, how, and when."""

    title: str
    answer: str
    text: str
    when: str
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that a party may open, or that it handed in; ``state`` as `files` has it."""

    id: UUID
    name: str
    size: str
    url: str
    state: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to a party, with its documents."""

    subject: str
    body: str
    when: str
    is_new: bool
    papers: Sequence[Paper]


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that a party's page says."""

    service: str
    role: str
    lead: str
    name: str
    state: str
    kind: str
    ended: bool
    declined: bool
    todos: Sequence[Todo]
    done: Sequence[Done]
    sections: Sequence[SummarySection]
    papers: Sequence[Paper]
    proofs: Sequence[Paper]
    letters: Sequence[Letter]
    upload_url: str
    decline_url: str
    not_signed: bool
    refused: bool


def describe(file: PartyFile, lang: str) -> Shown:
    """Return what a party sees, in words."""
    release, party = offers.release(file.case.digest), file.party
    declared = roles.role(release, party.role)
    ended = file.case.state != "open"
    declined = party.state == "declined"
    sections = seen(file, lang)
    proofs = _proofs(file, lang)
    active = not ended and not declined
    nothing_done = not (_done(file, release, lang) or proofs)
    uploads = declared is not None and declared.uploads and active
    return Shown(
        service=release.text(lang, "service.title", ""),
        role=release.text(lang, f"parties.{party.role}.title", party.role),
        lead=release.text(lang, f"parties.{party.role}.lead", ""),
        name=party.name,
        state=say(lang, f"portal.party.state.{'ended' if ended else party.state}"),
        kind="info" if ended else KINDS[party.state],
        ended=ended,
        declined=declined,
        todos=_todos(file, release, lang) if active else (),
        done=_done(file, release, lang),
        sections=sections,
        papers=_papers(file, sections, lang),
        proofs=proofs,
        letters=_letters(file, lang),
        upload_url=party_url(party.number, "party_uploads") if uploads else "",
        decline_url=party_url(party.number, "party_decline") if active and nothing_done else "",
        refused=any(one.state == "refused" for one in proofs),
        not_signed=any(one.state == "declined" for one in file.signatures),
    )


def seen(file: PartyFile, lang: str) -> Sequence[SummarySection]:
    """Return the part of the application that the party's role may read, and nothing else."""
    release = offers.release(file.case.digest)
    declared = roles.role(release, file.party.role)
    if declared is None or not declared.sees:
        return ()
    opened = cases.opened(file.case.id)
    names = {str(one.file_id): one.name for one in cases.attachments_of(opened)}
    sections = summary(
        release,
        from_application(release, dict(opened.application.data)),
        lang=lang,
        today=clock.local(file.case.submitted_at).date(),
        file_names=names,
    )
    return tuple(one for one in sections if one.page in declared.sees)


def readable_files(file: PartyFile, lang: str) -> frozenset[UUID]:
    """Return the files that the party may open: those on its pages, and its own."""
    shown = {UUID(one) for one in _on_pages(seen(file, lang))}
    return frozenset(shown | {one.file_id for one in file.proofs})


def readable_documents(file: PartyFile) -> frozenset[UUID]:
    """Return the documents that came with a message to the party."""
    return frozenset(one.id for one in _documents(file, _messages(file)).values())


def title_of(task: TaskFile, release: Release, lang: str) -> str:
    """Return what a task is called: in our words where the role alone asks it."""
    if task.card.key.startswith(cases.TASKS_OF):
        return say(lang, f"portal.party.ask.{task.card.task}.title")
    return release.text(lang, f"tasks.{task.card.task}.title", task.card.task)


def help_of(task: TaskFile, release: Release, lang: str) -> str:
    """Return what is said to a task."""
    if task.card.key.startswith(cases.TASKS_OF):
        return say(lang, f"portal.party.ask.{task.card.task}.help")
    return release.text(lang, f"tasks.{task.card.task}.help", "")


def choices_of(task: TaskFile, release: Release, lang: str, chosen: str) -> list[Choice]:
    """Return the answers among which a party chooses."""
    return [
        Choice(one, outcome_of(task, release, lang, one), one == chosen)
        for one in task.card.outcomes
    ]


def outcome_of(task: TaskFile, release: Release, lang: str, outcome: str) -> str:
    """Return what an answer is called."""
    if task.card.key.startswith(cases.TASKS_OF):
        return say(lang, f"portal.party.answer.{outcome}")
    return release.text(lang, f"tasks.{task.card.task}.outcomes.{outcome}", outcome)


def statement_of(release: Release, role: str, lang: str) -> str:
    """Return what one declares by signing, in the blueprint's words or in ours."""
    return release.text(lang, f"parties.{role}.sign", say(lang, "portal.party.sign.statement"))


def proof_first(file: PartyFile, lang: str) -> str:
    """Return what somebody must hand in before they can sign, as a sentence."""
    return say(lang, "portal.party.sign.proof_first", proof=_proof_of(file, lang))


def _proof_of(file: PartyFile, lang: str) -> str:
    """Return what the proof is called, in the blueprint's words or in ours."""
    release, ours = offers.release(file.case.digest), say(lang, "portal.party.sign.proof")
    return release.text(lang, f"parties.{file.party.role}.proof", ours)


def grouped(fingerprint: str) -> str:
    """Return a SHA-256 in groups that can be compared by eye."""
    return " ".join(fingerprint[start : start + 8] for start in range(0, len(fingerprint), 8))


def _todos(file: PartyFile, release: Release, lang: str) -> list[Todo]:
    number = file.party.number
    found = [
        Todo(
            title_of(one, release, lang),
            party_url(number, "party_task", task_id=one.card.id),
            day(one.card.due_at, lang) if one.card.due_at else "",
            cases.asked_anew(one.card),
        )
        for one in file.tasks
        if one.card.state == "open"
    ]
    due = day(file.party.due_at, lang) if file.party.due_at else ""
    to_sign = [one for one in file.signatures if one.state == "asked"]
    if file.proof_missing and any(one.state in ("asked", "signed") for one in file.signatures):
        title = say(lang, "portal.party.sign.proof_todo", proof=_proof_of(file, lang))
        found.append(Todo(title, party_url(number, "party_uploads"), due))
    return found + [
        Todo(
            say(lang, "portal.party.sign.todo"),
            party_url(number, "party_sign", signature_id=one.id),
            due,
        )
        for one in to_sign
    ]


def _done(file: PartyFile, release: Release, lang: str) -> list[Done]:
    void = cases.superseded(file.tasks)
    answers = [
        Done(
            title_of(one, release, lang),
            outcome_of(one, release, lang, one.card.outcome),
            one.reason,
            say(lang, "portal.party.sign.state.void") if one.card.id in void else "",
        )
        for one in file.tasks
        if one.card.state == "done"
    ]
    return answers + [
        _signed(one, lang) for one in file.signatures if one.state in ("signed", "declined", "void")
    ]


def _signed(one: SignatureCard, lang: str) -> Done:
    state = "void" if one.state == "void" else one.state
    return Done(
        say(lang, "portal.party.sign.done", version=one.version),
        say(lang, f"portal.party.sign.state.{state}"),
        one.reason or one.name,
        minute(one.signed_at, lang) if one.signed_at else "",
        grouped(one.sha256) if one.state == "signed" else "",
    )


def _on_pages(sections: Sequence[SummarySection]) -> list[str]:
    return [one for section in sections for row in section.rows for one in row.files]


def _papers(file: PartyFile, sections: Sequence[SummarySection], lang: str) -> list[Paper]:
    wanted = set(_on_pages(sections))
    if not wanted:
        return []
    cards = cases.attachments(file.case.id, key=file.key)
    states = files.states(file.case.id)
    return [
        Paper(
            one.file_id,
            one.name,
            size(one.size, lang),
            party_url(file.party.number, "party_file", file_id=one.file_id),
            states.get(one.file_id, "refused"),
        )
        for one in cards
        if str(one.file_id) in wanted
    ]


def _proofs(file: PartyFile, lang: str) -> list[Paper]:
    if not file.proofs:
        return []
    cards = {one.id: one for one in files.cards(file.case.id, key=file.key)}
    return [
        Paper(
            one.id,
            one.name,
            size(one.size, lang),
            party_url(file.party.number, "party_file", file_id=one.id),
            one.state,
        )
        for proof in file.proofs
        if (one := cards.get(proof.file_id)) is not None
    ]


def _messages(file: PartyFile) -> Sequence[MessageView]:
    return inbox.of_party(file.case.id, file.party.id, key=file.key)


def _documents(file: PartyFile, messages: Sequence[MessageView]) -> Mapping[str, DocumentCard]:
    """Return by key the documents that the messages to a party speak of."""
    keys = [key for one in messages for key in one.documents]
    found = documents.of_case(file.case.id, keys=keys) if keys else []
    return {one.key: one for one in found}


def _letters(file: PartyFile, lang: str) -> list[Letter]:
    messages = _messages(file)
    cards = _documents(file, messages)
    papers = {
        key: Paper(
            card.id,
            card.title,
            size(card.size, lang),
            party_url(file.party.number, "party_file", file_id=card.id),
            "ready",
        )
        for key, card in cards.items()
    }
    return [
        Letter(
            one.subject,
            one.body,
            minute(one.provided_at, lang),
            one.first_opened_at is None,
            [papers[key] for key in one.documents if key in papers],
        )
        for one in messages
    ]
