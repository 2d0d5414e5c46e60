"""A party's own pages: read its part, answer, sign, hand in files."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from dienstweg.cases import actions, errors
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import PartyFile, TaskFile
from dienstweg.design.question import Fault, Question
from dienstweg.design.words import say
from dienstweg.documents import queries as documents
from dienstweg.documents.errors import NoSuchDocument
from dienstweg.files import queries as files
from dienstweg.files.errors import NoSuchFile, NotReleased, Refused, TooLarge
from dienstweg.inbox import actions as inbox
from dienstweg.offers import queries as offers
from dienstweg.portal import taking_part as shown_by
from dienstweg.portal.doors import see_other
from dienstweg.portal.party_doors import of_party, party_url
from dienstweg.portal.views.party_entrance import moved
from dienstweg.reception import visit as visits
from dienstweg.reception.acts import new_key, once
from dienstweg.reception.downloads import download
from dienstweg.reception.pages import error
from dienstweg.reception.pages import page as respond
from dienstweg.reception.uploads import Withheld

WORDS_LIMIT, NAME_LIMIT = 5_000, 200


@require_safe
@of_party
def page(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Show what the party is asked and what it may read; the look is written down."""
    file = actions.open_for_party(party_id=party_id)
    if file.party.moved_to and file.case.moved_to:
        return moved(request, file.party.moved_to, file.case.moved_to)
    lang = speak(request, file)
    shown = shown_by.describe(file, lang)
    response = respond(request, "portal/party.html", {"party": file.party, "shown": shown})
    if request.method == "GET" and any(one.is_new for one in shown.letters):
        inbox.opened(case_id=file.case.id, party_id=party_id)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@of_party
def task(request: HttpRequest, party_id: UUID, task_id: UUID) -> HttpResponse:
    """Show one thing that is asked, and take the answer."""
    file = actions.open_for_party(party_id=party_id, purpose="task")
    own = next((one for one in file.tasks if one.card.id == task_id), None)
    if own is None:
        return error(request, 404)
    if own.card.state != "open":
        return see_other(party_url(file.party.number))
    if request.method != "POST":
        return _task_page(request, file, own, {})
    return _answer(request, file=file, task=own)


@once("party.answer")
def _answer(request: HttpRequest, *, file: PartyFile, task: TaskFile) -> HttpResponse:
    lang, outcomes = speak(request, file), task.card.outcomes
    outcome = request.POST.get("antwort", "") if len(outcomes) > 1 else outcomes[0]
    reason = request.POST.get("begruendung", "")
    if len(reason) > WORDS_LIMIT:
        wrong = {"begruendung": say(lang, "portal.party.too_long", most=WORDS_LIMIT)}
        return _task_page(request, file, task, wrong)
    try:
        actions.answer_as_party(
            party_id=file.party.id,
            task_id=task.card.id,
            outcome=outcome,
            reason=reason,
            version=_number(request.POST.get("fassung", "")) or None,
        )
    except errors.ApplicationChanged:
        wrong = {"": say(lang, "portal.party.changed")}
        return _task_page(request, file, task, wrong, status=409)
    except errors.UnknownOutcome:
        wrong = {"antwort": say(lang, "portal.party.choose")}
        return _task_page(request, file, task, wrong)
    except errors.ReasonNeeded:
        wrong = {"begruendung": say(lang, "portal.party.reason_needed")}
        return _task_page(request, file, task, wrong)
    except (errors.NotYours, errors.NotAllowed):
        return too_late(request, file)
    return see_other(party_url(file.party.number))


