"""Plays an acceptance case through the assistant, page by page, as a browser would post it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import pages
from dienstweg.blueprint.assistant import Page
from dienstweg.blueprint.problems import Invalid, Problem
from dienstweg.blueprint.views import SUMMARY, Answers

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

MOST_PAGES = 300
MOST_TURNS = 5
"""How often one page is posted again because its answers have brought up more fields."""
_CHOSEN = frozenset(["radio", "checkboxes", "checkbox", "yesno", "select", "file"])


@dataclass(slots=True)
class Played:
    """What came of an assistant: pages in order, problems by page, texts shown, what was reached.

    `application` is None where the case ended with a problem.
    """

    answers: Answers = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    problems: dict[str, dict[str, str]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    application: dict[str, Any] | None = None
    deviations: list[str] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)


def play(release: "Release", given: Mapping[str, Any], *, today: date, lang: str = "de") -> Played:
    """Answer page after page with `given` (page id -> field id -> value) up to the summary."""
    player = _Player(release, given, today, lang)
    player.run()
    return player.played


class _Player:
    """One way through one assistant."""

    def __init__(
        self, release: "Release", given: Mapping[str, Any], today: date, lang: str
    ) -> None:
        self.release, self.given, self.today, self.lang = release, given, today, lang
        self.played = Played()

    def run(self) -> None:
        """Go from the first page to the summary, or to the first problem."""
        played = self.played
        self._unknown()
        first = pages.visible_pages(self.release, played.answers, self.today)
        page = first[0].id if first else SUMMARY
        while page != SUMMARY and len(played.pages) < MOST_PAGES:
            played.pages.append(page)
            problems = self._page(self.release.assistant.page[page])
            if problems:
                played.problems[page] = {_place(each): each.code for each in problems}
                return
            page = pages.next_page(self.release, played.answers, page, today=self.today)
        self._rules()
        missed = self.given.keys() - set(played.pages)
        played.deviations += [
            f"Die Seite {name} hat Antworten, wird aber nicht gezeigt." for name in sorted(missed)
        ]
        self._submit()

    def _submit(self) -> None:
        try:
            self.played.application = pages.application(
                self.release, self.played.answers, today=self.today
            )
        except Invalid as invalid:
            self.played.deviations += [
                f"Der Antrag ist unvollständig: {problem}" for problem in invalid.problems[:5]
            ]

    def _unknown(self) -> None:
        """Note answers to pages and fields that the assistant does not have."""
        assistant = self.release.assistant
        for name, answers in self.given.items():
            if name not in assistant.page:
                self.played.deviations.append(f"Die Seite {name} gibt es nicht.")
                continue
            known = {each.id for each in assistant.page[name].fields}
            for entry in answers if isinstance(answers, list) else [answers]:
                for field_id in entry.keys() - known:
                    self.played.deviations.append(f"Das Feld {field_id} gibt es auf {name} nicht.")

    def _page(self, page: Page) -> list[Problem]:
        """Answer one page, a repeating group entry by entry; gives its problems."""
        given = self.given.get(page.id, [] if page.repeat else {})
        if page.repeat is None:
            return self._post(page, given if isinstance(given, dict) else {}, None)
        problems: list[Problem] = []
        for index, entry in enumerate(given if isinstance(given, list) else [given]):
            if any(_files(value) for value in entry.values()):
                self.played.answers, _ = pages.add_item(self.release, page.id, self.played.answers)
            problems += self._post(page, entry, index)
        return problems or self._post(page, {}, None)

    def _post(self, page: Page, given: Mapping[str, Any], index: int | None) -> list[Problem]:
        """Upload the files of a page, then post it; note what it showed before and after."""
        for name, value in given.items():
            for file in _files(value):
                self.played.answers = pages.put_file(
                    self.release, self.played.answers, name, file, index=index
                )
        self._look(page, index)
        problems = self._take(page, given, index)
        for _ in range(MOST_TURNS):
            if not any(problem.code == "unseen" for problem in problems):
                break
            # Without JavaScript the page comes again with the fields that its answers brought up.
            problems = self._take(page, given, index)
        self._look(page, index)
        for check in page.checks:
            failed = any(problem.code == check.id for problem in problems)
            self.played.reached.add(f"check:{check.id}:{'false' if failed else 'true'}")
        return problems

    def _take(self, page: Page, given: Mapping[str, Any], index: int | None) -> list[Problem]:
        taken = pages.take(
            self.release,
            page.id,
            self.played.answers,
            self._posted(page, given, index),
            today=self.today,
            index=index,
            lang=self.lang,
        )
        self.played.answers = taken.answers
        return taken.problems

    def _posted(
        self, page: Page, given: Mapping[str, Any], index: int | None
    ) -> dict[str, list[str]]:
        """Give what a browser would send: the answers, and what stands empty on the page."""
        posted = {name: list(_typed(value)) for name, value in given.items() if not _files(value)}
        if page.repeat is not None and index is None:
            return posted
        for shown in self._fields(page, index):
            if shown.id not in posted and shown.widget not in _CHOSEN:
                posted[shown.id] = [shown.value if isinstance(shown.value, str) else ""]
        return posted

    def _fields(self, page: Page, index: int | None) -> Iterator[Any]:
        try:
            view = pages.view(
                self.release,
                page.id,
                self.played.answers,
                lang=self.lang,
                today=self.today,
                index=index,
            )
        except pages.UnknownPage:
            return
        yield from (each for each in view.fields if each.widget not in ("output", "info"))

    def _look(self, page: Page, index: int | None) -> None:
        """Note which fields a page shows and what its calculated fields say."""
        played = self.played
        played.reached.add(f"page:{page.id}")
        if page.repeat is not None and index is None:
            return
        try:
            view = pages.view(
                self.release,
                page.id,
                played.answers,
                lang=self.lang,
                today=self.today,
                index=index,
            )
        except pages.UnknownPage:
            return
        shown = {each.id: each for each in view.fields}
        for each in page.fields:
            if each.id in shown:
                played.reached.add(f"field:{each.id}")
            if each.when is not None:
                played.reached.add(f"when:{each.id}:{'true' if each.id in shown else 'false'}")
        for name, seen in shown.items():
            if seen.widget == "output":
                text = seen.value if isinstance(seen.value, str) else ", ".join(seen.value)
                played.shown[name] = text

    def _rules(self) -> None:
        """Note which pages with a condition were shown and which were not."""
        visible = {
            each.id for each in pages.visible_pages(self.release, self.played.answers, self.today)
        }
        for page in self.release.assistant.pages:
            if page.when is not None:
                answer = "true" if page.id in visible else "false"
                self.played.reached.add(f"when:{page.id}:{answer}")


def _place(problem: Problem) -> str:
    """Give the key under which a case names a problem: its field without the entry's number."""
    name = problem.field or problem.code
    stem, _, number = name.rpartition(".")
    return stem if stem and number.isdigit() else name


def _files(value: Any) -> list[str]:
    """Give the names of files that an answer uploads."""
    entries = value if isinstance(value, list) else [value]
    return [str(entry["file"]) for entry in entries if isinstance(entry, dict) and "file" in entry]


def _typed(value: Any) -> Iterator[str]:
    """Yield the texts that a person would type or a browser would send for a value."""
    if isinstance(value, list):
        for each in value:
            yield from _typed(each)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, float):
        yield str(value).replace(".", ",")
    elif value is None:
        yield ""
    else:
        yield str(value)
