"""`make conformance SAMPLES=DIR`: what becomes of every shared FIM schema, in a table.

    python -m bench.conformance DIR [--json FILE] [--docs FILE] [--browser FOLDER]

Each file is imported in a process of its own (seconds and memory are of the whole process), then
checked, walked by its own cases to valid applications, exported and imported again. Those of the
code lists it refers to that lie in `DIR/genericode` are given to it. Without samples it says "not
run" and ends with 2; with 1 if a schema falls short. What was walked in a browser is read from the
folder `--browser`: S00000000371.xdf.xml.json holds [walked to the end, begun]; a schema without
such a file was not walked and falls short. Without `--browser` the column says "not run". A further
column is one more `Column` and one more key of a row.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import fim_samples

Row = dict[str, Any]
MOST_SECONDS, MOST_MB, MOST_ASKED = 3.0, 300.0, 7
NOT_RUN, NOT_WALKED = "not run", "not walked"
_MARKS = ("<!-- conformance: written by `make conformance` -->", "<!-- end of conformance -->")
_TIMEOUT = 300


@dataclass(frozen=True)
class Column:
    """A column of the table: its title, what it shows, and whether a row falls short in it."""

    title: str
    shown: Callable[[Row], str]
    short: Callable[[Row], bool] = lambda _row: False


COLUMNS = (
    Column("Schema", lambda row: f"{row['id']} {row['version']}"),
    Column("XDF", lambda row: row["standard"]),
    Column("elements", lambda row: str(row["elements"]), lambda row: row["elements"] == 0),
    Column(
        "derived",
        lambda row: " of ".join(map(str, row["derived"])) if row["valid_schema"] else "invalid",
        lambda row: not row["valid_schema"] or row["derived"][0] != row["derived"][1],
    ),
    Column("fields", lambda row: str(row["fields"])),
    Column("lists", lambda row: " of ".join(map(str, row["lists"])) if row["lists"][1] else "none"),
    Column("rules", lambda row: str(row["rules"])),
    Column("translated", lambda row: str(row["translated"])),
    Column("open", lambda row: str(row["open"])),
    Column("pages", lambda row: str(row["pages"])),
    Column(
        "most asked", lambda row: str(row["most_asked"]), lambda row: row["most_asked"] > MOST_ASKED
    ),
    Column(
        "back equal",
        lambda row: "yes" if not row["differences"] else ", ".join(row["differences"][:2]),
        lambda row: bool(row["differences"]),
    ),
    Column(
        "check",
        lambda row: "passes" if not row["errors"] else f"{row['errors']} errors",
        lambda row: row["errors"] > 0,
    ),
    Column(
        "walked",
        lambda row: f"{row['valid']} of {row['cases']}",
        lambda row: row["valid"] == 0 or row["valid"] < row["cases"],
    ),
    Column(
        "browser",
        lambda row: (
            row["browser"]
            if isinstance(row["browser"], str)
            else " of ".join(map(str, row["browser"]))
        ),
        lambda row: row["browser"] != NOT_RUN and row["browser"][0] != row["browser"][1],
    ),
    Column(
        "seconds", lambda row: f"{row['seconds']:.1f}", lambda row: row["seconds"] > MOST_SECONDS
    ),
    Column("MB", lambda row: f"{row['mb']:.0f}", lambda row: row["mb"] > MOST_MB),
)


def main() -> int:
    """Look at every sample, print, note; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.conformance")
    parser.add_argument("samples", nargs="?", default="", help="folder with the shared samples")
    parser.add_argument("--json", type=Path, help="write everything for machines into this file")
    parser.add_argument("--docs", type=Path, help="write the table into this page")
    parser.add_argument("--browser", type=Path, help="folder of what was walked in a browser")
    parser.add_argument("--import", dest="one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return _import(options.one)
    folder = Path(options.samples) / fim_samples.FOLDER
    if not options.samples or not folder.is_dir():
        where = f"{folder} is no folder" if options.samples else "SAMPLES is not set"
        print(f"conformance: not run ({where})")
        return 2
    return _report(
        [row | {"browser": _seen_in(options.browser, row["file"])} for row in _rows(folder.parent)],
        options,
    )


def _rows(samples: Path) -> list[Row]:
    rows = []
    for path in fim_samples.files(samples):
        print(f"... {path.name}", file=sys.stderr, flush=True)
        rows.append(_row(path))
    return rows


def _row(path: Path) -> Row:
    from dienstweg.standards.xdatenfelder import reading
    from dienstweg.standards.xdatenfelder.errors import Refused

    row: Row = {"file": path.name}
    try:
        message = reading.read_message(path.read_bytes())
    except Refused as refused:
        said = refused.message.splitlines()[-1].removeprefix("- ")
        return row | {"refused": said, "line": refused.line}
    row |= {"elements": _elements(message.element), "standard": message.standard}
    row |= {"id": message.element.id, "version": message.element.version}
    if not fim_samples.asks(message.element):
        return row | {"read": type(message.element).__name__}
    return row | _measured(path) | figures(path) | _tried(path)


def _elements(element: Any) -> int:
    inner = (_elements(child.element) for child in getattr(element, "children", ()))
    return 1 + len(element.rules) + sum(inner)


def _measured(path: Path) -> Row:
    """Processor seconds (its start included) and memory of a process that only imports the file.

    The import is one thread that waits for nothing, so on a quiet machine they are the seconds on
    the wall, which are noted too.
    """
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bench.conformance", "--import", str(path)],
        capture_output=True,
        text=True,
        timeout=_TIMEOUT,
        check=True,
    )
    wall = time.perf_counter() - began
    return {"wall_seconds": round(wall, 2)} | json.loads(done.stdout)


