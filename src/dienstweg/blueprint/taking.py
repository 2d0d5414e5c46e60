"""What applicants do: answer a page.

Everything here returns new answers and never raises because of what was posted.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import formats, judging, leaves, messages, reading, ways
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.entries import copy, origin, tree_of, with_item
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.standing import Standing, get, put, stand
from dienstweg.blueprint.views import Answers, Entry, Taken

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

Posted = Mapping[str, Sequence[str]]


def take(
    release: "Release",
    page_id: str,
    answers: Answers,
    posted: Posted,
    *,
    today: date,
    entry: Entry = (),
    lang: str = "de",
    standing: Standing | None = None,
    leaf: int = leaves.WHOLE,
) -> Taken:
    """The answers with what was posted for one page, and what is wrong with that page now.

    What cannot be understood is kept as typed. What is verified stays as it is; of another value
    that is changed, nobody says any more where it came from. Files are not taken from here (see
    `put_file`). An `entry` one after the last adds an entry. A page that is not there (unknown,
    hidden, no such entry) changes nothing and gives the problem "unknown-page". `standing` is how
    the answers stand, where the caller has worked that out already. With `leaf` only that screen of
    a long entry was shown: the questions of the others keep their answers and are not judged.
    """
    before = standing or stand(release, answers, today)
    page = release.assistant.page.get(page_id)
    if page is None or not is_there(before, page, entry):
        text = "This page is not asked any more." if lang == "en" else _GONE
        return Taken(answers, [Problem("unknown-page", text)])
    changed = copy(answers)
    listed = len(entry) < page.depth
    if page.repeat is not None and not listed and entry[-1] == before.count(page, entry[:-1]):
        changed = with_item(release, changed, page, entry[:-1])
        before = stand(release, changed, today)
    leaf = leaves.at(before, page, entry, leaf)
    if not listed:
        _take_fields(before, changed, page, entry, posted, asked=leaves.fields(page, leaf))
    if page.id not in changed["seen"]:
        changed["seen"].append(page.id)
    after = stand(release, changed, today)
    onward = ways.onward_from(after, page, entry)
    if not after.shows(page, entry):
        return Taken(changed, [], onward, standing=after)
    problems = judging.problems_of(after, page, entry, lang)
    problems = _friendly(problems, _appeared(before, after, page, entry, posted), release, lang)
    problems = leaves.told(after, page, entry, leaf, problems)
    over = after.ending is not None and after.ending[0] is page and (listed or not entry)
    return Taken(changed, problems, onward, over, after, leaves.view(after, page, entry, leaf))


_GONE = "Diese Seite wird nach Ihren anderen Angaben nicht mehr gefragt."


def _take_fields(
    before: Standing,
    changed: Answers,
    page: Page,
    entry: Entry,
    posted: Posted,
    *,
    asked: Sequence[Field],
) -> None:
    """Put what was posted for a page into the answers; what is verified stays as it is."""
    tree = tree_of(before.release, changed, page, entry)
    for field in asked:
        key = judging.raw_key(page, field, entry)
        shown = (field.id, entry) in before.fields
        if field.at is None or not _is_taken(field, posted, shown=shown):
            continue
        if origin(changed, key).get("locked"):
            continue
        value = get(tree, field.at)
        _take_field(field, posted, tree, changed, key)
        if "from" in changed:
            _forget_origins(field, changed, key, value, get(tree, field.at))


def _appeared(
    before: Standing, after: Standing, page: Page, entry: Entry, posted: Posted
) -> dict[str, Field]:
    """The questions that answers of the same page brought up: without script nobody saw them."""
    return {
        field.id: field
        for field in page.fields
        if field.is_input
        and (field.id, entry) in after.fields
        and (field.id, entry) not in before.fields
        and reading.collect(field, posted) is None
    }


def _friendly(
    problems: list[Problem], unseen: Mapping[str, Field], release: "Release", lang: str
) -> list[Problem]:
    """Say of questions that nobody has seen yet that they are new, not that they are empty."""
    told = [one for one in problems if one.field not in unseen or one.code != "required"]
    known = {one.field for one in told}
    return told + [
        Problem("unseen", messages.message(release, field, "unseen", lang), field=field.id)
        for field in unseen.values()
        if field.id not in known
    ]


def is_there(standing: Standing, page: Page, entry: Entry) -> bool:
    """Whether a page is shown with this entry: a list, an entry, or a new one after the last."""
    if not page.depth - 1 <= len(entry) <= page.depth or not standing.shows(page, entry):
        return False
    if len(entry) < page.depth or page.repeat is None:
        return True
    return 0 <= entry[-1] <= standing.count(page, entry[:-1]) and entry[-1] < page.repeat.max


def _is_taken(field: Field, posted: Posted, *, shown: bool) -> bool:
    """Whether the form answers a field.

    A field that is not in the form keeps its value, except for choices: a browser leaves them out
    when nothing is chosen, so if the field was shown, nothing is chosen now.
    """
    if not field.is_input or field.widget == "file" or field.at is None:
        return False
    return reading.collect(field, posted) is not None or (shown and field.kind.left_out)


def _take_field(
    field: Field, posted: Posted, tree: dict[str, Any], changed: Answers, key: str
) -> None:
    """Put what was posted for one field into the answers: as value, or as typed text.

    Verified parts of it stay as they are, and the other parts are read beside them.
    """
    assert field.at is not None, "only what has a place is taken"
    typed, before, raw = reading.collect(field, posted), get(tree, field.at), changed["raw"]
    held = _held_parts(field, changed, key, before)
    if held and isinstance(typed, Mapping):
        typed = {**typed, **formats.typed_parts(field, held)}
    value, left = reading.taken(
        field, () if typed is None else typed, before=before, left=raw.get(key)
    )
    if held:
        value = {**(value or {}), **held}
        left = {part: left[part] for part in left or () if part not in held} or None
    put(tree, field.at, value)
    raw.pop(key, None)
    if left is not None:
        raw[key] = left


def _held_parts(field: Field, answers: Answers, key: str, value: Any) -> dict[str, Any]:
    """The verified parts of an answer that is made of parts."""
    held = {}
    for part in field.parts if isinstance(value, Mapping) else ():
        if origin(answers, judging.part_key(key, part.key)).get("locked") and part.key in value:
            held[part.key] = value[part.key]
    return held


def _forget_origins(field: Field, answers: Answers, key: str, before: Any, after: Any) -> None:
    """Say no more where a value, or a part of it, came from that the applicant has changed."""
    left = answers["raw"].get(key)
    if left is not None or after != before:
        answers["from"].pop(key, None)
    for part in field.parts:
        same = get(before or {}, (part.key,)) == get(after or {}, (part.key,))
        if not same or part.key in (left or ()):
            answers["from"].pop(judging.part_key(key, part.key), None)
