"""Entries of repeating groups, and uploaded files: added and removed.

Everything here returns new answers and never raises because of what was asked for.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.assistant import Page
from dienstweg.blueprint.data_schema import pruned
from dienstweg.blueprint.standing import copied, entries, get, listed, put
from dienstweg.blueprint.views import Answers, Entry

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

MOST_FILES = 50
"""Files of a list that says no number; a whole draft holds no more, unless the operator says so."""


def copy(answers: Mapping[str, Any]) -> Answers:
    """The answers once more, sharing nothing that can change."""
    origins = {"from": copied(answers["from"])} if answers.get("from") else {}
    return {
        "data": copied(answers.get("data", {})),
        "raw": copied(answers.get("raw", {})),
        "seen": list(answers.get("seen", ())),
        **origins,
    }


def origin(answers: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Where the value of a place came from (source, label, locked); empty: it was typed."""
    found: Mapping[str, Any] = answers.get("from", {}).get(key) or {}
    return found


def is_held(release: "Release", answers: Mapping[str, Any], page: Page, entry: Entry) -> bool:
    """Whether an entry holds a verified value, so that it cannot be removed."""
    groups = {page.id, *(each.id for each in release.assistant.inner.get(page.id, ()))}
    return any(
        value.get("locked") and moved_up(key, groups, entry) is None
        for key, value in answers.get("from", {}).items()
    )


def tree_of(release: "Release", answers: Answers, page: Page, entry: Entry) -> Any:
    """The object in which the answers of a page stand: all data, or an entry; None without it."""
    if page.repeat is None:
        return answers["data"]
    items = entries(release, answers, page, entry[:-1])
    return items[entry[-1]] if entry and 0 <= entry[-1] < len(items) else None


def with_item(
    release: "Release", answers: Mapping[str, Any], page: Page, above: Entry = ()
) -> Answers:
    """The answers with one more, empty entry; of a nested group in the outer entry `above`."""
    assert page.repeat is not None, "only a repeating group has entries"
    changed = copy(answers)
    tree = _around(release, changed, page, above)
    if tree is not None:
        put(tree, page.repeat.at, [*listed(tree, page), {}])
    return changed


def add_item(
    release: "Release", page_id: str, answers: Answers, above: Entry = ()
) -> tuple[Answers, int]:
    """The answers with one more entry of a repeating group, and its index.

    Of a nested group in the outer entry `above`. Where no more may be added, the answers as they
    are and the index of the last entry (-1: there is none).
    """
    page = release.assistant.page.get(page_id)
    if page is None or page.repeat is None:
        return answers, 0
    count = len(entries(release, answers, page, above))
    there = _around(release, answers, page, above) is not None
    if count >= page.repeat.max or not there:
        return answers, count - 1
    return with_item(release, answers, page, above), count


def is_blank(release: "Release", page_id: str, answers: Answers, entry: Entry) -> bool:
    """Whether nothing has been answered in an entry, or there is none."""
    page = release.assistant.page.get(page_id)
    if page is None or page.repeat is None or len(entry) != page.depth:
        return True
    items = entries(release, answers, page, entry[:-1])
    groups = {page.id, *(each.id for each in release.assistant.inner.get(page.id, ()))}
    typed = any(moved_up(key, groups, entry) is None for key in answers.get("raw", {}))
    there = 0 <= entry[-1] < len(items)
    return not (there and (typed or pruned(items[entry[-1]])))


def remove_item(release: "Release", page_id: str, answers: Answers, entry: Entry) -> Answers:
    """The answers without one entry and what is nested in it; the entries after it move up.

    Typed texts and what is known of where values came from move with their entries. Without such an
    entry, or with a verified value in it: the answers as they are.
    """
    page = release.assistant.page.get(page_id)
    if page is None or page.repeat is None or len(entry) != page.depth:
        return answers
    above, index = entry[:-1], entry[-1]
    there = 0 <= index < len(entries(release, answers, page, above))
    if not there or is_held(release, answers, page, entry):
        return answers
    changed = copy(answers)
    tree = _around(release, changed, page, above)
    items = listed(tree, page)
    put(tree, page.repeat.at, [*items[:index], *items[index + 1 :]])
    groups = {page.id, *(each.id for each in release.assistant.inner.get(page.id, ()))}
    for part in changed.keys() & {"raw", "from"}:
        changed[part] = _moved(changed[part], groups, entry)
    return changed


def _around(release: "Release", answers: Mapping[str, Any], page: Page, above: Entry) -> Any:
    """The object in which a group's list stands; None where there is no such outer entry."""
    if page.outer is None:
        return answers.get("data", {}) if above == () else None
    around = entries(release, answers, release.assistant.page[page.outer])
    return around[above[0]] if len(above) == 1 and 0 <= above[0] < len(around) else None


def _moved(kept: Mapping[str, Any], groups: set[str], entry: Entry) -> dict[str, Any]:
    """What is kept by place ("hunde/1/name"), without one entry, those after it moved up."""
    found = {}
    for key, value in kept.items():
        place = moved_up(key, groups, entry)
        if place is not None:
            found[place] = value
    return found


def moved_up(key: str, groups: set[str], entry: Entry) -> str | None:
    """A place's name after an entry of one of the groups was removed; None if it went with it."""
    page, *rest = key.split("/")
    numbers = rest[: len(entry)]
    if page not in groups or len(rest) <= len(entry) - 1 or numbers[:-1] != _texts(entry[:-1]):
        return key
    at, index = int(numbers[-1]), entry[-1]
    if at == index:
        return None
    rest[len(entry) - 1] = str(at - (at > index))
    return "/".join([page, *rest])


def _texts(entry: Entry) -> list[str]:
    return [str(each) for each in entry]


def put_file(
    release: "Release", answers: Answers, field_id: str, file_id: str, *, entry: Entry = ()
) -> Answers:
    """The answers with an uploaded file at a field: added to a list, else in place of the old one.

    A list that is full (maxItems) or a field that takes no files leaves the answers as they are.
    """
    field = release.assistant.field.get(field_id)
    if field is None or field.widget != "file" or field.at is None:
        return answers
    changed = copy(answers)
    page = release.assistant.page[field.page]
    tree = tree_of(release, changed, page, entry)
    if tree is None or len(entry) != page.depth:
        return answers
    value: Any = file_id
    if field.multiple:
        value = [*(get(tree, field.at) or []), file_id]
        if len(value) > field.schema.get("maxItems", MOST_FILES):
            return answers
    put(tree, field.at, value)
    return changed


def drop_file(release: "Release", answers: Answers, file_id: str) -> Answers:
    """The answers without an uploaded file, wherever it stands."""
    changed = copy(answers)
    for page, field in release.assistant.fields():
        if field.widget != "file" or field.at is None:
            continue
        for tree in _trees(release, changed, page):
            value = get(tree, field.at)
            if isinstance(value, list) and file_id in value:
                put(tree, field.at, [each for each in value if each != file_id] or None)
            elif value == file_id:
                put(tree, field.at, None)
    return changed


def _trees(release: "Release", answers: Answers, page: Page) -> list[Any]:
    """Every object in which answers of a page stand."""
    if page.repeat is None:
        return [answers["data"]]
    if page.outer is None:
        return listed(answers["data"], page)
    around = listed(answers["data"], release.assistant.page[page.outer])
    return [each for outer in around for each in listed(outer, page)]
