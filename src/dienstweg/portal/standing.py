"""A case in words for its applicant: the state, what comes next, what has happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseView, CorrectionView
from dienstweg.design.words import say
from dienstweg.documents import queries as documents
from dienstweg.documents.queries import DocumentCard
from dienstweg.events import queries as events
from dienstweg.events.queries import Entry
from dienstweg.inbox import queries as inbox
from dienstweg.inbox.queries import MessageView
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.payments import queries as payments
from dienstweg.payments.queries import PaymentView
from dienstweg.portal.doors import case_url
from dienstweg.portal.moments import euros, minute

TOLD = frozenset(
    {
        "case.attachment_refused",
        "case.submitted",
        "case.withdrawn",
        "case.closed",
        "case.corrected",
        "case.opened",
        "case.code_renewed",
        "correction.asked",
        "correction.withdrawn",
        "delivery.accepted",
        "message.sent",
        "message.posted",
        "payment.settled.paid",
        "payment.settled.failed",
        "payment.settled.cancelled",
        "receipt.written",
        "case.moved",
        "case.taken_over",
        "party.invited",
        "signature.given",
        "signature.void",
        "case.signed.signed",
        "case.signed.declined",
    }
)
"""Events that an applicant is told of; the others are the authority's own steps."""

RECEIPT = "receipt"
KINDS: Mapping[str, str] = {"open": "info", "withdrawn": "warning", "closed": "success"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline."""

    title: str
    when: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A payment as the page shows it; ``waits`` while the platform is not ready yet."""

    id: UUID
    amount: str
    state: str
    pay_url: str
    repeatable: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to download."""

    title: str
    url: str
    size: int
    when: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with its documents."""

    subject: str
    body: str
    when: str
    papers: Sequence[Paper]
    by_post: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the applicant is to correct or hand in, or has begun to correct by themself."""

    url: str
    lines: Sequence[tuple[str, str]]
    until: str
    late: bool
    offered: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the case page says."""

    service: str
    state: str
    kind: str
    next_step: str
    submitted_at: str
    dues: Sequence[Due]
    messages: Sequence[Letter]
    papers: Sequence[Paper]
    happenings: Sequence[Happening]
    can_withdraw: bool
    refresh: bool
    asked: Asked | None = None
    can_correct: bool = False


def describe(case: CaseView, lang: str) -> Shown:
    """Return the case in words."""
    release = offers.release(case.digest)
    key = cases.key(case.id)
    messages = inbox.of_case(case.id, key=key)
    asked = _asked(case, key, release, lang)
    papers = {
        one.key: Paper(
            one.title or say(lang, "portal.case.receipt"),
            case_url(case, "document", document_id=one.id),
            one.size,
            minute(one.written_at, lang),
        )
        for one in readable(case.id, messages)
    }
    dues = [_due(one, lang) for one in payments.of_case(case.id) if one.state != "withdrawn"]
    told = case.outcome and not any(one.withheld for one in messages)
    outcome = release.text(lang, f"outcomes.{case.outcome}", "") if told else ""
    return Shown(
        service=release.text(lang, "service.title", ""),
        state=outcome or say(lang, f"portal.case.state.{case.state}"),
        kind=KINDS.get(case.state, "info"),
        next_step=_next_step(case, dues, asked, lang),
        submitted_at=minute(case.submitted_at, lang),
        dues=dues,
        messages=[_letter(one, papers, lang) for one in messages],
        papers=_loose(papers, messages),
        happenings=_happenings(events.timeline(case.id), lang),
        can_withdraw=case.state == "open",
        refresh=any(one.waits for one in dues)
        or (case.state == "open" and not any(one.split("-")[0] == RECEIPT for one in papers)),
        asked=asked,
        can_correct=asked is None and cases.may_offer(case.id),
    )


def _asked(case: CaseView, key: bytes, release: Release, lang: str) -> Asked | None:
    """Return what is to be corrected, if anything is under way."""
    card = cases.under_way(case.id)
    if card is None:
        return None
    view = cases.correction(card.id, key=key)
    due = card.due_on
    return Asked(
        url=case_url(case, "correct"),
        lines=[] if card.state == "offered" else _lines(view, release, lang),
        until=f"{due:%d.%m.%Y}" if due else "",
        late=due is not None and due < clock.today(),
        offered=card.state == "offered",
    )


def _lines(view: CorrectionView, release: Release, lang: str) -> list[tuple[str, str]]:
    """Return the name and the remark of each thing that was asked for."""
    marked = [
        (
            release.text(lang, f"fields.{mark.field}.label", mark.field)
            if mark.field
            else release.text(lang, f"pages.{mark.page}.title", mark.page),
            mark.remark,
        )
        for mark in view.marks
    ]
    return marked + list(view.documents)


def readable(case_id: UUID, messages: Sequence[MessageView]) -> list[DocumentCard]:
    """Return the documents that number and code open: the receipt, and what came with a message.

    What the law lets one read only after signing in (a withheld message) comes by post alone.
    """
    keys = {key for one in messages if not one.withheld for key in one.documents}
    return [one for one in documents.of_case(case_id) if one.key in keys or one.template == RECEIPT]


def _due(payment: PaymentView, lang: str) -> Due:
    return Due(
        id=payment.id,
        amount=euros(payment.amount, lang),
        state=payment.state,
        pay_url=payment.pay_url,
        repeatable=payment.repeatable,
        waits=payment.state == "due" or (payment.state == "open" and not payment.pay_url),
    )


def _next_step(case: CaseView, dues: Sequence[Due], asked: Asked | None, lang: str) -> str:
    if case.state != "open":
        return say(lang, f"portal.case.next.{case.state}")
    if asked is not None and not asked.offered:
        return say(lang, "portal.case.next.correct")
    for one in dues:
        if one.repeatable or one.pay_url:
            return say(lang, "portal.case.next.pay")
        if one.waits:
            return say(lang, "portal.case.next.payment_waits")
    return say(lang, "portal.case.next.working")


def _letter(message: MessageView, papers: Mapping[str, Paper], lang: str) -> Letter:
    if message.withheld:
        subject, body = (say(lang, f"portal.case.withheld.{part}") for part in ("title", "text"))
    else:
        subject, body = message.subject, message.body
    return Letter(
        subject=subject,
        body=body,
        when=minute(message.provided_at, lang),
        papers=[papers[key] for key in message.documents if key in papers],
        by_post=message.by_post and not message.withheld,
        is_new=message.first_opened_at is None,
    )


def _loose(papers: Mapping[str, Paper], messages: Sequence[MessageView]) -> list[Paper]:
    """Return the documents that stand in no message: the copy of the application above all."""
    named = {key for message in messages for key in message.documents}
    return [
        paper for key, paper in papers.items() if key.split("-")[0] == RECEIPT and key not in named
    ]


def _happenings(entries: Sequence[Entry], lang: str) -> list[Happening]:
    found = []
    for entry in entries:
        name = entry.name
        if name in ("payment.settled", "case.signed"):
            name = f"{name}.{entry.data.get('state', '')}"
        if name in TOLD:
            title = say(lang, f"portal.timeline.{name}")
            found.append(Happening(title, minute(entry.happened_at, lang)))
    return list(reversed(found))
