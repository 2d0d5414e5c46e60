"""Whoever dies at any named place, before or after a side effect, finds a consistent end."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dienstweg.authorities import scope
from dienstweg.cases.models import Case
from dienstweg.events import queries as events
from dienstweg.files import actions as files
from dienstweg.files import store
from dienstweg.files.models import File, Upload
from dienstweg.kernel import clock
from dienstweg.processes.models import Conduct
from journeying import Journey, Peers, set_up
from simulated import OUR_KEY, Simulator, backoffice_options, free_port, payment_options, running

pytestmark = pytest.mark.django_db(transaction=True)

SOURCE = Path(__file__).parents[2] / "src" / "dienstweg"
FAILPOINTS = sorted(
    {
        name
        for path in SOURCE.rglob("*.py")
        for name in re.findall(r'failpoints\.reach\("([^"]+)"\)', path.read_text())
    }
)
APART = ("cases.answer.", "processes.hand_over.", "records.keep.")
"""What the way of a permit that is granted at once does not come by: test_failpoints_desk.py."""
ONCE = (
    "case.submitted",
    "receipt.written",
    "payment.settled",
    "document.written",
    "delivery.accepted",
    "case.closed",
)
EFFECTS = {
    "cases.answer",
    "cases.submit",
    "deliveries.send",
    "documents.keep",
    "documents.seal",
    "files.scan",
    "files.write",
    "mail.send",
    "payments.open",
    "processes.hand_over",
    "records.keep",
}
"""What must not happen without a place before and one after it at which a test can kill."""


class Ground:
    """The doubles of foreign systems, and how a child process is told of them."""

    def __init__(
        self, office: Simulator, payments: Simulator, mail: Simulator, smtp: int, scan_port: int
    ) -> None:
        self.office, self.payments, self.mail, self.smtp = office, payments, mail, smtp
        self.scanner = f"clamav:127.0.0.1:{scan_port}"
        # The test moves the clock further than a back office takes for the present.
        office.control(tolerance=100_000.0)

    @property
    def peers(self) -> Peers:
        return Peers(self.payments.base, self.mail.base)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder, smtp, scan_port = tmp_path_factory.mktemp("ledgers"), free_port(), free_port()
    with (
        running("backoffice", folder) as office,
        running("payments", folder) as payments,
        running("mail", folder, "--smtp-port", str(smtp)) as mail,
        running("scanner", folder, "--scan-port", str(scan_port)),
    ):
        yield Ground(office, payments, mail, smtp, scan_port)


def test_every_effect_has_a_place_before_and_after_it() -> None:
    for effect in EFFECTS:
        assert {f"{effect}.before", f"{effect}.after"} <= set(FAILPOINTS), effect


@pytest.mark.parametrize("failpoint", [one for one in FAILPOINTS if not one.startswith(APART)])
def test_who_dies_there_finds_a_consistent_end(
    failpoint: str,
    authority: UUID,
    ground: Ground,
    database_addresses: Any,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = ground.smtp
    settings.DIENSTWEG_SCANNER = ground.scanner
    with scope.enter(scope.of(authority)):
        set_up(backoffice_options(ground.office), OUR_KEY, payment_options(ground.payments))
    memory = tmp_path / "memory.json"
    environment = {
        **os.environ,
        **database_addresses.environment(),
        "PYTHONPATH": os.pathsep.join(("src", "tests")),
        "DIENSTWEG_SMTP_PORT": str(ground.smtp),
        "DIENSTWEG_SCANNER": ground.scanner,
        "DIENSTWEG_FAILPOINTS": failpoint,
    }
    words = [str(authority), str(memory), ground.payments.base, ground.mail.base]
    child = subprocess.run(  # noqa: PLW1510 - its code is what the test is about
        [sys.executable, "-m", "journeying", *words],
        env=environment,
        cwd=SOURCE.parents[1],
        capture_output=True,
        timeout=120,
    )
    assert child.returncode == 137, child.stderr.decode()[-2000:]

    case_id = Journey(authority, memory, ground.peers).play()
    with scope.enter(scope.of(authority)):
        expect_a_consistent_end(case_id)
        expect_no_orphans(authority)
    expect_once_outside(case_id, ground)


def expect_a_consistent_end(case_id: UUID) -> None:
    assert list(Case.objects.values_list("id", "state", "outcome")) == [
        (case_id, "closed", "granted")
    ]
    names = [one.name for one in events.timeline(case_id)]
    counts = Counter(names)
    assert {name: counts[name] for name in ONCE} == dict.fromkeys(ONCE, 1), names
    assert names[0] == "case.submitted"
    assert names.index("payment.settled") < names.index("delivery.accepted")
    assert names.index("delivery.accepted") < names.index("case.closed")
    assert list(Conduct.objects.values_list("finished", flat=True)) == [True]


def expect_no_orphans(authority: UUID) -> None:
    with clock.shifted(timedelta(hours=25)):
        files.sweep(authority_id=authority)
        late = (clock.now() + timedelta(hours=1)).timestamp()
        stored = set(store.stored_before(authority, late))
    assert not Upload.objects.exclude(done=True).exists()
    assert set(File.objects.values_list("state", flat=True)) == {"ready"}
    rows = set(File.objects.values_list("id", flat=True))
    assert stored == rows
    assert len(rows) == 3, "the upload, the receipt, the permit"


def expect_once_outside(case_id: UUID, ground: Ground) -> None:
    accepted = [one for one in ground.office.lines("accepted") if one["case_id"] == str(case_id)]
    assert len(accepted) == 1
    bought = [json.dumps(one) for one in ground.payments.lines("settled")]
    assert len(bought) == len(set(bought)) == len(ground.payments.lines("opened"))
