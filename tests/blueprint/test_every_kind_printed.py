"""Every kind of answer on paper and in the copy of an application: whole, and as people read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dienstweg.blueprint import acceptance, documents, folder, pages, paper, playing, release
from dienstweg.blueprint.kinds.table import KINDS
from dienstweg.blueprint.paper import Setting
from dienstweg.blueprint.pdftext import text_of
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.typesetter import Typesetter
from dienstweg.blueprint.views import Row

EVERY = Path(__file__).parents[1] / "blueprints" / "feldarten"
AUTHORITY = {
    "name": "Stadt Mühlbrück",
    "address": ["Am Markt 1", "05171 Mühlbrück"],
    "accent": "#003399",
}
SHOWN_ONLY = {"info"}
"""Kinds that are words of the page, never an answer."""


@cache
def every() -> Release:
    return release.compile(folder.read_folder(EVERY))


@cache
def answered() -> tuple[dict[str, Any], ...]:
    """The answers of each case that leads to an application."""
    found = []
    for case in acceptance.load(every().files):
        played = playing.play(every(), case.answers, today=case.today)
        if played.application is not None:
            found.append({**played.answers, "today": case.today})
    return tuple(found)


def rows(answers: dict[str, Any]) -> list[Row]:
    sections = pages.summary(every(), answers, lang="de", today=answers["today"])
    return [row for section in sections for row in section.rows]


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter() as kept:
        yield kept


def plain(text: str) -> str:
    """The letters and digits of a text: lines may break anywhere, words be parted."""
    return re.sub(r"[^\w€%+:,.§/]", "", text.replace("\u00ad", "")).casefold()


def kinds_of(answers: dict[str, Any]) -> set[str]:
    """Which kinds of answer are given, parts and cells among them."""
    application = pages.application(every(), answers, today=answers["today"])
    kept = pages.from_application(every(), application)
    found = set()
    for page, field in every().assistant.fields():
        del page
        label = every().text("de", f"fields.{field.id}.label", "")
        if any(row.label == label for row in rows(kept | {"today": answers["today"]})):
            found |= {field.widget, *(part.widget for part in field.parts)}
    return found


def test_some_case_answers_every_kind() -> None:
    assert len(answered()) > 1
    given = set().union(*(kinds_of(one) for one in answered()))
    assert set(KINDS) - SHOWN_ONLY <= given


@pytest.mark.parametrize("number", range(2))
def test_the_copy_holds_every_answer(number: int, typesetter: Typesetter) -> None:
    answers = answered()[number]
    sections = pages.summary(every(), answers, lang="de", today=answers["today"])
    context = {
        "case_number": "MUE-7F3K-9M2Q-X",
        "authority": AUTHORITY,
        "application": pages.application(every(), answers, today=answers["today"]),
        "rows": [
            {
                "title": one.title,
                "rows": [{"label": row.label, "text": row.text} for row in one.rows],
            }
            for one in sections
        ],
        "submitted_at": "2. März 2026, 10:00 Uhr",
        "date": "2026-03-02T10:00:00+01:00",
    }
    text = plain(text_of(typesetter.pdf(documents.source(every(), "receipt", context))))
    for row in rows(answers):
        assert plain(row.label) in text, row.label
        for line in row.text.splitlines():
            assert plain(line) in text, (row.label, line)


@pytest.mark.parametrize("number", range(2))
def test_the_half_filled_assistant_prints_every_answer(number: int, typesetter: Typesetter) -> None:
    answers = answered()[number]
    names = {one: one for row in rows(answers) for one in row.files}
    setting = Setting(AUTHORITY, datetime(2026, 11, 22, 12, tzinfo=UTC), names)
    text = plain(text_of(typesetter.pdf(paper.source(every(), answers, setting, lang="de"))))
    signatures = {
        every().text("de", f"fields.{field.id}.label", "")
        for _, field in every().assistant.fields()
        if field.widget == "signature"  # on paper one signs by hand
    }
    for row in rows(answers):
        assert plain(row.label) in text, row.label
        if row.label in signatures:
            continue
        for word in row.text.split():  # the form has a place for each part
            assert plain(word.rstrip(":")) in text, (row.label, word)


def test_the_empty_assistant_asks_every_kind(typesetter: Typesetter) -> None:
    setting = Setting(AUTHORITY, datetime(2026, 11, 22, 12, tzinfo=UTC), {})
    text = plain(text_of(typesetter.pdf(paper.source(every(), None, setting, lang="de"))))
    for _, field in every().assistant.fields():
        label = every().text("de", f"fields.{field.id}.label", "")
        if field.is_input:
            assert plain(label) in text, field.id
