"""Pages and progress as a surface shows them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from dienstweg.blueprint import asking, films, formats, judging, leaves, messages
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.entries import is_held, origin, with_item
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.standing import Standing, stand
from dienstweg.blueprint.taking import is_there
from dienstweg.blueprint.views import (
    Answers,
    Crumb,
    Entry,
    FieldView,
    ItemView,
    PageRef,
    PageView,
)

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release


class UnknownPage(LookupError):
    """There is no such page now: unknown, hidden, or an entry that does not exist."""


def visible_pages(
    release: "Release", answers: Answers, today: date, *, lang: str = "de"
) -> list[PageRef]:
    """The visible pages in order, with whether they are complete; for the progress."""
    standing = stand(release, answers, today)
    seen = set(answers.get("seen", ()))
    return [
        PageRef(
            id=page.id,
            title=release.text(lang, f"pages.{page.id}.title", page.id),
            repeat=page.repeat is not None,
            complete=page.id in seen and not judging.problems_of(standing, page),
            ends=standing.ending is not None and standing.ending[0] is page,
        )
        for page in judging.visible(standing)
    ]


def view(
    release: "Release",
    page_id: str,
    answers: Answers,
    *,
    lang: str,
    today: date,
    entry: Entry = (),
    problems: Iterable[Problem] = (),
    standing: Standing | None = None,
    leaf: int = leaves.WHOLE,
) -> PageView:
    """One page, with the errors that `take` has found if they are given.

    `entry` is the entry of a repeating group; the one after the last is a new, empty one.
    `standing` is how the answers stand, where the caller has worked that out already. With `leaf`
    only that screen of a long entry is shown (a hidden one: the next there is). Raises
    UnknownPage for a page that is not there or hidden.
    """
    standing = standing or stand(release, answers, today)
    page = release.assistant.page.get(page_id)
    if page is None or not is_there(standing, page, entry):
        raise UnknownPage(page_id)
    listed = len(entry) < page.depth
    if entry and not listed and entry[-1] == standing.count(page, entry[:-1]):
        standing = stand(release, with_item(release, answers, page, entry[:-1]), today)
    shown = judging.visible(standing)
    step = shown.index(release.assistant.page[page.outer or page.id]) + 1
    leaf = leaves.at(standing, page, entry, leaf)
    asked = () if listed else leaves.fields(page, leaf)
    found = _by_field(problems)
    fields = _fields(standing, page, entry, lang, found, asked=asked) if asked else ()
    return PageView(
        id=page.id,
        title=_title(standing, page, entry, lang),
        intro=release.text(lang, f"pages.{page.id}.intro", "") or None,
        fields=fields,
        step=step,
        steps=len(shown),
        previous=shown[step - 2].id if step > 1 else None,
        entry=entry,
        trail=tuple(_trail(standing, page, entry, lang)),
        items=_items(standing, page, entry, lang) if listed else None,
        can_add=page.repeat is not None and standing.count(page, entry) < page.repeat.max,
        add_label=release.text(lang, f"pages.{page.id}.add", "") or None,
        ends_after=len(shown) if standing.ending else None,
        problems=tuple(_of_page(page, problems, {field.id for field in fields}, lang, release)),
        leaf=leaves.view(standing, page, entry, leaf),
    )


def _title(standing: Standing, page: Page, entry: Entry, lang: str) -> str:
    if entry and len(entry) == page.depth:
        return judging.item_title(standing, page, entry, lang)
    return standing.release.text(lang, f"pages.{page.id}.title", page.id)


def _by_field(problems: Iterable[Problem]) -> dict[str | None, list[Problem]]:
    found: dict[str | None, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.field, []).append(problem)
    return found


def _trail(standing: Standing, page: Page, entry: Entry, lang: str) -> Iterator[Crumb]:
    """The lists and entries above a nested page or an entry, the outermost list first."""
    release = standing.release
    groups = [page] if page.outer is None else [release.assistant.page[page.outer], page]
    for depth, group in enumerate(groups):
        if len(entry) > depth:
            title = release.text(lang, f"pages.{group.id}.title", group.id)
            yield Crumb(title, group.id, entry[:depth])
        if len(entry) > depth and group is not page:
            above = entry[: depth + 1]
            yield Crumb(judging.item_title(standing, group, above, lang), group.id, above)


def _of_page(
    page: Page, problems: Iterable[Problem], fields: set[str], lang: str, release: "Release"
) -> Iterable[Problem]:
    checks = {check.id for check in page.checks}
    for problem in problems:
        if problem.field in fields:
            continue
        if problem.code in checks:
            text = release.text(lang, f"checks.{problem.code}")
            yield Problem(problem.code, text, field=problem.field)
        else:
            yield problem


def _items(standing: Standing, page: Page, above: Entry, lang: str) -> tuple[ItemView, ...]:
    entries = [(*above, index) for index in range(standing.count(page, above))]
    return tuple(
        ItemView(
            index=entry[-1],
            title=judging.item_title(standing, page, entry, lang),
            complete=judging.complete(standing, page, entry),
            entry=entry,
            locked=is_held(standing.release, standing.answers, page, entry),
        )
        for entry in entries
    )


def _fields(
    standing: Standing,
    page: Page,
    entry: Entry,
    lang: str,
    problems: Mapping[str | None, list[Problem]],
    *,
    asked: Iterable[Field],
) -> tuple[FieldView, ...]:
    conditions = judging.conditionally_required(standing, page, entry)
    views = []
    for field in asked:
        unlabelled = field.widget == "output" and not labelled(standing.release, field)
        if (field.id, entry) not in standing.fields or unlabelled:
            continue
        if field.is_input:
            answered = asking.Answered(
                value=standing.value(page, field, entry),
                left=standing.answers.get("raw", {}).get(judging.raw_key(page, field, entry)),
                required=judging.is_required(standing, page, field, entry, conditions),
                choices=judging.offered(standing, page, field, entry) if field.allowed else None,
                errors=_errors(standing.release, page, field, problems.get(field.id, ()), lang),
            )
            one = asking.question(standing.release, field, answered, lang=lang, entry=entry)
            views.append(_with_origins(standing, one, judging.raw_key(page, field, entry)))
        else:
            views.append(_read_only(standing, page, field, entry, lang))
    return tuple(views)


def _with_origins(standing: Standing, asked: FieldView, key: str) -> FieldView:
    """A question with where its value, or each of its parts, came from; verified ones locked.

    Where all that is filled in came from one source, the question says so once.
    """
    known = origin(standing.answers, key)
    if known or asked.widget == "table":
        return replace(asked, source=known.get("label"), locked=bool(known.get("locked")))
    parts = []
    for part in asked.parts:
        own = origin(standing.answers, judging.part_key(key, part.id))
        parts.append(replace(part, source=own.get("label"), locked=bool(own.get("locked"))))
    sources = {part.source for part in parts if part.value or part.locked}
    if len(sources) == 1 and not any(part.locked for part in parts):
        parts = [replace(part, source=None) for part in parts]
        return replace(asked, parts=tuple(parts), source=sources.pop())
    return replace(asked, parts=tuple(parts))


def _read_only(standing: Standing, page: Page, field: Field, entry: Entry, lang: str) -> FieldView:
    """A calculated value or a mere text."""
    release = standing.release
    start = f"fields.{field.id}."
    value = standing.value(page, field, entry) if field.widget == "output" else None
    return FieldView(
        id=field.id,
        name=field.id,
        entry=entry,
        widget=field.widget,
        label=release.text(lang, start + "label", "" if field.widget == "info" else field.id),
        value=formats.shown(release, field, value, lang),
        hint=release.text(lang, start + "hint", "") or None,
        info=release.text(lang, start + "info", "") or None,
        film=films.film(field.film, release.files) if field.film else None,
    )


def _errors(
    release: "Release", page: Page, field: Field, problems: Iterable[Problem], lang: str
) -> dict[str | None, str]:
    """What to say at a field and at its parts, in the language of the page."""
    checks = {check.id for check in page.checks}
    found: dict[str | None, str] = {}
    for problem in problems:
        if problem.code in checks and problem.part is None:
            text = release.text(lang, f"checks.{problem.code}")
        else:
            text = messages.message(release, field.named(problem.part), problem.code, lang)
        found.setdefault(problem.part, text)
    return found


def labelled(release: "Release", field: Field) -> bool:
    """Whether people see a calculated field: without a label it is for the rules alone."""
    return f"fields.{field.id}.label" in release.flat["de"]
