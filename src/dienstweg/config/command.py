"""The command `dienstweg`: for operators, and for designers of blueprints.

Each group of commands is a module of its own, imported when the command line is read; Django is
loaded only by the commands that need it.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import cast

from dienstweg.config import (
    backup,
    blueprint_commands,
    case_commands,
    demo,
    doctor,
    elsewhere,
    offering,
    operation,
    records,
    street_commands,
)
from dienstweg.config.errors import Trouble


def parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    top = argparse.ArgumentParser(
        prog="dienstweg", description="Anträge an die Verwaltung, gemeinsam betrieben."
    )
    commands = top.add_subparsers(metavar="BEFEHL", required=True)
    for group in (
        operation,
        demo,
        records,
        offering,
        doctor,
        backup,
        blueprint_commands,
        case_commands,
        elsewhere,
        street_commands,
    ):
        group.register(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when it did what it should, 1 or 2 when somebody must act."""
    options = parser().parse_args(arguments)
    run = cast("Callable[[argparse.Namespace], int]", options.run)
    try:
        return run(options)
    except Trouble as error:
        print(f"dienstweg: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
