"""Plays an acceptance case through the assistant, page by page, as a browser would post it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import pages
from dienstweg.blueprint.assistant import Page
from dienstweg.blueprint.kinds.table import KINDS
from dienstweg.blueprint.problems import Invalid, Problem
from dienstweg.blueprint.standing import Standing, stand
from dienstweg.blueprint.views import ENDING, SUMMARY, Answers, Entry, FieldView, PageView, Taken

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

MOST_PAGES = 300
MOST_TURNS = 5
"""How often one page is posted again because its answers have brought up more fields."""
_CHOSEN = frozenset(["radio", "checkboxes", "checkbox", "consent", "yesno", "select", "file"])
_COMPOSED = frozenset(name for name, kind in KINDS.items() if kind.composed) | {"row"}


@dataclass(slots=True)
class Played:
    """What came of an assistant: pages in order, problems by page, texts shown, what was reached.

    `application` is None where the case ended with a problem, or at an `ending`.
    """

    answers: Answers = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    problems: dict[str, dict[str, str]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    application: dict[str, Any] | None = None
    ending: str | None = None
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
        self.taken: Taken | None = None
        self.viewed: tuple[Answers, str, Entry, PageView] | None = None
        self.standing: Standing | None = None

    def run(self) -> None:
        """Go from the first page to the summary, or to the first problem."""
        played = self.played
        self._unknown()
        first = pages.visible_pages(self.release, played.answers, self.today)
        page = first[0].id if first else SUMMARY
        while page not in (SUMMARY, ENDING) and len(played.pages) < MOST_PAGES:
            played.pages.append(page)
            fine = self._page(self.release.assistant.page[page])
            if self._ended(page, fine=fine):
                break
            if not fine:
                return
            assert self.taken is not None, "a page without problems was posted"
            page = self.taken.onward[0]
        self._rules()
        missed = self.given.keys() - set(played.pages)
        played.deviations += [
            f"Die Seite {name} hat Antworten, wird aber nicht gezeigt." for name in sorted(missed)
        ]
        if played.ending is None:
            self._submit()

    def _ended(self, page: str, *, fine: bool) -> bool:
        """Whether the assistant ends after a page, whatever else is wrong on it."""
        if fine and self.taken is not None and not self.taken.ended:
            return False
        ending = pages.ending(self.release, self.played.answers, self.today, lang=self.lang)
        if ending is None or ending.page != page:
            return False
        self.played.ending = ending.id
        self.played.reached.add(f"ending:{ending.id}")
        self.played.problems.clear()
        return True

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
            if assistant.page[name].outer is not None:
                message = f"Die Antworten zu {name} gehören in die Einträge von"
                self.played.deviations.append(f"{message} {assistant.page[name].outer}.")
                continue
            self._unknown_fields(assistant.page[name], answers)

    def _unknown_fields(self, page: Page, answers: Any) -> None:
        nested = {each.id: each for each in self.release.assistant.inner.get(page.id, ())}
        known = {each.id for each in page.fields} | nested.keys()
        for entry in answers if isinstance(answers, list) else [answers]:
            for field_id in entry.keys() - known:
                self.played.deviations.append(f"Das Feld {field_id} gibt es auf {page.id} nicht.")
            for name in entry.keys() & nested.keys():
                self._unknown_fields(nested[name], entry[name])
            for each in page.fields:
                for part in sorted(each.kind.strangers(each, entry.get(each.id))):
                    self.played.deviations.append(f"Den Teil {part} gibt es bei {each.id} nicht.")

    def _page(self, page: Page) -> bool:
        """Answer one page, a repeating group entry by entry; whether nothing was wrong."""
        given = self.given.get(page.id, [] if page.repeat else {})
        if page.repeat is not None:
            return self._group(page, given if isinstance(given, list) else [given], ())
        return self._noted(page, self._post(page, given if isinstance(given, dict) else {}, ()))

    def _noted(self, page: Page, problems: list[Problem]) -> bool:
        """Keep the problems of a page; whether there were none."""
        if problems:
            self.played.problems[page.id] = {_place(each): each.code for each in problems}
        return not problems

    def _group(self, page: Page, given: list[Any], above: Entry) -> bool:
        """Answer a group: each entry, what is nested in it, and then the list."""
        problems: list[Problem] = []
        fine = True
        nested = self.release.assistant.inner.get(page.id, ())
        inner = {each.id for each in nested}
        for index, one in enumerate(given):
            own = {name: value for name, value in one.items() if name not in inner}
            if any(_files(value) for value in own.values()):
                self.played.answers, _ = pages.add_item(
                    self.release, page.id, self.played.answers, above
                )
            found = self._post(page, own, (*above, index))
            problems += found
            for group in nested if not found else ():
                if self._shown(group, (*above, index), one):
                    fine &= self._group(group, list(one.get(group.id) or ()), (*above, index))
        if problems or not fine:
            return self._noted(page, problems) and fine
        return self._noted(page, self._post(page, {}, above))

    def _shown(self, page: Page, above: Entry, given: Mapping[str, Any]) -> bool:
        """Whether a nested group is asked in this entry; answers to a hidden one deviate."""
        shown = True
        try:
            self._view(page, above)
        except pages.UnknownPage:
            shown = False
            if page.id in given:
                self.played.deviations.append(
                    f"Die Seite {page.id} hat Antworten, wird aber nicht gezeigt."
                )
        if page.when is not None:
            self.played.reached.add(f"when:{page.id}:{'true' if shown else 'false'}")
        return shown

    def _post(self, page: Page, given: Mapping[str, Any], entry: Entry) -> list[Problem]:
        """Upload the files of a page, then post it; note what it showed before and after."""
        for name, value in given.items():
            for file in _files(value):
                self.played.answers = pages.put_file(
                    self.release, self.played.answers, name, file, entry=entry
                )
        self._look(page, entry)
        before = self._asked(page, entry)
        problems = self._take(page, given, entry)
        for _ in range(MOST_TURNS):
            if not any(problem.code == "unseen" for problem in problems):
                break
            # Without JavaScript the page comes again with the fields that its answers brought up.
            problems = self._take(page, given, entry)
        if before is None or before != self._asked(page, entry):
            self._look(page, entry)
        for check in page.checks:
            failed = any(problem.code == check.id for problem in problems)
            self.played.reached.add(f"check:{check.id}:{'false' if failed else 'true'}")
        self._narrowed(page, given, problems)
        return problems

    def _narrowed(self, page: Page, given: Mapping[str, Any], problems: list[Problem]) -> None:
        """Note where an answer was allowed by a field's own rule, and where not."""
        wrong = {problem.field: problem.code for problem in problems}
        for each in page.fields:
            if each.allowed is not None and wrong.get(each.id) == "allowed":
                self.played.reached.add(f"allowed:{each.id}:false")
            elif each.allowed is not None and each.id in given and each.id not in wrong:
                self.played.reached.add(f"allowed:{each.id}:true")

    def _take(self, page: Page, given: Mapping[str, Any], entry: Entry) -> list[Problem]:
        taken = pages.take(
            self.release,
            page.id,
            self.played.answers,
            self._posted(page, given, entry),
            today=self.today,
            entry=entry,
            lang=self.lang,
            standing=self._standing(),
        )
        self.taken, self.played.answers = taken, taken.answers
        self.standing = taken.standing
        return taken.problems

    def _standing(self) -> Standing:
        """How the answers stand, worked out once for as long as they stay the same."""
        kept, answers = self.standing, self.played.answers
        if kept is None or kept.answers is not answers:
            kept = self.standing = stand(self.release, answers, self.today)
        return kept

    def _posted(self, page: Page, given: Mapping[str, Any], entry: Entry) -> dict[str, list[str]]:
        """Give what a browser would send: the answers, and what stands empty on the page."""
        posted: dict[str, list[str]] = {}
        fields = {each.id: each for each in page.fields}
        for name, value in given.items():
            if name in fields and not _files(value):
                posted |= fields[name].kind.sent(fields[name], value)
        if len(entry) < page.depth:
            return posted
        for shown in self._fields(page, entry):
            if shown.widget == "search" and shown.id in posted:
                continue
            for name, text in _stands(shown):
                posted.setdefault(name, [text])
        return posted

    def _fields(self, page: Page, entry: Entry) -> Iterator[Any]:
        try:
            view = self._view(page, entry)
        except pages.UnknownPage:
            return
        yield from (each for each in view.fields if each.widget not in ("output", "info"))

    def _view(self, page: Page, entry: Entry) -> PageView:
        """The page as it stands; the last one is kept as long as nothing was answered."""
        answers, kept = self.played.answers, self.viewed
        if kept is not None and kept[0] is answers and kept[1:3] == (page.id, entry):
            return kept[3]
        view = pages.view(
            self.release,
            page.id,
            answers,
            lang=self.lang,
            today=self.today,
            entry=entry,
            standing=self._standing(),
        )
        self.viewed = (answers, page.id, entry, view)
        return view

    def _asked(self, page: Page, entry: Entry) -> frozenset[str] | None:
        """Which fields stand on a page; None where it shows more than that: values worked out, or
        choices that answers narrow."""
        if any(each.widget == "output" or each.allowed is not None for each in page.fields):
            return None
        shown = self._standing().fields
        return frozenset(each.id for each in page.fields if (each.id, entry) in shown)

    def _look(self, page: Page, entry: Entry) -> None:
        """Note which fields a page shows and what its calculated fields say."""
        played = self.played
        played.reached.add(f"page:{page.id}")
        if len(entry) < page.depth:
            return
        try:
            view = self._view(page, entry)
        except pages.UnknownPage:
            return
        shown = {each.id: each for each in view.fields}
        for each in page.fields:
            if each.id in shown:
                played.reached.add(f"field:{each.id}")
            if each.when is not None:
                played.reached.add(f"when:{each.id}:{'true' if each.id in shown else 'false'}")
            options = shown[each.id].options if each.id in shown else ()
            if each.allowed is not None and len(options) < len(each.choices):
                played.reached.add(f"allowed:{each.id}:false")
        for name, seen in shown.items():
            if seen.widget == "output":
                text = seen.value if isinstance(seen.value, str) else ", ".join(seen.value)
                played.shown[name] = text

    def _rules(self) -> None:
        """Note which pages with a condition were shown and which were not, and what was jumped."""
        standing = self._standing()
        visible = standing.pages
        for page_id, jump in standing.jumped.items():
            self.played.reached.add(f"jump:{page_id}:{jump.to}")
        for page in self.release.assistant.pages:
            if page.when is not None and page.outer is None:
                answer = "true" if page.id in visible else "false"
                self.played.reached.add(f"when:{page.id}:{answer}")


def _place(problem: Problem) -> str:
    """Give the key under which a case names a problem: its field without the entry's number,
    of a composed one with the part: "anschrift-plz", "posten-0-menge"."""
    name = problem.field or problem.code
    if problem.part is not None:
        return f"{name}-{problem.part}"
    stem, _, number = name.rpartition(".")
    return stem if stem and number.isdigit() else name


def _files(value: Any) -> list[str]:
    """Give the names of files that an answer uploads."""
    entries = value if isinstance(value, list) else [value]
    return [str(entry["file"]) for entry in entries if isinstance(entry, dict) and "file" in entry]


def _stands(shown: FieldView) -> Iterator[tuple[str, str]]:
    """Yield what stands in the inputs of a field, by name, as a browser posts it untouched."""
    if shown.parts:
        for part in shown.parts:
            yield from _stands(part)
    if shown.widget in _COMPOSED:
        return
    if shown.widget not in _CHOSEN:
        yield shown.name, shown.value if isinstance(shown.value, str) else ""
