"""Settings of Gunicorn, read by it: `gunicorn -c python:dienstweg.config.http_server`.

Sync workers were measured against threads and Granian: most requests per second and the shortest
p95 where a request waits for nothing but the database. A proxy stands in front and keeps slow
clients away; plain HTTP without one is for the demo.
"""

import gc
import os
from pathlib import Path
from typing import Any

from dienstweg.config.leash import worker_ends_with_parent

bind = os.environ.get("DIENSTWEG_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("DIENSTWEG_PROCESSES", "2"))
threads = int(os.environ.get("DIENSTWEG_THREADS", "1"))
backlog = 512
timeout = 30
graceful_timeout = 15
preload_app = True
control_socket_disable = True
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - memory, not /tmp
loglevel = "warning"
# A request's address may name a case: proxies log without query and path of cases, we not at all.
accesslog = None


def when_ready(_server: Any) -> None:
    """Keep what was loaded before the fork in memory that the workers share."""
    gc.collect()
    gc.freeze()


def post_fork(_server: Any, _worker: Any) -> None:
    """Let no worker hold the port after its master was killed."""
    worker_ends_with_parent()
