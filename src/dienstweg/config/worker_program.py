"""The worker as a program of its own: `python -m dienstweg.config.worker_program JOBS`."""

import gc
import sys

from dienstweg.config.station import set_up_django


def main() -> None:
    """Work until told to stop; the argument is how many jobs are done at once."""
    set_up_django()
    from dienstweg.events import worker

    gc.collect()
    gc.freeze()
    worker.run(concurrency=int(sys.argv[1]) if len(sys.argv) > 1 else 2)


if __name__ == "__main__":
    main()
