"""Writing down what a party answered, signed or handed in on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dienstweg.authorities import scope
from dienstweg.blueprint import parties as roles
from dienstweg.blueprint.release import Release
from dienstweg.cases import actions, errors
from dienstweg.cases import queries as cases
from dienstweg.cases.actions import Paper
from dienstweg.cases.errors import Erased, NoSuchCase
from dienstweg.cases.queries import CaseFile, PartyCard
from dienstweg.design.words import say
from dienstweg.desk.door import Desk, page, staff
from dienstweg.desk.panels import parties as panel
from dienstweg.desk.reading import day_or_none
from dienstweg.desk.views.parties import NAME_LIMIT, of_party
from dienstweg.files import queries as files
from dienstweg.files.errors import NoSuchFile, NotReleased, Refused, TooLarge
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers
from dienstweg.reception import acts, pages
from dienstweg.reception import visit as visits
from dienstweg.reception.downloads import download
from dienstweg.reception.uploads import Withheld

WORDS_LIMIT = 5_000
PROBLEMS: Mapping[type[Exception], str] = {
    errors.WrongDay: "day",
    errors.ReasonNeeded: "words",
    errors.ProofNeeded: "proof",
    errors.ApplicationChanged: "changed",
    errors.SameSigner: "same",
    errors.NotYours: "late",
    errors.NotAllowed: "late",
    errors.UnknownOutcome: "choice",
}
"""What is refused -> the word for what to do about it."""
_REFUSED = tuple(PROBLEMS)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a letter can say: ``kind`` answer, sign, refuse or file, and about what."""

    value: str
    title: str
    kind: str
    about: UUID | None = None
    outcome: str = ""
    version: int = 0
    sha256: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@staff
@of_party
def note(request: HttpRequest, desk: Desk, party: PartyCard) -> HttpResponse:
    """Ask what came on paper, and write it down."""
    if request.method == "POST":
        return _note(request, desk=desk, party=party)
    return _page(request, desk, party)


@acts.once("desk.paper")
def _note(request: HttpRequest, *, desk: Desk, party: PartyCard) -> HttpResponse:
    file = cases.opened(party.case_id)
    release, lang = offers.release(file.case.digest), visits.of(request).lang
    found = {one.value: one for one in _choices(party, file.key, release, lang)}
    choice = found.get(request.POST.get("was", ""))
    day = day_or_none(request.POST.get("eingegangen", ""))
    chosen = request.FILES.get("datei")

    def refused(problem: str, text: str = "") -> acts.Refused:
        return acts.Refused(lambda: _page(request, desk, party, problem=problem, text=text))

    if choice is None:
        raise refused("choice")
    if day is None:
        raise refused("day")
    if chosen is None:
        raise refused("scan")
    if isinstance(chosen, Withheld):
        raise refused("file", TooLarge().message(lang))
    paper = Paper(
        came_on=day,
        account_id=desk.account_id,
        name=str(chosen.name or "")[:NAME_LIMIT],
        chunks=chosen.chunks(),
    )
    try:
        _write_down(request, party, choice, paper)
    except Refused as error:
        raise refused("file", error.message(lang)) from error
    except _REFUSED as error:
        raise refused(PROBLEMS[type(error)]) from error
    return HttpResponseRedirect(f"{reverse('desk:parties', args=[party.case_id])}?getan=paper")


def _write_down(request: HttpRequest, party: PartyCard, choice: Choice, paper: Paper) -> None:
    """Do what was chosen; raises one of `PROBLEMS`, or a kind of `Refused`."""
    words = request.POST.get("worte", "").strip()[:WORDS_LIMIT]
    if choice.about is None:
        actions.hand_in_on_paper(party_id=party.id, paper=paper)
    elif choice.kind == "answer":
        actions.answer_on_paper(
            party_id=party.id,
            task_id=choice.about,
            outcome=choice.outcome,
            reason=words,
            paper=paper,
        )
    elif choice.kind == "refuse":
        if not words:
            raise errors.ReasonNeeded
        actions.refuse_on_paper(
            party_id=party.id, signature_id=choice.about, reason=words, paper=paper
        )
    else:
        name = " ".join(request.POST.get("name", "").split())[:NAME_LIMIT]
        actions.sign_on_paper(
            party_id=party.id,
            signature_id=choice.about,
            version=choice.version,
            sha256=choice.sha256,
            name=name or party.name,
            paper=paper,
        )


def _page(
    request: HttpRequest, desk: Desk, party: PartyCard, *, problem: str = "", text: str = ""
) -> HttpResponse:
    """Show the form, after a refusal with what was entered."""
    lang = visits.of(request).lang
    file = actions.open_for(case_id=party.case_id, account_id=desk.account_id, purpose="parties")
    release = offers.release(file.case.digest)
    choices = _open_to(file, party, release, lang)
    context = {
        "case": file.case,
        "party": party,
        "role": release.text(lang, f"parties.{party.role}.title", party.role),
        "choices": choices,
        "signs": any(one.kind == "sign" for one in choices),
        "earliest": clock.local(party.invited_at).date().isoformat(),
        "today": clock.today().isoformat(),
        "problem": problem,
        "text": text,
        "typed": request.POST if problem else {"name": party.name},
        "act": acts.new_key(),
    }
    return page(request, desk, "desk/paper.html", context, status=422 if problem else 200)


def _open_to(file: CaseFile, party: PartyCard, release: Release, lang: str) -> Sequence[Choice]:
    if file.case.state != "open" or party.state == "removed":
        return []
    return _choices(party, file.key, release, lang)


def _choices(party: PartyCard, key: bytes, release: Release, lang: str) -> list[Choice]:
    """Return what this party can answer, sign or hand in now."""
    found: list[Choice] = []
    for owner, task in cases.party_tasks(party.case_id, key=key):
        card = task.card
        mine = owner == party.id or (owner is None and card.role == cases.TASKS_OF + party.role)
        if mine and card.state == "open":
            title = panel.asked(card, release, lang)
            found += [
                Choice(
                    f"{card.id}:{one}",
                    f"{title}: {panel.answer(card, one, release, lang)}",
                    "answer",
                    card.id,
                    outcome=one,
                )
                for one in card.outcomes
            ]
    for asked in cases.signatures(party.case_id, key=key):
        if asked.party_id == party.id and asked.state == "asked":
            title = say(lang, "desk.parties.signature.title", version=asked.version)
            for kind, state in (("sign", "signed"), ("refuse", "declined")):
                label = f"{title}: {say(lang, f'desk.parties.signature.{state}')}"
                value = f"{asked.id}:{kind}"
                version, sha256 = asked.version, asked.sha256
                found.append(Choice(value, label, kind, asked.id, version=version, sha256=sha256))
    role = roles.role(release, party.role)
    if role is not None and role.uploads:
        found.append(Choice("file", say(lang, "desk.paper.file"), "file"))
    return found


@require_safe
@staff
def scan(request: HttpRequest, desk: Desk, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Download the scan of what came on paper; that it was read is written down."""
    try:
        with scope.enter(scope.of(cases.case(case_id).authority_id)):
            if file_id not in {one.file_id for one in cases.papers(case_id).values()}:
                return pages.error(request, 404)
            file = actions.open_for(case_id=case_id, account_id=desk.account_id, purpose="proof")
            card = files.card(file_id, key=file.key)
            return download(card.name, files.content(file_id, key=file.key), card.media_type)
    except NotReleased:
        return HttpResponseRedirect(reverse("desk:parties", args=[case_id]))
    except (NoSuchCase, Erased, NoSuchFile):
        return pages.error(request, 404)
