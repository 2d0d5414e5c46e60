"""``python -m dienstweg.simulators.scanner``."""

from dienstweg.simulators.scanner.daemon import main
from dienstweg.simulators.serving import program

program(main)
