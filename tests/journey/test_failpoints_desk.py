"""Whoever dies while a case is corrected, archived or handed over finds a consistent end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.cases.models import Case
from dienstweg.events import queries as events
from dienstweg.records.models import Export
from journeying import Peers, set_up
from journeying_desk import NEW_NAME, DeskJourney
from simulated import OUR_KEY, Simulator, backoffice_options, free_port, payment_options, running

pytestmark = pytest.mark.django_db(transaction=True)

SOURCE = Path(__file__).parents[2] / "src"
PLACES = [
    "cases.answer.before",
    "cases.answer.after",
    "records.keep.before",
    "records.keep.after",
    "processes.hand_over.before",
    "processes.hand_over.copied",
    "processes.hand_over.after",
]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Simulator, Peers, int]]:
    folder, smtp = tmp_path_factory.mktemp("ledgers"), free_port()
    with (
        running("backoffice", folder) as office,
        running("payments", folder) as payments,
        running("mail", folder, "--smtp-port", str(smtp)) as mail,
    ):
        office.control(tolerance=100_000.0)
        yield office, Peers(payments.base, mail.base), smtp


@pytest.mark.parametrize("failpoint", PLACES)
def test_who_dies_there_finds_a_consistent_end(
    failpoint: str,
    authority: UUID,
    other_authority: UUID,
    ground: tuple[Simulator, Peers, int],
    database_addresses: Any,
    settings: Any,
    tmp_path: Path,
) -> None:
    office, peers, smtp = ground
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = smtp
    with scope.enter(scope.of(authority)):
        payment = {**payment_options(office), "base_url": peers.payments}
        set_up(backoffice_options(office), OUR_KEY, payment)
    memory = tmp_path / "memory.json"
    environment = {
        **os.environ,
        **database_addresses.environment(),
        "PYTHONPATH": os.pathsep.join(("src", "tests")),
        "DIENSTWEG_SMTP_PORT": str(smtp),
        "DIENSTWEG_FAILPOINTS": failpoint,
    }
    words = [str(authority), str(memory), peers.payments, peers.mailbox, str(other_authority)]
    child = subprocess.run(  # noqa: PLW1510 - its code is what the test is about
        [sys.executable, "-m", "journeying_desk", *words],
        env=environment,
        cwd=SOURCE.parent,
        capture_output=True,
        timeout=120,
    )
    assert child.returncode == 137, child.stderr.decode()[-2000:]

    case_id = DeskJourney(authority, memory, peers, other_authority).play()
    with scope.enter(scope.of(authority)):
        here = cases.case(case_id)
        assert (here.state, here.moved_to) == ("closed", other_authority)
        names = [one.name for one in events.timeline(case_id)]
        assert names.count("case.corrected") == 1, names
        assert list(Export.objects.values_list("state", flat=True)) == ["made"]
    with scope.enter(scope.of(other_authority)):
        there = list(Case.objects.values_list("id", "state"))
        assert [state for _, state in there] == ["open"], "one open case, all in all"
        copy = cases.opened(there[0][0])
        assert copy.application.version == 2
        assert copy.application.data["antragsteller"]["vorname"] == NEW_NAME
        assert [one.card.state for one in cases.tasks(copy.case.id, key=copy.key)] == ["open"]
