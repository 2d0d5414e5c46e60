"""The command `demo`: a whole network on this machine, with doubles of the foreign systems."""

import argparse
import base64
import hashlib
import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dienstweg.config import operation, station
from dienstweg.config.children import Child, Crew, Stopped, heed_signals
from dienstweg.config.errors import Trouble
from dienstweg.config.installation import bring_up_to_date
from dienstweg.config.parts import Commands
from dienstweg.config.place import ROOT, var
from dienstweg.kernel import encryption

NETWORK = ROOT / "demo" / "network.yaml"
PATIENCE = 60.0
"""Seconds that a program may take until it answers."""


def register(commands: Commands) -> None:
    """Add the command to the command line."""
    demo = commands.add_parser("demo", help="alles mit einem Beispielverbund starten")
    demo.add_argument("--port", type=int, default=8000, help="Port des Webservers")
    demo.add_argument(
        "--simulator-port", type=int, default=18081, help="erster von vier Ports der Simulatoren"
    )
    demo.set_defaults(run=_demo)


def _demo(options: argparse.Namespace) -> int:
    heed_signals()
    try:
        with Stage(port=options.port, simulators=options.simulator_port) as stage:
            stage.open()
            print(stage.programme(), flush=True)
            stage.crew.watch()
    except Stopped:
        print("Alles beendet. Die Daten bleiben erhalten.")
    return 0


class Stage:
    """The programs of a demo: used by `demo`, and by the tour with ports of its own."""

    def __init__(self, *, port: int, simulators: int, network: Path = NETWORK) -> None:
        """Plan a demo: the web server's port, and the first of four for the simulators.

        ``network`` is the file to load; its blueprints are named from the project's folder.
        """
        self.port = port
        self.network = network
        self.payments, self.office, self.mail_page, self.mail = range(simulators, simulators + 4)
        self.environment = {
            "DIENSTWEG_DEMO": "1",
            "DIENSTWEG_PUBLIC_PORT": str(port),
            "DIENSTWEG_SMTP_PORT": str(self.mail),
        }
        self.crew = Crew(None)
        self._database = station.database()

    def __enter__(self) -> "Stage":
        """Make sure of the ports, and start the database."""
        for port in (self.port, self.payments, self.office, self.mail_page, self.mail):
            _expect_free(port)
        os.environ.update(self.environment)
        var().mkdir(parents=True, exist_ok=True)
        server = self._database.__enter__()
        self.crew = Crew(server)
        return self

    def __exit__(self, *trouble: Any) -> None:
        """Stop everything, the database last."""
        self.crew.stop()
        self._database.__exit__(*trouble)

    def open(self) -> None:
        """Start the simulators, set the network up, start worker and web server."""
        for name, port, more in (
            ("payments", self.payments, ()),
            ("backoffice", self.office, ()),
            ("mail", self.mail_page, ("--smtp-port", str(self.mail))),
        ):
            self.crew.start(_simulator(name, port, *more))
        bring_up_to_date()
        for port in (self.payments, self.office, self.mail_page):
            _expect_answer(f"http://127.0.0.1:{port}/", self.crew)
        self._load_network()
        self.crew.start(operation.worker(jobs=2))
        self.crew.start(operation.web(bind=f"127.0.0.1:{self.port}", processes=2))
        _expect_answer(f"http://127.0.0.1:{self.port}/", self.crew)

    def addresses(self) -> dict[str, str]:
        """Return what the network file may name in braces: the simulators, their key and ours."""
        office = f"http://127.0.0.1:{self.office}"
        keys = json.loads(_get(f"{office}/_keys"))
        key_id, key = next(iter(keys.items()))
        ours = encryption.load_master_key(var() / "demo.key", create=True)
        return {
            "dienstweg_private_key": base64.b64encode(ours).decode(),
            "simulator_payments": f"http://127.0.0.1:{self.payments}",
            "simulator_backoffice": office,
            "backoffice_key_id": key_id,
            "backoffice_key": key,
            "network": f"http://localhost:{self.port}",
        }

    def _load_network(self) -> None:
        """Load the network file, if it or a blueprint has changed since the last time."""
        from django.db import connections

        from dienstweg.authorities import queries as authorities
        from dienstweg.config import network

        addresses = self.addresses()
        mark = var() / "demo.state"
        state = _state(self.network, addresses)
        known = bool(authorities.all_cards())
        if not (known and mark.exists() and mark.read_text() == state):
            network.load(path=self.network, root=ROOT, addresses=addresses)
            mark.write_text(state)
        connections.close_all()
        self._introduce_ourselves(addresses)

    def _introduce_ourselves(self, addresses: Mapping[str, str]) -> None:
        """Tell the back office the public key of every connection that the network file names."""
        from dienstweg.adapters import http_json
        from dienstweg.config import network

        public = http_json.public_text(addresses["dienstweg_private_key"])
        entries = network.read(self.network).get("connections", ())
        peers = {entry["options"]["key_id"]: public for entry in entries}
        _get(f"{addresses['simulator_backoffice']}/_peers", json.dumps(peers).encode())

    def programme(self) -> str:
        """Return the addresses and demo sign-ins, for people."""
        from dienstweg.config import network

        content = network.read(self.network)
        lines = ["", "Dienstweg läuft. Zum Ausprobieren:", ""]
        for entry in content["authorities"]:
            lines.append(f"  {entry['name']:<34} http://{entry['host']}:{self.port}/")
        lines += ["", "Anmelden am Arbeitsplatz (nur in dieser Demo mit diesen Passwörtern):", ""]
        for entry in content.get("staff", ()):
            lines.append(f"  {entry['email']:<34} {entry['password']}")
        lines += [
            "",
            f"  Arbeitsplatz                       http://localhost:{self.port}/arbeitsplatz/",
            f"  Bezahldienst (Simulator)           http://127.0.0.1:{self.payments}/",
            f"  Fachverfahren (Simulator)          http://127.0.0.1:{self.office}/",
            f"  E-Mails der Demo (Simulator)       http://127.0.0.1:{self.mail_page}/",
            "",
            "Beenden mit Strg+C.",
        ]
        return "\n".join(lines)


