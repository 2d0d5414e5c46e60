"""What a page of the assistant says when it is opened to correct an application.

Where a draft is no correction, everything here leaves the page as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint.correcting import Mark
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.views import Answers, FieldView, PageView
from dienstweg.design.parts import identifier
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock


@dataclass(frozen=True, slots=True)
class Remark:
    """What the authority wants at a place: the question, what they said, and where it is."""

    label: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Guide:
    """Where a page stands on the way through a correction, and what was said about it."""

    step: int
    steps: int
    remarks: Sequence[Remark]


def seen(release: Release, draft: DraftView) -> tuple[Answers, date]:
    """Return the answers as a page shows them, and the day that judges: locked where not open."""
    today = draft.judged_on(clock.today())
    if draft.correction is None:
        return dict(draft.answers), today
    return draft.correction.standing(release, draft.answers).locked(), today


def adapted(release: Release, draft: DraftView, view: PageView) -> PageView:
    """Return the page with only those buttons that a correction has."""
    if draft.correction is None:
        return view
    standing = draft.correction.standing(release, draft.answers)
    page = release.assistant.page[view.id]
    back = standing.backward(view.id, view.entry)
    is_list = view.items is not None
    may_change = is_list and standing.may_change_list(page, view.entry)
    items = view.items
    if items is not None and not may_change:
        items = tuple(replace(one, locked=True) for one in items)
    return replace(
        view,
        previous=back[0] if back != (view.id, view.entry) else None,
        can_add=view.can_add and may_change,
        items=items,
        ends_after=None,
    )


def guide(release: Release, draft: DraftView, view: PageView) -> Guide | None:
    """Return where the page stands in the correction; None where it is none."""
    if draft.correction is None:
        return None
    standing = draft.correction.standing(release, draft.answers)
    step, steps = standing.step(view.id, view.entry)
    return Guide(step, steps, remarks(draft.correction.opening.marks, view))


def remarks(marks: Sequence[Mark], view: PageView) -> list[Remark]:
    """Return what was said about the fields of a page, and about the page as a whole."""
    labels = {field.id: field for field in view.fields}
    found = []
    for mark in marks:
        if not mark.remark or mark.page != view.id or not _is_here(mark, view):
            continue
        field = labels.get(mark.field)
        label = field.label if field else view.title
        found.append(Remark(label, mark.remark, identifier(field.name) if field else ""))
    return found


def _is_here(mark: Mark, view: PageView) -> bool:
    return view.entry[: len(mark.entry)] == mark.entry or mark.entry == view.entry


def shown(field: FieldView, cards: Mapping[str, FileCard]) -> FieldView:
    """Return a locked question for files with their names as its value."""
    if field.locked and field.widget == "file":
        return replace(field, value=[cards[one].name for one in field.files if one in cards])
    return field
