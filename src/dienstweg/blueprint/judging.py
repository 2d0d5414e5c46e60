"""What is still missing or wrong, page by page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import messages, reading
from dienstweg.blueprint.assistant import Choice, Field, Page
from dienstweg.blueprint.data_schema import Conditional, pruned
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.standing import Standing, get
from dienstweg.blueprint.views import Entry

if TYPE_CHECKING:
    pass


def raw_key(page: Page, field: Field, entry: Entry) -> str:
    """Under which key the typed text of a field is kept: "name", "hunde/0/name",
    "impfungen/0/1/datum"."""
    return "/".join([page.id, *map(str, entry), field.id]) if entry else field.id


def part_key(key: str, part: str) -> str:
    """The key of one part of a field whose key is given, named like its input: "anschrift-plz"."""
    return f"{key}-{part}"


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
            found = _faults(standing, page, field, entry, conditions)
            for fault in found or _not_allowed(standing, page, field, entry):
                text = messages.of_part(standing.release, field, fault, lang)
                problems.append(Problem(fault.code, text, field=field.id, part=fault.part))
    return problems + list(_of_checks(standing, page, entry, lang, problems))


def _faults(
    standing: Standing,
    page: Page,
    field: Field,
    entry: Entry,
    conditions: frozenset[tuple[str, ...]],
) -> list[reading.Fault]:
    """What is wrong with one field; of a composed one, part by part."""
    place = field.at or ()
    return reading.faults(
        field,
        standing.value(page, field, entry),
        standing.answers.get("raw", {}).get(raw_key(page, field, entry)),
        needed=lambda: is_required(standing, page, field, entry, conditions),
        asked=frozenset(path[-1] for path in conditions if path[:-1] == place)
        if field.parts
        else frozenset(),
    )


def _not_allowed(standing: Standing, page: Page, field: Field, entry: Entry) -> list[reading.Fault]:
    """The fault of a sound answer that the field's own rule does not allow."""
    value = standing.value(page, field, entry)
    empty = value is None or value in ("", [])
    allowed = empty or is_allowed(standing, page, field, entry, value)
    return [] if allowed else [reading.Fault("allowed")]


def value_fault(field: Field, value: Any) -> str | None:
    """The code of the first rule that a value breaks: of its kind, or of the schema."""
    return field.kind.fault(field, value)


def is_allowed(standing: Standing, page: Page, field: Field, entry: Entry, value: Any) -> bool:
    """Whether the field's own rule allows a value; of several chosen ones, each of them.

    The rule sees it as `option`; it passes while something else it needs is empty.
    """
    if field.allowed is None:
        return True
    around = standing.around(field.allowed, page, entry)
    values = value if field.choices and isinstance(value, list) else [value]
    return all(
        field.allowed.holds(around.with_variables(option=each), otherwise=True) for each in values
    )


def offered(standing: Standing, page: Page, field: Field, entry: Entry) -> tuple[Choice, ...]:
    """The choices of a field that its own rule allows now."""
    if field.allowed is None:
        return field.choices
    return tuple(
        each for each in field.choices if is_allowed(standing, page, field, entry, each.value)
    )


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
    key = "" if page.repeat is None else "/".join([page.id, *map(str, entry)])
    found = standing.asked.get(key)
    if found is None:
        conditions = standing.release.schema.conditionals
        if page.repeat is not None:
            conditions = page.repeat.conditionals
        tree = standing.tree(page, entry)
        found = _asked(conditions, pruned(tree)) if conditions else frozenset()
        standing.asked[key] = found
    return found


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


def visible(standing: Standing) -> list[Page]:
    """The visible pages in their order; nested groups belong to the entries of their own."""
    return [page for page in standing.release.pages if page.id in standing.pages]
