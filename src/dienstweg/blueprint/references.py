"""What the rules of an assistant refer to: that it exists, is bounded, and can ever be reached."""

from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.expressions import MOST_STEPS, Expression, constant
from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.order import overlaps
from dienstweg.blueprint.problems import Problem

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release
    from dienstweg.blueprint.sources import Sources

Where = tuple[str | int, ...]
Path = tuple[str, ...]
_ENTRY = frozenset(["item", "index"])
_OUTER = frozenset(["outer", "outer_index"])
_OPTION = frozenset(["option"])
_ROOTS = frozenset(["data", "today", "lists", "decision"]) | _ENTRY | _OUTER


def check(release: "Release", sources: "Sources") -> list[Problem]:
    """Unknown references, unbounded loops, what can never be shown, and gaps to the schema."""
    return list(_Checker(release, sources.noted["assistant.yaml"]).problems())


class _Checker:
    """Goes through the assistant with the lines of its file at hand."""

    def __init__(self, release: "Release", noted: Noted) -> None:
        self.release, self.noted = release, noted
        self.root = release.schema.root
        assistant = release.assistant
        self.skippable = {
            name
            for page in release.pages
            for jump in page.jumps
            for name in assistant.skipped(page, jump)
        }

    def problems(self) -> Iterator[Problem]:
        """Everything found."""
        for number, page in enumerate(self.release.pages):
            where: Where = ("pages", number)
            yield from self._page(page, where)
            for at, field in enumerate(page.fields):
                yield from self._field(page, field, (*where, "fields", at))
            for at, check in enumerate(page.checks):
                here = (*where, "checks", at)
                yield from self._refers(check.holds, page, (*here, "holds"))
                yield from self._refers(check.when, page, (*here, "when"))
        yield from self._twice()
        yield from self._unasked()

    def _page(self, page: Page, where: Where) -> Iterator[Problem]:
        yield from self._refers(page.when, page, (*where, "when"), entry=False)
        for path, when in page.turns():
            yield from self._refers(when, page, (*where, *path), entry=False)
        yield from self._never(page.when, f"Die Seite „{page.id}“", (*where, "when"))
        if page.repeat is None:
            return
        yield from self._refers(page.repeat.title, page, (*where, "repeat", "title"))
        outer = self._outer(page)
        within = outer.repeat.schema if outer and outer.repeat else None
        place = self.release.schema.place(page.repeat.at, within)
        needed = place is not None and place.required and place.optional_above is None
        hidden = page.when is not None or page.id in self.skippable
        if needed and (hidden or page.repeat.min == 0):
            yield self._hidden_required(
                f"Die Liste der Seite „{page.id}“ kann leer sein, ist", where
            )

    def _outer(self, page: Page | None) -> Page | None:
        """The group in whose entries a nested one stands."""
        return self.release.assistant.page[page.outer] if page and page.outer else None

    def _field(self, page: Page, field: Field, where: Where) -> Iterator[Problem]:
        for key in ("when", "required", "value"):
            yield from self._refers(getattr(field, key), page, (*where, key))
        yield from self._refers(field.allowed, page, (*where, "allowed"), more=_OPTION)
        yield from self._never(field.when, f"Das Feld „{field.id}“", (*where, "when"))
        skipped = page.id in self.skippable and page.repeat is None
        hidden = (
            field.when is not None or (page.when is not None and page.repeat is None) or skipped
        )
        place = field.place
        if hidden and place is not None and place.required and place.optional_above is None:
            yield self._hidden_required(f"„{field.id}“ kann ausgeblendet sein, ist", where)

    def _hidden_required(self, start: str, where: Where) -> Problem:
        return self.noted.problem(
            "hidden-required",
            f"{start} im Datenschema aber immer Pflicht.",
            *where,
            remedy="Nehmen Sie es in data.schema.json aus „required“ und sagen Sie die"
            " Bedingung mit „if“ und „then“.",
        )

    def _never(self, expression: Expression | None, name: str, where: Where) -> Iterator[Problem]:
        if expression is not None and constant(expression) is False:
            message = f"{name} wird nie gezeigt: Die Bedingung ist immer falsch."
            yield self.noted.problem("unreachable", message, *where)

    def _refers(
        self,
        expression: Expression | None,
        page: Page,
        where: Where,
        *,
        entry: bool = True,
        more: frozenset[str] = frozenset(),
    ) -> Iterator[Problem]:
        """Every path of an expression must exist, every loop must be bounded.

        `entry`: whether it is asked of an entry of the page's group, or of the page as a whole;
        `more` are names that only this expression sees.
        """
        if expression is None:
            return
        for path in sorted(each for each in expression.paths if each[0] not in more):
            message = self._unknown(path, page, entry=entry)
            if message:
                yield self.noted.problem("unknown-reference", message, *where, remedy=_REMEDY)
        for loops in expression.scanned.loops:
            sizes = [self._size(path) for path in loops]
            if None in sizes:
                unbounded = ".".join(loops[sizes.index(None)])
                message = f"Die Länge von {unbounded} ist nicht begrenzt."
                remedy = "Ergänzen Sie „maxItems“ in data.schema.json."
                yield self.noted.problem("unbounded", message, *where, remedy=remedy)
            elif prod(size or 1 for size in sizes) > MOST_STEPS:
                message = "Der Ausdruck müsste zu viele Einträge durchgehen."
                yield self.noted.problem("unbounded", message, *where)

    def _unknown(self, path: Path, page: Page, *, entry: bool) -> str | None:
        """What is wrong with a path, None when it exists."""
        root, rest, text = path[0], path[1:], ".".join(path)
        if root in _ENTRY and not (entry and page.repeat is not None):
            return f"„{root}“ gibt es nur in einer wiederholten Gruppe."
        if root in _OUTER and page.outer is None:
            return f"„{root}“ gibt es nur in einer Gruppe, die in einer anderen steht."
        if root not in _ROOTS:
            return f"„{root}“ gibt es hier nicht. Es gibt data, today, lists und decision."
        named: dict[str, Mapping[str, Any]] = {
            "lists": self.release.lists,
            "decision": self.release.decisions,
        }
        if root in ("data", "item", "outer"):
            known = exists(self._schema(root, page), rest)
            return None if known else f"{text} gibt es im Datenschema nicht."
        unknown = root in named and rest and rest[0] not in named[root]
        return f"{text} gibt es in dieser Blaupause nicht." if unknown else None

    def _schema(self, root: str, page: Page) -> Mapping[str, Any]:
        """The schema of what a rule calls `data`, `item` or `outer`."""
        group = self._outer(page) if root == "outer" else page
        inside = root != "data" and group is not None and group.repeat is not None
        return group.repeat.schema if inside and group and group.repeat else self.root

    def _size(self, path: Path) -> int | None:
        """How many entries a list may have, None when nothing bounds it."""
        if not path or path[0] not in ("data", "lists", "item", "outer"):
            return 20
        if path[0] == "lists":
            return len(self.release.lists.get(path[1], ())) if path[1:] else None
        if path[0] in ("item", "outer"):
            return 100
        schema: Any = self.root
        for name in path[1:]:
            schema = schema.get("properties", {}).get(name, {})
        for page in self.release.pages:
            if page.depth == 1 and page.repeat and page.repeat.at == path[1:]:
                return page.repeat.max
        size = schema.get("maxItems", len(schema.get("items", {}).get("enum", ())) or None)
        return size if isinstance(size, int) else None

    def _twice(self) -> Iterator[Problem]:
        """Two fields with one place in the data would overwrite each other."""
        seen: list[tuple[Path, str]] = []
        for number, page in enumerate(self.release.pages):
            start = self._start(page)
            for at, field in enumerate(page.fields):
                if field.at is None:
                    continue
                place = (*start, *field.at)
                for other, name in seen:
                    if overlaps(place, other):
                        message = f"„{field.id}“ und „{name}“ stehen an derselben Stelle der Daten."
                        yield self.noted.problem(
                            "same-place", message, "pages", number, "fields", at
                        )
                seen.append((place, field.id))

    def _start(self, page: Page) -> Path:
        """Where the answers of a page stand; through lists, without their numbers."""
        outer = self._outer(page)
        above = outer.repeat.at if outer and outer.repeat else ()
        return (*above, *page.repeat.at) if page.repeat else ()

    def _unasked(self) -> Iterator[Problem]:
        """What the schema requires and no page asks for could never be submitted."""
        asked = [
            (*self._start(page), *(field.at or ()))
            for page, field in self.release.assistant.fields()
            if field.at is not None
        ]
        for place in required_places(self.root):
            if not any(overlaps(place, other) for other in asked):
                message = f"/{'/'.join(place)} ist im Datenschema Pflicht, wird aber nie gefragt."
                remedy = "Ergänzen Sie in assistant.yaml ein Feld dafür."
                yield Problem("unasked", message, file="data.schema.json", remedy=remedy)


_REMEDY = "Prüfen Sie die Schreibweise oder ergänzen Sie data.schema.json."


def exists(schema: Mapping[str, Any], path: Path) -> bool:
    """Whether a path leads somewhere in a schema; inside of lists and free objects it may."""
    for name in path:
        members = schema.get("properties")
        if not isinstance(members, dict):
            return schema.get("type") in ("array", None) or "additionalProperties" in schema
        if not isinstance(members.get(name), dict):
            return False
        schema = members[name]
    return True


def required_places(schema: Mapping[str, Any], start: Path = ()) -> Iterator[Path]:
    """The places that every application must have."""
    members = schema.get("properties", {})
    for name in schema.get("required", ()):
        member = members.get(name, {})
        if isinstance(member, dict) and member.get("properties"):
            yield from required_places(member, (*start, name))
        else:
            yield (*start, str(name))
