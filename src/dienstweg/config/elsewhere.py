"""Commands that hand over to a program of another room: `simulator`, `tour`."""

import argparse
from importlib import import_module

from dienstweg.config.parts import Commands


def register(commands: Commands) -> None:
    """Add the commands to the command line."""
    simulator = commands.add_parser("simulator", help="Doppel eines fremden Systems starten")
    simulator.add_argument("which", choices=("payments", "backoffice", "mail", "scanner"))
    simulator.add_argument("arguments", nargs=argparse.REMAINDER)
    simulator.set_defaults(run=_simulate)
    tour = commands.add_parser("tour", help="den ganzen Weg eines Antrags vorführen")
    tour.set_defaults(run=_tour)


def _simulate(options: argparse.Namespace) -> int:
    module = import_module(f"dienstweg.simulators.{options.which}")
    return int(module.main(options.arguments))


def _tour(_options: argparse.Namespace) -> int:
    return int(import_module("dienstweg.config.tour").run())
