"""What was asked back of the applicant, and what they answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from dienstweg.accounts import queries as accounts
from dienstweg.blueprint.release import Release
from dienstweg.cases import queries as cases
from dienstweg.cases.queries import CaseFile, CorrectionView
from dienstweg.desk import application
from dienstweg.desk.application import Revision
from dienstweg.desk.door import Desk
from dienstweg.desk.moments import moment
from dienstweg.kernel import clock


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that the applicant has not answered yet."""

    view: CorrectionView
    lines: Sequence[tuple[str, str]]
    when: str
    by: str
    until: str
    late: bool


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is under way, whether more may be asked, and what has come of earlier questions."""

    waiting: Waiting | None
    may_ask: bool
    revisions: Sequence[Revision]


def panel(desk: Desk, file: CaseFile, release: Release, lang: str) -> Corrections:
    """Return how it stands with corrections of the case."""
    current = cases.under_way(file.case.id)
    asked = current is not None and current.state == "asked"
    waiting = None
    if current is not None and asked:
        waiting = _waiting(cases.correction(current.id, key=file.key), release, lang)
    return Corrections(
        waiting=waiting,
        may_ask=file.case.state == "open" and not asked and desk.works_at(file.case.authority_id),
        revisions=application.revisions(file, release, lang),
    )


def _waiting(view: CorrectionView, release: Release, lang: str) -> Waiting:
    card = view.card
    marked = [
        (
            release.text(lang, f"fields.{one.field}.label", one.field)
            if one.field
            else release.text(lang, f"pages.{one.page}.title", one.page),
            one.remark,
        )
        for one in view.marks
    ]
    people = accounts.names({card.asked_by}) if card.asked_by else {}
    return Waiting(
        view=view,
        lines=[*marked, *view.documents],
        when=moment(card.asked_at),
        by=people.get(card.asked_by, "") if card.asked_by else "",
        until=f"{card.due_on:%d.%m.%Y}" if card.due_on else "",
        late=card.due_on is not None and card.due_on < clock.today(),
    )
