"""A back office that takes signed JSON, gives signed receipts, and decides.

``dienstweg simulator backoffice --ledger FILE``. Deliveries go to any ``/<name>``, one for each
authority; ``/`` shows what has been taken, with buttons to decide. ``GET /_keys`` tells its public
key, ``POST /_peers`` (``{key_id: public key}``) makes ours known, for good. The switches of
``/_control``:

- ``slow``: seconds before every answer; ``down``: 503;
- ``fail_rate``: share of answers that are 500;
- ``drop_rate``: share that is taken, then not told; ``cut``: half of the answer is sent;
- ``busy``: seconds of Retry-After in a 429; ``malformed``: 200 without a receipt;
- ``refuse``: 422; ``shut_out``: 401;
- ``dedupe``: false takes a repeat for something new (the control of a crash test);
- ``repeat``: ``200`` or ``409``, how a repeat is answered;
- ``lie``: ``hash``, ``key``, ``signature``, ``attachments`` or ``stranger``: a wrong receipt;
- ``decide``: ``granted`` or ``refused``, by itself after ``decide_after`` seconds;
- ``twice``: news are told two times.
"""

from dienstweg.simulators.backoffice.office import main

__all__ = ["main"]
