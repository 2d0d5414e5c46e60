"""The worker process: takes jobs from the queue, and turns what falls due into jobs.

Started by ``dienstweg work``. Any number of them may run. A worker that is killed leaves its job
marked as being done; the others give it free again once its heart has stopped.
"""

import asyncio
import logging
import os
import signal
import socket
import threading
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, close_old_connections, connection
from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg_pool import AsyncConnectionPool

from dienstweg.events.actions import beat, bring_back, tick
from dienstweg.kernel import clock

TICK = 0.5
"""Seconds between two looks at what is due."""
HEARTBEAT = 2.0
"""Seconds between two signs of life of a worker, in the queue's own table."""
STALLED = 8.0
"""Seconds without a sign of life after which a worker's jobs are given free."""
GRACE = 15.0
"""Seconds that a worker asked to stop has for the jobs in hand."""
FAREWELL = 5.0
"""Seconds that what waits for the database has to end, when the worker does."""
PAUSE = 1.0
"""Seconds before the database is tried again."""
_SWEEP_EVERY = 8
"""Ticks between two looks for the jobs of dead workers."""
_BRING_BACK_EVERY = 600
"""Ticks between two looks for what a clock that ran ahead has put off."""

log = logging.getLogger("dienstweg.events")


def run(*, concurrency: int = 2) -> None:
    """Work until SIGTERM or SIGINT: ``concurrency`` jobs at once."""
    stop = threading.Event()
    ticker = threading.Thread(target=_tick_on, args=(stop,), name="ticker", daemon=True)
    ticker.start()
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_work(concurrency))
        loop.run_until_complete(_leave())
    finally:
        stop.set()
        ticker.join(timeout=FAREWELL)


async def _leave() -> None:
    """End what still waits for the database; one that never answers is not waited for."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=FAREWELL)


async def _work(concurrency: int) -> None:
    """Run the queue's worker until asked to stop, again after every loss of the database."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set():
        worker = asyncio.create_task(_take_jobs(concurrency))
        asked = asyncio.create_task(stopping.wait())
        await asyncio.wait({worker, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        worker.cancel()
        try:
            # Cancelled, the queue's worker finishes the jobs in hand and takes no more.
            await asyncio.wait_for(worker, GRACE)
        except asyncio.CancelledError:
            pass
        except Exception as error:  # the database went away: its return is waited for
            log.warning("worker_lost_database error=%s", type(error).__name__)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stopping.wait(), PAUSE)


async def _take_jobs(concurrency: int) -> None:
    async with queue.with_connector(_connector()).open_async() as app:
        await app.run_worker_async(
            name=worker_name(),
            concurrency=concurrency,
            delete_jobs="successful",
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED,
            install_signal_handlers=False,
        )


def _connector() -> BaseAsyncConnector:
    """Return the queue's own way to the database, for waiting and taking jobs only."""
    return PsycopgConnector(pool_factory=_pool, kwargs=connector_params())


def _pool(**options: Any) -> AsyncConnectionPool:
    """Return the queue's connections, without a question to the server before each use.

    When the database is lost, the worker starts afresh with new ones (`_work`).
    """
    return AsyncConnectionPool(**{**options, "check": None})


def worker_name() -> str:
    """Return a name that tells people which process this is."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _tick_on(stop: threading.Event) -> None:
    """Tick until told to stop; a lost database only delays the next tick."""
    rounds = 0
    while not stop.wait(TICK):
        try:
            close_old_connections()
            while tick(now=clock.now()):
                pass
            if rounds % _BRING_BACK_EVERY == 0:
                bring_back(now=clock.now())
            if rounds % _SWEEP_EVERY == 0:
                beat(worker=worker_name())
                free_stalled_jobs()
            rounds += 1
        except DatabaseError as error:
            log.warning("ticker_lost_database error=%s", type(error).__name__)
            connection.close()
        except Exception as error:  # without a ticker nothing would ever fall due again
            log.error("ticker_failed error=%s", type(error).__name__)
            connection.close()


def free_stalled_jobs() -> int:
    """Give free the jobs of workers whose heart has stopped; return how many.

    A job that has failed for the queue is one whose own repetition could not be written down,
    since the database was away: it is given free too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL"
            " WHERE status = 'failed' OR (status = 'doing' AND (worker_id IS NULL OR NOT EXISTS ("
            "   SELECT 1 FROM procrastinate_workers AS w WHERE w.id = procrastinate_jobs.worker_id"
            "   AND w.last_heartbeat > now() - make_interval(secs => %s))))",
            [STALLED],
        )
        return int(cursor.rowcount)