def _simulator(name: str, port: int, *more: str) -> Child:
    ledger = var() / "simulators" / f"{name}.jsonl"
    ledger.parent.mkdir(parents=True, exist_ok=True)
    return Child(
        f"Der Simulator {name}",
        [
            *(sys.executable, "-m", f"dienstweg.simulators.{name}"),
            *("--port", str(port), "--ledger", str(ledger), *more),
        ],
    )


def _state(network: Path, addresses: Mapping[str, str]) -> str:
    """Return a digest of everything that the demo network is made of."""
    seen = hashlib.sha256(json.dumps(addresses, sort_keys=True).encode())
    for path in [network, *sorted((ROOT / "leistungen").rglob("*"))]:
        if path.is_file():
            seen.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def _expect_free(port: int) -> None:
    """Raise `Trouble` if another program listens on ``port``; a moment is given to leave."""
    until = time.monotonic() + 5
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                if time.monotonic() > until:
                    raise Trouble(
                        f"Port {port} ist belegt. Läuft Dienstweg schon? Sonst wählen Sie mit "
                        "--port oder --simulator-port einen anderen."
                    ) from error
                time.sleep(0.1)
                continue
            return


def _expect_answer(url: str, crew: Crew) -> None:
    """Wait until something answers at ``url``; raises `Trouble` after `PATIENCE` seconds."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for child in crew.children:
            if (code := child.ended()) is not None:
                raise Trouble(f"{child.name} startet nicht (Code {code}). Näheres steht oben.")
        try:
            _get(url)
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
            raise Trouble(f"{url} antwortet mit dem Fehler {error.code}.") from error
        except OSError:
            time.sleep(0.05)
            continue
        return
    raise Trouble(f"{url} antwortet nicht.")


def _get(url: str, posted: bytes | None = None) -> bytes:
    """Return what one of our own programs on this machine answers; raises OSError."""
    with urllib.request.urlopen(url, posted, timeout=10) as answer:  # noqa: S310 - loopback, from a port
        content: bytes = answer.read(1_000_000)
    return content
