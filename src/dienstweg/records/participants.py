"""Who took part in a case: what they were asked, said, handed in and signed, when they looked."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dienstweg.accounts import queries as accounts
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import PaperCard, PartyCard, SignatureCard, TaskFile
from dienstweg.files import queries as files

OWN: Mapping[str, str] = {
    "acknowledge": "Kenntnisnahme",
    "agree": "Zustimmung",
    "opinion": "Stellungnahme",
    "acknowledged": "zur Kenntnis genommen",
    "agreed": "stimmt zu",
    "objected": "hat Einwände",
    "given": "abgegeben",
}
"""What roles are asked without a task of the process, and the answers to it, in words."""


def told(case_id: UUID, *, key: bytes, release: Release, lang: str) -> Mapping[str, Any]:
    """Return the parties of a case with everything of theirs, and what was to be signed.

    ``asked_of_all`` are questions to a role that none of its people has answered yet. What came on
    paper says so.
    """
    papers = cases.papers(case_id)
    tasks = [
        (owner, _asked(one, release, lang) | _paper(papers, one.card.id))
        for owner, one in _tasks(case_id, key)
    ]
    signatures = cases.signatures(case_id, key=key)
    handed, visits = _handed_in(case_id, key), cases.visits(case_id)
    return {
        "people": [
            {
                **_person(card, release, lang),
                "asked": [task for owner, task in tasks if owner == card.id],
                "signatures": [
                    _signature(one) | _paper(papers, one.id)
                    for one in signatures
                    if one.party_id == card.id
                ],
                "handed_in": [
                    file | _paper(papers, file["id"]) for owner, file in handed if owner == card.id
                ],
                "visits": [
                    {"at": one.at, "purpose": one.purpose}
                    for one in visits
                    if one.party_id == card.id
                ],
            }
            for card in cases.parties(case_id, key=key)
        ],
        "asked_of_all": [task for owner, task in tasks if owner is None],
        "to_be_signed": cases.signings(case_id),
    }


def _paper(papers: Mapping[UUID, PaperCard], about_id: UUID) -> dict[str, Any]:
    """Return that something came on paper, if it did: when, and which file the scan of it is."""
    one = papers.get(about_id)
    if one is None:
        return {}
    return {
        "on_paper": {
            "came_on": one.came_on,
            "scan": one.file_id,
            "noted_by": accounts.names({one.noted_by}).get(one.noted_by) or one.noted_by,
            "noted_at": one.noted_at,
        }
    }


def _handed_in(case_id: UUID, key: bytes) -> Sequence[tuple[UUID, dict[str, Any]]]:
    """Return what parties have handed in, each with who did."""
    proofs = cases.proofs(case_id)
    cards = {one.id: one for one in files.cards(case_id, key=key)} if proofs else {}
    return [
        (
            one.party_id,
            {
                "id": one.file_id,
                "name": cards[one.file_id].name,
                "sha256": cards[one.file_id].sha256,
                "at": one.handed_in_at,
            },
        )
        for one in proofs
        if one.file_id in cards
    ]


def _tasks(case_id: UUID, key: bytes) -> Sequence[tuple[UUID | None, TaskFile]]:
    found = cases.party_tasks(case_id, key=key)
    return [(owner, one) for owner, one in found if one.card.state != "withdrawn"]


def _person(card: PartyCard, release: Release, lang: str) -> Mapping[str, Any]:
    return {
        "id": card.id,
        "role": card.role,
        "title": release.text(lang, f"parties.{card.role}.title", card.role),
        "name": card.name,
        "email": card.email,
        "address": card.address,
        "state": card.state,
        "declined": card.decline_reason,
        "by_post": card.by_post,
        "posted_at": card.posted_at,
        "invited_at": card.invited_at,
        "due_at": card.due_at,
        "reminded_at": card.reminded_at,
        "joined_at": card.joined_at,
    }


def _asked(task: TaskFile, release: Release, lang: str) -> dict[str, Any]:
    card, words = task.card, f"tasks.{task.card.task}"
    title, answer = OWN.get(card.task, card.task), OWN.get(card.outcome, card.outcome)
    return {
        "key": card.key,
        "title": release.text(lang, f"{words}.title", title),
        "about": task.item,
        "state": card.state,
        "asked_at": card.asked_at,
        "due_at": card.due_at,
        "answered_at": card.decided_at,
        "outcome": card.outcome,
        "answer": release.text(lang, f"{words}.outcomes.{card.outcome}", answer),
        "reason": task.reason,
    }


def _signature(one: SignatureCard) -> dict[str, Any]:
    return {
        "for": one.signing_key,
        "version": one.version,
        "sha256": one.sha256,
        "state": one.state,
        "at": one.signed_at,
        "name": one.name,
        "reason": one.reason,
    }
