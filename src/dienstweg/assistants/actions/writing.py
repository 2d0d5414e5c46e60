"""The one way in which a draft's answers are written: sealed, if nobody was faster."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from dienstweg.assistants import queries
from dienstweg.assistants.corrections import content_of
from dienstweg.assistants.errors import TooBusy
from dienstweg.assistants.queries import DraftView
from dienstweg.authorities import scope
from dienstweg.blueprint.release import Release
from dienstweg.kernel import clock, encryption
from dienstweg.offers import queries as offers

Answers = dict[str, Any]
ATTEMPTS = 5
_PLACE = ("assistants_draft", "answers")

# Written by hand, since every saved page does it: the same by querysets takes three times the time.
_UPDATE = (
    "UPDATE assistants_draft SET version = %s, sealed = %s, changed_at = %s, expires_at = %s"
    " WHERE id = %s AND authority_id = ANY(%s) AND version = %s AND state = 'open'"
)


def change(
    draft_id: UUID,
    secret: str,
    made: Callable[[Release, Answers], Answers],
    *,
    touched: Callable[[Release], Sequence[str]] = lambda _release: (),
    allowed: Callable[[Release, DraftView], bool] = lambda _release, _draft: True,
) -> DraftView:
    """Read the draft, change its answers by ``made`` and write it, again if a window was faster.

    ``touched`` are the pages (`rules.place`) that other windows show no longer as they are. What
    is not ``allowed`` changes nothing. Raises `TooBusy`, and as `queries.opened`.
    """
    for _ in range(ATTEMPTS):
        draft = queries.opened(draft_id, secret)
        release = offers.release(draft.digest)
        if not allowed(release, draft):
            return draft
        saved = save(draft, made(release, draft.answers), touched=touched(release))
        if saved is not None:
            return saved
    raise TooBusy


def save(draft: DraftView, answers: Answers, *, touched: Sequence[str]) -> DraftView | None:
    """Write the answers if the draft is as it was read; return it as it is now, or nothing."""
    version, now = draft.version + 1, clock.now()
    saved = {**draft.saved, **dict.fromkeys(touched, version)}
    expires_at = now + timedelta(days=draft.kept_days)
    sealed = sealed_content(draft, answers, saved)
    mine = list(scope.current().authorities)
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [version, sealed, now, expires_at, draft.id, mine, draft.version])
        written = cursor.rowcount
    if not written:
        return None
    return replace(draft, version=version, answers=answers, saved=saved, expires_at=expires_at)


def sealed_content(draft: DraftView, answers: Answers, saved: dict[str, int]) -> bytes:
    """Return what stands in the row of a draft with these answers."""
    table, column = _PLACE
    place = (str(draft.authority_id), table, str(draft.id), column)
    content: dict[str, Any] = {"answers": answers, "saved": saved, "asked": dict(draft.asked)}
    if draft.correction is not None:
        content["correction"] = content_of(draft.correction)
    return encryption.seal_json(draft.key, content, *place)


def every_page(release: Release) -> list[str]:
    """Return all pages: a change that no window has made may touch each of them."""
    return [page.id for page in release.pages]
