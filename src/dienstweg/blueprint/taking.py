"""What applicants do: answer a page, add and remove entries, put and drop files, go on and back.

Everything here returns new answers and never raises because of what was posted.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import judging, messages, reading
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.standing import copied, entries, get, put, stand
from dienstweg.blueprint.views import SUMMARY, Answers, Taken

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

Posted = Mapping[str, Sequence[str]]
#: Widgets whose answer a browser leaves out of the form when nothing is chosen.
_LEFT_OUT = frozenset(["radio", "checkboxes", "checkbox", "yesno"])


def take(
    release: "Release",
    page_id: str,
    answers: Answers,
    posted: Posted,
    *,
    today: date,
    index: int | None = None,
    lang: str = "de",
) -> Taken:
    """The answers with what was posted for one page, and what is wrong with that page now.

    What cannot be understood is kept as typed. Files are not taken from here (see `put_file`).
    `index` one after the last entry adds an entry. A page that is not there (unknown, hidden, no
    such entry) changes nothing and gives the problem "unknown-page".
    """
    before = stand(release, answers, today)
    page = release.assistant.page.get(page_id)
    if page is None or page.id not in before.pages or not _there(before.count(page), page, index):
        text = "This page is not asked any more." if lang == "en" else _GONE
        return Taken(answers, [Problem("unknown-page", text)])
    changed = _copy(answers)
    if index is not None and index == before.count(page):
        changed = with_item(changed, page)
        before = stand(release, changed, today)
    if page.repeat is None or index is not None:
        for field in page.fields:
            shown = (field.id, index) in before.fields
            _take_field(changed, page, field, posted, index, shown=shown)
    if page.id not in changed["seen"]:
        changed["seen"].append(page.id)
    after = stand(release, changed, today)
    if page.id not in after.pages:
        return Taken(changed, [])
    problems = judging.problems_of(after, page, index, lang)
    known = {problem.field for problem in problems}
    for field in page.fields:
        # Without JavaScript a field that an answer of the same page brings up has not been seen.
        appeared = (field.id, index) in after.fields and (field.id, index) not in before.fields
        unseen = appeared and field.is_input and _texts(field, posted) is None
        if unseen and field.id not in known:
            text = messages.message(release, field, "unseen", lang)
            problems.append(Problem("unseen", text, field=field.id))
    return Taken(changed, problems)


_GONE = "Diese Seite wird nach Ihren anderen Angaben nicht mehr gefragt."


def _there(count: int, page: Page, index: int | None) -> bool:
    if index is None:
        return True
    return page.repeat is not None and 0 <= index <= count and index < page.repeat.max


def _take_field(
    answers: Answers, page: Page, field: Field, posted: Posted, index: int | None, *, shown: bool
) -> None:
    """Put what was posted for one field into the answers: as value, or as typed text.

    A field that is not in the form keeps its value, except for choices: a browser leaves them out
    when nothing is chosen, so if the field was shown, nothing is chosen now.
    """
    if not field.is_input or field.widget == "file" or field.at is None:
        return
    texts = _texts(field, posted)
    if texts is None:
        if not shown or field.widget not in _LEFT_OUT:
            return
        texts = []
    read = reading.read(field, texts)
    if field.widget == "checkbox" and not texts:
        read = reading.Read(False)
    key = judging.raw_key(page, field, index)
    tree = answers["data"]
    if index is not None:
        assert page.repeat is not None
        tree = get(tree, page.repeat.at)[index]
    fault = read.code or judging.value_fault(field, read.value)
    if fault and field.widget != "checkbox":
        answers["raw"][key] = reading.kept([str(text) for text in texts])
        put(tree, field.at, None)
    else:
        answers["raw"].pop(key, None)
        put(tree, field.at, read.value)


def _texts(field: Field, posted: Posted) -> list[str] | None:
    """The texts posted for a field; a date may come in three parts. None: not in the form."""
    if field.id in posted:
        found = posted[field.id]
        return [found] if isinstance(found, str) else [str(each) for each in found]
    if field.widget == "date":
        parts = [posted.get(f"{field.id}-{part}") for part in ("day", "month", "year")]
        if any(part is not None for part in parts):
            texts = [str(part[0]).strip() if part else "" for part in parts]
            return [".".join(texts)] if any(texts) else [""]
    return None


def _copy(answers: Mapping[str, Any]) -> Answers:
    return {
        "data": copied(answers.get("data", {})),
        "raw": copied(answers.get("raw", {})),
        "seen": list(answers.get("seen", ())),
    }


def with_item(answers: Mapping[str, Any], page: Page) -> Answers:
    """The answers with one more, empty entry."""
    assert page.repeat is not None, "only a repeating group has entries"
    changed = _copy(answers)
    put(changed["data"], page.repeat.at, [*entries(changed, page), {}])
    return changed


def add_item(release: "Release", page_id: str, answers: Answers) -> tuple[Answers, int]:
    """The answers with one more entry of a repeating group, and its index.

    Where no more may be added, the answers as they are and the index of the last entry.
    """
    page = release.assistant.page.get(page_id)
    if page is None or page.repeat is None:
        return answers, 0
    count = len(entries(answers, page))
    if count >= page.repeat.max:
        return answers, count - 1
    return with_item(answers, page), count


def remove_item(release: "Release", page_id: str, answers: Answers, index: int) -> Answers:
    """The answers without one entry; the entries after it move up, typed texts with them."""
    page = release.assistant.page.get(page_id)
    if page is None or page.repeat is None or not 0 <= index < len(entries(answers, page)):
        return answers
    changed = _copy(answers)
    items = entries(changed, page)
    put(changed["data"], page.repeat.at, [*items[:index], *items[index + 1 :]])
    changed["raw"] = {}
    for key, texts in answers.get("raw", {}).items():
        parts = key.split("/")
        if parts[0] == page.id and len(parts) == 3:
            at = int(parts[1])
            if at == index:
                continue
            key = f"{page.id}/{at - (at > index)}/{parts[2]}"  # noqa: PLW2901 - the moved key
        changed["raw"][key] = texts
    return changed


def put_file(
    release: "Release", answers: Answers, field_id: str, file_id: str, *, index: int | None = None
) -> Answers:
    """The answers with an uploaded file at a field: added to a list, else in place of the old one.

    A list that is full (maxItems) or a field that takes no files leaves the answers as they are.
    """
    field = release.assistant.field.get(field_id)
    if field is None or field.widget != "file" or field.at is None:
        return answers
    changed = _copy(answers)
    tree: Any = changed["data"]
    page = release.assistant.page[field.page]
    if page.repeat is not None:
        items = get(tree, page.repeat.at) or []
        if index is None or not 0 <= index < len(items):
            return answers
        tree = items[index]
    value: Any = file_id
    if field.multiple:
        value = [*(get(tree, field.at) or []), file_id]
        if len(value) > field.schema.get("maxItems", 20):
            return answers
    put(tree, field.at, value)
    return changed


def drop_file(release: "Release", answers: Answers, file_id: str) -> Answers:
    """The answers without an uploaded file, wherever it stands."""
    changed = _copy(answers)
    for page, field in release.assistant.fields():
        if field.widget != "file" or field.at is None:
            continue
        trees = [changed["data"]] if page.repeat is None else entries(changed, page)
        for tree in trees:
            value = get(tree, field.at)
            if isinstance(value, list) and file_id in value:
                put(tree, field.at, [each for each in value if each != file_id] or None)
            elif value == file_id:
                put(tree, field.at, None)
    return changed


def next_page(release: "Release", answers: Answers, page_id: str, *, today: date) -> str:
    """The page after one: the next visible one, "summary" after the last."""
    return _neighbour(release, answers, page_id, today, forward=True) or SUMMARY


def previous_page(release: "Release", answers: Answers, page_id: str, *, today: date) -> str | None:
    """The page before one (or before the summary), None on the first."""
    return _neighbour(release, answers, page_id, today, forward=False)


def first_open(release: "Release", answers: Answers, *, today: date) -> str:
    """Where to go on: the first visible page not seen or not complete, else "summary"."""
    standing = stand(release, answers, today)
    seen = set(answers.get("seen", ()))
    for page in judging.visible(standing):
        if page.id not in seen or judging.problems_of(standing, page):
            return page.id
    return SUMMARY


def _neighbour(
    release: "Release", answers: Answers, page_id: str, today: date, *, forward: bool
) -> str | None:
    """The nearest visible page after or before one, which itself may be hidden by now."""
    standing = stand(release, answers, today)
    ids = [page.id for page in release.pages]
    at = ids.index(page_id) if page_id in ids else (len(ids) if page_id == SUMMARY else -1)
    others = ids[at + 1 :] if forward else list(reversed(ids[: max(at, 0)]))
    return next((each for each in others if each in standing.pages), None)
