"""The commands that add an authority or a person: `authority add`, `staff add`, `network load`."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from dienstweg.config import station
from dienstweg.config.errors import Trouble
from dienstweg.config.parts import Commands
from dienstweg.config.place import ROOT


def register(commands: Commands) -> None:
    """Add the commands to the command line."""
    authority = commands.add_parser("authority", help="Behörden verwalten")
    actions = authority.add_subparsers(metavar="AKTION", required=True)
    add = actions.add_parser("add", help="Behörde anlegen oder ändern")
    add.add_argument("slug", help="Kurzname in Kleinbuchstaben, z. B. kranichsee")
    add.add_argument("--name", required=True, help='amtlicher Name, z. B. "Gemeinde Kranichsee"')
    add.add_argument("--short-name", default="", help="Name in Sätzen, z. B. Kranichsee")
    add.add_argument("--kind", default="Gemeinde", help="Gemeinde, Landkreis, Amt ...")
    add.add_argument("--host", required=True, help="Adresse, unter der sie erreichbar ist")
    add.add_argument("--ars", required=True, help="Amtlicher Regionalschlüssel, 12 Ziffern")
    add.add_argument("--prefix", required=True, help="1 bis 3 Buchstaben der Vorgangsnummern")
    add.add_argument("--parent", help="Kurzname der Behörde darüber")
    add.set_defaults(run=_add_authority)

    staff = commands.add_parser("staff", help="Sachbearbeitung verwalten")
    actions = staff.add_subparsers(metavar="AKTION", required=True)
    add = actions.add_parser("add", help="Person anlegen oder ihr eine Rolle geben")
    add.add_argument("email")
    add.add_argument("--name", required=True)
    add.add_argument("--authority", required=True, action="append", help="Kurzname; mehrfach")
    add.add_argument("--role", default="sachbearbeitung")
    add.set_defaults(run=_add_staff)

    network = commands.add_parser("network", help="Verbund aus einer Datei laden")
    actions = network.add_subparsers(metavar="AKTION", required=True)
    load = actions.add_parser("load", help="Datei wie demo/network.yaml laden")
    load.add_argument("file", type=Path)
    load.add_argument("--blueprints", type=Path, default=ROOT, help="Ordner der Blaupausen-Pfade")
    load.set_defaults(run=_load_network)


def _add_authority(options: argparse.Namespace) -> int:
    with station.database():
        station.set_up_django()
        from django.core.exceptions import ObjectDoesNotExist
        from django.db import IntegrityError

        from dienstweg.authorities import actions

        try:
            actions.add(
                slug=options.slug,
                name=options.name,
                short_name=options.short_name,
                kind=options.kind,
                host=options.host,
                ars=options.ars,
                number_prefix=options.prefix.upper(),
                parent=options.parent,
            )
        except ObjectDoesNotExist as error:
            raise Trouble(f"Die Behörde {options.parent!r} gibt es nicht.") from error
        except IntegrityError as error:
            raise Trouble(
                "Die Angaben passen nicht: Der Regionalschlüssel hat 12 Ziffern, das Kürzel der "
                "Vorgangsnummern 1 bis 3 Buchstaben, und Kurzname und Adresse gibt es nur einmal."
            ) from error
    print(f"{options.name} ist angelegt. Texte und Kontakt ergänzen Sie mit `network load`.")
    return 0


def _add_staff(options: argparse.Namespace) -> int:
    password = _password()
    with station.database():
        station.set_up_django()
        from dienstweg.accounts import actions
        from dienstweg.accounts.errors import WeakPassword
        from dienstweg.authorities.errors import NoSuchAuthority

        try:
            actions.add_staff(
                email=options.email,
                name=options.name,
                password=password,
                authority_slugs=options.authority,
                role=options.role,
            )
        except WeakPassword as error:
            raise Trouble(f"Das Passwort ist zu schwach. {error}") from error
        except NoSuchAuthority as error:
            raise Trouble(f"Diese Behörde gibt es nicht: {error}") from error
    print(f"{options.email} kann sich anmelden.")
    return 0


def _password() -> str:
    """Return the password: asked for twice, or from the environment; never an argument."""
    given = os.environ.get("DIENSTWEG_STAFF_PASSWORD")
    if given:
        return given
    if not sys.stdin.isatty():
        raise Trouble("Setzen Sie DIENSTWEG_STAFF_PASSWORD, wenn niemand am Terminal sitzt.")
    first = getpass.getpass("Passwort (mindestens 12 Zeichen): ")
    if getpass.getpass("Noch einmal: ") != first:
        raise Trouble("Die beiden Eingaben sind verschieden.")
    return first


def _load_network(options: argparse.Namespace) -> int:
    with station.database():
        station.set_up_django()
        from dienstweg.authorities.errors import InvalidNetwork
        from dienstweg.config import network

        try:
            ids = network.load(path=options.file, root=options.blueprints, addresses={})
        except InvalidNetwork as error:
            raise Trouble(str(error)) from error
    print(f"{len(ids)} Behörden geladen.")
    return 0
