"""What is still missing or wrong, page by page, and what the finished application is."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import messages, reading
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.data_schema import Conditional, pruned
from dienstweg.blueprint.problems import Invalid, Problem
from dienstweg.blueprint.standing import Standing, copied, get, put, stand
from dienstweg.blueprint.views import Answers, Entry

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

_CODES = {
    "maxLength": "length",
    "minLength": "short",
    "exclusiveMinimum": "minimum",
    "exclusiveMaximum": "maximum",
    "minItems": "few",
    "maxItems": "many",
    "uniqueItems": "repeated",
    "type": "format",
    "oneOf": "enum",
    "multipleOf": "number",
}


def raw_key(page: Page, field: Field, entry: Entry) -> str:
    """Under which key the typed text of a field is kept: "name", "hunde/0/name",
    "impfungen/0/1/datum"."""
    return "/".join([page.id, *map(str, entry), field.id]) if entry else field.id


def problems_of(
    standing: Standing, page: Page, entry: Entry = (), lang: str = "de"
) -> list[Problem]:
    """What is wrong with a visible page, or with one entry of a repeating group.

    On a group's list page: its number of entries, and entries that are not complete.
    """
    if len(entry) < page.depth:
        return list(_of_list(standing, page, entry, lang))
    conditions = conditionally_required(standing, page, entry)
    problems = []
    for field in page.fields:
        if field.is_input and (field.id, entry) in standing.fields:
            code = _fault(standing, page, field, entry, conditions)
            if code:
                text = messages.message(standing.release, field, code, lang)
                problems.append(Problem(code, text, field=field.id))
    return problems + list(_of_checks(standing, page, entry, lang, problems))


def _fault(
    standing: Standing,
    page: Page,
    field: Field,
    entry: Entry,
    conditions: frozenset[tuple[str, ...]],
) -> str | None:
    """The code of what is wrong with one field, None when it is fine."""
    typed = standing.answers.get("raw", {}).get(raw_key(page, field, entry))
    if typed is not None:
        read = reading.read(field, typed)
        return read.code or value_fault(field, read.value) or "format"
    value = standing.value(page, field, entry)
    if value is None or value in ("", []):
        return "required" if is_required(standing, page, field, entry, conditions) else None
    if field.widget == "checkbox" and value is False:
        needed = is_required(standing, page, field, entry, conditions)
        return "required" if needed else value_fault(field, value)
    return value_fault(field, value)


def value_fault(field: Field, value: Any) -> str | None:
    """The code of the first rule of the schema that a value breaks."""
    if value is None or field.validator is None:
        return None
    if field.choices and not _offered(field, value):
        return "enum"
    try:
        error = next(iter(field.validator.iter_errors(value)), None)
    except ValueError:
        return "characters"
    if error is None:
        return None
    name = str(error.kind.name)
    if name in ("format", "pattern") and field.widget in _FORMATTED:
        return field.widget
    return "files" if name == "maxItems" and field.widget == "file" else _CODES.get(name, name)


_FORMATTED = frozenset(["email", "iban", "postcode", "phone", "plate", "date", "time"])


def _offered(field: Field, value: Any) -> bool:
    """Whether every chosen value is among those offered now (a list may have changed)."""
    offered = [choice.value for choice in field.choices]
    return all(each in offered for each in (value if isinstance(value, list) else [value]))


def is_required(
    standing: Standing,
    page: Page,
    field: Field,
    entry: Entry,
    conditions: frozenset[tuple[str, ...]] | None = None,
) -> bool:
    """Whether a visible field must be answered: its own rule, else the schema's.

    `conditions` are the places that the schema's `if`s require, worked out here if not given.
    """
    if field.required is not None:
        return field.required.holds(standing.around(field.required, page, entry))
    if field.at is None or field.place is None:
        return False
    if conditions is None:
        conditions = conditionally_required(standing, page, entry)
    if not (field.place.required or field.at in conditions):
        return field.schema.get("const") is True
    above = field.place.optional_above
    # An object that may be missing asks for nothing until something of it is filled in; but where
    # a condition shows the question, it is the condition that says the object is wanted.
    conditional = field.when is not None or page.when is not None
    if above is None or conditional or field.at in conditions:
        return True
    return bool(pruned(get(standing.tree(page, entry), above) or {}))


def conditionally_required(
    standing: Standing, page: Page, entry: Entry
) -> frozenset[tuple[str, ...]]:
    """The places that the schema's `if`s require for what is entered now."""
    release = standing.release
    if page.repeat is None:
        return _asked(release.schema.conditionals, pruned(standing.data))
    return _asked(page.repeat.conditionals, pruned(standing.item(page, entry)))


