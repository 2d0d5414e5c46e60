"""The supervisor of the embedded database, in the situations that a killed machine leaves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from dienstweg.config import postgres, postgres_install, postgres_process, postgres_setup, roles
from dienstweg.config.errors import Trouble

SUPERVISOR = """
import sys, time
from pathlib import Path
from dienstweg.config import postgres, roles
with postgres.running(Path(sys.argv[1])) as server:
    print(roles.prepare(server).owner, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var" / "postgres"


@pytest.fixture
def supervise() -> Iterator[Callable[[Path], tuple[subprocess.Popen[str], str]]]:
    """Start a supervisor in a process of its own, which a test may kill."""
    started: list[subprocess.Popen[str]] = []

    def start(home: Path) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(home)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def folder(home: Path) -> postgres_process.Folder:
    return postgres_process.Folder(home / "data", (home / "data").stat().st_uid)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)


def kill_tree(home: Path) -> None:
    for pid in list(folder(home).processes()):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    until(lambda: not any(folder(home).processes()))


def write_row(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def rows(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [int(row[0]) for row in connection.execute("SELECT number FROM kept ORDER BY 1")]


def test_starts_with_roles_that_own_nothing_too_much(home: Path) -> None:
    with postgres.running(home) as server:
        found = roles.prepare(server)
        assert roles.prepare(server) == found, "a second time changes nothing"
        with server.connect() as connection:
            powers = dict(
                connection.execute(
                    "SELECT rolname, (rolsuper, rolbypassrls, rolcreaterole, rolcreatedb)::text"
                    " FROM pg_roles WHERE rolname LIKE 'dienstweg%'"
                ).fetchall()
            )
            provider = connection.execute(
                "SELECT datlocprovider FROM pg_database WHERE datname = 'dienstweg'"
            ).fetchone()
            settings = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
    assert powers == {
        "dienstweg_owner": "(f,f,f,f)",
        "dienstweg_app": "(f,f,f,f)",
        "dienstweg_backup": "(f,t,f,f)",
    }
    assert provider == ("b",)
    assert settings["fsync"] == settings["synchronous_commit"] == settings["full_page_writes"]
    assert settings["fsync"] == "on"
    assert settings["listen_addresses"] == "", "no port on any network"
    assert settings["log_statement"] == "none"


def test_steps_down_from_root_and_opens_nothing(tmp_path: Path) -> None:
    """Below a folder that is closed to others the server runs too, and the folder stays closed."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "postgres"
    with postgres.running(home) as server:
        roles.prepare(server)
        pid = folder(home).postmaster()
        assert pid is not None
        owner = Path(f"/proc/{pid}").stat().st_uid
        assert owner != 0
        assert owner == (home / "data").stat().st_uid
    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_uid == os.geteuid()
    # Where the path is too long for a socket, its folder stands elsewhere.
    for private in (home, home / "data", *home.glob("socket")):
        assert private.stat().st_mode & 0o777 == 0o700


def test_keeps_what_was_acknowledged_when_everything_is_killed(home: Path, supervise) -> None:
    for number in range(3):
        supervisor, url = supervise(home)
        write_row(url, number)
        supervisor.kill()
        kill_tree(home)
        supervisor.wait()
    with postgres.running(home) as server:
        assert rows(server.url(roles.OWNER, roles.DATABASE)) == [0, 1, 2]


def test_ends_with_its_supervisor(home: Path, supervise) -> None:
    supervisor, _url = supervise(home)
    assert any(folder(home).processes())
    supervisor.kill()
    supervisor.wait()
    until(lambda: not any(folder(home).processes()))


def test_a_second_command_uses_the_server_of_the_first(home: Path, supervise) -> None:
    _supervisor, url = supervise(home)
    write_row(url, 7)
    first = folder(home).postmaster()
    with postgres.running(home) as second:
        assert not second.ours
        assert rows(second.url(roles.OWNER, roles.DATABASE)) == [7]
    assert folder(home).postmaster() == first, "and leaves it running"


def test_starts_again_after_the_server_died(home: Path) -> None:
    with postgres.running(home) as server:
        url = roles.prepare(server).owner
        write_row(url, 1)
        kill_tree(home)
        until(lambda: not server.alive())
        server.restart()
        assert rows(url) == [1]


@pytest.mark.parametrize("content", ["", "\n", "not a number\n", "99999999\n"])
def test_a_broken_pid_file_keeps_nobody_from_starting(home: Path, content: str) -> None:
    with postgres.running(home):
        pass
    (home / "data" / "postmaster.pid").write_text(content)
    (home / "socket" / ".s.PGSQL.5432.lock").write_text(content)
    with postgres.running(home) as server:
        assert server.alive()


def test_a_pid_that_now_belongs_to_a_stranger_is_left_alone(home: Path) -> None:
    with postgres.running(home):
        pass
    who = postgres_install.runner(home / "data")
    stranger = subprocess.Popen(["sleep", "600"], **who.popen())
    try:
        for file in (home / "data" / "postmaster.pid", home / "socket" / ".s.PGSQL.5432.lock"):
            file.write_text(f"{stranger.pid}\n{home / 'data'}\n")
        with postgres.running(home) as server:
            assert server.alive()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_zombie_is_no_server(home: Path) -> None:
    with postgres.running(home):
        pass
    zombie = subprocess.Popen(["true"])
    try:
        until(lambda: f"{zombie.pid} (true) Z" in Path(f"/proc/{zombie.pid}/stat").read_text())
        (home / "data" / "postmaster.pid").write_text(f"{zombie.pid}\n")
        assert folder(home).postmaster() is None
        with postgres.running(home) as server:
            assert server.alive()
    finally:
        zombie.wait()


def test_an_orphan_is_ended_and_only_the_one_of_this_folder(tmp_path: Path) -> None:
    """A server without supervisor blocks the folder; the neighbour's server is not ours to end."""
    home, neighbours = tmp_path / "ours" / "postgres", tmp_path / "theirs" / "postgres"
    with postgres.running(home):
        pass
    who = postgres_install.runner(home / "data")
    orphan = subprocess.Popen(
        [
            str(postgres_install.programs_for(who) / "postgres"),
            *("-D", "/proc/self/cwd", "-c", "listen_addresses="),
            *("-c", "unix_socket_directories=../socket"),
        ],
        cwd=home / "data",
        env=postgres_setup.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **who.popen(),
    )
    with postgres.running(neighbours) as neighbour:
        until(lambda: folder(home).postmaster() == orphan.pid)
        with postgres.running(home) as server:
            assert server.alive()
            assert orphan.wait(30) == 0, "it was asked for a fast shutdown"
        assert neighbour.alive()


def test_a_backend_that_works_on_after_its_server_died_is_ended(home: Path, supervise) -> None:
    """It still holds the shared memory, so that no new server could start."""
    supervisor, url = supervise(home)
    connection = psycopg.connect(url)
    connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000)")
    busy = connection.info.backend_pid
    chief = folder(home).postmaster()
    assert chief is not None
    os.kill(chief, signal.SIGKILL)
    supervisor.kill()
    supervisor.wait()
    assert folder(home).owns(busy)
    with postgres.running(home) as server:
        assert server.alive()
        assert not folder(home).owns(busy)
    connection.close()


def test_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    home = tmp_path / ("long-" * 20) / "postgres"
    home.parent.mkdir()
    with postgres.running(home) as server:
        assert server.socket is not None
        assert len(os.fsencode(server.socket)) < 90
        assert server.socket.stat().st_mode & 0o777 == 0o700
        with server.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    server.socket.rmdir()


def test_the_log_tells_nothing_of_people(home: Path) -> None:
    with postgres.running(home) as server:
        url = roles.prepare(server).owner
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE people (name text UNIQUE)")
            connection.execute("INSERT INTO people VALUES ('Wilhelmine Geheim')")
            for statement in (
                "INSERT INTO people VALUES ('Wilhelmine Geheim')",
                "SELECT 'Wilhelmine Geheim'::int",
            ):
                with pytest.raises(psycopg.Error):
                    connection.execute(statement)
    assert "database system is ready" in server.log.read_text()
    assert "Geheim" not in server.log.read_text()


def test_a_setting_that_it_does_not_know_is_named(home: Path) -> None:
    with (
        pytest.raises(Trouble, match="no_such_setting"),
        postgres.running(home, options="no_such_setting=1"),
    ):
        pass


def test_options_for_crash_tests_come_last() -> None:
    assert postgres_setup.options("")["synchronous_commit"] == "on"
    assert postgres_setup.options("synchronous_commit=off")["synchronous_commit"] == "off"
    with pytest.raises(Trouble, match="DIENSTWEG_PG_OPTIONS"):
        postgres_setup.options("synchronous_commit")


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(Trouble, match="gehört einem anderen Benutzer"):
        postgres_install.runner(tmp_path)
