"""The command `blueprint update-fim`: a newer version of its schema for an imported blueprint."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dienstweg.blueprint import folder
from dienstweg.blueprint.fim_merge import Update, update
from dienstweg.blueprint.fim_merge_tree import MISSING, Collision, Side
from dienstweg.blueprint.problems import Files, Invalid, errors
from dienstweg.config.errors import Trouble
from dienstweg.config.parts import Commands

_EVERY = "alle"
_LONGEST = 120


def register(actions: Commands) -> None:
    """Add the command to `dienstweg blueprint`."""
    parser = actions.add_parser(
        "update-fim", help="eine neuere Version des FIM-Datenschemas einarbeiten"
    )
    parser.add_argument("path", type=Path, metavar="ORDNER")
    parser.add_argument("file", type=Path, metavar="DATEI")
    parser.add_argument("--code-list", type=Path, action="append", default=[], metavar="DATEI")
    parser.add_argument("--rules", type=Path, metavar="DATEI", help="übersetzte Regeln (JSON)")
    parser.add_argument("--dry-run", action="store_true", help="nur berichten, nichts schreiben")
    for side, whose in (("ours", "Ihre Fassung"), ("theirs", "die Fassung des neuen Schemas")):
        parser.add_argument(
            f"--{side}",
            action="append",
            default=[],
            metavar="STELLE",
            help=f"dort gilt {whose}; „{_EVERY}“ für alle Stellen",
        )
    parser.add_argument("--json", action="store_true", help="Ausgabe für Maschinen")
    parser.set_defaults(run=_update)


def _update(options: argparse.Namespace) -> int:
    from dienstweg.blueprint.check import check
    from dienstweg.standards.genericode import NotACodeList
    from dienstweg.standards.xdatenfelder.errors import Refused

    if not options.path.is_dir():
        raise Trouble(f"{options.path} ist kein Ordner mit einer Blaupause.")
    try:
        files = folder.read_folder(options.path)
        result = update(
            files,
            _content(options.file),
            options.file.name,
            code_lists=[_content(path) for path in options.code_list],
            rules=_content(options.rules) if options.rules else None,
            decided=_decided(options),
        )
    except Invalid as invalid:
        raise Trouble("\n".join(str(problem) for problem in invalid.problems)) from invalid
    except (Refused, NotACodeList) as refused:
        raise Trouble(f"{options.file.name}: {refused}") from refused
    wrong = [] if result.collisions else [str(each) for each in errors(check(result.files))]
    written = not (options.dry_run or result.collisions)
    if written:
        _write(options.path, files, result.files)
    if options.json:
        print(json.dumps(_report(result, wrong, written), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(result, wrong, written)))
    return 1 if result.collisions or wrong else 0


def _decided(options: argparse.Namespace) -> Callable[[Collision], Side | None]:
    """What the person has decided: a side for one place, or for all that are left."""
    ours, theirs = set(options.ours), set(options.theirs)
    if ours & theirs:
        raise Trouble(f"Für {sorted(ours & theirs)[0]} steht --ours und --theirs da.")

    def decide(collision: Collision) -> Side | None:
        if collision.id in ours:
            return "ours"
        if collision.id in theirs:
            return "theirs"
        return "ours" if _EVERY in ours else "theirs" if _EVERY in theirs else None

    return decide


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"{path} ist nicht lesbar: {error.strerror}.") from error


def _write(place: Path, before: Files, after: Files) -> None:
    """Write what is new, each file as a whole; what went is deleted last."""
    for name, content in after.items():
        if before.get(name) != content:
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f".{path.name}.neu")
            fresh.write_bytes(content)
            fresh.replace(path)
    for name in before.keys() - after.keys():
        (place / name).unlink()


def _report(result: Update, wrong: list[str], written: bool) -> dict[str, Any]:
    def named(elements: Any) -> list[dict[str, str]]:
        return [{"pointer": each.pointer, "id": each.id, "label": each.label} for each in elements]

    return {
        "old_version": result.old_version,
        "new_version": result.new_version,
        "written": written,
        "came": named(result.came),
        "went": named(result.went),
        "moved": [
            {"from": before.pointer, "to": after.pointer, "id": after.id}
            for before, after in result.moved
        ],
        "changed": named(result.changed),
        "collisions": [
            {
                "id": each.id,
                "base": _shown(each.base),
                "ours": _shown(each.ours),
                "theirs": _shown(each.theirs),
            }
            for each in result.collisions
        ],
        "notes": list(result.notes),
        "cases": list(result.cases),
        "errors": wrong,
    }


def _lines(result: Update, wrong: list[str], written: bool) -> list[str]:
    lines = [f"Version {result.old_version} → {result.new_version}"]
    for title, elements in (
        ("Neu", result.came),
        ("Weggefallen", result.went),
        ("Geändert", result.changed),
    ):
        lines += [f"  {title}: {each.pointer} „{each.label}“" for each in elements]
    lines += [f"  Verschoben: {old.pointer} → {new.pointer}" for old, new in result.moved]
    lines += [f"  {note}" for note in result.notes]
    lines += [f"  Abnahmefall betroffen: {name}" for name in result.cases]
    if result.collisions:
        lines.append(f"{len(result.collisions)} Stellen haben Sie und das Schema geändert:")
        for each in result.collisions:
            lines += [f"  {each.id}", *_sides(each)]
        lines.append("Es ist nichts geschrieben. Entscheiden Sie mit --ours STELLE oder --theirs")
        lines.append(f"STELLE, welche Fassung gilt („{_EVERY}“ für alle übrigen Stellen).")
        return lines
    lines.append("Geschrieben." if written else "Es ist nichts geschrieben (--dry-run).")
    if wrong:
        lines.append("Danach ist noch zu beheben:")
        lines += [f"  {each}" for each in wrong]
    return lines


def _sides(collision: Collision) -> list[str]:
    named = (
        ("bisher", collision.base),
        ("bei Ihnen", collision.ours),
        ("im neuen Schema", collision.theirs),
    )
    return [f"    {name:<15} {_short(value)}" for name, value in named]


def _shown(value: Any) -> Any:
    return {"missing": True} if value is MISSING else json.loads(json.dumps(value, default=str))


def _short(value: Any) -> str:
    if value is MISSING:
        return "(fehlt)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
