"""An assistant as big as the aims name: 300 fields and 65 rules on 20 pages, built in memory.

`python -m bench.big` says what its pages cost in pure code, in milliseconds of processor time.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from dienstweg.blueprint import pages, release, scaffold
from dienstweg.blueprint.notation import read_yaml
from dienstweg.blueprint.release import Release

PAGES = 20
FIELDS = 15
"""On each page."""
RULES = 65
TODAY = date(2026, 11, 22)
_KINDS: tuple[dict[str, Any], ...] = (
    {"type": "string", "maxLength": 80},
    {"type": "string", "enum": ["a", "b", "c", "d"]},
    {"type": "boolean"},
    {"type": "integer", "minimum": 0, "maximum": 10_000},
    {"type": "string", "format": "date"},
    {"type": "number", "minimum": 0, "multipleOf": 0.01, "x-money": True},
    {"type": "string", "format": "email", "maxLength": 120},
    {"type": "string", "pattern": "^[0-9]{5}$"},
)
_GOOD = ("Musterweg 3", "b", "true", "42", "3.4.1990", "12,50", "a@example.org", "12345")


def key(page: int, field: int) -> str:
    """Name a field, and its value within its page's object."""
    return f"f{page}_{field}"


def _kind(field: int) -> int:
    return field % len(_KINDS)


def _schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            f"s{page}": {
                "type": "object",
                "properties": {key(page, at): _KINDS[_kind(at)] for at in range(FIELDS)},
            }
            for page in range(PAGES)
        },
    }


def _rules() -> Iterator[tuple[int, int, str, str]]:
    """Give page, field, key and text of each rule; they look at answers of other pages, too."""
    made = 0
    for at in (3, 7, 10, 12):
        for page in range(PAGES):
            if made == RULES:
                return
            made += 1
            other = (page * 7 + at) % page if page else 0
            choice, truth = f"data.s{other}.{key(other, 1)}", f"data.s{page}.{key(page, 2)}"
            number = f"data.s{other}.{key(other, 3)}" if at > 3 else f"data.s{page}.{key(page, 11)}"
            if at == 12:
                yield page, 9, "required", f"{truth} == true && {choice} == 'a'"
            elif page % 3 == 0:
                yield page, at, "when", f"{choice} != 'd' || {truth} == true"
            elif page % 3 == 1:
                yield page, at, "when", f"{number} == null || {number} < 9000"
            else:
                yield page, at, "required", f"{truth} == true && {number} > 10"


def _assistant() -> dict[str, Any]:
    listed = [
        {
            "id": f"seite{page}",
            "fields": [
                {"id": key(page, at), "at": f"/s{page}/{key(page, at)}"} for at in range(FIELDS)
            ],
        }
        for page in range(PAGES)
    ]
    for page, at, name, text in _rules():
        fields: Any = listed[page]["fields"]
        fields[at][name] = text
    return {"pages": listed}


def _texts() -> dict[str, Any]:
    return {
        "service": {"title": "Ein großer Antrag", "summary": "Mit dreihundert Fragen."},
        "pages": {f"seite{page}": {"title": f"Seite {page + 1}"} for page in range(PAGES)},
        "fields": {
            key(page, at): {
                "label": f"Frage {page * FIELDS + at + 1}",
                "hint": "Das steht in Ihren Unterlagen.",
            }
            for page in range(PAGES)
            for at in range(FIELDS)
        },
    }


def files(name: str = "grosser-antrag") -> dict[str, bytes]:
    """Return the files of the blueprint: a new one's process and letter, and our questions."""
    given = {
        path: content
        for path, content in scaffold.new(name).items()
        if not path.startswith("cases/") and path != "texts/en.yaml"
    }
    texts = read_yaml("texts/de.yaml", given["texts/de.yaml"]).data
    texts = {key: each for key, each in texts.items() if key not in ("fields", "checks")}
    given["texts/de.yaml"] = json.dumps(texts | _texts(), ensure_ascii=False).encode()
    given["data.schema.json"] = json.dumps(_schema()).encode()
    given["assistant.yaml"] = json.dumps(_assistant()).encode()
    return given


def write(folder: Path) -> None:
    """Write the blueprint as a folder, for a network to offer."""
    for name, content in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def posted(page: int) -> dict[str, list[str]]:
    """Return what a browser sends for a page that is filled in."""
    found = {key(page, at): [_GOOD[_kind(at)]] for at in range(FIELDS)}
    return {**found, "weiter": ["weiter"], "version": ["1"]}


def filled(blueprint: Release) -> dict[str, Any]:
    """Return answers to all pages."""
    answers: dict[str, Any] = {}
    for page in range(PAGES):
        taken = pages.take(blueprint, f"seite{page}", answers, posted(page), today=TODAY)
        assert not taken.problems, taken.problems
        answers = taken.answers
    return answers


def work(blueprint: Release) -> dict[str, Callable[[], object]]:
    """Return what is measured, by name; the page is one in the middle."""
    answers, page = filled(blueprint), f"seite{PAGES // 2}"
    sent = posted(PAGES // 2)

    def take() -> object:
        return pages.take(blueprint, page, answers, sent, today=TODAY)

    def view() -> object:
        return pages.view(blueprint, page, answers, lang="de", today=TODAY)

    def take_and_view() -> object:
        taken = pages.take(blueprint, page, answers, sent, today=TODAY)
        return pages.view(
            blueprint, page, taken.answers, lang="de", problems=taken.problems, today=TODAY
        )

    return {
        "take": take,
        "view": view,
        "take and view": take_and_view,
        "first_open": lambda: pages.first_open(blueprint, answers, today=TODAY),
        "visible_pages": lambda: pages.visible_pages(blueprint, answers, TODAY),
        "summary": lambda: pages.summary(blueprint, answers, lang="de", today=TODAY),
        "application": lambda: pages.application(blueprint, answers, today=TODAY),
    }


def measured(call: Callable[[], object], *, times: int) -> float:
    """Return the median processor time of a call in milliseconds."""
    found = []
    for _ in range(times):
        before = time.process_time_ns()
        call()
        found.append(time.process_time_ns() - before)
    return statistics.median(found) / 1e6


def main() -> int:
    """Print what each costs; with ``--most`` fail where a page is taken and shown more slowly."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--times", type=int, default=40)
    words.add_argument("--most", type=float, default=8.0, help="milliseconds for take and view")
    given = words.parse_args()
    blueprint = release.compile(files())
    fields = sum(1 for _ in blueprint.assistant.fields())
    found = {name: measured(call, times=given.times) for name, call in work(blueprint).items()}
    sys.stdout.write(f"{PAGES} pages, {fields} fields, {RULES} rules; milliseconds of processor\n")
    for name, cost in found.items():
        sys.stdout.write(f"{name:18} {cost:8.2f}\n")
    return int(found["take and view"] > given.most)


if __name__ == "__main__":
    sys.exit(main())