def _import(path: Path) -> int:
    _imported(path)
    print(json.dumps({"seconds": round(time.process_time(), 2), "mb": round(_peak(), 1)}))
    return 0


def _peak() -> float:
    """The most memory of this process in MiB; `ru_maxrss` would count what it was forked from."""
    try:
        status = Path("/proc/self/status").read_text()
        (line,) = (each for each in status.splitlines() if each.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    except (OSError, ValueError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _lists(path: Path) -> list[bytes]:
    return [one.read_bytes() for one in fim_samples.lists_of(path)]


def figures(path: Path) -> Row:
    """What an import makes of a schema: the figures that do not need a try."""
    from dienstweg.blueprint import release
    from dienstweg.standards.xdatenfelder import reading

    imported, schema = _imported(path), reading.read(path.read_bytes())
    counts = imported.report.counts
    derived = json.loads(imported.files["data.schema.json"])
    ids = {each.id for each in fim_samples.inside(schema)}
    screens = [
        asked
        for page in release.compile(imported.files).pages
        for asked in page.leaves or (page.fields,)
    ]
    return {
        "derived": [len(ids & set(_told(derived))), len(ids)],
        "valid_schema": _is_valid(derived),
        "lists": [len(fim_samples.lists_of(path)), len(fim_samples.referred(schema))],
        "most_asked": max(sum(each.is_input for each in asked) for asked in screens),
        "fields": counts["Felder"],
        "rules": counts["Regeln"],
        "translated": counts.get("davon übersetzt", 0),
        "open": len(imported.report.open_points),
        "pages": counts["Seiten"],
    }


def _imported(path: Path) -> Any:
    from dienstweg.blueprint import fim

    return fim.import_file(path.read_bytes(), path.name, code_lists=_lists(path))


def _tried(path: Path) -> Row:
    """Whether it passes `check`, comes back the same, and its cases lead to applications."""
    from dienstweg.blueprint import check, fim_again, problems

    imported = _imported(path)
    found = problems.errors(check.check(imported.files))
    cases, valid = _walked(imported.files)
    return {
        "differences": fim_again.differences(imported.files),
        "errors": len(found),
        "cases": cases,
        "valid": valid,
    }


def _told(schema: Any) -> Iterator[str]:
    """The ids of the elements that a derived schema knows: `id` in its `x-fim`, at any depth."""
    if isinstance(schema, dict):
        if isinstance(schema.get("id"), str):
            yield schema["id"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from _told(each)


def _is_valid(schema: Any) -> bool:
    """Whether it is a JSON Schema (draft 2020-12) with a name of its own."""
    import jsonschema_rs

    return bool(schema.get("$id")) and jsonschema_rs.meta.is_valid(schema)


def _walked(files: Any) -> tuple[int, int]:
    """How many of its cases there are, and how many end with an application the schema takes."""
    from dienstweg.blueprint import acceptance, playing, release

    compiled = release.compile(files)
    cases = [case for case in acceptance.load(files) if "problems" not in case.expect]
    valid = 0
    for case in cases:
        played = playing.play(compiled, case.answers, today=case.today, lang=case.lang)
        application = played.application
        valid += application is not None and compiled.schema.validator.is_valid(application)
    return len(cases), valid


def _seen_in(folder: Path | None, name: str) -> list[int] | str:
    """Return [walked to the end, begun] of a schema, or that no browser has tried it."""
    if folder is None:
        return NOT_RUN
    note = folder / f"{name}.json"
    found: list[int] = json.loads(note.read_text()) if note.exists() else []
    return found or NOT_WALKED


def _report(rows: list[Row], options: argparse.Namespace) -> int:
    schemas = [row for row in rows if "seconds" in row]
    table = [[column.title for column in COLUMNS]]
    table += [[column.shown(row) for column in COLUMNS] for row in schemas]
    widths = [max(len(line[at]) for line in table) for at in range(len(COLUMNS))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
    for row in rows:
        if "refused" in row:
            print(f"refused: {row['file']}: {row['refused'][:140]}")
        elif "seconds" not in row:
            print(f"read, asks for nothing by itself: {row['file']} ({row['elements']} elements)")
    short = [
        f"{row['id']}: {column.title}" for row in schemas for column in COLUMNS if column.short(row)
    ]
    print(*(f"SHORT {each}" for each in short), sep="\n")
    print(f"{len(schemas)} schemas, {len(short)} shortcomings")
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps({"rows": rows, "short": short}, indent=1) + "\n")
    if options.docs:
        _document(options.docs, table, rows)
    return 1 if short or not schemas else 0


def _document(page: Path, table: list[list[str]], rows: list[Row]) -> None:
    """Put the table between its marks; figures and ids only, nothing of the samples' texts."""
    lines = [f"| {' | '.join(line)} |" for line in table]
    lines.insert(1, "|" + "---|" * len(COLUMNS))
    refused = sum("refused" in row for row in rows)
    read = sum("seconds" not in row and "refused" not in row for row in rows)
    lines += [
        "",
        f"Besides: {refused} broken or foreign files refused, {read} small ones read that ask for "
        "nothing by themselves.",
    ]
    fim_samples.put(page, _MARKS, lines)


if __name__ == "__main__":
    raise SystemExit(main())
