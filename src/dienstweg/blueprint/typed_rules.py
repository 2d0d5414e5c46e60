"""Types every rule of an assistant against the data schema: a rule that can only be a mistake is
told with its line before anybody meets it."""

from collections.abc import Iterator, Mapping

from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.cel_types import (
    ANY,
    BOOL,
    DATE,
    TEXT,
    WHOLE,
    Type,
    fits,
    joined,
    of_row,
    of_schema,
)
from dienstweg.blueprint.cel_typing import typed
from dienstweg.blueprint.expressions import Expression
from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.sources import Sources

Where = tuple[str | int, ...]
_OUTPUTS = {"string": TEXT, "date": DATE, "boolean": BOOL, "integer": WHOLE, "long": WHOLE}


def check(release: Release, sources: Sources) -> list[Problem]:
    """Return what cannot be meant in the rules of the assistant."""
    return list(_Checker(release, sources.noted["assistant.yaml"]).problems())


def variables(release: Release) -> dict[str, Type]:
    """Return the types of what every rule of a blueprint sees."""
    lists = {
        name: Type("list", inner=joined([of_row(row) for row in rows]))
        for name, rows in release.lists.items()
    }
    decided = {
        name: Type("object")
        if one.outputs is None
        else Type(
            "object", members={each.name: _OUTPUTS.get(each.type, ANY) for each in one.outputs}
        )
        for name, one in release.decisions.items()
    }
    return {
        "data": of_schema(release.schema.root),
        "today": DATE,
        "lists": Type("object", members=lists),
        "decision": Type("object", members=decided),
    }


class _Checker:
    """Goes through the assistant with the lines of its file at hand."""

    def __init__(self, release: Release, noted: Noted) -> None:
        self.release, self.noted = release, noted
        self.shared = variables(release)

    def problems(self) -> Iterator[Problem]:
        """Everything found."""
        for number, page in enumerate(self.release.pages):
            where: Where = ("pages", number)
            names = self._names(page)
            yield from self._rule(page.when, BOOL, self._whole(page), (*where, "when"))
            for path, when in page.turns():
                yield from self._rule(when, BOOL, self.shared, (*where, *path))
            if page.repeat is not None:
                yield from self._rule(page.repeat.title, ANY, names, (*where, "repeat", "title"))
            for at, field in enumerate(page.fields):
                yield from self._field(field, names, (*where, "fields", at))
            for at, each in enumerate(page.checks):
                here = (*where, "checks", at)
                yield from self._rule(each.holds, BOOL, names, (*here, "holds"))
                yield from self._rule(each.when, BOOL, names, (*here, "when"))

    def _names(self, page: Page) -> Mapping[str, Type]:
        """The types of what the rules of a page see."""
        if page.repeat is None:
            return self.shared
        return {**self._whole(page), "item": of_schema(page.repeat.schema), "index": WHOLE}

    def _whole(self, page: Page) -> Mapping[str, Type]:
        """The types of what the condition of a page sees: of a nested one, the entry around it."""
        outer = self.release.assistant.page[page.outer].repeat if page.outer else None
        if outer is None:
            return self.shared
        return {**self.shared, "outer": of_schema(outer.schema), "outer_index": WHOLE}

    def _field(self, field: Field, names: Mapping[str, Type], where: Where) -> Iterator[Problem]:
        for key in ("when", "required"):
            yield from self._rule(getattr(field, key), BOOL, names, (*where, key))
        wanted = of_schema(field.schema) if field.schema else ANY
        option = wanted.inner or ANY if wanted.kind == "list" else wanted
        yield from self._rule(field.allowed, BOOL, {**names, "option": option}, (*where, "allowed"))
        several = bool(field.choices) and isinstance(field.schema.get("items"), dict)
        option = of_schema(field.schema["items"]) if several else wanted
        yield from self._rule(field.allowed, BOOL, {**names, "option": option}, (*where, "allowed"))
        yield from self._rule(field.value, wanted, names, (*where, "value"))

    def _rule(
        self, rule: Expression | None, wanted: Type, names: Mapping[str, Type], where: Where
    ) -> Iterator[Problem]:
        if rule is None:
            return
        found = typed(rule.source, names)
        for fault in found.faults:
            yield self.noted.problem("type", fault.message, *where, remedy=fault.remedy)
        if not found.faults and not fits(wanted, found.type):
            message = f"Hier muss {wanted.said} herauskommen, nicht {found.type.said}."
            yield self.noted.problem("type", message, *where)
