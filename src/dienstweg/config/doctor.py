"""The command `doctor`: what is wrong with this installation, and what to do about it."""

import argparse
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import TypeAlias

import psycopg

from dienstweg.config import checkup_database, checkup_machine, checkup_peers, station
from dienstweg.config.errors import Trouble
from dienstweg.config.finding import Finding, error
from dienstweg.config.parts import Commands
from dienstweg.config.place import var

_Look: TypeAlias = Callable[[], Iterator[Finding]]
_MARKS = {"ok": "  gut    ", "warning": "  ACHTUNG", "error": "  FEHLER "}


def register(commands: Commands) -> None:
    """Add the command to the command line."""
    doctor = commands.add_parser("doctor", help="prüfen, was nicht stimmt und was zu tun ist")
    doctor.add_argument("--json", action="store_true", help="Ausgabe für Maschinen")
    doctor.add_argument(
        "--retry", action="store_true", help="gescheiterte Aufträge noch einmal versuchen"
    )
    doctor.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    if not var().is_dir():
        raise Trouble(f"{var()} gibt es nicht. Führen Sie `dienstweg init` aus.")
    with station.database():
        station.set_up_django()
        if options.retry:
            print(f"{checkup_database.retry_failed()} Aufträge werden noch einmal versucht.")
        findings = examine()
    show(findings, as_json=options.json)
    return 1 if any(one.state == "error" for one in findings) else 0


def examine() -> list[Finding]:
    """Return all findings; a check that fails itself is one of them."""
    findings = _carefully(checkup_database.reachable)
    if any(one.state == "error" for one in findings):
        return findings
    looks: list[_Look] = [
        checkup_machine.disk,
        checkup_machine.static_files,
        checkup_machine.safe_settings,
    ]
    findings += _carefully(checkup_database.migrations)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        if all(one.state == "ok" for one in findings):
            looks += [
                checkup_machine.master_key,
                lambda: checkup_database.role_without_power(connection),
                lambda: checkup_database.walls(connection),
                lambda: checkup_database.authorities_present(connection),
                lambda: checkup_database.workers(connection),
                lambda: checkup_database.due_late(connection),
                lambda: checkup_machine.clocks(connection),
                checkup_peers.connections,
                checkup_peers.scanner,
                checkup_peers.standstills,
                checkup_peers.seals,
            ]
        for look in looks:
            findings += _carefully(look)
    return findings


def _carefully(look: _Look) -> list[Finding]:
    """Return what ``look`` finds, up to the point where it breaks."""
    findings: list[Finding] = []
    try:
        findings.extend(look())
    except Exception as broken:
        # Whatever is wrong with an installation may show itself as any error, here of all places.
        findings.append(
            error(
                f"Eine Prüfung ist abgebrochen: {type(broken).__name__}: {broken}".strip(),
                "Ist die Datenbank gestartet, und stimmen DATABASE_URL und DATABASE_OWNER_URL? "
                "`dienstweg init` legt fehlende Tabellen an.",
            )
        )
    return findings


def show(findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print the findings, for people or for machines."""
    if as_json:
        print(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=2))
        return
    for one in findings:
        print(f"{_MARKS[one.state]} {one.what}")
        if one.remedy:
            print(f"            → {one.remedy}")
    wrong = sum(one.state != "ok" for one in findings)
    print(f"\n{wrong} von {len(findings)} Prüfungen verlangen Ihre Aufmerksamkeit.")
