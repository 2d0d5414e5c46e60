"""Tells which page nobody has looked at in a full run of the browser tests: `make accessibility`.

Reads what `inspecting` has written down: every route that answers with a page must have been seen
by axe in every look, and every page of every shipped blueprint by axe, by keyboard alone and
without scripts.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

from inspecting import LOOKS, SEEN

WAYS = ("axe", "keyboard", "no scripts")
NO_PAGE = re.compile(
    r"\.(json|csv|pdf|txt|xml|ico)$"
    r"|^api/|^\.well-known/|^filme/|^strassen$"
    # Files, previews and parts of a page:
    r"|/(datei|papier|dokument|dokumente|anlagen|akte|vorschau)/<uuid:[a-z_]+>(/inhalt)?$"
    r"|/anlage$|/auswahl/"
    # What only leads on to another page:
    r"|^antrag/<uuid:draft_id>/$|^arbeitsplatz/naechste$|^zahlung/|^konto$"
    r"|^konto/(weiter|zurueck|weitergabe)$"
    # Waits for a foreign source of values, which nothing asks before such a source is connected:
    r"|/entwurf/daten$"
)
"""Routes that take GET and answer with something else than a page of ours."""
GOOD = range(200, 400)


def unseen() -> Iterator[str]:
    """Yield a sentence for each page that has not been looked at."""
    from hostile.addresses import TABLE

    lines = [
        json.loads(line)
        for file in sorted(SEEN.glob("*.jsonl"))
        for line in file.read_text().splitlines()
    ]
    looks: dict[str, set[str]] = {}
    for line in lines:
        if line.get("status") in GOOD:
            looks.setdefault(line["route"], set()).add(line["look"])
    for route, address in TABLE.items():
        if "GET" in address.takes.split() and not NO_PAGE.search(route) and route not in looks:
            yield f"No test looks at {route or '/'}"
    for route, found in looks.items():
        if missing := {look.name for look in LOOKS} - found:
            yield f"Nobody has looked at {route or '/'} in {', '.join(sorted(missing))}"
    yield from _unwalked(lines)


def _unwalked(lines: list[dict[str, Any]]) -> Iterator[str]:
    from walking import SHIPPED, released

    walked = {(line["how"], line["service"], line["page"]) for line in lines if "how" in line}
    for folder in SHIPPED:
        for page in released(folder).assistant.pages:
            for how in WAYS:
                if (how, folder.name, page.id) not in walked:
                    yield f"No walk ({how}) reaches the page {page.id} of {folder.name}"


def main() -> int:
    """Say what has not been looked at; return 1 if there is any."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dienstweg.config.settings")
    django.setup()
    found = list(unseen())
    sys.stdout.write("\n".join([*found, ""]) if found else "Every page was seen in every look.\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
