"""Filling in: each page is saved, whatever is wrong with it, and no window loses another's work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from dienstweg.assistants import queries, rules
from dienstweg.assistants.errors import NoSuchField, TooBusy
from dienstweg.assistants.queries import DraftView
from dienstweg.authorities import scope
from dienstweg.blueprint import pages
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.widgets import file_rules
from dienstweg.files import actions as files
from dienstweg.files.errors import TooMany, WrongType
from dienstweg.files.queries import FileCard
from dienstweg.kernel import clock, encryption
from dienstweg.offers import queries as offers

Go = Literal["next", "back", "stay", "summary"]
SUMMARY = "summary"
_ATTEMPTS = 5
_MOST = 10 * 1024 * 1024
"""Bytes of a file where the field does not say."""
_TYPES = ("pdf", "jpeg", "png")
_PLACE = ("assistants_draft", "answers")

# Written by hand, since every saved page does it: the same by querysets takes three times the time.
_UPDATE = (
    "UPDATE assistants_draft SET version = %s, sealed = %s, changed_at = %s, expires_at = %s"
    " WHERE id = %s AND authority_id = ANY(%s) AND version = %s AND state = 'open'"
)

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stale:
    """The page was saved in another window meanwhile: what stands there now."""

    answers: Answers


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a saved page: where to go, what is wrong, and the draft to show again.

    ``next`` is a page's id or ``summary``, ``entry`` the entry of it to go to. If ``stale`` is set,
    nothing was saved: the page shows what was typed (``draft.answers``) beside what was saved
    elsewhere (``stale.answers``), with the new version, and the next save decides.
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
    for _ in range(_ATTEMPTS):
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
        saved = _save(draft, taken.answers, touched=[rules.place(page, entry)])
        if saved is not None:
            wrong = bool(taken.problems)
            goal, at = _goal(release, saved, page, entry, go=go, wrong=wrong)
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

    _change(draft_id, secret, add, touched=lambda release: [rules.place(group, above)])
    return added


def remove_item(*, draft_id: UUID, secret: str, group: str, entry: tuple[int, ...]) -> None:
    """Remove the item ``entry`` of the repeating page ``group``, if it is there, and its files.

    What is nested in it goes with it.
    """
    before: set[str] = set()

    def remove(release: Release, answers: Answers) -> Answers:
        before.clear()
        before.update(rules.ids_in(answers))
        return pages.remove_item(release, group, answers, entry)

    def touched(release: Release) -> list[str]:
        nested = release.assistant.inner.get(group, ())
        return [rules.place(group, entry[:-1]), *(each.id for each in nested)]

    draft = _change(draft_id, secret, remove, touched=touched)
    _discard_all(draft_id, before - set(rules.ids_in(draft.answers)))


def attach(
    *,
    draft_id: UUID,
    secret: str,
    field: str,
    name: str,
    chunks: Iterable[bytes],
    entry: tuple[int, ...] = (),
) -> FileCard:
    """Check an uploaded file and put it into the answer of ``field``.

    A field for one file has its old one replaced. Raises the kinds of
    `dienstweg.files.errors.Refused` (also where the field takes fewer kinds or fewer files),
    `NoSuchField`, and as `queries.opened`.
    """
    draft = queries.opened(draft_id, secret)
    asked = offers.release(draft.digest).assistant.field.get(field)
    if asked is None or asked.widget != "file":
        raise NoSuchField
    allowed = file_rules(asked.schema)
    card = files.take(
        owner_id=draft_id,
        key=draft.key,
        name=name,
        chunks=chunks,
        limit=int(allowed.get("max_bytes", _MOST)),
    )
    try:
        if card.media_type.partition("/")[2] not in allowed.get("types", _TYPES):
            raise WrongType
        _put(draft_id, secret, field, card.id, entry)
    except Exception:
        files.discard(owner_id=draft_id, file_id=card.id)
        raise
    return card


def detach(*, draft_id: UUID, secret: str, file_id: UUID) -> None:
    """Delete an uploaded file and take it out of the answers."""
    _change(
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
        return pages.put_file(release, answers, field, str(file_id), entry=entry)

    after = set(rules.ids_in(_change(draft_id, secret, put).answers))
    if str(file_id) not in after:
        raise TooMany
    _discard_all(draft_id, before - after)


def _discard_all(draft_id: UUID, file_ids: set[str]) -> None:
    for file_id in file_ids:
        files.discard(owner_id=draft_id, file_id=UUID(file_id))


def _change(
    draft_id: UUID,
    secret: str,
    change: Callable[[Release, Answers], Answers],
    *,
    touched: Callable[[Release], Sequence[str]] = lambda _release: (),
) -> DraftView:
    """Read the draft, ``change`` its answers and write it, again if another window was faster."""
    for _ in range(_ATTEMPTS):
        draft = queries.opened(draft_id, secret)
        release = offers.release(draft.digest)
        saved = _save(draft, change(release, draft.answers), touched=touched(release))
        if saved is not None:
            return saved
    raise TooBusy


def _save(draft: DraftView, answers: Answers, *, touched: Sequence[str]) -> DraftView | None:
    """Write the answers if the draft is as it was read; return it as it is now, or nothing."""
    version, now = draft.version + 1, clock.now()
    saved = {**draft.saved, **dict.fromkeys(touched, version)}
    table, column = _PLACE
    place = (str(draft.authority_id), table, str(draft.id), column)
    expires_at = now + timedelta(days=draft.kept_days)
    sealed = encryption.seal_json(draft.key, {"answers": answers, "saved": saved}, *place)
    mine = list(scope.current().authorities)
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [version, sealed, now, expires_at, draft.id, mine, draft.version])
        written = cursor.rowcount
    if not written:
        return None
    return replace(draft, version=version, answers=answers, saved=saved, expires_at=expires_at)


def _goal(
    release: Release,
    draft: DraftView,
    page: str,
    entry: tuple[int, ...],
    *,
    go: Go,
    wrong: bool,
) -> tuple[str, tuple[int, ...]]:
    """Return where the applicant goes: a page with problems is left only backwards."""
    if go == "back":
        return pages.backward(release, draft.answers, page, entry, today=clock.today())
    if go == "stay" or wrong:
        return page, entry
    is_entry = len(entry) == release.assistant.page[page].depth and bool(entry)
    if go == "summary" and not is_entry:
        return SUMMARY, ()
    return pages.onward(release, draft.answers, page, entry, today=clock.today())
