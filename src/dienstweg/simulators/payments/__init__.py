"""A payment platform that speaks XBezahldienste 1.0.0, with a page on which people pay.

``dienstweg simulator payments --ledger FILE``. The switches of ``/_control``:

- ``slow``: seconds before every answer; ``down``: 503 to everything but ``/_control``;
- ``fail_rate``: share of answers that are 500; ``drop_rate``: share that is done, then not told;
- ``status``: ``true`` as it is, ``never`` (stays INITIAL for ever), ``fail`` (503);
- ``twice``: the browser is sent back by a page that calls the return address two times;
- ``wrong_sum``: cents added to every amount that is told back;
- ``forget``: transactions are answered as if unknown;
- ``malformed``: answers are half JSON; ``auto``: ``PAYED``, ``FAILED`` or ``CANCELED`` at once.
"""

from dienstweg.simulators.payments.platform import main

__all__ = ["main"]
