"""What has changed between two versions of an application, as data and as people read it.

Entries of lists are matched by their content, so that an entry which was removed from the middle
does not make all later ones look changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from json import dumps
from typing import TYPE_CHECKING, Any, Literal

from dienstweg.blueprint.reviewing import summary
from dienstweg.blueprint.standing import copied, get
from dienstweg.blueprint.views import Answers, Entry, Row, SummarySection

if TYPE_CHECKING:
    from dienstweg.blueprint.assistant import Page
    from dienstweg.blueprint.release import Release

Kind = Literal["added", "removed", "changed"]
Pair = tuple[int | None, int | None]
"""The place of an entry in the old list and in the new one; None where it is not in it."""


@dataclass(frozen=True, slots=True)
class Differences:
    """How an object or a list became another: applied to the old one it gives the new one.

    `members` are the keys of an object that differ, with what became of each; `places` the entries
    of the new list in their order: where each was in the old one, and what became of it.
    """

    members: tuple[tuple[str, "Differences"], ...] = ()
    places: tuple[tuple[int | None, "Differences"], ...] | None = None
    kind: Kind | None = None
    value: Any = None


SAME = Differences()
Place = tuple[str, Entry]


def differences(old: Any, new: Any) -> Differences:
    """Return how `old` JSON data became `new`; `SAME` where they are equal."""
    if _text(old) == _text(new):
        return SAME
    if isinstance(old, dict) and isinstance(new, dict):
        return Differences(members=tuple(_members(old, new)))
    if isinstance(old, list) and isinstance(new, list):
        places = tuple(
            (was, differences(old[was], new[now]))
            if was is not None
            else (None, Differences(kind="added", value=copied(new[now])))
            for was, now in matched(old, new)
            if now is not None
        )
        return Differences(places=places)
    return Differences(kind="changed", value=copied(new))


def _members(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Differences]]:
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            yield key, Differences(kind="removed")
        elif key not in old:
            yield key, Differences(kind="added", value=copied(new[key]))
        elif (inner := differences(old[key], new[key])) != SAME:
            yield key, inner


def applied(old: Any, found: Differences) -> Any:
    """Return what `old` became; shares nothing that can change."""
    if found.kind is not None:
        return copied(found.value)
    if found.places is not None:
        return [
            copied(inner.value) if was is None else applied(old[was], inner)
            for was, inner in found.places
        ]
    if not found.members:
        return copied(old)
    made = copied(old)
    for key, inner in found.members:
        if inner.kind == "removed":
            made.pop(key, None)
        else:
            made[key] = applied(old.get(key), inner)
    return made


def matched(old: Sequence[Any], new: Sequence[Any]) -> list[Pair]:
    """Return which entry of the new list was which of the old one, in the order of a reader.

    Equal entries belong together; between two of them others do in their order; what is left was
    removed or added.
    """
    matcher = SequenceMatcher(None, [_text(one) for one in old], [_text(one) for one in new], False)
    pairs: list[Pair] = []
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        both = min(old_to - old_from, new_to - new_from)
        pairs += [(old_from + step, new_from + step) for step in range(both)]
        pairs += [(place, None) for place in range(old_from + both, old_to)]
        pairs += [(None, place) for place in range(new_from + both, new_to)]
    return pairs


def _text(value: Any) -> str:
    return dumps(value, sort_keys=True, ensure_ascii=False)


def between(
    release: "Release",
    old: Answers,
    new: Answers,
    *,
    lang: str,
    day: date,
    file_names: Mapping[str, str] | None = None,
) -> "list[Changed]":
    """Return what people read of the differences between two versions, judged on one day."""
    versions = [
        (
            answers.get("data", {}),
            summary(release, answers, lang=lang, today=day, file_names=file_names),
        )
        for answers in (old, new)
    ]
    return in_words(release, *versions)


@dataclass(frozen=True, slots=True)
class Line:
    """One answer that is not what it was, in words; `old` or `new` is empty where there is none."""

    label: str
    kind: Kind
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The lines of one page, or of one entry of a list, that are not what they were."""

    page: str
    title: str
    kind: Kind
    lines: tuple[Line, ...]
    entry: Entry = ()


def in_words(
    release: "Release",
    old: tuple[Mapping[str, Any], Sequence[SummarySection]],
    new: tuple[Mapping[str, Any], Sequence[SummarySection]],
) -> list[Changed]:
    """Return what has changed, section by section, from data and summary of both versions.

    A section that is gone stands where it was before.
    """
    pairs = _entries(release, old[0], new[0])
    before = {(one.page, one.entry): one for one in old[1]}
    came_from = {now: was for was, now in pairs if was is not None and now is not None}
    told: set[Place] = set()
    found = []
    for section in new[1]:
        here = (section.page, section.entry)
        was = came_from.get(here, here if not section.entry else None)
        earlier = before.get(was) if was is not None else None
        if was is not None:
            told.add(was)
        found.append(_section(section, earlier, section))
    gone = [one for key, one in before.items() if key not in told]
    found += [_section(one, one, None) for one in gone]
    order = {page.id: number for number, page in enumerate(release.pages)}
    some = [one for one in found if one.lines]
    return sorted(some, key=lambda one: (order.get(one.page, len(order)), one.entry))


def _section(
    shown: SummarySection, old: SummarySection | None, new: SummarySection | None
) -> Changed:
    kind: Kind = "changed" if old and new else "added" if new else "removed"
    lines = tuple(_lines(old.rows if old else (), new.rows if new else ()))
    return Changed(shown.page, shown.title, kind, lines, shown.entry)


def _lines(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Line]:
    before = {row.field: row for row in old}
    for row in new:
        was = before.pop(row.field, None)
        if was is None or not _says_something(was):
            if _says_something(row):
                yield Line(row.label, "added", "", row.text)
        elif not _says_something(row):
            yield Line(row.label, "removed", was.text, "")
        elif was.text != row.text or was.files != row.files:
            yield Line(row.label, "changed", was.text, row.text)
    for was in before.values():
        if _says_something(was):
            yield Line(was.label, "removed", was.text, "")


def _says_something(row: Row) -> bool:
    return bool(row.files) or row.text not in ("", "–")


def _entries(
    release: "Release", old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[tuple[Place | None, Place | None]]:
    """Return which entry of a page was which, for lists and the lists nested in them."""
    found: list[tuple[Place | None, Place | None]] = []
    for page in release.pages:
        if page.repeat is None or page.outer is not None:
            continue
        before, after = _list(old, page), _list(new, page)
        for was, now in matched(before, after):
            found.append((_at(page, (), was), _at(page, (), now)))
            for inner in release.assistant.inner.get(page.id, ()):
                left = _list(before[was], inner) if was is not None else []
                right = _list(after[now], inner) if now is not None else []
                found += [
                    (_at(inner, (was,), one), _at(inner, (now,), other))
                    for one, other in matched(left, right)
                ]
    return found


def _at(page: "Page", above: tuple[int | None, ...], place: int | None) -> Place | None:
    numbers = [one for one in (*above, place) if one is not None]
    return None if place is None else (page.id, tuple(numbers))


def _list(tree: Any, page: "Page") -> list[Any]:
    value = get(tree, page.repeat.at) if page.repeat is not None else None
    return value if isinstance(value, list) else []
