"""The commands between blueprints and FIM's own format: `blueprint export-fim`."""

import argparse
import json
from pathlib import Path

from dienstweg.blueprint import folder
from dienstweg.blueprint.problems import Invalid
from dienstweg.config.errors import Trouble
from dienstweg.config.parts import Commands


def register(actions: Commands) -> None:
    """Add the commands to `dienstweg blueprint`."""
    export = actions.add_parser("export-fim", help="als FIM-Datenschema (XDatenfelder 3) schreiben")
    export.add_argument("path", type=Path, metavar="PFAD")
    export.add_argument("-o", "--output", type=Path, metavar="DATEI")
    export.add_argument("--json", action="store_true", help="Ausgabe für Maschinen")
    export.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    from dienstweg.blueprint import fim_again

    if not options.path.is_dir():
        raise Trouble(f"{options.path} ist kein Ordner mit einer Blaupause.")
    try:
        exported = fim_again.export(folder.read_folder(options.path))
    except Invalid as invalid:
        raise Trouble("\n".join(str(problem) for problem in invalid.problems)) from invalid
    name = f"{exported.schema_id}V{exported.schema_version}.xdf3.xml"
    place = options.output or Path(name)
    if place.exists():
        raise Trouble(f"{place} gibt es schon. Nennen Sie eine neue Datei (-o).")
    place.write_bytes(exported.content)
    if options.json:
        print(json.dumps({"path": str(place), "notes": exported.notes}, ensure_ascii=False))
        return 0
    print(f"{exported.schema_id}, Version {exported.schema_version}: {place} ist geschrieben.")
    for note in exported.notes:
        print(f"  nicht enthalten: {note}")
    return 0
