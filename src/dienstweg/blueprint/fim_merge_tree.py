"""Three-way merging of plain data: what was, what a designer made of it, what it is now.

Objects are merged key by key, lists of objects with an `id` (or `const`, `code`) item by item,
lists of single values as ordered sets; everything else is one value. Where both sides changed the
same thing differently, that is a collision: nothing is decided for anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ruamel.yaml.comments import CommentedMap, CommentedSeq

Side = Literal["ours", "theirs"]


class _Missing:
    """Stands for what is not there."""

    def __repr__(self) -> str:
        return "(fehlt)"


MISSING: Final = _Missing()
Path = tuple[str, ...]
_NAMES = ("id", "const", "code")


@dataclass(frozen=True, slots=True)
class Collision:
    """One thing that both sides changed; each side's value, `MISSING` where it was taken away."""

    file: str
    path: Path
    base: Any
    ours: Any
    theirs: Any

    @property
    def id(self) -> str:
        """What it is called when somebody decides it."""
        return f"{self.file}#/{'/'.join(self.path)}"


@dataclass(slots=True)
class Merging:
    """One merge: how collisions are to be decided, and those that nobody has decided."""

    decided: Callable[[Collision], Side | None] = lambda _collision: None
    collisions: list[Collision] = field(default_factory=list)

    def merge(self, file: str, path: Path, base: Any, ours: Any, theirs: Any) -> Any:
        """The merged value at a path of a file; `MISSING` where it goes."""
        if same(ours, theirs) or same(theirs, base):
            return ours
        if same(ours, base):
            return theirs
        if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
            known = base if isinstance(base, Mapping) else {}
            return self.objects(file, path, known, ours, theirs)
        if isinstance(ours, list) and isinstance(theirs, list):
            items = base if isinstance(base, list) else []
            merged = self.lists(file, path, items, ours, theirs)
            if merged is not None:
                return merged
        return self.decide(Collision(file, path, base, ours, theirs))

    def decide(self, collision: Collision) -> Any:
        """One side of a collision; undecided it is noted, and ours stands for the time being."""
        side = self.decided(collision)
        if side is None:
            self.collisions.append(collision)
        return collision.theirs if side == "theirs" else collision.ours

    def objects(
        self,
        file: str,
        path: Path,
        base: Mapping[str, Any],
        ours: Mapping[str, Any],
        theirs: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Two objects merged key by key, in the order of `order`."""
        merged: dict[str, Any] = CommentedMap() if isinstance(ours, CommentedMap) else {}
        for key in order(list(base), list(ours), list(theirs)):
            value = self.merge(
                file,
                (*path, str(key)),
                base.get(key, MISSING),
                ours.get(key, MISSING),
                theirs.get(key, MISSING),
            )
            if value is not MISSING:
                merged[key] = value
                carry_comment(merged, key, ours, theirs)
        return merged

    def lists(
        self, file: str, path: Path, base: list[Any], ours: list[Any], theirs: list[Any]
    ) -> list[Any] | None:
        """Two lists merged item by item; None where the items have no names."""
        names = [naming(each) for each in (base, ours, theirs)]
        if any(each is None for each in names):
            return None
        known = [
            dict(zip(each or (), items, strict=True))
            for each, items in zip(names, (base, ours, theirs), strict=True)
        ]
        merged: list[Any] = CommentedSeq() if isinstance(ours, CommentedSeq) else []
        for name in order(*(list(each) for each in known)):
            first, second, third = (each.get(name, MISSING) for each in known)
            value = self.merge(file, (*path, str(name)), first, second, third)
            if value is not MISSING:
                merged.append(value)
        return merged


def same(first: Any, second: Any) -> bool:
    """Whether two values are equal, also in the order of their keys and in their kind."""
    if first is MISSING or second is MISSING:
        return first is second
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return list(first) == list(second) and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        pairs = zip(first, second, strict=False)
        return len(first) == len(second) and all(same(*pair) for pair in pairs)
    return isinstance(first, bool) is isinstance(second, bool) and bool(first == second)


def naming(items: Sequence[Any]) -> list[Hashable] | None:
    """The names of a list's items, each once: an object's id, or a single value itself."""
    names: list[Hashable] = []
    for item in items:
        if isinstance(item, Mapping):
            name = next((item[key] for key in _NAMES if isinstance(item.get(key), str)), None)
            if name is None:
                return None
            names.append(name)
        elif isinstance(item, list):
            return None
        else:
            names.append(item)
    return names if len(set(names)) == len(names) else None


def order(base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    """All names in one order: the designer's, if they changed it, else the new one.

    What only the other side knows comes after its nearest predecessor there.
    """
    kept = set(base) & set(ours) & set(theirs)
    changed = [each for each in ours if each in kept] != [each for each in base if each in kept]
    first, second = (ours, theirs) if changed else (theirs, ours)
    found = list(first)
    places = set(found)
    for number, name in enumerate(second):
        if name in places:
            continue
        before = next((each for each in reversed(second[:number]) if each in places), None)
        found.insert(0 if before is None else found.index(before) + 1, name)
        places.add(name)
    return found


def carry_comment(
    merged: dict[str, Any], key: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> None:
    """Keep the comment beside a key: the designer's, else that of the new import."""
    for side in (ours, theirs):
        if isinstance(merged, CommentedMap) and isinstance(side, CommentedMap):
            comment = side.ca.items.get(key)
            if comment is not None:
                merged.ca.items[key] = comment
                return
