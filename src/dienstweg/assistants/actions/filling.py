"""Filling in: each page is saved, whatever is wrong with it, and no window loses another's work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from dienstweg.assistants import queries, rules
from dienstweg.assistants.actions.writing import ATTEMPTS, change, save
from dienstweg.assistants.errors import NoSuchField, TooBusy
from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint import pages
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.views import SUMMARY, Taken
from dienstweg.blueprint.widgets import file_rules
from dienstweg.files import actions as files
from dienstweg.files.errors import AlreadyKept, TooMany, WrongType
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers

Go = Literal["next", "back", "stay", "summary"]
_MOST = 10 * 1024 * 1024
"""Bytes of a file where the field does not say."""
_TYPES = ("pdf", "jpeg", "png")

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stale:
    """The page was saved in another window meanwhile: what stands there now."""

    answers: Answers


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a saved page: where to go, what is wrong, and the draft to show again.

    ``next`` is a page's id, ``summary`` or ``ending``, ``entry`` the entry of it to go to. If
    ``stale`` is set, nothing was saved: the page shows what was typed (``draft.answers``) beside
    what was saved elsewhere (``stale.answers``), with the new version, and the next save decides.
    """

    next: str
    problems: Sequence[Problem]
    stale: Stale | None
    draft: DraftView
    entry: tuple[int, ...] = ()


def answer(
    *,
    draft_id: UUID,
    secret: str,
    page: str,
    posted: Mapping[str, list[str]],
    version: int,
    go: Go = "next",
    entry: tuple[int, ...] = (),
    lang: str | None = None,
) -> Answered:
    """Save what was typed on a page (or on the item ``entry`` of a repeating page).

    Two statements: the draft is read, and written if nobody else has written it since. What is
    wrong with the answers is told, never refused: they are kept as they were typed. ``version``
    is the draft's when the page was shown. Problems are told in ``lang``, or in the draft's. A page
    that is not asked (any more) saves nothing and leads to the first that is. Raises as
    `queries.opened`, and `TooBusy`.
    """
    for _ in range(ATTEMPTS):
        draft = queries.opened(draft_id, secret)
        release, today = offers.release(draft.digest), clock.today()
        taken = pages.take(
            release,
            page,
            draft.answers,
            posted,
            today=today,
            entry=entry,
            lang=lang or draft.lang,
        )
        if any(problem.code == "unknown-page" for problem in taken.problems):
            goal = pages.first_open(release, draft.answers, today=today)
            return Answered(goal, taken.problems, None, draft)
        typed = replace(draft, answers=taken.answers)
        if taken.answers != draft.answers and rules.is_stale(draft.saved, page, entry, version):
            return Answered(page, taken.problems, Stale(draft.answers), typed, entry)
        saved = save(draft, taken.answers, touched=[rules.place(page, entry)])
        if saved is not None:
            goal, at = _goal(release, taken, page, entry, go=go)
            return Answered(goal, taken.problems, None, saved, at)
    raise TooBusy


def add_item(*, draft_id: UUID, secret: str, group: str, above: tuple[int, ...] = ()) -> int:
    """Add an empty item to the repeating page ``group``; return its index.

    A nested group's list is that of the outer item ``above``.
    """
    added = -1

    def add(release: Release, answers: Answers) -> Answers:
        nonlocal added
        changed, added = pages.add_item(release, group, answers, above)
        return changed

    change(draft_id, secret, add, touched=lambda release: [rules.place(group, above)])
    return added


