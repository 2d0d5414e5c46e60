"""The command `streets load`: an authority's register of streets from a CSV file."""

import argparse
from pathlib import Path

from dienstweg.config import station
from dienstweg.config.errors import Trouble
from dienstweg.config.parts import Commands

MOST_BYTES = 20 * 1024 * 1024
"""As much is read as the catalogue takes, and one byte more, so that it can refuse the rest."""


def register(commands: Commands) -> None:
    """Add the command to the command line."""
    streets = commands.add_parser("streets", help="Straßenverzeichnis einer Behörde")
    actions = streets.add_subparsers(metavar="AKTION", required=True)
    load = actions.add_parser(
        "load",
        help="Verzeichnis aus einer CSV-Datei laden; ersetzt das bisherige",
        description="Spalten: strasse, plz, ort; wenn gewünscht von, bis, ortsteil, lat, lon.",
    )
    load.add_argument("file", type=Path, metavar="DATEI")
    load.add_argument("--authority", required=True, help="Kurzname der Behörde")
    load.set_defaults(run=_load)


def _load(options: argparse.Namespace) -> int:
    content = _content(options.file)
    with station.database():
        station.set_up_django()
        from dienstweg.authorities import scope
        from dienstweg.catalogue import actions
        from dienstweg.catalogue.errors import UnusableStreets
        from dienstweg.config.offering import authority_of

        with scope.enter(scope.of(authority_of(options.authority))):
            try:
                loaded = actions.load_streets(content=content)
            except UnusableStreets as error:
                told = "".join(f"\n  Zeile {one.line}: {one.reason}" for one in error.refused)
                raise Trouble(f"{options.file}: {error}{told}") from error
    print(f"{loaded.streets} Straßen sind geladen.")
    for one in loaded.refused:
        print(f"  Zeile {one.line} ist ausgelassen: {one.reason}")
    hidden = loaded.refused_count - len(loaded.refused)
    if hidden:
        print(f"  Weitere {hidden} Zeilen sind ausgelassen.")
    return 0


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Trouble(f"{path} lässt sich nicht lesen: {error.strerror}.") from error