def _asked(conditionals: tuple[Conditional, ...], data: Any) -> frozenset[tuple[str, ...]]:
    asked: set[tuple[str, ...]] = set()
    for each in conditionals:
        there = get(data, each.base) if each.base else data
        asked |= each.then if each.condition.is_valid(there or {}) else each.otherwise
    return frozenset(asked)


def _of_checks(
    standing: Standing, page: Page, entry: Entry, lang: str, found: list[Problem]
) -> Iterator[Problem]:
    """Conditions between fields; not at a field that already has a fault of its own."""
    wrong = {problem.field for problem in found}
    for check in page.checks:
        if check.field in wrong:
            continue
        if check.field is not None and (check.field, entry) not in standing.fields:
            continue
        if check.when is not None and not check.when.holds(
            standing.around(check.when, page, entry)
        ):
            continue
        if not check.holds.holds(standing.around(check.holds, page, entry), otherwise=True):
            text = standing.release.text(lang, f"checks.{check.id}")
            yield Problem(check.id, text, field=check.field)


def _of_list(standing: Standing, page: Page, above: Entry, lang: str) -> Iterator[Problem]:
    assert page.repeat is not None
    count = standing.count(page, above)
    release = standing.release
    if count < page.repeat.min:
        missing = page.repeat.min - count
        yield Problem("min", messages.of_page(release, page, "items-min", lang, missing=missing))
    if count > page.repeat.max:
        text = messages.of_page(release, page, "items-max", lang, most=page.repeat.max)
        yield Problem("max", text)
    for index in range(min(count, page.repeat.max)):
        if not complete(standing, page, (*above, index)):
            title = item_title(standing, page, (*above, index), lang)
            yield Problem("item", messages.of_page(release, page, "item", lang, title=title))


def complete(standing: Standing, page: Page, entry: Entry) -> bool:
    """Whether nothing is missing or wrong in an entry and in the lists nested in it."""
    return not problems_of(standing, page, entry) and not any(
        problems_of(standing, nested, entry) for nested in nested_lists(standing, page, entry)
    )


def nested_lists(standing: Standing, page: Page, entry: Entry) -> list[Page]:
    """The nested groups that one entry of a group shows."""
    nested = standing.release.assistant.inner.get(page.id, ())
    return [each for each in nested if (each.id, entry) in standing.inner]


def item_title(standing: Standing, page: Page, entry: Entry, lang: str) -> str:
    """What one entry of a group is called: "Rex", else "Hund 2"."""
    assert page.repeat is not None
    if page.repeat.title is not None:
        title = page.repeat.title.value(standing.around(page.repeat.title, page, entry))
        if isinstance(title, str | int) and str(title).strip():
            return str(title).strip()[:120]
    fallback = "Entry" if lang == "en" else "Eintrag"
    return f"{standing.release.text(lang, f'pages.{page.id}.item', fallback)} {entry[-1] + 1}"


def first_problem(
    release: "Release", answers: Answers, today: date, *, lang: str = "de"
) -> tuple[str, list[Problem]] | None:
    """The first visible page on which something is missing or wrong, with what it is."""
    standing = stand(release, answers, today)
    for page in visible(standing):
        problems = problems_of(standing, page, lang=lang)
        if problems:
            return page.id, problems
    return next(iter(_of_whole(standing, lang)), None)


def visible(standing: Standing) -> list[Page]:
    """The visible pages in their order; nested groups belong to the entries of their own."""
    return [page for page in standing.release.pages if page.id in standing.pages]


def application(release: "Release", answers: Answers, *, today: date) -> dict[str, Any]:
    """The application: what is visible and filled in, as data.schema.json wants it.

    Raises Invalid where something is missing or wrong.
    """
    standing = stand(release, answers, today)
    for page in visible(standing):
        problems = problems_of(standing, page)
        if problems:
            raise Invalid(problems)
    data = submitted(standing)
    if not release.schema.validator.is_valid(data):
        found = [problem for _, problems in _of_whole(standing, "de") for problem in problems]
        raise Invalid(found or [Problem("schema", "Die Angaben passen nicht zusammen.")])
    return data


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
