"""The worker as a process: it stops when asked, also while its database is away."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dienstweg.config.roles import Addresses
from simulated import free_port

PATIENCE = 40


def started(addresses: Addresses, **changed: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, **addresses.environment(), **changed}
    command = [sys.executable, "-m", "dienstweg.config.worker_program", "2"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)


def listens_to_signals(worker: "subprocess.Popen[bytes]") -> bool:
    """Tell whether a program handles SIGTERM by now; before that, it just ends."""
    status = Path(f"/proc/{worker.pid}/status").read_text()
    caught = int(status.split("SigCgt:")[1].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def at_work(worker: "subprocess.Popen[bytes]") -> None:
    """Wait until the worker has begun."""
    until = time.monotonic() + PATIENCE
    while not listens_to_signals(worker):
        assert worker.poll() is None
        assert time.monotonic() < until, "it never begins"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_asked_to_stop_ends(database_addresses: Addresses, number: int) -> None:
    worker = started(database_addresses)
    at_work(worker)
    time.sleep(1)
    worker.send_signal(number)
    assert worker.wait(PATIENCE) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_without_a_database_waits_and_still_ends_when_asked(
    database_addresses: Addresses, number: int
) -> None:
    nowhere = f"postgresql://dienstweg@127.0.0.1:{free_port()}/nothing?connect_timeout=1"
    worker = started(database_addresses, DATABASE_URL=nowhere, DATABASE_OWNER_URL=nowhere)
    at_work(worker)
    time.sleep(3)
    assert worker.poll() is None, "it must wait for the database to come back"
    worker.send_signal(number)
    assert worker.wait(PATIENCE) == 0


def test_a_worker_whose_database_never_answers_still_ends_when_asked(
    database_addresses: Addresses,
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        address = f"postgresql://dienstweg@127.0.0.1:{silent.getsockname()[1]}/x?connect_timeout=2"
        worker = started(database_addresses, DATABASE_URL=address, DATABASE_OWNER_URL=address)
        at_work(worker)
        time.sleep(3)
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0