def _task_page(
    request: HttpRequest,
    file: PartyFile,
    own: TaskFile,
    wrong: dict[str, str],
    *,
    status: int = 422,
) -> HttpResponse:
    lang, release = speak(request, file), offers.release(file.case.digest)
    questions = []
    if len(own.card.outcomes) > 1:
        questions.append(
            Question(
                name="antwort",
                label=say(lang, "portal.party.your_answer"),
                widget="radio",
                options=shown_by.choices_of(own, release, lang, request.POST.get("antwort", "")),
                error=wrong.get("antwort"),
            )
        )
    if own.card.task != "acknowledge":
        questions.append(
            Question(
                name="begruendung",
                label=say(lang, "portal.party.reason"),
                widget="textarea",
                value=request.POST.get("begruendung", "")[:WORDS_LIMIT],
                required=own.card.outcomes == ("given",),
                error=wrong.get("begruendung"),
            )
        )
    context = {
        "party": file.party,
        "title": shown_by.title_of(own, release, lang),
        "help": shown_by.help_of(own, release, lang),
        "anew": cases.asked_anew(own.card),
        "version": cases.opened(file.case.id).application.version,
        "sections": shown_by.seen(file, lang),
        "questions": questions,
        "faults": _faults(wrong),
        "back": party_url(file.party.number),
        "act": new_key(),
    }
    return respond(request, "portal/party_task.html", context, status=status if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@of_party
def sign(request: HttpRequest, party_id: UUID, signature_id: UUID) -> HttpResponse:
    """Show what is to be signed, and take the signature, or that somebody does not want to."""
    file = actions.open_for_party(party_id=party_id, purpose="signature")
    own = next((one for one in file.signatures if one.id == signature_id), None)
    if own is None:
        return error(request, 404)
    if own.state != "asked":
        return see_other(party_url(file.party.number))
    if request.method != "POST":
        return _sign_page(request, file, signature_id, {})
    if request.POST.get("ablehnen"):
        return _refuse(request, file=file, signature_id=signature_id)
    return _sign(request, file=file, signature_id=signature_id)


@once("party.sign")
def _sign(request: HttpRequest, *, file: PartyFile, signature_id: UUID) -> HttpResponse:
    lang = speak(request, file)
    name = " ".join(request.POST.get("name", "").split())[:NAME_LIMIT]
    wrong = _not_signed(request, file, name)
    if wrong:
        return _sign_page(request, file, signature_id, wrong)
    try:
        actions.give_signature(
            party_id=file.party.id,
            signature_id=signature_id,
            version=_number(request.POST.get("fassung", "")),
            sha256=request.POST.get("pruefsumme", "")[:64],
            name=name,
        )
    except errors.ApplicationChanged:
        wrong = {"": say(lang, "portal.party.sign.changed")}
        return _sign_page(request, file, signature_id, wrong, status=409)
    except errors.ProofNeeded:
        wrong = {"": shown_by.proof_first(file, lang)}
        return _sign_page(request, file, signature_id, wrong)
    except errors.SameSigner as same:
        wrong = {"name": say(lang, f"portal.party.sign.same.{same.by}")}
        return _sign_page(request, file, signature_id, wrong)
    except (errors.NotYours, errors.NotAllowed):
        return too_late(request, file)
    return see_other(party_url(file.party.number))


def _not_signed(request: HttpRequest, file: PartyFile, name: str) -> dict[str, str]:
    """Say what is missing before this is a signature."""
    lang = speak(request, file)
    if file.proof_missing:
        return {"": shown_by.proof_first(file, lang)}
    wrong = {}
    if not name:
        wrong["name"] = say(lang, "portal.party.sign.name_missing")
    if not request.POST.get("bestaetigt"):
        wrong["bestaetigt"] = say(lang, "portal.party.sign.not_confirmed")
    return wrong


@once("party.refuse")
def _refuse(request: HttpRequest, *, file: PartyFile, signature_id: UUID) -> HttpResponse:
    reason = request.POST.get("grund", "")[:WORDS_LIMIT]
    try:
        actions.decline_signature(party_id=file.party.id, signature_id=signature_id, reason=reason)
    except errors.ApplicationChanged:
        wrong = {"": say(speak(request, file), "portal.party.sign.changed")}
        return _sign_page(request, file, signature_id, wrong, status=409)
    except (errors.NotYours, errors.NotAllowed):
        return too_late(request, file)
    return see_other(party_url(file.party.number))


def _sign_page(
    request: HttpRequest,
    file: PartyFile,
    signature_id: UUID,
    wrong: dict[str, str],
    *,
    status: int = 422,
) -> HttpResponse:
    lang, release = speak(request, file), offers.release(file.case.digest)
    application = cases.opened(file.case.id).application
    questions = [
        Question(
            name="name",
            label=say(lang, "portal.party.sign.name"),
            value=request.POST.get("name", "")[:NAME_LIMIT],
            autocomplete="name",
            error=wrong.get("name"),
        ),
        Question(
            name="bestaetigt",
            label=shown_by.statement_of(release, file.party.role, lang),
            widget="checkbox",
            error=wrong.get("bestaetigt"),
        ),
    ]
    context = {
        "party": file.party,
        "questions": questions,
        "reason": Question(
            name="grund",
            label=say(lang, "portal.party.sign.why_not"),
            widget="textarea",
            required=False,
        ),
        "sections": shown_by.seen(file, lang),
        "application": application,
        "fingerprint": shown_by.grouped(application.sha256),
        "proof_first": shown_by.proof_first(file, lang) if file.proof_missing else "",
        "uploads": party_url(file.party.number, "party_uploads"),
        "faults": _faults(wrong),
        "back": party_url(file.party.number),
        "act": new_key(),
        "other_act": new_key(),
        "signature_id": signature_id,
    }
    return respond(request, "portal/party_sign.html", context, status=status if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@of_party
def uploads(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """Show what was handed in, take one more file, or delete one that was wrong."""
    file = actions.open_for_party(party_id=party_id, purpose="files")
    lang = speak(request, file)
    if not shown_by.describe(file, lang).upload_url:
        return see_other(party_url(file.party.number))
    if request.method != "POST":
        return _uploads_page(request, file, "")
    wrong = _take_back(request, file) if request.POST.get("entfernen") else _take(request, file)
    if wrong:
        return _uploads_page(request, file, wrong)
    return see_other(party_url(file.party.number, "party_uploads"))


def _take(request: HttpRequest, file: PartyFile) -> str:
    """Hand in the chosen file; return what is wrong with it."""
    lang, chosen = visits.of(request).lang, request.FILES.get("datei")
    if chosen is None:
        return say(lang, "portal.upload.nothing_chosen")
    if isinstance(chosen, Withheld):
        return TooLarge().message(lang)
    name = str(chosen.name or "")[:NAME_LIMIT]
    try:
        actions.hand_in(party_id=file.party.id, name=name, chunks=chosen.chunks())
    except Refused as refused:
        return refused.message(lang)
    except errors.NotAllowed:
        return say(lang, "portal.party.no_more_files")
    return ""


def _take_back(request: HttpRequest, file: PartyFile) -> str:
    lang = visits.of(request).lang
    try:
        file_id = UUID(request.POST.get("entfernen", ""))
        actions.take_file_back(party_id=file.party.id, file_id=file_id)
    except errors.ProofNeeded:
        return say(lang, "portal.party.sign.proof_kept")
    except (ValueError, errors.NotYours, errors.NotAllowed):
        return say(lang, "portal.party.too_late_text")
    return ""


def _uploads_page(request: HttpRequest, file: PartyFile, wrong: str) -> HttpResponse:
    lang = visits.of(request).lang
    context = {
        "party": file.party,
        "shown": shown_by.describe(file, lang),
        "wrong": wrong,
        "faults": [Fault(wrong, "datei")] if wrong else [],
        "back": party_url(file.party.number),
    }
    return respond(request, "portal/party_uploads.html", context, status=422 if wrong else 200)


@require_safe
@of_party
def file(request: HttpRequest, party_id: UUID, file_id: UUID) -> HttpResponse:
    """Hand over a file on the party's pages, or one of its own; any other there is not.

    So it does with a document that came with a message.
    """
    own = actions.open_for_party(party_id=party_id, purpose="file")
    if file_id in shown_by.readable_documents(own):
        return _document(request, own, file_id)
    if file_id not in shown_by.readable_files(own, speak(request, own)):
        return error(request, 404)
    try:
        card = files.card(file_id, key=own.key)
        return download(card.name, files.content(file_id, key=own.key), card.media_type)
    except NotReleased:
        return see_other(party_url(own.party.number))
    except NoSuchFile:
        return error(request, 404)


def _document(request: HttpRequest, own: PartyFile, document_id: UUID) -> HttpResponse:
    try:
        name, content = documents.content(document_id, case_id=own.case.id)
    except (NoSuchDocument, NoSuchFile):
        return error(request, 404)
    return download(name, content, "application/pdf")


def too_late(request: HttpRequest, file: PartyFile) -> HttpResponse:
    """Say that this cannot be done any more, and lead back."""
    context = {"party": file.party, "back": party_url(file.party.number)}
    return respond(request, "portal/party_too_late.html", context, status=409)


def speak(request: HttpRequest, file: PartyFile) -> str:
    """Let the page speak the dearest of the languages of the service."""
    return visits.speak(request, offers.release(file.case.digest).languages)


def _faults(wrong: dict[str, str]) -> list[Fault]:
    return [Fault(text, name) for name, text in wrong.items()]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
