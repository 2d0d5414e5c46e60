"""``python -m dienstweg.simulators.mail``."""

from dienstweg.simulators.mail.postbox import main
from dienstweg.simulators.serving import program

program(main)
