"""Filling in: each page is saved, whatever is wrong with it, and no window loses another's work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from dienstweg.assistants import queries, rules
from dienstweg.assistants.actions.correcting import drop_document, put_document
from dienstweg.assistants.actions.writing import ATTEMPTS, change, save
from dienstweg.assistants.errors import NoSuchField, TooBusy
from dienstweg.assistants.queries import DraftView
from dienstweg.blueprint import leaves, pages
from dienstweg.blueprint.correcting import Correcting, unlocked, uploaded
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

    ``next`` is a page's id, ``summary`` or ``ending``, ``entry`` the entry of it to go to, ``leaf``
    the screen of a long entry (0: the first). If
    ``stale`` is set, nothing was saved: the page shows what was typed (``draft.answers``) beside
    what was saved elsewhere (``stale.answers``), with the new version, and the next save decides.
    """

    next: str
    problems: Sequence[Problem]
    stale: Stale | None
    draft: DraftView
    entry: tuple[int, ...] = ()
    leaf: int = 0


def answer(
    *,
    draft_id: UUID,
    secret: str,
    page: str,
    posted: Mapping[str, list[str]],
    version: int,
    go: Go = "next",
    entry: tuple[int, ...] = (),
    leaf: int = 0,
    lang: str | None = None,
) -> Answered:
    """Save what was typed on a page (or on the item ``entry`` of a repeating page, or its leaf).

    Two statements: the draft is read, and written if nobody else has written it since. What is
    wrong with the answers is told, never refused: they are kept as they were typed. ``version``
    is the draft's when the page was shown. Problems are told in ``lang``, or in the draft's. A page
    that is not asked (any more) saves nothing and leads to the first that is. Raises as
    `queries.opened`, and `TooBusy`.
    """
    for _ in range(ATTEMPTS):
        draft = queries.opened(draft_id, secret)
        release, today = offers.release(draft.digest), draft.judged_on(clock.today())
        place = (page, entry, leaf)
        taken = _taken(release, draft, place, posted, lang=lang or draft.lang)
        if any(problem.code == "unknown-page" for problem in taken.problems):
            goal = pages.first_open(release, draft.answers, today=today)
            return Answered(goal, taken.problems, None, draft)
        typed = replace(draft, answers=taken.answers)
        if taken.answers != draft.answers and rules.is_stale(draft.saved, page, entry, version):
            return Answered(page, taken.problems, Stale(draft.answers), typed, entry, leaf)
        saved = save(draft, taken.answers, touched=[rules.place(page, entry)])
        if saved is not None:
            to, at, then = _goal(release, saved, taken, page, entry, go=go)
            return Answered(to, taken.problems, None, saved, at, then)
    raise TooBusy


def _taken(
    release: Release,
    draft: DraftView,
    place: tuple[str, tuple[int, ...], int],
    posted: Mapping[str, list[str]],
    *,
    lang: str,
) -> Taken:
    """Take what was posted for page, entry and leaf; of a correction only where it is open."""
    today = draft.judged_on(clock.today())
    page, entry, leaf = place
    if draft.correction is None:
        return pages.take(
            release, page, draft.answers, posted, today=today, entry=entry, lang=lang, leaf=leaf
        )
    standing = draft.correction.standing(release, draft.answers)
    if not _may_be_there(standing, page, entry):
        return Taken(draft.answers, [Problem("unknown-page", "")])
    taken = pages.take(
        release, page, standing.locked(), posted, today=today, entry=entry, lang=lang
    )
    return replace(taken, answers=unlocked(taken.answers))


def _may_be_there(standing: Correcting, page_id: str, entry: tuple[int, ...]) -> bool:
    """Tell whether a page of a correction may be saved: a new entry only in a list that is open."""
    page = standing.release.assistant.page.get(page_id)
    if page is None or len(entry) < page.depth or not entry:
        return page is not None
    is_new = entry[-1] >= standing.now.count(page, entry[:-1])
    return not is_new or standing.may_change_list(page, entry[:-1])


