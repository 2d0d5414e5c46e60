"""Finds what a FIM rule names: the places of this schema, seen from the element with the rule.

A rule names elements by FIM ids, sometimes with those of the groups around them. The same id may
stand in several groups, so it is looked for nearest first: in the element that carries the rule,
then in the group around it, and so on. Where the nearest level holds it more than once, the rule
is not translated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dienstweg.blueprint.fim_places import Place
from dienstweg.blueprint.fim_rules_names import Kind, Known
from dienstweg.blueprint.fim_rules_tokens import NotRead
from dienstweg.standards.xdatenfelder.model import Field

Options = Mapping[str, Sequence[tuple[str, str]]]
Above = tuple[Place, ...]


@dataclass(slots=True)
class Index:
    """All places of a schema by place id and by FIM id, each with those above it."""

    root: Place
    options: Options
    above: dict[str, Above] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    by_fim: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for place, above in self.root.walk():
            self.places[place.id] = place
            self.above[place.id] = above
            # the question inside a repeated field is the field itself
            twice = bool(above) and above[-1].element is place.element
            if place.element.id and not twice:
                self.by_fim[place.element.id].append(place)

    def questions(self, place: Place) -> list[Place]:
        """The questions at or below a place, without those inside a list below it."""
        if place.is_question:
            return [place]
        return [
            inner
            for child in place.children
            if not child.repeated
            for inner in self.questions(child)
        ]

    def lists(self, place: Place) -> list[Place]:
        """The lists below a place (or itself), without lists inside them."""
        if place.repeated:
            return [place]
        return [each for child in place.children for each in self.lists(child)]

    def within(self, place: Place, outer: Place) -> bool:
        """Whether a place is another one or lies in it."""
        return place.id == outer.id or any(each.id == outer.id for each in self.above[place.id])

    def kind(self, place: Place) -> Kind:
        """What kind of answer a place takes."""
        element = place.element
        if not isinstance(element, Field) or place.repeated:
            return "group"
        if not place.is_question:
            return "unknown"
        if element.kind == "select":
            return "choice"
        kinds: dict[str, Kind] = {
            "bool": "bool",
            "date": "date",
            "num": "number",
            "num_int": "number",
            "num_currency": "number",
            "file": "file",
            "obj": "file",
        }
        return kinds.get(element.datatype, "text")

    def label(self, place_id: str) -> str:
        """What people call a place."""
        return " ".join(self.places[place_id].element.label.split())


@dataclass(frozen=True, slots=True)
class Scope:
    """A schema as the rule of one element sees it: answers the grammar (`Names`)."""

    index: Index
    bearer: Place

    def known(self, path: str) -> Known:
        """Labels, kind and values of an element; raises NotRead if it cannot be found."""
        place = self.place(path)
        element = place.element
        labels = (element.name, element.input_label, element.output_label)
        options = self.index.options.get(place.id)
        return Known(
            self.index.kind(place),
            tuple(label for label in labels if label.strip()),
            None if options is None else dict(options),
        )

    def own_questions(self) -> tuple[str, ...]:
        """The questions that stand directly in the group with the rule."""
        if any(child.children for child in self.bearer.children):
            raise NotRead("Welche Felder der Gruppe gemeint sind, ist nicht klar.")
        return tuple(
            f"{self.bearer.element.id}.{child.element.id}"
            for child in self.bearer.children
            if child.is_question
        )

    def place(self, path: str) -> Place:
        """The place that a path of FIM ids means; raises NotRead where it is none or several."""
        ids = path.removeprefix("self.").split(".")
        named = [each for each in self.index.by_fim.get(ids[-1], ()) if self._lies(each, ids)]
        if not named:
            raise NotRead(f"{path} gibt es in diesem Schema nicht.")
        for outer in (self.bearer, *reversed(self.index.above[self.bearer.id])):
            found = [each for each in named if self.index.within(each, outer)]
            if len(found) == 1:
                return found[0]
            if found:
                raise NotRead(f"{path} gibt es hier mehrmals; welches gemeint ist, ist nicht klar.")
        raise NotRead(f"{path} gibt es in diesem Schema nicht.")

    def _lies(self, place: Place, ids: Sequence[str]) -> bool:
        """Whether the groups around a place are those that the path names."""
        chain = [each.element.id for each in self.index.above[place.id]]
        if ids[0] == self.index.root.element.id:
            return [*chain, place.element.id] == list(ids)
        return len(ids) == 1 or chain[1 - len(ids) :] == list(ids[:-1])


def bearers(index: Index) -> list[Place]:
    """The places whose elements carry rules, in the order of the schema."""
    found = []
    for place, above in index.root.walk():
        twice = bool(above) and above[-1].element is place.element
        if place.element.rules and not twice:
            found.append(place)
    return found
