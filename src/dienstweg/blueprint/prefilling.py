"""Values that the applicant has not typed: from a link, a machine, an earlier case, an account.

Each is held against the field that it is for, fills nothing that the applicant has answered, and
says where it came from. `answers["from"]` keeps that by the key of the place (`judging.raw_key`):
{"source": ..., "label": words for people, "locked": bool}, and of a locked one its "value".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import formats, judging, reading
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.standing import copied, get, put
from dienstweg.blueprint.views import Answers, Entry

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

LINK = "link"
LONGEST_PARAMETER = 500
"""Characters of a value that a link may bring: links are no place for long texts."""
MOST_PARAMETERS = 60
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
        if not may_fill(field, self.source) or judging.value_fault(field, value):
            self.refused.add(pointer)
            return
        self.fitting.add(pointer)
        tree = made(self.release, page, self.answers["data"], entry)
        if tree is None or field.at is None:
            self.refused.add(pointer)
            return
        key = judging.raw_key(page, field, entry)
        answered = get(tree, field.at) not in (None, "", []) or key in self.answers["raw"]
        if answered and not self.origin["locked"]:
            return
        self.taken.add(pointer)
        put(tree, field.at, copied(value))
        self.answers["raw"].pop(key, None)
        kept = {"value": copied(value)} if self.origin["locked"] else {}
        self.answers["from"][key] = {**self.origin, **kept}


def may_fill(field: Field, source: str) -> bool:
    """Whether a field may be filled in by a source: a link only where the blueprint says so.

    Nobody declares, consents, signs or hands in a file in the applicant's place.
    """
    if not field.is_input or field.at is None or field.widget in _OWN_WORDS:
        return False
    if field.schema.get("const") is True:
        return False
    return source != LINK or LINK in field.prefill


def from_parameters(
    release: "Release", parameters: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The values (by pointer) in a link's parameters, and the names that cannot be used.

    A parameter is named like its field, and read as if it had been typed. Repeated groups are not
    filled by links. What is no field of the assistant is not ours (a campaign's mark) and ignored.
    """
    values: dict[str, Any] = {}
    unusable: list[str] = []
    for name in list(parameters)[:MOST_PARAMETERS]:
        field = release.assistant.field.get(name)
        if field is None or field.at is None or not field.is_input:
            continue
        texts = [text for text in parameters[name] if text.strip()]
        if not texts:
            continue
        in_group = release.assistant.page[field.page].repeat is not None
        if in_group or not may_fill(field, LINK) or any(map(_too_long, texts)):
            unusable.append(name)
            continue
        read = reading.read(field, texts)
        if read.code or read.value is None or judging.value_fault(field, read.value):
            unusable.append(name)
        else:
            values["/" + "/".join(field.at)] = read.value
    return values, tuple(unusable)


def _too_long(text: str) -> bool:
    return len(text) > LONGEST_PARAMETER


def wanted(release: "Release") -> dict[str, str]:
    """What an account may know: the pointer of each place -> its purpose (WCAG 2.2, section 7).

    The purposes are the HTML autocomplete tokens ("given-name", "postal-code"), which a blueprint
    only gives to questions about the applicant. Repeated groups are about others.
    """
    found: dict[str, str] = {}
    for page, field in release.assistant.fields():
        if page.repeat is None and field.autocomplete and may_fill(field, "account"):
            assert field.at is not None, "what may be filled has a place"
            found["/" + "/".join(field.at)] = field.autocomplete
    return found


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
    origins = answers.get("from", {})
    locked = {key for key, origin in origins.items() if origin.get("locked")}
    if not locked:
        return []
    for page, field in release.assistant.fields():
        for entry, tree in trees(release, page, answers.get("data", {})):
            key = judging.raw_key(page, field, entry)
            if key in locked and field.at is not None:
                value = get(tree, field.at)
                if value != origins[key].get("value") or key in answers.get("raw", {}):
                    broken.append(field.id)
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
