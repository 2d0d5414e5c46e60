"""The parts of the page of a case, each of them one module and one partial template.

A panel is a function of the desk, the case file, its release and the language; what it returns is
``panel`` in its template ``desk/<name>.html``. A panel that has nothing to show returns None or an
empty list, and its template is left out. A new panel is one line in `PANELS`; where it stands on
the page says ``desk/case.html``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dienstweg.blueprint.release import Release
from dienstweg.cases.queries import CaseFile
from dienstweg.desk.door import Desk
from dienstweg.desk.panels import (
    arrivals,
    assignment,
    corrections,
    deadlines,
    decision,
    notes,
    parties,
    stuck,
)

Panel = Callable[[Desk, CaseFile, Release, str], Any]

PANELS: Mapping[str, Panel] = {
    "corrections": corrections.panel,
    "notes": notes.panel,
    "arrivals": arrivals.panel,
    "assignment": assignment.panel,
    "decision": decision.panel,
    "parties": parties.panel,
    "deadlines": deadlines.panel,
    "stuck": stuck.panel,
}
"""Name of a panel, which is that of its template -> who builds it."""


def of_case(desk: Desk, file: CaseFile, release: Release, lang: str) -> dict[str, Any]:
    """Return what each panel shows of a case, by its name."""
    return {name: build(desk, file, release, lang) for name, build in PANELS.items()}
