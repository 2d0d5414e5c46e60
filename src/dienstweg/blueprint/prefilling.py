"""Values that the applicant has not typed: from a link, a machine, an earlier case, an account.

Each is held against the field that it is for, fills nothing that the applicant has answered, and
says where it came from. `answers["from"]` keeps that by the key of the place (`judging.raw_key`,
of a part `judging.part_key`): {"source": ..., "label": words for people, "locked": bool}, and of a
locked one its "value".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import formats, judging, reading
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.kinds.composed import Composed
from dienstweg.blueprint.standing import copied, get, put
from dienstweg.blueprint.views import Answers, Entry

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

LINK = "link"
ACCOUNT = "account"
LONGEST_TEXT = 500
"""Characters of a text that is read as if it had been typed."""
#: What the applicant declares, or hands in, is never filled in by anybody else.
_OWN_WORDS = frozenset(["consent", "signature", "file"])


@dataclass(frozen=True, slots=True)
class Prefilled:
    """The answers with what was taken; `taken` and `refused` are JSON pointers to places.

    What fits, but is answered already, is in neither.
    """

    answers: Answers
    taken: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def prefill(
    release: "Release",
    answers: Answers,
    values: Mapping[str, Any],
    *,
    source: str,
    label: str,
    locked: bool = False,
) -> Prefilled:
    """The answers with `values` (JSON pointer to JSON value; lists and objects whole) filled in.

    Refused is what fits no question, breaks its rules, or may not come from `source`. What the
    applicant has answered stays, except that a `locked` value, which is verified, stands over it.
    """
    changed = copied(answers)
    for part in ("data", "raw", "from"):
        changed.setdefault(part, {})
    changed.setdefault("seen", [])
    origin = {"source": source, "label": label, "locked": locked}
    filling = _Filling(release, changed, source, origin)
    offered = _tree(values)
    for page, field in release.assistant.fields():
        for entry, tree in trees(release, page, offered):
            value = get(tree, field.at) if field.at is not None else None
            if value is not None:
                filling.fill(page, field, entry, value)
    known = filling.fitting | filling.refused
    unknown = {leaf for leaf in _leaves(offered, "") if not _covered(leaf, known)}
    return Prefilled(
        changed, tuple(sorted(filling.taken)), tuple(sorted(filling.refused | unknown))
    )


class _Filling:
    """Puts value after value into the answers, and remembers what came of each."""

    def __init__(
        self, release: "Release", answers: Answers, source: str, origin: Mapping[str, Any]
    ) -> None:
        self.release, self.answers, self.source, self.origin = release, answers, source, origin
        self.taken: set[str] = set()
        self.fitting: set[str] = set()
        self.refused: set[str] = set()

    def fill(self, page: Page, field: Field, entry: Entry, value: Any) -> None:
        """Put one value into its place, if it may stand there."""
        pointer = pointer_of(self.release, page, field, entry)
        in_parts = isinstance(value, Mapping) and by_part(field) is not None
        value = value if in_parts else self._understood(field, value)
        fits = in_parts or not judging.value_fault(field, value)
        tree = made(self.release, page, self.answers["data"], entry)
        if not (fits and may_fill(field, self.source)) or tree is None or field.at is None:
            self.refused.add(pointer)
            return
        key = judging.raw_key(page, field, entry)
        if in_parts:
            self._fill_parts(field, value, tree, key, pointer)
            return
        self.fitting.add(pointer)
        answered = get(tree, field.at) not in (None, "", []) or key in self.answers["raw"]
        if answered and not self.origin["locked"]:
            return
        self.taken.add(pointer)
        put(tree, field.at, copied(value))
        self.answers["raw"].pop(key, None)
        self._note(key, value)

    def _fill_parts(
        self, field: Field, value: Mapping[str, Any], tree: dict[str, Any], key: str, pointer: str
    ) -> None:
        """Put what is known of an address or a person into the parts that are still empty.

        What is missing is left to the applicant; what breaks the rules of the whole together with
        the others is refused.
        """
        assert field.at is not None, "what may be filled has a place"
        composed = by_part(field)
        assert composed is not None, "only composed answers have parts"
        before = get(tree, field.at) or {}
        left = self.answers["raw"].get(key) or {}
        fitting = self._fitting_parts(field, {**before, **value}, value, pointer)
        new = {
            name: one
            for name, one in fitting.items()
            if self.origin["locked"] or (name not in left and before.get(name) in (None, "", []))
        }
        whole = composed.settled(field, {**before, **new}) if new else None
        if whole is None:
            return
        new = {name: one for name, one in whole.items() if name in new or before.get(name) != one}
        if any(fault.code != "required" for fault in composed.faults(field, whole)):
            self.refused |= {f"{pointer}/{name}" for name in new}
            return
        put(tree, field.at, whole)
        self._forget_typed(key, new)
        for name, one in new.items():
            self.taken.add(f"{pointer}/{name}")
            self._note(judging.part_key(key, name), one)

    def _fitting_parts(
        self, field: Field, around: Mapping[str, Any], value: Mapping[str, Any], pointer: str
    ) -> dict[str, Any]:
        """The parts of a value that fit, each by itself; `around` are all parts there will be."""
        composed, found = by_part(field), {}
        assert composed is not None, "only composed answers have parts"
        for part in field.parts:
            given = self._understood(part, value.get(part.key))
            if given is None:
                continue
            kind = composed.kind_of(part, around)
            if part.schema.get("const") is True or kind.fault(part, given):
                self.refused.add(f"{pointer}/{part.key}")
                continue
            self.fitting.add(f"{pointer}/{part.key}")
            found[part.key] = copied(given)
        return found

    def _forget_typed(self, key: str, parts: Mapping[str, Any]) -> None:
        """Drop what was typed into parts that hold a value now."""
        left = self.answers["raw"].pop(key, None)
        rest = {part: left[part] for part in left if part not in parts} if left else {}
        if rest:
            self.answers["raw"][key] = rest

    def _understood(self, field: Field, value: Any) -> Any:
        """What an account knows is text: where it does not fit as it is, it is read as typed."""
        if self.source == ACCOUNT and isinstance(value, str) and judging.value_fault(field, value):
            read = reading.read(field, [value[:LONGEST_TEXT]])
            return value if read.code or read.value is None else read.value
        return value

    def _note(self, key: str, value: Any) -> None:
        """Keep where a value came from; a verified one is kept with it."""
        kept = {"value": copied(value)} if self.origin["locked"] else {}
        self.answers["from"][key] = {**self.origin, **kept}


def by_part(field: Field) -> Composed | None:
    """The kind of an address or a person, whose parts may come from several sources; else None."""
    kind = field.kind
    return kind if isinstance(kind, Composed) and kind.by_part else None


def may_fill(field: Field, source: str) -> bool:
    """Whether a field may be filled in by a source: a link only where the blueprint says so.

    Nobody declares, consents, signs or hands in a file in the applicant's place.
    """
    if not field.is_input or field.at is None or field.widget in _OWN_WORDS:
        return False
    if field.schema.get("const") is True:
        return False
    return source != LINK or LINK in field.prefill


def shown(release: "Release", answers: Answers, lang: str) -> list[tuple[str, str]]:
    """Label and words of all that the answers hold, whether it is asked now or not."""
    return [
        (
            release.text(lang, f"fields.{field.id}.label", field.id),
            formats.shown(release, field, value, lang),
        )
        for page, field in release.assistant.fields()
        for _, tree in trees(release, page, answers.get("data", {}))
        if field.at is not None and (value := get(tree, field.at)) not in (None, "", [])
    ]


def broken_locks(release: "Release", answers: Mapping[str, Any]) -> list[str]:
    """The ids of fields whose verified value is no longer the one that was verified."""
    broken = []
    origins, raw = answers.get("from", {}), answers.get("raw", {})
    locked = {key: one.get("value") for key, one in origins.items() if one.get("locked")}
    if not locked:
        return []
    for page, field in release.assistant.fields():
        for entry, tree in trees(release, page, answers.get("data", {})):
            key = judging.raw_key(page, field, entry)
            if field.at is None:
                continue
            value, typed = get(tree, field.at), raw.get(key)
            wrong = key in locked and (value != locked[key] or typed is not None)
            for part in field.parts if by_part(field) else ():
                own = judging.part_key(key, part.key)
                changed = own in locked and get(value, (part.key,)) != locked[own]
                wrong |= changed or (own in locked and part.key in (typed or {}))
            broken += [field.id] if wrong else []
    return broken


def trees(release: "Release", page: Page, data: Any) -> Iterator[tuple[Entry, Any]]:
    """The trees in which a page's fields stand: the data, or each entry with its numbers."""
    if page.repeat is None:
        yield (), data
        return
    around: list[tuple[Entry, Any]] = [((), data)]
    if page.outer is not None:
        around = list(trees(release, release.assistant.page[page.outer], data))
    for above, tree in around:
        items = get(tree, page.repeat.at)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            yield (*above, index), item


