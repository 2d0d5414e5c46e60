"""What of the answers under one release still fits into another: for drafts, and earlier cases.

A question is the same if its answer stands at the same place in the data, else if it kept its id.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import formats, judging
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.kinds.composed import filled
from dienstweg.blueprint.prefilling import by_part, made, may_fill, pointer_of, trees
from dienstweg.blueprint.standing import copied, get, put, stand
from dienstweg.blueprint.views import Answers, Entry

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

#: A field of an entry: where something stood, or stands now.
Spot = tuple[str, Entry]
#: Widgets in which an answer that no longer fits can stand as it was typed, to be corrected.
_TYPED = frozenset(
    ["text", "textarea", "number", "money", "date", "partialdate", "time"]
) | frozenset(["email", "phone", "postcode", "iban", "plate", "taxid"])


@dataclass(frozen=True, slots=True)
class Carried:
    """The answers under the new release; each spot is a field of the old one.

    `kept` fits as it is, `check` stands as it was typed and must be looked at, `lost` is asked anew
    or no more. Hidden answers are among them.
    """

    answers: Answers
    kept: frozenset[Spot]
    check: frozenset[Spot]
    lost: frozenset[Spot]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A question of the old release and the same question of the new one."""

    page: Page
    field: Field
    new_page: Page
    new_field: Field


def carry_over(old: "Release", new: "Release", answers: Mapping[str, Any]) -> Carried:
    """Carry the answers given under `old` over to `new`.

    Every value is held against the new release's schema and choices. Declarations and consents
    are the applicant's words about one text and are given anew; so nothing is submitted by itself.
    Entries beyond the new most of a group are lost.
    """
    carrying = _Carrying(old, new, answers)
    for pair in _pairs(old, new):
        carrying.carry(pair)
    return carrying.result()


class _Carrying:
    """Moves answer after answer, and remembers what came of each."""

    def __init__(self, old: "Release", new: "Release", answers: Mapping[str, Any]) -> None:
        self.old, self.new, self.answers = old, new, answers
        self.made: Answers = {"data": {}, "raw": {}, "seen": [], "from": {}}
        self.kept: set[Spot] = set()
        self.check: set[Spot] = set()
        self.pages: dict[str, set[str]] = {}

    def carry(self, pair: _Pair) -> None:
        """Move one question's answers, of every entry if it is in a group."""
        self.pages.setdefault(pair.new_page.id, set()).add(pair.new_field.id)
        for entry, tree in trees(self.old, pair.page, self.answers.get("data", {})):
            assert pair.field.at is not None, "pairs have places"
            value = get(tree, pair.field.at)
            typed = self.answers.get("raw", {}).get(judging.raw_key(pair.page, pair.field, entry))
            if typed is None and value in (None, "", []):
                continue
            target = made(self.new, pair.new_page, self.made["data"], entry)
            if target is not None:
                self._put(pair, entry, target, value, typed)

    def _put(self, pair: _Pair, entry: Entry, target: Any, value: Any, typed: Any) -> None:
        spot = (pair.field.id, entry)
        key = judging.raw_key(pair.new_page, pair.new_field, entry)
        same_kind = pair.field.widget == pair.new_field.widget
        assert pair.new_field.at is not None, "pairs have places"
        if typed is None and judging.value_fault(pair.new_field, value) is None:
            put(target, pair.new_field.at, copied(value))
            self.kept.add(spot)
            self._keep_origin(pair, entry, key, value)
        elif typed is None and (parts := _fitting_parts(pair.new_field, value)):
            put(target, pair.new_field.at, parts)
            (self.kept if parts == filled(value) else self.check).add(spot)
            self._keep_origin(pair, entry, key, parts)
        elif typed is not None and same_kind:
            self.made["raw"][key] = copied(typed)
            if value is not None:
                put(target, pair.new_field.at, copied(value))
            self.check.add(spot)
        elif typed is None and {pair.field.widget, pair.new_field.widget} <= _TYPED:
            text = formats.typed(pair.field, value)
            self.made["raw"][key] = [text] if isinstance(text, str) else text
            self.check.add(spot)

    def _keep_origin(self, pair: _Pair, entry: Entry, key: str, value: Any) -> None:
        """Say of a carried value, or of its parts, where it once came from; a lock stays."""
        origins = self.answers.get("from", {})
        before = judging.raw_key(pair.page, pair.field, entry)
        keys = {before: key}
        for part in pair.new_field.parts:
            if get(value, (part.key,)) is not None:
                keys[judging.part_key(before, part.key)] = judging.part_key(key, part.key)
        for old, new in keys.items():
            if old in origins:
                self.made["from"][new] = copied(origins[old])

    def result(self) -> Carried:
        """The answers, with the pages marked as seen on which nothing is new or left to say."""
        answered = set(_answered(self.old, self.answers))
        lost = answered - self.kept - self.check
        seen = set(self.answers.get("seen", ()))
        for page in self.new.pages:
            asked = {field.id for field in page.fields if field.is_input}
            if page.id in seen and asked <= self.pages.get(page.id, set()):
                self.made["seen"].append(page.id)
        return Carried(self.made, frozenset(self.kept), frozenset(self.check), frozenset(lost))


