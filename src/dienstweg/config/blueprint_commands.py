"""The commands for designers: `blueprint new|check|show|simulate|import-fim|reference`.

Each prints a table for people, `--json` for machines, and ends with an exit code other than 0 when
something is wrong. None of them needs a database.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dienstweg.blueprint import folder
from dienstweg.blueprint.problems import Files, Invalid, Problem, errors
from dienstweg.config import fim_commands, fim_update, simulating
from dienstweg.config.errors import Trouble
from dienstweg.config.parts import Commands


def register(commands: Commands) -> None:
    """Add the commands to the command line."""
    blueprint = commands.add_parser("blueprint", help="Blaupausen entwerfen und prüfen")
    actions = blueprint.add_subparsers(metavar="AKTION", required=True)
    new = actions.add_parser("new", help="eine kleine, gültige Blaupause anlegen")
    new.add_argument("name", help="Kurzname in Kleinbuchstaben, z. B. fischereischein")
    new.add_argument("-o", "--output", type=Path, default=Path("leistungen"))
    new.set_defaults(run=_new)
    check = actions.add_parser("check", help="prüfen, samt allen Abnahmefällen")
    check.add_argument("paths", type=Path, nargs="+", metavar="PFAD")
    check.set_defaults(run=_check)
    show = actions.add_parser("show", help="Seiten, Felder, Regeln und Ablauf zeigen")
    show.add_argument("path", type=Path, metavar="PFAD")
    show.add_argument("--picture", type=Path, help="den Ablauf als SVG in diese Datei zeichnen")
    show.set_defaults(run=_show)
    simulate = actions.add_parser("simulate", help="einen Fall Schritt für Schritt durchspielen")
    simulating.arguments(simulate)
    simulate.set_defaults(run=_simulate)
    fim = actions.add_parser("import-fim", help="ein FIM-Datenschema (XDatenfelder) übernehmen")
    fim.add_argument("file", type=Path, metavar="DATEI")
    fim.add_argument("-o", "--output", type=Path, required=True, metavar="ORDNER")
    fim.add_argument("--code-list", type=Path, action="append", default=[], metavar="DATEI")
    fim.add_argument("--rules", type=Path, metavar="DATEI", help="übersetzte Regeln (JSON)")
    fim.add_argument("--land", metavar="LAND", help="wessen Regeln gelten, z. B. NW")
    fim.set_defaults(run=_import_fim)
    fim_commands.register(actions)
    fim_update.register(actions)
    reference = actions.add_parser("reference", help="die Beschreibung des Formats schreiben")
    reference.add_argument("-o", "--output", type=Path, required=True, metavar="DATEI")
    reference.set_defaults(run=_reference)
    for parser in (new, check, show, simulate, fim):
        parser.add_argument("--json", action="store_true", help="Ausgabe für Maschinen")


def _new(options: argparse.Namespace) -> int:
    from dienstweg.blueprint import scaffold

    try:
        files = scaffold.new(options.name)
    except Invalid as invalid:
        return _refused(invalid.problems, options)
    place = options.output / options.name
    _write(place, files)
    _say(options, {"path": str(place), "files": sorted(files)}, f"{place} ist angelegt.")
    return 0


def _check(options: argparse.Namespace) -> int:
    from dienstweg.blueprint import check, parallel

    found: dict[str, list[Problem]] = {}
    cases: dict[str, int] = {}
    for path in options.paths:
        try:
            files = _read(path)
            cases[str(path)] = sum(_is_case(name) for name in files)
            found[str(path)] = check.check(files, processes=parallel.cores())
        except Invalid as invalid:
            found[str(path)] = list(invalid.problems)
    if options.json:
        print(_json({path: [asdict(one) for one in all_] for path, all_ in found.items()}))
    else:
        for path, problems in found.items():
            _print_problems(path, problems, cases.get(path, 0))
    return 1 if any(errors(problems) for problems in found.values()) else 0


def _print_problems(path: str, problems: Sequence[Problem], cases: int = 0) -> None:
    wrong = len(errors(problems))
    state = f"{wrong} Fehler" if wrong else f"in Ordnung, {cases} Abnahmefälle bestanden"
    hints = len(problems) - wrong
    print(f"{path}: {state}" + (f", {hints} Hinweise" if hints else ""))
    for problem in problems:
        kind = "FEHLER " if problem.severity == "error" else "Hinweis"
        where = ":".join(str(part) for part in (problem.file, problem.line) if part is not None)
        print(f"  {kind} {where or '(Ordner)'}: {problem.message}")
        if problem.remedy:
            print(f"          → {problem.remedy}")


def _show(options: argparse.Namespace) -> int:
    from dienstweg.blueprint import process, release
    from dienstweg.config import blueprint_picture

    try:
        compiled = release.compile(_read(options.path))
    except Invalid as invalid:
        return _refused(invalid.problems, options)
    shown = blueprint_picture.described(compiled)
    if options.picture:
        options.picture.write_text(process.picture(compiled))
    print(_json(shown) if options.json else blueprint_picture.as_text(shown))
    return 0


def _simulate(options: argparse.Namespace) -> int:
    try:
        return simulating.simulate(_read(options.path), _content(options.answers), options)
    except Invalid as invalid:
        return _refused(invalid.problems, options)


def _is_case(name: str) -> bool:
    return name.startswith("cases/") and name.endswith(".yaml")


def _import_fim(options: argparse.Namespace) -> int:
    from dienstweg.blueprint import fim
    from dienstweg.standards.genericode import NotACodeList
    from dienstweg.standards.xdatenfelder.errors import Refused

    lists = [_content(path) for path in options.code_list]
    try:
        imported = fim.import_file(
            _content(options.file),
            options.file.name,
            code_lists=lists,
            rules=_content(options.rules) if options.rules else None,
            land=options.land,
        )
    except Invalid as invalid:
        return _refused(invalid.problems, options)
    except (Refused, NotACodeList) as refused:
        raise Trouble(f"{options.file.name}: {refused}") from refused
    _write(options.output, imported.files)
    report = imported.report
    text = [f"{report.title} ({report.schema_id}, Version {report.schema_version})"]
    text += [f"  {count:>5} {name}" for name, count in report.counts.items()]
    text.append(f"  {len(report.open_points):>5} offene Punkte für die Gestaltung:")
    text += [f"        {point.id}: {_short(point.text)}" for point in report.open_points]
    text.append(f"Übernommen nach {options.output}. Weiter mit: dienstweg blueprint check ...")
    _say(options, asdict(report), "\n".join(text))
    return 0


def _reference(options: argparse.Namespace) -> int:
    from dienstweg.blueprint import reference

    options.output.write_text(reference.render())
    return 0


def _read(path: Path) -> Files:
    if not path.is_dir():
        raise Trouble(f"{path} ist kein Ordner mit einer Blaupause.")
    return folder.read_folder(path)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"{path} ist nicht lesbar: {error.strerror}.") from error


def _write(place: Path, files: Files) -> None:
    """Write a blueprint into a new folder; raises `Trouble` rather than overwriting anything."""
    if place.exists() and any(place.iterdir()):
        raise Trouble(f"{place} ist nicht leer. Nennen Sie einen neuen Ordner.")
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _refused(problems: Sequence[Problem], options: argparse.Namespace) -> int:
    """Print why a blueprint cannot be used; return the exit code."""
    if options.json:
        print(_json([asdict(one) for one in problems]))
    else:
        _print_problems("Blaupause", problems)
    return 1


def _say(options: argparse.Namespace, data: Any, text: str) -> None:
    print(_json(data) if options.json else text)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 160 else text[:159] + "…"
