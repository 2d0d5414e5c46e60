"""The log of who read what, for the data-protection officer; that it was read is logged, too."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from dienstweg.accounts import queries as accounts
from dienstweg.authorities import queries as authorities
from dienstweg.authorities import scope
from dienstweg.cases import actions
from dienstweg.cases import queries as cases
from dienstweg.design.words import say
from dienstweg.desk.door import DATA_PROTECTION, Desk, View, page, staff
from dienstweg.desk.moments import moment
from dienstweg.desk.paging import page_of
from dienstweg.desk.reading import day_or_none, moment_or_none, uuid_or_none
from dienstweg.kernel import clock
from dienstweg.reception import pages
from dienstweg.reception import visit as visits
from dienstweg.reception.downloads import download

EXPORTED = 10_000
"""Lines of one file: more are taken by narrower days."""
PURPOSES = frozenset(
    {
        "work",
        "ask",
        "attachment",
        "look",
        "print",
        "document",
        "export",
        "preview",
        "parties",
        "proof",
        "handing_over",
    }
)
"""What a case is read for, as far as there are words for it; others stand as they are."""
_LONGEST = 60
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for in the log, as typed; ``case_id`` is the case with the number."""

    number: str
    case_id: UUID | None
    person: UUID | None
    since: date | None
    until: date | None

    @property
    def lost(self) -> bool:
        """Tell whether a number was typed that no case has."""
        return bool(self.number) and self.case_id is None

    def query(self, **more: str) -> str:
        """Return the query of an address with this question, and ``more``."""
        given = {
            "nummer": self.number,
            "person": str(self.person or ""),
            "von": self.since.isoformat() if self.since else "",
            "bis": self.until.isoformat() if self.until else "",
        }
        return "?" + urlencode({**{name: text for name, text in given.items() if text}, **more})


def watching(view: View) -> View:
    """Let a view be used in the role ``datenschutz`` only, inside the authorities of that role."""

    @wraps(view)
    def guarded(request: HttpRequest, desk: Desk, *args: Any, **kwargs: Any) -> HttpResponseBase:
        places = desk.with_role(DATA_PROTECTION)
        if not places:
            return pages.error(request, 403)
        with scope.enter(scope.of(*places)):
            return view(request, desk, *args, **kwargs)

    return guarded


@require_safe
@staff
@watching
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show who read which case when and what for, the newest first, page by page."""
    question = _read(request.GET)
    found, last = _page(desk, question, before=_before(request.GET))
    more = question.query(vor=str(last.id), vorzeit=last.at.isoformat()) if last else ""
    looks = cases.looks()
    people = accounts.names(
        {one.account_id for one in found}
        | {one.account_id for one in looks}
        | {one.person for one in looks if one.person}
    )
    context = {
        "question": question,
        "rows": [_row(one, people, visits.of(request).lang) for one in found],
        "looks": [_look(one, people) for one in looks],
        "people": accounts.colleagues(desk.with_role(DATA_PROTECTION)),
        "more": more,
        "file": question.query(),
    }
    return page(request, desk, "desk/log.html", context)


@require_safe
@staff
@watching
def export(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Give the same lines as a file, `EXPORTED` at most; that it left is logged."""
    question = _read(request.GET)
    if question.lost:
        return pages.error(request, 404)
    found = _log(desk, question, limit=EXPORTED, exported=True)
    people = accounts.names({one.account_id for one in found})
    lang = visits.of(request).lang
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([say(lang, f"desk.log.{name}") for name in _COLUMNS])
    for one in found:
        row = _row(one, people, lang)
        writer.writerow([_plain(str(row[name])) for name in _COLUMNS])
    content = b"\xef\xbb\xbf" + stream.getvalue().encode()
    return download(f"zugriffe-{clock.today().isoformat()}.csv", content, "text/csv; charset=utf-8")


_COLUMNS = ("at", "person", "number", "authority", "purpose")


def _read(given: QueryDict) -> Question:
    number = given.get("nummer", "").strip()[:_LONGEST]
    case = cases.by_number(number) if number else None
    return Question(
        number=number,
        case_id=case.id if case else None,
        person=uuid_or_none(given.get("person", "")),
        since=day_or_none(given.get("von", "")),
        until=day_or_none(given.get("bis", "")),
    )


def _before(given: QueryDict) -> tuple[datetime, UUID] | None:
    """Return where the page before ended."""
    own, at = uuid_or_none(given.get("vor", "")), moment_or_none(given.get("vorzeit", ""))
    return (at, own) if own and at else None


def _page(
    desk: Desk, question: Question, *, before: tuple[datetime, UUID] | None
) -> tuple[Sequence[cases.LoggedReading], cases.LoggedReading | None]:
    """Return a page of the log, and its last line if more follow; nothing of a lost case."""
    if question.lost:
        return [], None
    found = _log(desk, question, before=before, limit=cases.LOG_PAGE + 1)
    return page_of(found, cases.LOG_PAGE)


def _log(desk: Desk, question: Question, **more: Any) -> list[cases.LoggedReading]:
    return actions.read_log(
        account_id=desk.account_id,
        case_id=question.case_id,
        person=question.person,
        since=question.since,
        until=question.until,
        **more,
    )


def _row(one: cases.LoggedReading, people: dict[UUID, str], lang: str) -> dict[str, Any]:
    return {
        "at": moment(one.at),
        "person": people.get(one.account_id, str(one.account_id)),
        "number": one.number,
        "authority": authorities.card(one.authority_id).short_name,
        "purpose": say(lang, f"desk.purpose.{one.purpose}")
        if one.purpose in PURPOSES
        else one.purpose,
    }


def _look(one: cases.LoggedLook, people: dict[UUID, str]) -> dict[str, Any]:
    return {
        "at": moment(one.at),
        "person": people.get(one.account_id, ""),
        "about": people.get(one.person, "") if one.person else "",
        "case": one.case_id is not None,
        "since": one.since,
        "until": one.until,
        "exported": one.exported,
    }


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_ACTIVE) else text
