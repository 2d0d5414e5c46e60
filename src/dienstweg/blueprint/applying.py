"""The finished application, and what keeps the answers from being one."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import messages, prefilling
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.data_schema import pruned
from dienstweg.blueprint.judging import problems_of, visible
from dienstweg.blueprint.problems import Invalid, Problem
from dienstweg.blueprint.standing import Standing, copied, get, put, stand
from dienstweg.blueprint.views import Answers, Ending

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release


def ending(release: "Release", answers: Answers, today: date, *, lang: str = "de") -> Ending | None:
    """Where the assistant ends without an application, as the answers stand; None: nowhere.

    The condition says nothing about the rest of that page: who need not apply, need not fill it in.
    """
    return ending_of(stand(release, answers, today), lang)


def ending_of(standing: Standing, lang: str) -> Ending | None:
    """The ending of a standing, in words."""
    if standing.ending is None:
        return None
    page, found = standing.ending
    release, start = standing.release, f"endings.{found.id}"
    return Ending(
        id=found.id,
        page=page.id,
        title=release.text(lang, f"{start}.title", found.id),
        text=release.text(lang, f"{start}.text", ""),
    )


def first_problem(
    release: "Release", answers: Answers, today: date, *, lang: str = "de"
) -> tuple[str, list[Problem]] | None:
    """The first visible page on which something is missing or wrong, with what it is.

    Where the assistant ends without an application, that page with the problem "ending".
    """
    standing = stand(release, answers, today)
    over = ending_of(standing, lang)
    if over is not None:
        return over.page, [Problem("ending", over.title)]
    for page in visible(standing):
        problems = problems_of(standing, page, lang=lang)
        if problems:
            return page.id, problems
    return next(iter(_of_whole(standing, lang)), None)


def application(release: "Release", answers: Answers, *, today: date) -> dict[str, Any]:
    """The application: what is visible and filled in, as data.schema.json wants it.

    Raises Invalid where something is missing or wrong, where a verified value was changed, and
    where the assistant ends without an application.
    """
    standing = stand(release, answers, today)
    over = ending_of(standing, "de")
    if over is not None:
        raise Invalid([Problem("ending", over.title)])
    broken = prefilling.broken_locks(release, answers)
    if broken:
        raise Invalid([Problem("locked", _LOCKED, field=each) for each in broken])
    for page in visible(standing):
        problems = problems_of(standing, page)
        if problems:
            raise Invalid(problems)
    data = submitted(standing)
    if not release.schema.validator.is_valid(data):
        found = [problem for _, problems in _of_whole(standing, "de") for problem in problems]
        raise Invalid(found or [Problem("schema", "Die Angaben passen nicht zusammen.")])
    return data


_LOCKED = "Diese Angabe ist geprüft und kann hier nicht geändert werden."


def submitted(standing: Standing) -> dict[str, Any]:
    """The data as it is submitted: without what is hidden or empty."""
    data: dict[str, Any] = pruned(standing.data)
    return data


def _of_whole(standing: Standing, lang: str) -> Iterator[tuple[str, list[Problem]]]:
    """What only the whole schema refuses, at the page and field that it speaks of."""
    data = submitted(standing)
    validator = standing.release.schema.validator
    if validator.is_valid(data):
        return
    for error in list(validator.iter_errors(data))[:10]:
        path = tuple(str(part) for part in error.instance_path)
        if error.kind.name == "required":
            path = (*path, str(error.kind.property))
        page, field = _at(standing, path)
        text = messages.message(standing.release, field, "schema", lang) if field else None
        fallback = "Diese Angaben passen nicht zusammen. Bitte prüfen Sie sie."
        problem = Problem("schema", text or fallback, field=field.id if field else None)
        yield page.id, [problem]


def _at(standing: Standing, path: tuple[str, ...]) -> tuple[Page, Field | None]:
    """The page and field that a path of the data belongs to; else the last visible page."""
    pages = visible(standing) or list(standing.release.pages)
    for page in pages:
        if page.repeat is not None:
            if path[: len(page.repeat.at)] == page.repeat.at:
                return page, None
            continue
        for field in page.fields:
            if field.at is not None and path[: len(field.at)] == field.at:
                return page, field
    return pages[-1], None


def from_application(release: "Release", data: Mapping[str, Any]) -> Answers:
    """Answers as they were for a submitted application, so that it can be shown again.

    What had been hidden is not in an application and stays empty.
    """
    answers: Answers = {"data": {}, "raw": {}, "seen": [page.id for page in release.pages]}
    for page in release.pages:
        if page.outer is not None:
            continue
        if page.repeat is not None:
            items = get(data, page.repeat.at)
            if isinstance(items, list):
                put(answers["data"], page.repeat.at, copied(items))
            continue
        for field in page.fields:
            value = get(data, field.at) if field.at is not None else None
            if field.is_input and field.at is not None and value is not None:
                put(answers["data"], field.at, value)
    return answers
