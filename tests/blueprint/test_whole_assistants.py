"""Whole assistants, answered by chance: what they accept fits the data schema, and comes back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dienstweg.blueprint import folder, pages, release
from dienstweg.blueprint.problems import Invalid
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.views import ENDING, SUMMARY, FieldView

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
SHIPPED = [path.name for path in sorted((ROOT / "leistungen").iterdir()) if path.is_dir()]
OWN = [path.name for path in sorted((ROOT / "tests" / "blueprints").iterdir()) if path.is_dir()]
MOST_STEPS = 90
MOST_TRIES = 25
GIVES_UP = 0.01
ENOUGH = 0.6
ANSWERS: dict[str, tuple[str, ...]] = {
    "text": ("Ayşe Müller-Öztürk", "A", "KS", "3 a", "x" * 90),
    "textarea": ("Zeile eins\r\nZeile zwei", "kurz"),
    "number": ("3", "1", "0", "12", "2,5", "1.234"),
    "money": ("12,50", "0", "1.234,50 €"),
    "date": (
        "27.3.1984",
        "1.12.2026",
        "22.11.2026",
        "31.2.2020",
        "1.1.2024",
        "15.1.2027",
        "15.6.2027",
    ),
    "partialdate": ("1961", "00.00.1961", "5/1961", "12.5.1961"),
    "time": ("9:30", "23:59", "25:00"),
    "email": ("ada@example.org", "keine"),
    "phone": ("030 23125-900", "+43 1 58858", "12"),
    "postcode": ("05171", "12345", "1234"),
    "iban": ("DE89 3704 0044 0532 0130 00", "GB33BUKB20201555555555", "DE00"),
    "plate": ("ks ab 123", "M-X 1E", "ganz falsch"),
    "taxid": ("86095742719", "12345678901"),
    "url": ("https://example.org/x", "nirgends"),
    "country": ("DE", "PL", "XX"),
    "nationality": ("DE", "TR", "XX"),
}
"""What people type, by widget: mostly right, sometimes wrong."""
POSITIONS = {
    "point": "54.3, 10.1",
    "line": "54.3, 10.1\n54.4, 10.2",
    "area": "54.3, 10.1\n54.4, 10.2\n54.3, 10.3",
}


@cache
def compiled(name: str) -> Release:
    """A blueprint by its folder's name."""
    parent = ROOT / "leistungen" if name in SHIPPED else ROOT / "tests" / "blueprints"
    return release.compile(folder.read_folder(parent / name))


def typed(
    blueprint: Release, view: FieldView, chance: random.Random
) -> Iterator[tuple[str, list[str]]]:
    """What somebody sends for one question."""
    if view.widget == "search":
        found = pages.matches(blueprint, view.id, chance.choice("aeinrst"), lang="de")
        yield view.name, [chance.choice(found).value] if found else [""]
    elif view.widget in POSITIONS:
        yield f"{view.name}-geometry", [POSITIONS[view.widget]]
    elif view.parts:
        for part in view.parts:
            yield from typed(blueprint, part, chance)
    elif view.widget == "file":
        return
    elif view.options and view.widget not in ("country", "nationality"):
        values = [option.value for option in view.options]
        most = min(3, len(values)) if view.widget == "checkboxes" else 1
        yield view.name, chance.sample(values, k=chance.randint(1, most))
    else:
        words = ANSWERS.get(view.widget, ANSWERS["text"])
        yield view.name, [chance.choice(words) if chance.random() < 0.9 else ""]


def _is_of(name: str, wrong: set[str] | None) -> bool:
    """Whether an answer is given (anew): at first all are, then those that were refused."""
    return wrong is None or any(name == one or name.startswith(f"{one}-") for one in wrong)


def files_for(view: FieldView) -> Iterator[str]:
    if view.widget == "file" and not view.files:
        yield view.id


