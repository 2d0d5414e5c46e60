"""A decision as it comes from the desk's form: outcome, reason, answers, chosen text modules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from dienstweg.blueprint import pages, task_forms, text_modules
from dienstweg.blueprint.problems import Invalid, Problem
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.views import Answers, FieldView
from dienstweg.cases.queries import KeptDraft, TaskCard
from dienstweg.desk.reading import count_or_zero, number_or_none
from dienstweg.kernel import clock

OUTCOME, REASON, MODULE, VERSION = "ergebnis", "begruendung", "baustein", "fassung"
DRAFT = "version"
_OWN = frozenset({OUTCOME, REASON, MODULE, VERSION, f"{MODULE}-{text_modules.FREE}"})
_MOST, _LONGEST = 200, 10_000
REASON_LIMIT = text_modules.LONGEST


@dataclass(frozen=True, slots=True)
class Decision:
    """What was chosen and written. ``problem`` is the key of what is wrong, empty: nothing.

    ``data`` is what the process gets with the outcome: the answers to the task's fields, and the
    text modules under "modules". ``fields`` are the task's fields as they are to be shown again.
    ``version`` is that of the application which stood on the page, ``draft`` that of the draft.
    """

    outcome: str
    reason: str
    data: Mapping[str, Any]
    fields: Sequence[FieldView] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    version: int | None = None
    draft: int = 0


def kept(draft: KeptDraft, card: TaskCard, release: Release, lang: str) -> Decision:
    """Return what was written for a decision and kept: nothing of it is judged yet."""
    posted = QueryDict(mutable=True)
    for name, texts in draft.given.items():
        posted.setlist(name, list(texts))
    return read(posted, card, release, lang, judged=False)


def inputs(posted: QueryDict, card: TaskCard) -> dict[str, list[str]]:
    """Return the inputs of a decision as they were typed, without what is none of them.

    Of the text modules those whose boxes are ticked.
    """
    names = {*_OWN, *(f"{MODULE}-{one}" for one in posted.getlist(MODULE)[: text_modules.MOST])}
    starts = tuple(f"{one}-" for one in card.form)
    known = [
        (name, texts)
        for name, texts in posted.lists()
        if name in names or name in card.form or name.startswith(starts)
    ]
    return {name: [text[:_LONGEST] for text in texts[:_MOST]] for name, texts in known[:_MOST]}


def read(
    posted: QueryDict, card: TaskCard, release: Release, lang: str, *, judged: bool = True
) -> Decision:
    """Read a decision from a form; nothing is believed of it, and what is too long is refused.

    Without ``judged`` nothing is said about what is missing or wrong.
    """
    outcome, reason = posted.get(OUTCOME, ""), posted.get(REASON, "")
    form = task_forms.form(release, card.task, card.form)
    answers: Answers = {"data": {}, "raw": {}, "seen": []}
    data: dict[str, Any] = {}
    problems: list[Problem] = []
    if form is not None:
        lists = dict(posted.lists())
        taken = pages.take(form, task_forms.PAGE, answers, lists, today=clock.today(), lang=lang)
        answers, problems = taken.answers, taken.problems
        data, problems = _submitted(form, answers, problems)
    texts = _chosen(posted)
    fitting = [
        {"id": name, "text": text}
        for name, text in texts.items()
        if text_modules.fits(release, name, card.task, outcome)
    ]
    needs_reason = task_forms.needs_reason(release, card.task, outcome)
    problem = ""
    if max(len(reason), *map(len, texts.values()), 0) > REASON_LIMIT:
        problem = "too_long"
    elif outcome not in card.outcomes:
        problem = "outcome"
    elif problems:
        problem = "fields"
    elif needs_reason and not reason.strip():
        problem = "reason"
    return Decision(
        outcome=outcome,
        reason=reason,
        data={**data, text_modules.KEY: fitting} if fitting else data,
        fields=_shown(form, lang, answers, problems if judged else ()),
        texts=texts,
        problem=problem if judged else "",
        version=number_or_none(posted.get(VERSION, "")),
        draft=count_or_zero(posted.get(DRAFT, "")),
    )


def _submitted(
    form: Release, answers: Answers, problems: list[Problem]
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the answers to a task's fields as data, or what is wrong with them."""
    if problems:
        return {}, problems
    try:
        return pages.application(form, answers, today=clock.today()), []
    except Invalid as invalid:
        return {}, list(invalid.problems)


def fields_of(
    card: TaskCard, release: Release, lang: str, data: Mapping[str, Any]
) -> Sequence[FieldView]:
    """Return the fields of a task as they are shown first: empty, or with what was proposed."""
    form = task_forms.form(release, card.task, card.form)
    return _shown(form, lang, pages.from_application(form, data), ()) if form else ()


def _chosen(posted: QueryDict) -> dict[str, str]:
    """Return the texts of the modules whose boxes are ticked, and of the free paragraph."""
    found: dict[str, str] = {}
    for name in posted.getlist(MODULE)[: text_modules.MOST]:
        text = posted.get(f"{MODULE}-{name}", "").strip()
        if text:
            found[name] = text
    free = posted.get(f"{MODULE}-{text_modules.FREE}", "").strip()
    return {**found, text_modules.FREE: free} if free else found


def _shown(
    form: Release | None, lang: str, answers: Answers, problems: Sequence[Problem]
) -> Sequence[FieldView]:
    if form is None:
        return ()
    today = clock.today()
    view = pages.view(form, task_forms.PAGE, answers, lang=lang, today=today, problems=problems)
    return view.fields