def made(release: "Release", page: Page, data: dict[str, Any], entry: Entry) -> Any:
    """The tree of an entry in `data`, with all entries up to it; None beyond what is allowed."""
    if page.repeat is None or not entry:
        return data
    tree = data
    if page.outer is not None:
        tree = made(release, release.assistant.page[page.outer], data, entry[:-1])
    if tree is None or entry[-1] >= page.repeat.max:
        return None
    items = get(tree, page.repeat.at)
    if not isinstance(items, list):
        items = []
        put(tree, page.repeat.at, items)
    items.extend({} for _ in range(entry[-1] + 1 - len(items)))
    return items[entry[-1]]


def pointer_of(release: "Release", page: Page, field: Field, entry: Entry) -> str:
    """The JSON pointer (RFC 6901) to a field's value, in an entry if it has one."""
    path: tuple[str, ...] = ()
    if page.repeat is not None:
        if page.outer is not None:
            outer = release.assistant.page[page.outer].repeat
            assert outer is not None, "only groups hold groups"
            path = (*outer.at, str(entry[0]))
        path = (*path, *page.repeat.at, str(entry[-1]))
    return "/" + "/".join((*path, *(field.at or ())))


def _tree(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as one tree; what stands under another's pointer is put into it."""
    tree: dict[str, Any] = {}
    for pointer in sorted(values, key=len):
        path = tuple(pointer.split("/")[1:])
        if path and all(path):
            put(tree, path, copied(values[pointer]))
    return tree


def _leaves(value: Any, pointer: str) -> Iterator[str]:
    """The pointers to all that is no object and no list of objects."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{pointer}/{key}")
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{pointer}/{index}")
    elif value is not None:
        yield pointer


def _covered(leaf: str, known: set[str]) -> bool:
    """Whether a leaf stands at, or inside, one of the places that are known."""
    parts = leaf.split("/")
    return any("/".join(parts[:length]) in known for length in range(2, len(parts) + 1))