def remove_item(
    *, draft_id: UUID, secret: str, group: str, entry: tuple[int, ...], version: int | None = None
) -> None:
    """Remove the item ``entry`` of the repeating page ``group``, if it is there, and its files.

    What is nested in it goes with it. Nothing happens where the list has changed since ``version``
    of the draft: another item may stand in its place.
    """
    if version is not None:
        shown = queries.opened(draft_id, secret)
        if rules.is_stale(shown.saved, group, entry[:-1], version):
            return
    before: set[str] = set()

    def remove(release: Release, answers: Answers) -> Answers:
        before.clear()
        before.update(rules.ids_in(answers))
        return pages.remove_item(release, group, answers, entry)

    def touched(release: Release) -> list[str]:
        nested = release.assistant.inner.get(group, ())
        return [rules.place(group, entry[:-1]), *(each.id for each in nested)]

    draft = change(draft_id, secret, remove, touched=touched)
    _discard_all(draft_id, before - set(rules.ids_in(draft.answers)))


def attach(
    *,
    draft_id: UUID,
    secret: str,
    field: str,
    name: str,
    chunks: Iterable[bytes],
    entry: tuple[int, ...] = (),
    file_id: UUID | None = None,
) -> FileCard:
    """Check an uploaded file and put it into the answer of ``field``.

    A field for one file has its old one replaced. With ``file_id`` (that of an upload) it is safe
    to do twice. Raises the kinds of
    `dienstweg.files.errors.Refused` (also where the field takes fewer kinds or fewer files),
    `NoSuchField`, and as `queries.opened`.
    """
    draft = queries.opened(draft_id, secret)
    asked = offers.release(draft.digest).assistant.field.get(field)
    if asked is None or asked.widget != "file":
        raise NoSuchField
    allowed = file_rules(asked.schema)
    try:
        card, is_ours = (
            files.take(
                owner_id=draft_id,
                key=draft.key,
                name=name,
                chunks=chunks,
                limit=most_bytes(asked.schema),
                file_id=file_id,
            ),
            True,
        )
    except AlreadyKept as known:
        card, is_ours = known.card, False
    try:
        if card.media_type.partition("/")[2] not in allowed.get("types", _TYPES):
            raise WrongType
        _put(draft_id, secret, field, card.id, entry)
    except Exception:
        if is_ours:  # else another request may have put it into the answers already
            files.discard(owner_id=draft_id, file_id=card.id)
        raise
    return card


def most_bytes(schema: Mapping[str, Any]) -> int:
    """Return how many bytes a file may have by the schema of its field."""
    return int(file_rules(schema).get("max_bytes", _MOST))


def detach(*, draft_id: UUID, secret: str, file_id: UUID) -> None:
    """Delete an uploaded file and take it out of the answers."""
    change(
        draft_id,
        secret,
        lambda release, answers: pages.drop_file(release, answers, str(file_id)),
    )
    files.discard(owner_id=draft_id, file_id=file_id)


def _put(draft_id: UUID, secret: str, field: str, file_id: UUID, entry: tuple[int, ...]) -> None:
    """Put a stored file into the answers; delete the one that it replaces; raises `TooMany`."""
    before: set[str] = set()

    def put(release: Release, answers: Answers) -> Answers:
        before.clear()
        before.update(rules.ids_in(answers))
        if str(file_id) in before:
            return answers
        return pages.put_file(release, answers, field, str(file_id), entry=entry)

    after = set(rules.ids_in(change(draft_id, secret, put).answers))
    if str(file_id) not in after:
        raise TooMany
    _discard_all(draft_id, before - after)


def _discard_all(draft_id: UUID, file_ids: set[str]) -> None:
    for file_id in file_ids:
        files.discard(owner_id=draft_id, file_id=UUID(file_id))


def _goal(
    release: Release, taken: Taken, page: str, entry: tuple[int, ...], *, go: Go
) -> tuple[str, tuple[int, ...]]:
    """Return where the applicant goes: a page with problems is left only backwards.

    Where the assistant ends after it without an application, its other questions do not matter.
    """
    if go == "back":
        return pages.backward(release, taken.answers, page, entry, today=clock.today())
    if go == "stay" or (taken.problems and not taken.ended):
        return page, entry
    is_entry = bool(entry) and len(entry) == release.assistant.page[page].depth
    if go == "summary" and not is_entry and not taken.ended:
        return SUMMARY, ()
    return taken.onward
