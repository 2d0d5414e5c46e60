"""``python -m dienstweg.simulators.backoffice``."""

from dienstweg.simulators.backoffice.office import main
from dienstweg.simulators.serving import program

program(main)