def _is_open(group: str, above: tuple[int, ...]) -> Callable[[Release, DraftView], bool]:
    """Return what tells whether a draft lets entries of a group be added and removed."""

    def allowed(release: Release, draft: DraftView) -> bool:
        page = release.assistant.page.get(group)
        if draft.correction is None or page is None:
            return True
        return draft.correction.standing(release, draft.answers).may_change_list(page, above)

    return allowed


def add_item(*, draft_id: UUID, secret: str, group: str, above: tuple[int, ...] = ()) -> int:
    """Add an empty item to the repeating page ``group``; return its index.

    A nested group's list is that of the outer item ``above``.
    """
    added = -1

    def add(release: Release, answers: Answers) -> Answers:
        nonlocal added
        changed, added = pages.add_item(release, group, answers, above)
        return changed

    change(
        draft_id,
        secret,
        add,
        touched=lambda release: [rules.place(group, above)],
        allowed=_is_open(group, above),
    )
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
        before.update(uploaded(release, answers))
        return pages.remove_item(release, group, answers, entry)

    def touched(release: Release) -> list[str]:
        nested = release.assistant.inner.get(group, ())
        return [rules.place(group, entry[:-1]), *(each.id for each in nested)]

    draft = change(draft_id, secret, remove, touched=touched, allowed=_is_open(group, entry[:-1]))
    _discard_all(draft, before)


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
    schema = schema_of(draft, field, entry)
    try:
        card, is_ours = (
            files.take(
                owner_id=draft.owner_id,
                key=draft.key,
                name=name,
                chunks=chunks,
                limit=most_bytes(schema),
                file_id=file_id,
            ),
            True,
        )
    except AlreadyKept as known:
        card, is_ours = known.card, False
    try:
        if card.media_type.partition("/")[2] not in file_rules(schema).get("types", _TYPES):
            raise WrongType
        if field.startswith(queries.DOCUMENT):
            put_document(draft_id=draft_id, secret=secret, field=field, file_id=card.id)
        else:
            _put(draft_id, secret, field, card.id, entry)
    except Exception:
        if is_ours:  # else another request may have put it into the answers already
            files.discard(owner_id=draft.owner_id, file_id=card.id)
        raise
    return card


def schema_of(draft: DraftView, field: str, entry: tuple[int, ...]) -> Mapping[str, Any]:
    """Return what is asked of a file for ``field``; of a correction only where it is open.

    Raises `NoSuchField`.
    """
    if draft.correction is not None and field.startswith(queries.DOCUMENT):
        draft.correction.asked(field)
        return {}
    release = offers.release(draft.digest)
    asked = release.assistant.field.get(field)
    if asked is None or asked.widget != "file":
        raise NoSuchField
    if draft.correction is not None:
        standing = draft.correction.standing(release, draft.answers)
        if (field, entry) not in standing.open:
            raise NoSuchField
    return asked.schema


def most_bytes(schema: Mapping[str, Any]) -> int:
    """Return how many bytes a file may have by the schema of its field."""
    return int(file_rules(schema).get("max_bytes", _MOST))


def detach(*, draft_id: UUID, secret: str, file_id: UUID) -> None:
    """Delete an uploaded file and take it out of the answers.

    Of a correction only where it is open; what the submitted version names is not deleted.
    """
    before: set[str] = set()

    def drop(release: Release, answers: Answers) -> Answers:
        before.clear()
        before.update(uploaded(release, answers))
        return pages.drop_file(release, answers, str(file_id))

    draft = change(
        draft_id,
        secret,
        drop,
        allowed=lambda release, draft: _may_drop(release, draft, str(file_id)),
    )
    gone = set(before)
    if draft.correction is None or drop_document(draft_id=draft_id, secret=secret, file_id=file_id):
        gone.add(str(file_id))
    _discard_all(draft, gone)


