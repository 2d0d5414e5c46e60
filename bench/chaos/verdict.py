"""Compares what clients were told, what the back office has taken, what the database says."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dienstweg.config.postgres import Server

TOLD_ONCE = ("case.submitted", "receipt.written", "case.closed")
DELIVERIES = 2
"""Things that the blueprint hands over for each case, in their order."""

_OPEN = """
SELECT (SELECT count(*) FROM cases_case WHERE state <> 'closed')
     + (SELECT count(*) FROM deliveries_delivery WHERE state <> 'accepted')
     + (SELECT count(*) FROM cases_case WHERE NOT EXISTS (
            SELECT 1 FROM documents_document AS one
            WHERE one.case_id = cases_case.id AND one.state = 'written'))
"""
_CASES = "SELECT number, id FROM cases_case"
_DELIVERIES = "SELECT id, case_id, sequence, state, reference FROM deliveries_delivery"
_EVENTS = "SELECT case_id, name FROM events_event WHERE case_id IS NOT NULL ORDER BY id"
_FILES = "SELECT authority_id, id FROM files_file WHERE state <> 'refused'"
_FAILED = "SELECT task_name FROM procrastinate_jobs WHERE status = 'failed'"


def lines(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the whole lines of ledgers that may still be written to."""
    found = []
    for path in paths:
        raw = path.read_bytes() if path.exists() else b""
        found += [json.loads(line) for line in raw[: raw.rfind(b"\n") + 1].splitlines()]
    return found


def rows(server: Server, statement: str) -> list[tuple[Any, ...]]:
    """Return what the database says, past all walls."""
    with server.connect("dienstweg") as connection:
        return list(connection.execute(statement.encode()).fetchall())


def unfinished(server: Server) -> int:
    """Return how much is still to be done."""
    return int(rows(server, _OPEN)[0][0])


@dataclass
class Verdict:
    """What was promised and not kept, and what was seen."""

    broken: list[str] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)

    def expect(self, what: str, wrong: Sequence[Any]) -> None:
        """Note a broken promise with its first examples."""
        self.seen[what] = len(wrong)
        if wrong:
            self.broken.append(f"{what}: {len(wrong)}, such as {', '.join(map(str, wrong[:3]))}")


def missing(server: Server, told: Sequence[dict[str, Any]]) -> list[str]:
    """Return the acknowledged numbers that the database does not know."""
    known = {number for number, _ in rows(server, _CASES)}
    return [
        line["number"]
        for line in told
        if line["event"] == "acknowledged" and line["number"] not in known
    ]


def duplicates(office: Sequence[dict[str, Any]]) -> list[str]:
    """Return the keys that the back office has taken more than once as something new."""
    taken = Counter(line["key"] for line in office if line["event"] == "accepted")
    return [key for key, times in taken.items() if times > 1]


def compare(
    server: Server,
    told: Sequence[dict[str, Any]],
    office: Sequence[dict[str, Any]],
    files: Path,
    expected: int,
) -> Verdict:
    """Return the verdict over a run in which ``expected`` applications were sent."""
    verdict = Verdict()
    turns = {line["turn"] for line in told if line["event"] == "acknowledged"}
    verdict.seen["acknowledged"] = len(turns)
    verdict.expect("not acknowledged", sorted(set(range(expected)) - turns))
    verdict.expect("acknowledged and missing", missing(server, told))
    verdict.expect("accepted twice", duplicates(office))
    of_clients(verdict, told)
    of_cases(verdict, server, turns)
    of_deliveries(verdict, server, office)
    of_timelines(verdict, server)
    verdict.expect("documents without bytes", _without_bytes(server, files))
    verdict.expect("jobs given up", rows(server, _FAILED))
    return verdict


def of_clients(verdict: Verdict, told: Sequence[dict[str, Any]]) -> None:
    """Judge what the clients saw: the same answer to a repetition, nothing forgotten."""
    repeated = [line for line in told if line["event"] == "repeated"]
    verdict.seen["sent again"] = len(repeated)
    verdict.expect(
        "another number for the same draft",
        [line for line in repeated if line["number"] != line["again"]],
    )
    verdict.expect("saved and forgotten", [one for one in told if one["event"] == "forgotten"])
    counts: Counter[str] = Counter()
    for line in told:
        counts.update(line.get("broken", {}))
    verdict.seen["requests without an answer"] = dict(counts)
    verdict.expect("errors of our own", [one for one in counts if one.isdigit() and one != "503"])
    verdict.expect("unexpected answers", [one for one in told if one["event"] == "unexpected"])


def of_cases(verdict: Verdict, server: Server, turns: set[int]) -> None:
    """Judge the cases: one for each application, and no more."""
    cases = rows(server, _CASES)
    verdict.expect("cases too many", [number for number, _ in cases[len(turns) :]])


def of_deliveries(verdict: Verdict, server: Server, office: Sequence[dict[str, Any]]) -> None:
    """Judge the deliveries: each in the office's ledger once, in order, with its receipt."""
    accepted = [line for line in office if line["event"] == "accepted"]
    place = {line["key"]: (index, line["reference"]) for index, line in enumerate(accepted)}
    by_case: dict[Any, list[tuple[int, str]]] = {}
    wrong = []
    for delivery_id, case_id, sequence, state, reference in rows(server, _DELIVERIES):
        by_case.setdefault(case_id, []).append((sequence, str(delivery_id)))
        if state != "accepted" or place.get(str(delivery_id), (0, ""))[1] != reference:
            wrong.append((str(delivery_id), state))
    verdict.seen["deliveries"] = sum(len(ours) for ours in by_case.values())
    verdict.expect("deliveries without the office's receipt", wrong)
    ours = {key for ordered in by_case.values() for _, key in ordered}
    verdict.expect("taken without our knowledge", sorted(set(place) - ours))
    verdict.expect(
        "out of order within a case",
        [
            str(case_id)
            for case_id, ordered in by_case.items()
            if (told := [place.get(key, (-1, ""))[0] for _, key in sorted(ordered)]) != sorted(told)
        ],
    )


def of_timelines(verdict: Verdict, server: Server) -> None:
    """Judge the timelines: submitted, delivered twice, closed after that, receipt written."""
    by_case: dict[Any, list[str]] = {case_id: [] for _, case_id in rows(server, _CASES)}
    for case_id, name in rows(server, _EVENTS):
        by_case.setdefault(case_id, []).append(name)
    verdict.expect(
        "incomplete timelines",
        [(str(one), names) for one, names in by_case.items() if not is_complete(names)],
    )


def is_complete(names: Sequence[str]) -> bool:
    """Tell whether a timeline says everything, once, and in its order."""
    counts = Counter(names)
    if any(counts[name] != 1 for name in TOLD_ONCE) or counts["delivery.accepted"] != DELIVERIES:
        return False
    last = max(index for index, name in enumerate(names) if name == "delivery.accepted")
    return names[0] == "case.submitted" and names.index("case.closed") > last


def _without_bytes(server: Server, files: Path) -> list[str]:
    found = rows(server, _FILES)
    return [
        file_id.hex
        for authority_id, file_id in found
        if not (files / authority_id.hex / file_id.hex[-2:] / file_id.hex).exists()
    ]
