"""A virus scanner to practise with: speaks enough of clamd's protocol, finds EICAR, misbehaves.

``dienstweg simulator scanner --ledger FILE --scan-port PORT``. The switches of ``/_control``:
``down`` hangs up, ``lie`` answers nonsense, ``silent`` never answers, ``slow`` waits so many
seconds, ``chatty`` never ends its answer, ``small`` refuses files over a size in bytes as clamd
does.
"""

from dienstweg.simulators.scanner.daemon import main

__all__ = ["main"]
