"""What every scanner must do: ClamAV's own daemon, its double, and one in memory."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dienstweg.adapters.clamav import scanner as clamav
from dienstweg.files.port import Clean, Infected, Scanner, Unavailable
from dienstweg.kernel import plugins
from fakes import FakeScanner
from scanning import EICAR, OURS, clamd, program
from simulated import Simulator, free_port, running

MB = 1024 * 1024


@dataclass(frozen=True)
class Given:
    """A scanner that runs, and how to end and start it."""

    scanner: Scanner
    end: Callable[[], None]
    start: Callable[[], None]


def _clamd() -> Iterator[Given]:
    if program() is None:
        pytest.skip("no clamd found: sh scripts/find-clamd")
    with clamd() as daemon:
        yield Given(made(daemon.address), daemon.kill, daemon.start)


def _simulator(folder: Path) -> Iterator[Given]:
    port = free_port()
    with running("scanner", folder, "--scan-port", str(port)) as simulator:
        yield Given(made(f"127.0.0.1:{port}"), simulator.kill, simulator.start)


def _memory() -> Iterator[Given]:
    fake = FakeScanner(EICAR)

    def end() -> None:
        fake.trouble = Unavailable("away")

    def start() -> None:
        fake.trouble = None

    yield Given(fake, end, start)


def made(address: str) -> Scanner:
    options = {"address": address, "seconds": 20}
    assert plugins.fits("dienstweg.scanners", "clamav", options, {})
    scanner: Scanner = plugins.made("dienstweg.scanners", "clamav", options, {})
    return scanner


@pytest.fixture(scope="module", params=["clamd", "simulator", "memory"])
def given(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Given]:
    if request.param == "clamd":
        yield from _clamd()
    elif request.param == "simulator":
        yield from _simulator(tmp_path_factory.mktemp("scanner"))
    else:
        yield from _memory()


def test_what_is_clean_is_clean(given: Given) -> None:
    for content in (b"x", b"\0" * 100, b"%PDF-1.7 " + b"text " * 50_000):
        assert given.scanner.scan(io.BytesIO(content)) == Clean()


def test_malware_is_found_and_named(given: Given) -> None:
    found = given.scanner.scan(io.BytesIO(EICAR))
    assert isinstance(found, Infected)
    assert "eicar" in found.name.lower()


def test_malware_is_found_deep_in_a_file(given: Given) -> None:
    content = b"%PDF-1.7\n" + b"harmless " * (MB // 4) + EICAR + b" harmless" * 1000
    assert isinstance(given.scanner.scan(io.BytesIO(content)), Infected)


def test_several_are_served_at_once(given: Given) -> None:
    contents = [b"harmless " * 1000, EICAR] * 4
    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(lambda one: given.scanner.scan(io.BytesIO(one)), contents))
    assert [isinstance(one, Infected) for one in verdicts] == [False, True] * 4


def test_away_it_says_so_and_comes_back(given: Given) -> None:
    given.end()
    try:
        with pytest.raises(Unavailable):
            given.scanner.scan(io.BytesIO(b"x"))
    finally:
        given.start()
    assert given.scanner.scan(io.BytesIO(b"x")) == Clean()


def test_clamd_finds_what_only_our_signatures_know_and_says_that_it_has_no_others() -> None:
    for given in _clamd():
        assert isinstance(given.scanner.scan(io.BytesIO(OURS)), Infected)
        assert given.scanner.check() == [
            "Der Virenscanner hat keine amtlichen Signaturen geladen: läuft freshclam?"
        ]
        with pytest.raises(Unavailable, match="size limit"):
            given.scanner.scan(io.BytesIO(b"x" * (13 * MB)))


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Simulator, int]]:
    port = free_port()
    folder = tmp_path_factory.mktemp("scanner")
    with running("scanner", folder, "--scan-port", str(port)) as one:
        yield one, port


CALM = {"down": False, "lie": False, "silent": False, "slow": 0.0, "chatty": False, "small": 0}


@pytest.mark.parametrize(
    "switch",
    [
        {"down": True},
        {"lie": True},
        {"silent": True},
        {"slow": 5.0},
        {"chatty": True},
        {"small": 9},
    ],
    ids=lambda one: next(iter(one)),
)
def test_what_is_no_verdict_is_none(
    simulator: tuple[Simulator, int], switch: dict[str, object]
) -> None:
    one, port = simulator
    impatient = clamav.Clamd(f"127.0.0.1:{port}", seconds=1.0)
    one.control(**{**CALM, **switch})
    try:
        with pytest.raises(Unavailable):
            impatient.scan(io.BytesIO(b"harmless" * 100_000))
    finally:
        one.control(**CALM)
    assert impatient.scan(io.BytesIO(b"harmless")) == Clean()


def test_somebody_else_at_the_address_is_noticed(simulator: tuple[Simulator, int]) -> None:
    one, port = simulator
    one.control(**{**CALM, "lie": True})
    try:
        assert "etwas anderes" in clamav.Clamd(f"127.0.0.1:{port}").check()[0]
    finally:
        one.control(**CALM)
    assert "antwortet nicht" in clamav.Clamd(f"127.0.0.1:{free_port()}").check()[0]


@pytest.mark.parametrize(
    ("address", "fit"),
    [
        ("/run/clamav/clamd.ctl", True),
        ("127.0.0.1:3310", True),
        ("scanner.intern:3310", True),
        ("[::1]:3310", True),
        ("", False),
        ("clamd.ctl", False),
        ("host", False),
        ("host:port", False),
        ("http://host:3310/", False),
        ("/" + "x" * 300, False),
    ],
)
def test_an_address_is_a_socket_or_a_port(address: str, fit: bool) -> None:
    assert plugins.fits("dienstweg.scanners", "clamav", {"address": address}, {}) is fit


def test_old_signatures_are_told() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    fresh = "ClamAV 1.4.3/27830/Sat Nov 21 09:26:11 2026"
    old = "ClamAV 1.4.3/27800/Sun Nov  1 09:26:11 2026"
    assert clamav._about_signatures(fresh, now) == []
    assert "01.11.2026" in clamav._about_signatures(old, now)[0]
    assert clamav._about_signatures("ClamAV 1.4.3/1/some day", now) == []
