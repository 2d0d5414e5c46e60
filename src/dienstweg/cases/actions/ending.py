"""How a case ends: withdrawn by the applicant, closed by its process, and one day erased."""

import logging
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from dienstweg.accounts import actions as accounts
from dienstweg.assistants import actions as assistants
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.authorities.errors import NoSuchAuthority
from dienstweg.cases import places, queries, rules
from dienstweg.cases.actions import indexing
from dienstweg.cases.actions.corrections import end_corrections
from dienstweg.cases.actions.signing import end_signings
from dienstweg.cases.actions.tasks import forget_drafts
from dienstweg.cases.errors import NotAllowed
from dienstweg.cases.facts import CaseClosed, CaseErased, CaseWithdrawn
from dienstweg.cases.models import (
    Application,
    Attachment,
    Case,
    Correction,
    Note,
    Party,
    Signature,
    Task,
)
from dienstweg.events import actions as events
from dienstweg.files import actions as files
from dienstweg.kernel import clock, encryption, ledger
from dienstweg.mail import actions as mail

log = logging.getLogger("dienstweg.cases")


def withdraw(*, case_id: UUID, reason: str = "", actor: str = "applicant") -> None:
    """Withdraw the application at the applicant's wish; twice is once.

    Its tasks are taken back, the process hears of it. Raises `NoSuchCase`, `Erased`, and
    `NotAllowed` when the case is closed.
    """
    with transaction.atomic():
        row = queries.row_of(case_id, lock=True)
        key = queries.key_of(row)
        if row.state == "withdrawn":
            return
        if not rules.may(rules.CASE, row.state, "withdrawn"):
            raise NotAllowed
        place = places.case_place(row.authority_id, row.id, "withdrawal")
        Case.objects.filter(id=case_id).update(
            state="withdrawn",
            withdrawal=encryption.seal(key, reason.strip().encode(), *place),
            handing_to=None,
        )
        take_back_what_is_open(case_id)
        end_corrections(case_id=case_id)
        fact = CaseWithdrawn(authority_id=row.authority_id, case_id=case_id)
        events.record(fact, actor=actor)


def close(*, case_id: UUID, outcome: str) -> None:
    """Close the case with an ``outcome`` of its blueprint; a closed one stays as it is.

    Raises `NoSuchCase`.
    """
    with transaction.atomic():
        closable = Case.objects.filter(id=case_id, state__in=rules.sources(rules.CASE, "closed"))
        ended = {"state": "closed", "outcome": outcome, "closed_at": clock.now()}
        if not closable.update(**ended, handing_to=None):
            queries.row_of(case_id)
            return
        take_back_what_is_open(case_id)
        end_corrections(case_id=case_id)
        events.record(CaseClosed(authority_id=scope.one(), case_id=case_id, outcome=outcome))


def erase(*, case_id: UUID, reason: str) -> None:
    """Delete the case's data for good: key, files and everything sealed; safe to do twice.

    What other rooms sealed under the key cannot be read any more. ``reason`` is a word of our own
    (``retention``, ``request``). The number and the timeline, which hold nothing about people,
    stay. Noted outside the database first, for every restore. Raises `NoSuchCase`.
    """
    row = queries.row_of(case_id)
    ledger.append(Path(settings.DIENSTWEG_ERASURES), "case", str(row.authority_id), str(case_id))
    _erase(case_id, reason)


def replay_erasures() -> int:
    """Erase again whatever a restored backup has brought back; return how many entries were read.

    Called by the restore, without a scope. Safe to do twice.
    """
    entries = ledger.lines(Path(settings.DIENSTWEG_ERASURES))
    for kind, authority, subject in (entry[:3] for entry in entries if len(entry) >= 3):
        authority_id, subject_id = UUID(authority), UUID(subject)
        try:
            authorities.card(authority_id)
        except NoSuchAuthority:
            continue
        with scope.enter(scope.of(authority_id)):
            if kind == "account":
                accounts.forget(account_id=subject_id)
            elif kind == "draft":
                assistants.forget(draft_id=subject_id)
            elif Case.objects.filter(id=subject_id).exists():
                _erase(subject_id, "restored")
    return len(entries)


def _erase(case_id: UUID, reason: str) -> None:
    with transaction.atomic():
        row = queries.row_of(case_id, lock=True)
        if not rules.may(rules.CASE, row.state, "erased"):
            return
        Case.objects.filter(id=case_id).update(
            state="erased", wrapped_key=None, contact=None, withdrawal=None, code_hash=None
        )
        take_back_what_is_open(case_id)
        forget_drafts(Task.objects.filter(case_id=case_id))
        Task.objects.filter(case_id=case_id).update(sealed=None)
        Party.objects.filter(case_id=case_id).update(sealed=None, code_hash=None)
        Signature.objects.filter(case_id=case_id).update(sealed=None)
        assistants.forget_corrections(case_id=case_id)
        unended = Correction.objects.filter(case_id=case_id, state__in=queries.UNDER_WAY)
        unended.update(state="withdrawn", ended_at=clock.now())
        Correction.objects.filter(case_id=case_id).update(sealed=None)
        Note.objects.filter(case_id=case_id).delete()
        Attachment.objects.filter(case_id=case_id).delete()
        Application.objects.filter(case_id=case_id).delete()
        indexing.forget(case_id)
        files.discard(owner_id=case_id)
        mail.forget(case_id=case_id)
        events.record(CaseErased(authority_id=row.authority_id, case_id=case_id, reason=reason))
    log.info("case_erased authority=%s case=%s", row.authority_id, case_id)


def take_back_what_is_open(case_id: UUID) -> None:
    """Ask nothing more about a case: tasks and signatures are taken back; for this room."""
    unsettled = rules.sources(rules.TASK, "withdrawn")
    rows = Task.objects.filter(case_id=case_id, state__in=unsettled)
    forget_drafts(rows)
    rows.update(state="withdrawn")
    end_signings(case_id=case_id)
