"""The example blueprint that the interpreter's tests play with."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dienstweg.blueprint import pages, release, scaffold

FOLDER = Path(__file__).parent / "examples" / "ferienlager"
TODAY = date(2026, 11, 22)

GOOD: dict[str, Any] = {
    "eltern": {
        "name": ["Ada Lovelace"],
        "geburt": ["3.4.1990"],
        "email": ["ada@EXAMPLE.org"],
        "telefon": ["04321 / 5678"],
        "iban": ["DE89 3704 0044 0532 0130 00"],
        "einkommen": ["1.234,50 €"],
        "spende": ["12,50"],
        "plz": ["D-12345"],
        "hat_auto": ["true"],
        "kennzeichen": ["ks-ab 12"],
    },
    "kinder": [
        {
            "kind_name": ["Rex"],
            "kind_geburt": ["1. Mai 2018"],
            "schwimmt": ["ja"],
            "abzeichen": ["bronze"],
        },
        {"kind_name": ["Mia"], "kind_geburt": ["2020-01-31"], "schwimmt": ["nein"]},
    ],
    "lager": {
        "ort": ["see"],
        "essen": ["ohne_nuss", "vegan"],
        "wuensche": ["Zelt\r\nmit Licht"],
        "einverstanden": ["true"],
    },
    "boot": {"groesse": ["3"]},
    "anlagen": {},
}


@cache
def files() -> dict[str, bytes]:
    """The example's own files over a new blueprint's process, letter and mapping."""
    own = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for path in sorted(FOLDER.rglob("*"))
        if path.is_file()
    }
    given = {
        name: content
        for name, content in scaffold.new("ferienlager").items()
        if not name.startswith("cases/")
    }
    return {**given, **own}


@cache
def compiled() -> release.Release:
    """The example, compiled once."""
    return release.compile(files())


def filled(**changes: Any) -> dict[str, Any]:
    """Answers with everything filled in; pages may be replaced by name."""
    answers: dict[str, Any] = {}
    for page, posted in {**GOOD, **changes}.items():
        entries = posted if isinstance(posted, list) else [posted]
        for at, entry in enumerate(entries):
            number = (at,) if isinstance(posted, list) else ()
            taken = pages.take(compiled(), page, answers, entry, today=TODAY, entry=number)
            answers = taken.answers
        if isinstance(posted, list):
            answers = pages.take(compiled(), page, answers, {}, today=TODAY).answers
    return answers
