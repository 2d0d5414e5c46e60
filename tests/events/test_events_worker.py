"""The worker as a process: it stops when asked, also while its database is away."""

import os
import signal
import subprocess
import sys
import time

import pytest

from dienstweg.config.roles import Addresses

PATIENCE = 40


def started(addresses: Addresses, **changed: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, **addresses.environment(), **changed}
    command = [sys.executable, "-m", "dienstweg.config.worker_program", "2"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_asked_to_stop_ends(database_addresses: Addresses, number: int) -> None:
    worker = started(database_addresses)
    time.sleep(3)
    worker.send_signal(number)
    assert worker.wait(PATIENCE) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_without_a_database_waits_and_still_ends_when_asked(
    database_addresses: Addresses, number: int
) -> None:
    nowhere = "postgresql://dienstweg@127.0.0.1:18999/nothing?connect_timeout=1"
    worker = started(database_addresses, DATABASE_URL=nowhere, DATABASE_OWNER_URL=nowhere)
    time.sleep(5)
    assert worker.poll() is None, "it must wait for the database to come back"
    worker.send_signal(number)
    assert worker.wait(PATIENCE) == 0
