"""Asking back: marked, told, answered by a new version of the application, or taken back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.errors import ChangedMeanwhile
from dienstweg.assistants.queries import DraftView, Wanted, marked
from dienstweg.blueprint.correcting import Mark, Opening, everything, uploaded, valid_marks
from dienstweg.blueprint.pages import from_application
from dienstweg.cases import places, queries, rules
from dienstweg.cases.actions import indexing
from dienstweg.cases.errors import AlreadyAsked, NoSuchCorrection, NotAllowed, NothingAsked
from dienstweg.cases.facts import (
    AttachmentRefused,
    CaseCorrected,
    CorrectionAnswered,
    CorrectionAsked,
    CorrectionWithdrawn,
)
from dienstweg.cases.models import Application, Attachment, Case, Correction
from dienstweg.events import actions as events
from dienstweg.events.facts import Fact
from dienstweg.files import actions as files
from dienstweg.files import queries as stored
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock, encryption, failpoints, references
from dienstweg.offers import queries as offers

APPLICANT = "applicant"
HANDED_IN = "nachgereicht/"
"""Begins the place of an attachment that answers no field: the correction and the document."""


def ask_correction(
    *,
    case_id: UUID,
    account_id: UUID,
    key: str,
    marks: Sequence[Mark] = (),
    documents: Sequence[tuple[str, str]] = (),
    due_on: date | None = None,
    subject: str,
    body: str,
) -> UUID:
    """Ask an applicant to correct the marked places and to hand in documents; once for each key.

    ``documents`` are names with remarks, ``subject`` and ``body`` the message they get. What they
    offer by themselves at that moment ends. Raises `NoSuchCase`, `Erased`, `NothingAsked`,
    `AlreadyAsked`, and `NotAllowed` when the case has ended.
    """
    with transaction.atomic():
        row = queries.row_of(case_id, lock=True)
        case_key = queries.key_of(row)
        known = Correction.objects.filter(case_id=case_id, key=key).values_list("id", flat=True)
        if (existing := known.first()) is not None:
            return UUID(str(existing))
        if row.state != "open":
            raise NotAllowed
        made = _begun(row, case_key, key, marks, documents)
        made.asked_by, made.due_on = account_id, due_on
        content = {
            "marks": [marked(one) for one in _valid(row, case_key, marks)],
            "documents": [{"name": name, "remark": remark} for name, remark in documents],
            "subject": subject,
            "body": body,
        }
        if not content["marks"] and not content["documents"]:
            raise NothingAsked
        _save(made, case_key, content)
        fact = CorrectionAsked(
            authority_id=row.authority_id, case_id=case_id, correction_id=made.id
        )
        events.record(fact, actor=f"staff:{account_id}")
    return UUID(str(made.id))


def offer_correction(*, case_id: UUID) -> UUID:
    """Let an applicant correct all of an application by themself; return what they go on with.

    The same one as long as it is under way. Raises `NoSuchCase`, `Erased`, and `NotAllowed` where
    nobody decides (any more).
    """
    with transaction.atomic():
        row = queries.row_of(case_id, lock=True)
        case_key = queries.key_of(row)
        current = queries.under_way(case_id)
        if current is not None:
            return current.id
        if not queries.may_offer(case_id):
            raise NotAllowed
        marks = everything(offers.release(row.digest))
        made = _begun(row, case_key, f"offered:{references.new_id()}", marks, ())
        made.state = "offered"
        _save(made, case_key, {"marks": [marked(one) for one in marks], "documents": []})
    return UUID(str(made.id))


def withdraw_correction(*, correction_id: UUID, actor: str) -> None:
    """Take back what was asked or offered; what was entered for it is deleted. Twice is once.

    Raises `NoSuchCorrection`, and `NotAllowed` when it is answered.
    """
    with transaction.atomic():
        row = _locked(correction_id)
        if row.state == "withdrawn":
            return
        if row.state == "answered":
            raise NotAllowed
        _end(row, actor)


def end_corrections(*, case_id: UUID) -> int:
    """Take back what is under way, since the case ends; return how many that were.

    Runs in the transaction that ends the case.
    """
    rows = Correction.objects.select_related("case").filter(
        case_id=case_id, state__in=queries.UNDER_WAY
    )
    for row in (ended := list(rows)):
        _end(row, "system")
    return len(ended)


def answer_correction(
    *,
    draft: DraftView,
    application: Mapping[str, Any],
    declaration: Mapping[str, Any],
    remark: str = "",
) -> int:
    """Make a new version of the application of what the draft holds; return its number.

    The old version stays. ``application`` is what the blueprint made of the answers. A repeat
    answers with the same number. Raises `ChangedMeanwhile` if the draft is no longer as ``draft``
    says, `NoSuchCorrection`, and `NotAllowed` if the case has ended or it was taken back.
    """
    failpoints.reach("cases.answer.before")
    with transaction.atomic():
        row = _locked(draft.id)
        if row.state == "answered" and row.made is not None:
            return row.made
        if row.state not in queries.UNDER_WAY or row.case.state != "open":
            raise NotAllowed
        if row.state == "offered" and not queries.is_to_be_decided(row.case_id):
            raise NotAllowed
        if not assistants.end_correction(draft=draft):
            raise ChangedMeanwhile
        version = row.base + 1
        _version(row, draft, version, application, declaration).save(force_insert=True)
        refused = _keep_attachments(row, draft, version, application)
        indexing.index(row.case, application)
        was_asked = row.state == "asked"
        row.state, row.made, row.ended_at = "answered", version, clock.now()
        _reseal(row, draft.key, remark)
        events.record_all(_facts(row, version, was_asked=was_asked) + refused, actor=APPLICANT)
    failpoints.reach("cases.answer.after")
    return version


def _facts(row: Correction, version: int, *, was_asked: bool) -> list[Fact]:
    place, case_id = row.authority_id, row.case_id
    corrected = CaseCorrected(authority_id=place, case_id=case_id, version=version)
    answered = CorrectionAnswered(
        authority_id=place, case_id=case_id, correction_id=row.id, version=version
    )
    return [answered, corrected] if was_asked else [corrected]


def _begun(
    case: Case,
    key: bytes,
    own_key: str,
    marks: Sequence[Mark],
    documents: Iterable[tuple[str, str]],
) -> Correction:
    """Return the row of a correction, and begin the draft in which it is answered.

    What the applicant offers at this moment is ended; raises `AlreadyAsked`.
    """
    current = Correction.objects.select_related("case").filter(
        case_id=case.id, state__in=queries.UNDER_WAY
    )
    for row in current:
        if row.state == "asked":
            raise AlreadyAsked
        _end(row, "system")
    application = queries.application(case.id, key=key)
    release = offers.release(case.digest)
    base = from_application(release, application.data)
    made = Correction(
        id=references.new_id(),
        authority_id=case.authority_id,
        case=case,
        key=own_key,
        base=application.version,
        asked_at=clock.now(),
    )
    assistants.begin_correction(
        draft_id=made.id,
        authority_id=case.authority_id,
        offer_id=case.offer_id,
        digest=case.digest,
        lang=case.lang,
        key=key,
        wrapped_key=bytes(case.wrapped_key or b""),
        correction=drafts.Correction(
            case_id=case.id,
            opening=Opening(
                base, valid_marks(release, base, marks), clock.local(case.submitted_at).date()
            ),
            kept=uploaded(release, base),
            documents=tuple(Wanted(name, remark) for name, remark in documents),
        ),
    )
    return made


def _valid(case: Case, key: bytes, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    release = offers.release(case.digest)
    data = queries.application(case.id, key=key).data
    return valid_marks(release, from_application(release, data), marks)


def _end(row: Correction, actor: str) -> None:
    """Note that a correction is not wanted any more, and delete what was entered for it."""
    was_asked = row.state == "asked"
    dropped = assistants.drop_correction(draft_id=row.id)
    named = set(Attachment.objects.filter(case_id=row.case_id).values_list("file_id", flat=True))
    own = set(stored.states(row.case_id)) if dropped else set()
    for file_id in own - named:
        if str(file_id) in dropped:
            files.discard(owner_id=row.case_id, file_id=file_id)
    Correction.objects.filter(id=row.id).update(state="withdrawn", ended_at=clock.now())
    if was_asked:
        fact = CorrectionWithdrawn(
            authority_id=row.authority_id, case_id=row.case_id, correction_id=row.id
        )
        events.record(fact, actor=actor)


def _locked(correction_id: UUID) -> Correction:
    """Return a correction with its case, that one locked; raises `NoSuchCorrection`."""
    known = Correction.objects.filter(id=correction_id).values_list("case_id", flat=True).first()
    if known is None:
        raise NoSuchCorrection
    queries.key_of(queries.row_of(known, lock=True))
    row: Correction = Correction.objects.select_related("case").get(id=correction_id)
    return row


def _save(row: Correction, key: bytes, content: Mapping[str, Any]) -> None:
    row.sealed = encryption.seal_json(key, content, *places.correction_place(row))
    row.save(force_insert=True)


def _reseal(row: Correction, key: bytes, remark: str) -> None:
    content = {**queries.content_of(row, key), "remark": remark.strip()}
    row.sealed = encryption.seal_json(key, content, *places.correction_place(row))
    row.save(update_fields=["state", "made", "ended_at", "sealed"])


def _version(
    row: Correction,
    draft: DraftView,
    version: int,
    data: Mapping[str, Any],
    declaration: Mapping[str, Any],
) -> Application:
    made = Application(
        id=references.new_id(),
        authority_id=row.authority_id,
        case_id=row.case_id,
        version=version,
        sha256=rules.fingerprint(data),
        made_at=clock.now(),
        actor=APPLICANT,
    )
    content = {"data": data, "declaration": declaration}
    made.sealed = encryption.seal_json(draft.key, content, *places.application_place(made))
    return made


def _keep_attachments(
    row: Correction, draft: DraftView, version: int, application: Mapping[str, Any]
) -> list[Fact]:
    """Write the manifest of the new version; return what the virus scan has refused meanwhile.

    It names the files of the data, those handed in now, and those handed in before.
    """
    named = uploaded(offers.release(row.case.digest), draft.answers)
    places_of = {one: at for one, at in drafts.ids_in(application).items() if one in named}
    documents = draft.correction.documents if draft.correction else ()
    for number, wanted in enumerate(documents):
        places_of |= dict.fromkeys(wanted.files, f"{HANDED_IN}{row.id}/{number}")
    earlier = Attachment.objects.filter(
        case_id=row.case_id, version=row.base, field__startswith=HANDED_IN
    )
    places_of |= {str(one.file_id): one.field for one in earlier}
    if not places_of:
        return []
    states = stored.states(row.case_id, lock=True)
    cards = [one for one in stored.cards(row.case_id, key=draft.key) if str(one.id) in places_of]
    Attachment.objects.bulk_create(
        [_attached(row, draft.key, version, card, places_of[str(card.id)]) for card in cards]
    )
    before = Attachment.objects.filter(case_id=row.case_id, version=row.base)
    told = set(before.values_list("file_id", flat=True))
    return [
        AttachmentRefused(authority_id=row.authority_id, case_id=row.case_id, file_id=card.id)
        for card in cards
        if states.get(card.id) == "refused" and card.id not in told
    ]


def _attached(row: Correction, key: bytes, version: int, card: FileCard, field: str) -> Attachment:
    made = Attachment(
        id=references.new_id(),
        authority_id=row.authority_id,
        case_id=row.case_id,
        version=version,
        file_id=card.id,
        field=field,
        media_type=card.media_type,
        size=card.size,
        sha256=bytes.fromhex(card.sha256),
    )
    made.name = encryption.seal(key, card.name.encode(), *places.attachment_place(made))
    return made
