"""Who gets to see a case: the process, a caseworker (logged), the applicant (guess-limited)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import codes, queries, rules
from dienstweg.cases.errors import TooManyTries, WrongNumberOrCode
from dienstweg.cases.facts import CaseOpened, CodeRenewed
from dienstweg.cases.models import Case, Party, Reading
from dienstweg.cases.queries import ApplicationView, CaseFile, CaseView
from dienstweg.events import actions as events
from dienstweg.kernel import clock, references
from dienstweg.mail import actions as mail


@dataclass(frozen=True, slots=True)
class Held:
    """A case whose row this transaction holds, its key, its application, what was asked besides."""

    case: CaseView
    key: bytes = field(repr=False)
    application: ApplicationView = field(repr=False)
    besides: list[list[Any]] = field(default_factory=list, repr=False)


def hold(*, case_id: UUID, besides: Sequence[scope.Asked] = ()) -> Held:
    """Lock the case until the transaction ends; raises `NoSuchCase`, `Erased`.

    ``besides`` are rows of the caller's own room, asked in the same message, after the lock.
    """
    row, others = queries.held(case_id, *besides)
    opened = queries.opened_of(row)
    return Held(opened.case, opened.key, opened.application, others)


def open_for(*, case_id: UUID, account_id: UUID, purpose: str = "work") -> CaseFile:
    """Return everything about a case for a caseworker, and write down that it was read.

    ``purpose`` is a word of our own. Raises `NoSuchCase`, `Erased`.
    """
    row = queries.row_of(case_id)
    key = queries.key_of(row)
    with transaction.atomic():
        first = not Reading.objects.filter(case_id=case_id).exists()
        Reading(
            authority_id=row.authority_id,
            case_id=case_id,
            account_id=account_id,
            at=clock.now(),
            purpose=purpose,
        ).save(force_insert=True)
        if first:
            fact = CaseOpened(authority_id=row.authority_id, case_id=case_id)
            events.record(fact, actor=f"staff:{account_id}")
    return CaseFile(
        case=queries.view_of(row),
        application=queries.application(case_id, key=key),
        attachments=tuple(queries.attachments(case_id, key=key)),
        contact=queries.contact_of(row, key),
        withdrawal=queries.withdrawal_of(row, key),
        tasks=tuple(queries.tasks(case_id, key=key)),
        key=key,
    )


def let_in(*, number: str, code: str) -> CaseView:
    """Return the case that number and access code open, however they were typed.

    Raises `WrongNumberOrCode` (the same for an unknown number), and `TooManyTries` after
    `rules.TRIES` wrong codes for a case, even if this one is right.
    """
    row = Case.objects.filter(number=references.normalise(number)).first()
    if row is None:
        raise WrongNumberOrCode
    now = clock.now()
    wrong, since, until = rules.guesses(now=now, wrong=row.wrong_codes, since=row.wrong_since)
    if until is not None:
        raise TooManyTries(until)
    if codes.fits(row, code):
        return queries.view_of(row)
    if since is None:
        Case.objects.filter(id=row.id).update(wrong_codes=wrong + 1, wrong_since=now)
    else:
        Case.objects.filter(id=row.id).update(wrong_codes=F("wrong_codes") + 1)
    raise WrongNumberOrCode


def renew_code(*, number: str, email: str) -> None:
    """Send a new access code, if the case has this confirmed address; never says whether.

    The old code is no longer valid then. At most once in `rules.RENEW_PAUSE`.
    """
    with transaction.atomic():
        rows = Case.objects.select_for_update(no_key=True)
        row = rows.filter(number=references.normalise(number)).first()
        known = "" if row is None else _address_of(row)
        if row is None or not known or not _may_renew(row, known, email):
            return
        code = _new_code(row)
        mail.send(
            authority_id=row.authority_id,
            to=known,  # never what was typed: two addresses that fold alike are two mailboxes
            template="code_lost",
            context={
                "code": code,
                "link": authorities.public_url(row.authority_id, "/vorgang"),
            },
            key=f"code:{references.new_id()}",
            lang=row.lang,
            case_id=row.id,
        )
        fact = CodeRenewed(authority_id=row.authority_id, case_id=row.id)
        events.record(fact, actor="applicant")


def let_go_of_account(*, account_id: UUID) -> None:
    """Name an account that is deleted no longer at the scope's cases, which stay as they are.

    Nor at the parties who came in with it. Number and code open them, as before.
    """
    Case.objects.filter(account_id=account_id).update(account_id=None)
    Party.objects.filter(account_id=account_id).update(account_id=None)


def new_code_by_post(*, case_id: UUID, account_id: UUID) -> str:
    """Return a new access code for a caseworker to post; the old one is no longer valid.

    Raises `NoSuchCase`, `Erased`.
    """
    with transaction.atomic():
        row = queries.row_of(case_id, lock=True)
        queries.key_of(row)
        code = _new_code(row)
        fact = CodeRenewed(authority_id=row.authority_id, case_id=case_id)
        events.record(fact, actor=f"staff:{account_id}")
    return code


def _address_of(row: Case) -> str:
    """Return the confirmed address of a case; empty where there is none, or it is erased."""
    if row.wrapped_key is None:
        return ""
    contact = queries.contact_of(row, queries.key_of(row))
    return contact.email if contact.confirmed else ""


def _may_renew(row: Case, known: str, typed: str) -> bool:
    last = row.code_renewed_at
    paused = last is not None and clock.now() - last < rules.RENEW_PAUSE
    return not paused and known.casefold() == typed.strip().casefold()


def _new_code(row: Case) -> str:
    code = references.secret_code()
    Case.objects.filter(id=row.id).update(
        code_hash=codes.digest(row.id, code),
        code_of=None,
        code_renewed_at=clock.now(),
        wrong_codes=0,
        wrong_since=None,
    )
    return code
