"""Pages, summary and progress as a surface shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from dienstweg.blueprint import formats, judging, messages
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.standing import Standing, stand
from dienstweg.blueprint.taking import with_item
from dienstweg.blueprint.views import (
    Answers,
    FieldView,
    ItemView,
    Option,
    PageRef,
    PageView,
    Row,
    SummarySection,
)
from dienstweg.blueprint.widgets import file_rules

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

_MEDIA_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "jpg": "image/jpeg"}
_MEDIA_TYPES["png"] = "image/png"
_CHOSEN = frozenset(["radio", "select", "checkboxes", "yesno", "checkbox"])


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
    index: int | None = None,
    problems: Iterable[Problem] = (),
) -> PageView:
    """One page, with the errors that `take` has found if they are given.

    `index` is the entry of a repeating group; the one after the last is a new, empty one. Raises
    UnknownPage for a page that is not there or hidden.
    """
    standing = stand(release, answers, today)
    page = release.assistant.page.get(page_id)
    if page is None or page.id not in standing.pages:
        raise UnknownPage(page_id)
    if index is not None:
        standing = _entry(standing, page, index)
    shown = judging.visible(standing)
    step = shown.index(page) + 1
    listed = page.repeat is not None and index is None
    found = {problem.field: problem for problem in problems}
    fields = () if listed else _fields(standing, page, index, lang, found)
    title = release.text(lang, f"pages.{page.id}.title", page.id)
    if index is not None:
        title = judging.item_title(standing, page, index, lang)
    return PageView(
        id=page.id,
        title=title,
        intro=release.text(lang, f"pages.{page.id}.intro", "") or None,
        fields=fields,
        step=step,
        steps=len(shown),
        previous=shown[step - 2].id if step > 1 else None,
        index=index,
        items=_items(standing, page, lang) if listed else None,
        can_add=page.repeat is not None and standing.count(page) < page.repeat.max,
        add_label=release.text(lang, f"pages.{page.id}.add", "") or None,
        problems=tuple(_of_page(page, problems, {field.id for field in fields}, lang, release)),
    )


def _entry(standing: Standing, page: Page, index: int) -> Standing:
    """The standing with the entry that is asked for; one more than there are is a new one."""
    count = standing.count(page)
    if page.repeat is None or not 0 <= index <= count or index >= page.repeat.max:
        raise UnknownPage(f"{page.id}/{index}")
    if index < count:
        return standing
    return stand(standing.release, with_item(standing.answers, page), standing.today)


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


def _items(standing: Standing, page: Page, lang: str) -> tuple[ItemView, ...]:
    return tuple(
        ItemView(
            index=index,
            title=judging.item_title(standing, page, index, lang),
            complete=not judging.problems_of(standing, page, index),
        )
        for index in range(standing.count(page))
    )


def _fields(
    standing: Standing,
    page: Page,
    index: int | None,
    lang: str,
    problems: dict[str | None, Problem],
) -> tuple[FieldView, ...]:
    conditions = judging.conditionally_required(standing, page, index)
    views = []
    for field in page.fields:
        unlabelled = field.widget == "output" and not _labelled(standing.release, field)
        if (field.id, index) not in standing.fields or unlabelled:
            continue
        if field.is_input:
            required = judging.is_required(standing, page, field, index, conditions)
            shown = _input(standing, page, field, index, lang)
            error = _error(standing.release, page, field, problems.get(field.id), lang)
            views.append(replace(shown, required=required, error=error))
        else:
            views.append(_read_only(standing, page, field, index, lang))
    return tuple(views)


def _read_only(
    standing: Standing, page: Page, field: Field, index: int | None, lang: str
) -> FieldView:
    """A calculated value or a mere text."""
    release = standing.release
    start = f"fields.{field.id}."
    value = standing.value(page, field, index) if field.widget == "output" else None
    return FieldView(
        id=field.id,
        name=field.id,
        widget=field.widget,
        label=release.text(lang, start + "label", "" if field.widget == "info" else field.id),
        value=formats.shown(release, field, value, lang),
        hint=release.text(lang, start + "hint", "") or None,
        info=release.text(lang, start + "info", "") or None,
    )


def _error(
    release: "Release", page: Page, field: Field, problem: Problem | None, lang: str
) -> str | None:
    """What to say at a field, in the language of the page."""
    if problem is None:
        return None
    if any(check.id == problem.code for check in page.checks):
        return release.text(lang, f"checks.{problem.code}")
    return messages.message(release, field, problem.code, lang)


def _input(standing: Standing, page: Page, field: Field, index: int | None, lang: str) -> FieldView:
    """A question with what has been answered so far."""
    release, schema = standing.release, field.schema
    start = f"fields.{field.id}."
    typed = _typed(standing, page, field, index)
    rules = file_rules(schema) if field.widget == "file" else {}
    value = standing.value(page, field, index)
    return FieldView(
        id=field.id,
        name=field.id,
        widget=field.widget,
        label=release.text(lang, start + "label", field.id),
        value=typed,
        hint=release.text(lang, start + "hint", "") or None,
        purpose=release.text(lang, start + "purpose", "") or None,
        options=_options(release, field, typed, lang) if field.widget in _CHOSEN else (),
        info=release.text(lang, start + "info", "") or None,
        autocomplete=field.autocomplete,
        width=field.width,
        multiple=field.multiple,
        accept=_accept(rules),
        max_bytes=rules.get("max_bytes"),
        max_files=schema.get("maxItems") if field.widget == "file" else None,
        min=_bound(field, "minimum"),
        max=_bound(field, "maximum"),
        max_length=schema.get("maxLength"),
        pattern=schema.get("pattern"),
        files=files_of(value) if field.widget == "file" else (),
    )


def _typed(standing: Standing, page: Page, field: Field, index: int | None) -> str | list[str]:
    """What stands in the input: what was typed if it could not be understood, else the value."""
    raw = standing.answers.get("raw", {}).get(judging.raw_key(page, field, index))
    if raw is not None:
        return list(raw) if field.multiple else (raw[0] if raw else "")
    return formats.typed(field, standing.value(page, field, index))


def files_of(value: object) -> tuple[str, ...]:
    """The ids of the files in a value."""
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return (str(value),) if value else ()


def _options(
    release: "Release", field: Field, typed: str | list[str], lang: str
) -> tuple[Option, ...]:
    chosen = typed if isinstance(typed, list) else [typed]
    return tuple(
        Option(
            value=choice.text,
            label=formats.label_of(release, field, choice.value, lang),
            selected=choice.text in chosen,
        )
        for choice in field.choices
        if field.widget != "checkbox" or choice.value is True
    )


def _accept(rules: object) -> str | None:
    types = rules.get("types", ()) if isinstance(rules, dict) else ()
    return ",".join(_MEDIA_TYPES[each] for each in types if each in _MEDIA_TYPES) or None


def _bound(field: Field, name: str) -> str | None:
    bound = field.schema.get(name)
    if bound is None:
        return None
    if field.widget == "money" and field.schema.get("x-money") == "cents":
        return f"{bound / 100:.2f}"
    return str(bound)


def summary(
    release: "Release",
    answers: Answers,
    *,
    lang: str,
    today: date,
    file_names: Mapping[str, str] | None = None,
) -> tuple[SummarySection, ...]:
    """Everything that will be submitted, page by page, each line with where to change it.

    `file_names` are what people called the uploaded files, by id.
    """
    names = file_names or {}
    standing = stand(release, answers, today)
    sections: list[SummarySection] = []
    for page in judging.visible(standing):
        title = release.text(lang, f"pages.{page.id}.title", page.id)
        if page.repeat is None:
            rows = _rows(standing, page, None, lang, names)
            if rows:
                sections.append(SummarySection(page.id, title, rows))
            continue
        for index in range(standing.count(page)):
            rows = _rows(standing, page, index, lang, names)
            name = judging.item_title(standing, page, index, lang)
            sections.append(SummarySection(page.id, f"{title}: {name}", rows, index))
        if not standing.count(page):
            sections.append(SummarySection(page.id, title, ()))
    return tuple(sections)


def _rows(
    standing: Standing, page: Page, index: int | None, lang: str, names: Mapping[str, str]
) -> tuple[Row, ...]:
    release = standing.release
    rows = []
    for field in page.fields:
        if field.widget == "info" or (field.id, index) not in standing.fields:
            continue
        value = standing.value(page, field, index)
        if field.widget == "output" and (value is None or not _labelled(release, field)):
            continue
        files = files_of(value) if field.widget == "file" else ()
        named = "\n".join(names[one] for one in files if one in names)
        rows.append(
            Row(
                field=field.id,
                label=release.text(lang, f"fields.{field.id}.label", field.id),
                text=named if files else formats.shown(release, field, value, lang),
                page=page.id,
                index=index,
                files=files,
            )
        )
    return tuple(rows)


def _labelled(release: "Release", field: Field) -> bool:
    """Whether people see a calculated field: without a label it is for the rules alone."""
    return f"fields.{field.id}.label" in release.flat["de"]
