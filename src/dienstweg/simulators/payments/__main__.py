"""``python -m dienstweg.simulators.payments``."""

from dienstweg.simulators.payments.platform import main
from dienstweg.simulators.serving import program

program(main)