def _may_drop(release: Release, draft: DraftView, file_id: str) -> bool:
    if draft.correction is None:
        return True
    standing = draft.correction.standing(release, draft.answers)
    without = draft.correction.standing(release, pages.drop_file(release, draft.answers, file_id))
    return all(
        (field.id, entry) in standing.open
        for page, field in release.assistant.fields()
        for entry in [spot[1] for spot in standing.now.fields if spot[0] == field.id]
        if field.widget == "file"
        and standing.now.value(page, field, entry) != without.now.value(page, field, entry)
    )


def _put(draft_id: UUID, secret: str, field: str, file_id: UUID, entry: tuple[int, ...]) -> None:
    """Put a stored file into the answers; delete the one that it replaces; raises `TooMany`."""
    before: set[str] = set()

    def put(release: Release, answers: Answers) -> Answers:
        before.clear()
        before.update(uploaded(release, answers))
        if str(file_id) in before:
            return answers
        return pages.put_file(release, answers, field, str(file_id), entry=entry)

    draft = change(draft_id, secret, put)
    if str(file_id) not in uploaded(offers.release(draft.digest), draft.answers):
        raise TooMany
    _discard_all(draft, before)


def _discard_all(draft: DraftView, file_ids: set[str]) -> None:
    """Delete those files that the answers no longer name, but for a submitted version's."""
    kept = uploaded(offers.release(draft.digest), draft.answers)
    if draft.correction is not None:
        kept |= draft.correction.kept
    for file_id in file_ids - kept:
        files.discard(owner_id=draft.owner_id, file_id=UUID(file_id))


def _goal(
    release: Release,
    draft: DraftView,
    taken: Taken,
    page: str,
    entry: tuple[int, ...],
    *,
    go: Go,
) -> tuple[str, tuple[int, ...], int]:
    """Return page, entry and leaf that come next: one with problems is left only backwards.

    Where the assistant ends after it without an application, its other questions do not matter.
    """
    leaf = taken.leaf
    if draft.correction is not None:
        standing = draft.correction.standing(release, draft.answers)
        return *_stop(standing, taken, page, entry, go=go), 0
    if go == "back":
        return _back(release, taken, page, entry)
    if go == "stay" or (taken.problems and not taken.ended):
        return page, entry, leaf.number if leaf else 0
    if leaf is not None and leaf.after:
        return page, entry, leaf.after
    is_entry = bool(entry) and len(entry) == release.assistant.page[page].depth
    if go == "summary" and not is_entry and not taken.ended:
        return SUMMARY, (), 0
    return *taken.onward, 0


def _back(
    release: Release, taken: Taken, page: str, entry: tuple[int, ...]
) -> tuple[str, tuple[int, ...], int]:
    """Return where the applicant goes back to: of a long entry to its last leaf."""
    if taken.leaf is not None and taken.leaf.before:
        return page, entry, taken.leaf.before
    to, above = pages.backward(release, taken.answers, page, entry, today=clock.today())
    there = leaves.shown(taken.standing, release.assistant.page[to], above)
    return to, above, there[-1] if there else 0


def _stop(
    standing: Correcting, taken: Taken, page: str, entry: tuple[int, ...], *, go: Go
) -> tuple[str, tuple[int, ...]]:
    """Return where the applicant goes in a correction: through what is open, then to the review.

    Inside a list that is open the way is the usual one.
    """
    if go == "back":
        return standing.backward(page, entry)
    if go == "stay" or taken.problems:
        return page, entry
    if go == "summary":
        return SUMMARY, ()
    known = standing.release.assistant.page
    listed = known[page].depth and len(entry) == known[page].depth
    onward = taken.onward
    if listed and onward in standing.stops:
        return onward
    inside = listed and onward[0] in known and known[onward[0]].outer is not None
    if inside and standing.may_change_list(known[onward[0]], onward[1][:1]):
        return onward
    return standing.onward(page, entry)