class Somebody:
    """Goes through an assistant, answering by chance; corrects what was refused now and then."""

    def __init__(self, blueprint: Release, seed: int) -> None:
        self.blueprint, self.chance = blueprint, random.Random(seed)
        self.answers: dict[str, Any] = {}
        self.files = 0

    def walk(self) -> None:
        """Walk until the summary, an ending, or too many steps."""
        page, entry = pages.first_open(self.blueprint, self.answers, today=TODAY), ()
        for _ in range(MOST_STEPS):
            if page in (SUMMARY, ENDING):
                return
            page, entry = self.step(page, entry)

    def step(self, page: str, entry: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        """Answer one page, or add an entry to a list."""
        compiled_page = self.blueprint.assistant.page[page]
        if compiled_page.depth > len(entry):
            found = self._added(page, entry)
            if found is not None:
                return page, found
        posted: dict[str, list[str]] = {}
        wrong: set[str] | None = None
        for _ in range(MOST_TRIES):
            again = self.posted(page, entry)
            posted |= {name: texts for name, texts in again.items() if _is_of(name, wrong)}
            taken = pages.take(self.blueprint, page, self.answers, posted, today=TODAY, entry=entry)
            self.answers = taken.answers
            wrong = {one.field for one in taken.problems if one.field}
            if not taken.problems or self.chance.random() < GIVES_UP:
                break
        return pages.onward(self.blueprint, self.answers, page, today=TODAY, entry=entry)

    def _added(self, page: str, entry: tuple[int, ...]) -> tuple[int, ...] | None:
        """The entry that was added to a list; None if there are enough."""
        try:
            view = pages.view(
                self.blueprint, page, self.answers, lang="de", today=TODAY, entry=entry
            )
        except pages.UnknownPage:
            return None
        count = len(view.items or ())
        if not view.can_add or (count and self.chance.random() < ENOUGH):
            return None
        self.answers, _ = pages.add_item(self.blueprint, page, self.answers, entry)
        return (*entry, count)

    def posted(self, page: str, entry: tuple[int, ...]) -> dict[str, list[str]]:
        """What is sent with a page; its files go before it."""
        try:
            view = pages.view(
                self.blueprint, page, self.answers, lang="de", today=TODAY, entry=entry
            )
        except pages.UnknownPage:
            return {}
        for field in view.fields:
            for name in files_for(field):
                self.files += 1
                self.answers = pages.put_file(
                    self.blueprint, self.answers, name, f"datei-{self.files}", entry=entry
                )
        return dict(
            one for field in view.fields for one in typed(self.blueprint, field, self.chance)
        )


@pytest.mark.parametrize("name", [*SHIPPED, *OWN])
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_what_is_accepted_fits_the_schema_and_comes_back_the_same(name: str, seed: int):
    blueprint = compiled(name)
    somebody = Somebody(blueprint, seed)
    somebody.walk()
    first = pages.first_problem(blueprint, somebody.answers, TODAY)
    stopped = pages.ending(blueprint, somebody.answers, TODAY)
    try:
        data = pages.application(blueprint, somebody.answers, today=TODAY)
    except Invalid as invalid:
        assert first is not None or stopped is not None, invalid.problems
        return
    assert first is None
    assert stopped is None
    blueprint.schema.validator.validate(data)
    again = pages.from_application(blueprint, data)
    assert pages.application(blueprint, again, today=TODAY) == data
    shown = [
        (row.label, row.text)
        for answers in (somebody.answers, again)
        for section in pages.summary(blueprint, answers, lang="de", today=TODAY)
        for row in section.rows
    ]
    half = len(shown) // 2
    assert shown[:half] == shown[half:]


@pytest.mark.parametrize("name", [*SHIPPED, *OWN])
def test_the_walk_gets_through(name: str):
    """The property above would hold of walks that never arrive: some do."""
    arrived = 0
    for seed in range(60):
        somebody = Somebody(compiled(name), seed)
        somebody.walk()
        arrived += pages.first_problem(compiled(name), somebody.answers, TODAY) is None
    assert arrived