def _fitting_parts(field: Field, value: Any) -> dict[str, Any]:
    """What fits of an address or a person that is not complete, or not as it must be now."""
    composed, there = by_part(field), filled(value)
    if composed is None:
        return {}
    fitting = {
        part.key: copied(there[part.key])
        for part in field.parts
        if part.key in there and composed.kind_of(part, there).fault(part, there[part.key]) is None
    }
    wrong = any(fault.code != "required" for fault in composed.faults(field, fitting))
    return {} if wrong else fitting


def _answered(release: "Release", answers: Mapping[str, Any]) -> Iterator[Spot]:
    """Every field that holds an answer, understood or as it was typed."""
    raw = answers.get("raw", {})
    for page, field in _inputs(release):
        for entry, tree in trees(release, page, answers.get("data", {})):
            value = get(tree, field.at or ())
            if value not in (None, "", []) or judging.raw_key(page, field, entry) in raw:
                yield field.id, entry


def _pairs(old: "Release", new: "Release") -> list[_Pair]:
    """Which question of the old release each question of the new one is."""
    left = {_place(old, page, field): (page, field) for page, field in _inputs(old)}
    found: list[_Pair] = []
    without: list[tuple[Page, Field]] = []
    for page, field in _inputs(new):
        same = left.pop(_place(new, page, field), None)
        if same is None:
            without.append((page, field))
        else:
            found.append(_Pair(*same, page, field))
    by_id = {field.id: (page, field) for page, field in left.values()}
    for page, field in without:
        same = by_id.get(field.id)
        if same is not None and _groups_match(old, same[0], new, page):
            found.append(_Pair(*same, page, field))
    return [pair for pair in found if _may_move(pair.new_field)]


def _may_move(field: Field) -> bool:
    """Files move along; whatever else only the applicant may say is asked anew."""
    return field.widget == "file" or may_fill(field, "earlier")


def _inputs(release: "Release") -> list[tuple[Page, Field]]:
    found = release.assistant.fields()
    return [(page, field) for page, field in found if field.is_input and field.at is not None]


def _place(release: "Release", page: Page, field: Field) -> str:
    return pointer_of(release, page, field, (0,) * page.depth)


def _groups_match(old: "Release", page: Page, new: "Release", new_page: Page) -> bool:
    """Whether two pages' entries are entries of the same list."""
    if page.repeat is None or new_page.repeat is None:
        return page.repeat is new_page.repeat
    if page.outer is None or new_page.outer is None:
        same_level = page.outer is new_page.outer
        return same_level and (page.id == new_page.id or page.repeat.at == new_page.repeat.at)
    outers = (old.assistant.page[page.outer], new.assistant.page[new_page.outer])
    here = page.id == new_page.id or page.repeat.at == new_page.repeat.at
    return here and _groups_match(old, outers[0], new, outers[1])


def asked_anew(release: "Release", answers: Answers, *, today: date) -> list[tuple[str, str]]:
    """The page and the field (empty: the whole page) of each visible question left to answer."""
    standing = stand(release, answers, today)
    return [
        (page.id, problem.field or "")
        for page in judging.visible(standing)
        for problem in judging.problems_of(standing, page)
    ]
