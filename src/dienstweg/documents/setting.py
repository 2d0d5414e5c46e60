"""Sets the documents of a case: what a template gets to know, and the kept child that sets it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from dienstweg.authorities import queries as authorities
from dienstweg.authorities.queries import AuthorityCard
from dienstweg.blueprint import appeals
from dienstweg.blueprint import documents as layout
from dienstweg.blueprint.pages import from_application, summary
from dienstweg.blueprint.typesetter import Typesetter
from dienstweg.blueprint.verification import verification
from dienstweg.cases import queries as cases
from dienstweg.documents.models import Document
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers

PAGE = "/pruefen"
"""The page at the authority's host on which anybody can verify a document."""


def pdf_of(row: Document, opened: cases.Opened, data: Mapping[str, Any]) -> bytes:
    """Return the PDF (PDF/A-3a and PDF/UA-1) of an ordered document.

    Its date is the day on which it was ordered, so that a repetition gives the same file.
    """
    page = authorities.public_url(row.authority_id, PAGE)
    known = {"verification": verification(row.code, page)} if row.code else {}
    return _set(opened, row.template, data, row.ordered_at, **known)


def draft_pdf(
    opened: cases.Opened, template: str, data: Mapping[str, Any], *, at: datetime
) -> bytes:
    """Return the PDF of what a document would be, marked as a draft and without a code."""
    return _set(opened, template, data, at, draft=True)


def _set(
    opened: cases.Opened, template: str, data: Mapping[str, Any], at: datetime, **known: Any
) -> bytes:
    case, application = opened.case, opened.application.data
    release = offers.release(case.digest)
    submitted = clock.local(case.submitted_at)
    sections = summary(
        release,
        from_application(release, application),
        lang=case.lang,
        today=submitted.date(),
        file_names={str(one.file_id): one.name for one in cases.attachments_of(opened)},
    )
    context = {
        "case_number": case.number,
        "authority": _letterhead(authorities.card(case.authority_id)),
        "application": application,
        "rows": [asdict(section) for section in sections],
        "submitted_at": submitted.strftime("%d.%m.%Y, %H:%M Uhr"),
        "date": clock.local(at).isoformat(),
        "outcome": data.get("outcome") or case.outcome,
        "reason": data.get("reason"),
        "data": data,
        "lang": case.lang,
        **known,
    }
    return typesetter().pdf(layout.source(release, template, context))


def _letterhead(card: AuthorityCard) -> dict[str, Any]:
    """Return what a letter says about the authority that writes it."""
    return {
        "name": card.name,
        "address": list(card.address),
        "phone": card.phone,
        "email": card.email,
        "accent": card.accent,
        "appeal": appeals.notice(card.name, card.address, card.appeal),
    }


@lru_cache(maxsize=1)
def typesetter() -> Typesetter:
    """Return the child process that this process keeps for typesetting."""
    return Typesetter()
