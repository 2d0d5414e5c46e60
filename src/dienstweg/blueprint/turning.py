"""Checks of the way through an assistant: endings, jumps, names of pages, narrowed choices."""

from collections.abc import Iterator

from dienstweg.blueprint.assistant import Page
from dienstweg.blueprint.expressions import Expression
from dienstweg.blueprint.notation import Noted
from dienstweg.blueprint.order import Node, referred
from dienstweg.blueprint.problems import Problem
from dienstweg.blueprint.release import Release, decision_paths
from dienstweg.blueprint.sources import Sources
from dienstweg.blueprint.views import RESERVED, SUMMARY

Where = tuple[str | int, ...]
MOST_NARROWED = 300
"""Choices that a rule may narrow: it is asked of each of them whenever the page is shown."""


def check(release: Release, sources: Sources) -> list[Problem]:
    """Jumps lead forwards to a page that exists, conditions look back, names can be addresses."""
    return list(_Checker(release, sources.noted["assistant.yaml"]).problems())


class _Checker:
    """Goes through the pages with the lines of their file at hand."""

    def __init__(self, release: Release, noted: Noted) -> None:
        self.release, self.noted = release, noted
        self.ids = [page.id for page in release.pages]
        self.decisions = decision_paths(release.decisions)

    def problems(self) -> Iterator[Problem]:
        """Everything found."""
        endings: set[str] = set()
        for number, page in enumerate(self.release.pages):
            where: Where = ("pages", number)
            yield from self._name(page, where)
            if page.outer is not None:
                yield from self._nested(page, where)
            for at, ending in enumerate(page.ends):
                here = (*where, "ends", at)
                if ending.id in endings:
                    message = f"Das Ende „{ending.id}“ gibt es zweimal."
                    yield self.noted.problem("twice", message, *here, "id", remedy=_OTHER_NAME)
                endings.add(ending.id)
                yield from self._looks_back(ending.when, number, (*here, "when"))
            for at, jump in enumerate(page.jumps):
                here = (*where, "next", at)
                yield from self._target(jump.to, number, (*here, "to"))
                yield from self._looks_back(jump.when, number, (*here, "when"))
            yield from self._narrowed(page, where)

    def _name(self, page: Page, where: Where) -> Iterator[Problem]:
        if page.id in RESERVED:
            message = f"Eine Seite darf nicht „{page.id}“ heißen: Das Wort hat einen festen Sinn."
            yield self.noted.problem("reserved", message, *where, "id", remedy=_OTHER_NAME)

    def _nested(self, page: Page, where: Where) -> Iterator[Problem]:
        """A nested group belongs to an entry: nothing of it turns the whole assistant off."""
        outer = self.release.assistant.page[page.outer or ""]
        if page.id in {each.id for each in outer.fields}:
            message = f"Die Gruppe „{page.id}“ heißt wie ein Feld der Gruppe um sie."
            yield self.noted.problem("twice", message, *where, "id", remedy=_OTHER_NAME)
        for key, found in (("ends", page.ends), ("next", page.jumps)):
            if found:
                message = f"In einer Gruppe, die in einer anderen steht, gibt es kein „{key}“."
                remedy = f"Schreiben Sie es an die Seite „{outer.id}“."
                yield self.noted.problem("nested-turn", message, *where, key, remedy=remedy)

    def _target(self, to: str, number: int, where: Where) -> Iterator[Problem]:
        if to == SUMMARY:
            return
        if to not in self.ids:
            message = f"Die Seite „{to}“ gibt es nicht."
            remedy = "Nennen Sie die id einer späteren Seite, oder summary."
            yield self.noted.problem("unknown-page", message, *where, remedy=remedy)
        elif self.ids.index(to) <= number:
            message = f"Der Sprung führt zurück zu „{to}“; Sprünge führen nur nach vorn."
            remedy = f"Ordnen Sie die Seiten so, dass „{to}“ später kommt."
            yield self.noted.problem("backward-jump", message, *where, remedy=remedy)
        elif self.release.assistant.page[to].outer is not None:
            message = f"„{to}“ steht in den Einträgen einer Gruppe; dorthin führt kein Sprung."
            yield self.noted.problem("nested-turn", message, *where)

    def _looks_back(self, when: Expression, number: int, where: Where) -> Iterator[Problem]:
        """What has not been asked yet cannot decide where it goes on."""
        paths = referred(when, self.decisions)
        nodes: set[Node] = self.release.order.needed([when])
        later = [page for page in self.release.pages[number + 1 :] if page.outer is None]
        for page in later:
            own = {("group", page.id), *(("field", field.id) for field in page.fields)}
            if paths and nodes & own:
                message = (
                    f"Die Bedingung braucht Antworten der Seite „{page.id}“, die erst danach kommt."
                )
                remedy = "Schreiben Sie sie an diese oder eine spätere Seite."
                yield self.noted.problem("later-page", message, *where, remedy=remedy)

    def _narrowed(self, page: Page, where: Where) -> Iterator[Problem]:
        for at, field in enumerate(page.fields):
            here = (*where, "fields", at, "allowed")
            if field.allowed is None:
                continue
            if not field.is_input:
                message = f"„{field.id}“ wird nicht gefragt: „allowed“ hat dort keinen Sinn."
                yield self.noted.problem("allowed", message, *here)
            elif len(field.choices) > MOST_NARROWED:
                message = f"„{field.id}“ hat {len(field.choices)} Antworten; „allowed“ prüft jede."
                remedy = f"Erlaubt sind höchstens {MOST_NARROWED}."
                yield self.noted.problem("unbounded", message, *here, remedy=remedy)


_OTHER_NAME = "Geben Sie einen anderen Namen."
