"""The submission: one transaction, whose commit is the receipt."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import IntegrityError, transaction

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.errors import ChangedMeanwhile
from dienstweg.assistants.queries import Contact, DraftView
from dienstweg.authorities import queries as authorities
from dienstweg.cases import codes, places, queries, rules, terms
from dienstweg.cases.actions.indexing import index
from dienstweg.cases.errors import NoSuchCase
from dienstweg.cases.facts import AttachmentRefused, CaseSubmitted
from dienstweg.cases.models import Application, Attachment, Case
from dienstweg.cases.queries import Submitted
from dienstweg.events import actions as events
from dienstweg.events.facts import Fact
from dienstweg.files import actions as files
from dienstweg.files import queries as stored
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock, encryption, failpoints, references

_NUMBERS = 3
"""Attempts to find a number that is free: two equal ones among 50 random bits are a rarity."""
APPLICANT = "applicant"


def submit(
    *,
    draft: DraftView,
    application: Mapping[str, Any],
    notify: Contact,
    declaration: Mapping[str, Any],
) -> Submitted:
    """Make the draft a case; a repeat answers with the same number and the same code.

    ``application`` is what the blueprint made of the draft's answers, ``declaration`` what the
    applicant confirmed (our own words and times). Raises `ChangedMeanwhile` if the draft is no
    longer as ``draft`` says: the applicant has not seen what would be sent.
    """
    for _ in range(_NUMBERS):
        failpoints.reach("cases.submit.before")
        try:
            submitted = _try(draft, application, notify, declaration)
        except IntegrityError:
            continue
        failpoints.reach("cases.submit.after")
        return submitted or _again(draft)
    raise ChangedMeanwhile


def _try(
    draft: DraftView,
    application: Mapping[str, Any],
    notify: Contact,
    declaration: Mapping[str, Any],
) -> Submitted | None:
    """Write the case and all that belongs to it; nothing, if the draft cannot be handed over."""
    number = references.case_number(authorities.card(draft.authority_id).number_prefix)
    code = codes.of(draft.secret)
    with transaction.atomic():
        if not assistants.hand_over(draft=draft):
            return None
        case = _case(draft, number, code, notify)
        case.save(force_insert=True)
        index(case, application)
        _application(draft, application, declaration).save(force_insert=True)
        refused = _keep_attachments(draft, application)
        fact = CaseSubmitted(authority_id=draft.authority_id, case_id=draft.id)
        events.record(fact, actor=APPLICANT)
        if refused:
            events.record_all(refused)
    return Submitted(draft.id, number, code)


def _again(draft: DraftView) -> Submitted:
    """Answer a repeated submission; raises `ChangedMeanwhile` if there was none."""
    try:
        return queries.receipt(draft.id, secret=draft.secret)
    except NoSuchCase as error:
        raise ChangedMeanwhile from error


def _case(draft: DraftView, number: str, code: str, notify: Contact) -> Case:
    place = places.case_place(draft.authority_id, draft.id, "contact")
    return Case(
        id=draft.id,
        authority_id=draft.authority_id,
        number=number,
        offer_id=draft.offer_id,
        digest=draft.digest,
        lang=draft.lang,
        wrapped_key=draft.wrapped_key,
        contact=encryption.seal_json(draft.key, asdict(notify), *place),
        code_hash=codes.digest(draft.id, code),
        indexed=terms.VERSION,
        submitted_at=clock.now(),
        account_id=draft.account_id,
    )


def _application(
    draft: DraftView, data: Mapping[str, Any], declaration: Mapping[str, Any]
) -> Application:
    row = Application(
        id=references.new_id(),
        authority_id=draft.authority_id,
        case_id=draft.id,
        version=1,
        sha256=rules.fingerprint(data),
        made_at=clock.now(),
        actor=APPLICANT,
    )
    content = {"data": data, "declaration": declaration}
    row.sealed = encryption.seal_json(draft.key, content, *places.application_place(row))
    return row


def _keep_attachments(draft: DraftView, application: Mapping[str, Any]) -> list[Fact]:
    """Write the manifest of the files that the application names, and delete the others.

    Returns what there is to tell of files that the virus scan has refused meanwhile. A scan that
    ends now waits for this transaction, and then finds the case.
    """
    named = drafts.ids_in(application)
    if not named and not drafts.ids_in(draft.answers):
        return []
    states = stored.states(draft.id, lock=True)
    cards = stored.cards(draft.id, key=draft.key)
    used = [card for card in cards if str(card.id) in named]
    for card in cards:
        if card not in used:
            files.discard(owner_id=draft.id, file_id=card.id)
    Attachment.objects.bulk_create(_manifest(draft, used, named))
    return [
        AttachmentRefused(authority_id=draft.authority_id, case_id=draft.id, file_id=card.id)
        for card in used
        if states.get(card.id) == "refused"
    ]


def _manifest(
    draft: DraftView, cards: Iterable[FileCard], named: Mapping[str, str]
) -> list[Attachment]:
    rows = []
    for card in cards:
        row = Attachment(
            id=references.new_id(),
            authority_id=draft.authority_id,
            case_id=draft.id,
            version=1,
            file_id=card.id,
            field=named[str(card.id)],
            media_type=card.media_type,
            size=card.size,
            sha256=bytes.fromhex(card.sha256),
        )
        row.name = encryption.seal(draft.key, card.name.encode(), *places.attachment_place(row))
        rows.append(row)
    return rows
