"""The commands that run an installation: `init`, `serve`, `work`."""

import argparse
import os
import sys

from dienstweg.config import station
from dienstweg.config.children import Child, Crew, Stopped, heed_signals
from dienstweg.config.installation import bring_up_to_date
from dienstweg.config.parts import Commands


def register(commands: Commands) -> None:
    """Add the commands to the command line."""
    init = commands.add_parser("init", help="Installation anlegen oder auf den Stand bringen")
    init.set_defaults(run=_init)
    serve = commands.add_parser("serve", help="Webserver starten")
    serve.add_argument("--bind", default="127.0.0.1:8000", help="Adresse:Port")
    serve.add_argument("--processes", type=int, default=2, help="Zahl der Prozesse")
    serve.set_defaults(run=_serve)
    work = commands.add_parser("work", help="Aufträge abarbeiten (Worker)")
    work.add_argument("--jobs", type=int, default=2, help="Aufträge gleichzeitig")
    work.set_defaults(run=_work)


def web(*, bind: str, processes: int) -> Child:
    """Return the HTTP server as a child."""
    command = [
        *(sys.executable, "-m", "gunicorn", "-c", "python:dienstweg.config.http_server"),
        *("--bind", bind, "--workers", str(processes), "dienstweg.config.wsgi:application"),
    ]
    return Child("Der Webserver", command)


def worker(*, jobs: int) -> Child:
    """Return the worker as a child."""
    return Child("Der Worker", [sys.executable, "-m", "dienstweg.config.worker_program", str(jobs)])


def _init(_options: argparse.Namespace) -> int:
    with station.database():
        bring_up_to_date()
    print("Die Installation ist auf dem aktuellen Stand.")
    return 0


def _serve(options: argparse.Namespace) -> int:
    return run_one(web(bind=options.bind, processes=options.processes))


def _work(options: argparse.Namespace) -> int:
    return run_one(worker(jobs=options.jobs))


def run_one(child: Child) -> int:
    """Run ``child`` in our place, or below us where we supervise the embedded database."""
    if station.given():
        os.execve(child.command[0], child.command, dict(os.environ))
    heed_signals()
    try:
        with station.database() as server:
            crew = Crew(server)
            try:
                crew.start(child)
                crew.watch()
            finally:
                crew.stop()
    except Stopped:
        pass
    return 0
