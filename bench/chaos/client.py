"""An applicant who never gives up: `python -m bench.chaos.client`, a process of its own.

Writes into a ledger, synced before it goes on, what it was told: a number is an acknowledgement.
An answer that got lost is asked for again by the same form, as a browser's reload does.
"""

import argparse
import http.client
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from dienstweg.config.visitor import Page, Unexpected, Visitor
from dienstweg.simulators.ledger import Ledger

NUMBER = re.compile(r"(?:LUV|LEE)-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}")
"""A case's number; the towns' prefixes tell it from an access code."""
PATIENCE = 120.0
"""Seconds for which one request is repeated until somebody answers."""
DOUBLE = 0.2
"""Share of applications that are sent once more after they were acknowledged."""
ANSWERS = {
    "person": {"name": "Änne Sturm"},
    "anliegen": {"anliegen": "Bitte nichts verlieren und nichts zweimal tun."},
    "kontakt": {"weg": "post"},
}


class Forgotten(Exception):
    """What the house had saved is not there any more."""


class Applicant:
    """One client: its towns, its dice, its ledger."""

    def __init__(self, port: int, hosts: list[str], ledger: Ledger, seed: int) -> None:
        self.port, self.hosts, self.ledger = port, hosts, ledger
        self.dice = random.Random(seed)
        self.broken: dict[str, int] = {}

    def apply(self, number: int) -> None:
        """Send one application, from the service's page to the number of the case."""
        for _ in range(20):
            try:
                self._apply(number)
            except Forgotten as error:
                self.ledger.write(event="forgotten", turn=number, what=str(error))
            else:
                return
        raise Unexpected(f"turn {number}: cannot be sent")

    def _apply(self, turn: int) -> None:
        visitor = Visitor(self.hosts[turn % len(self.hosts)], self.port)
        start = self._insist(lambda: visitor.get("/leistungen/sturmantrag"))
        form = start.form(action="beginnen")
        page = self._insist(lambda: visitor.send(start, form, {}))
        page = self._fill_in(visitor, page)
        review = page
        last = review.form(action="absenden")
        sent = {name: "ja" for name in last.fields if name not in {"csrfmiddlewaretoken"}}
        began = time.time()
        page = self._insist(lambda: visitor.send(review, last, sent))
        told = self._number(page)
        seconds = time.time() - began
        self.ledger.write(
            event="acknowledged", turn=turn, number=told, seconds=seconds, at=time.time()
        )
        if self.dice.random() < DOUBLE:
            again = self._number(self._insist(lambda: visitor.send(review, last, sent)))
            self.ledger.write(event="repeated", turn=turn, number=told, again=again)

    def _fill_in(self, visitor: Visitor, page: Page) -> Page:
        """Answer every page until the review stands there."""
        for _ in range(40):
            name = page.path.rstrip("/").rsplit("/", 1)[-1]
            if name not in ANSWERS:
                return page
            page = self._answer(visitor, page, name)
        raise Unexpected(f"{page.path}: the pages do not come to an end")

    def _answer(self, visitor: Visitor, page: Page, name: str) -> Page:
        form = page.form(having=next(iter(ANSWERS[name])))
        return self._insist(lambda: visitor.send(page, form, ANSWERS[name]))

    def _insist(self, ask: Callable[[], Page]) -> Page:
        """Ask until somebody answers: a broken line and a 5xx say nothing of what was done."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                page = ask()
                if page.status < 500:
                    break
                self._count(str(page.status))
            except (OSError, http.client.HTTPException, etree.ParserError) as error:
                self._count(type(error).__name__)
            time.sleep(0.05 + 0.2 * self.dice.random())
        else:
            raise Unexpected("nobody answers")
        if page.status in {404, 410}:
            raise Forgotten(page.path)
        if page.status >= 400 and page.status != 409:
            raise Unexpected(f"{page.path}: {page.status} {page.title}")
        return page

    def _count(self, what: str) -> None:
        self.broken[what] = self.broken.get(what, 0) + 1

    def _number(self, page: Page) -> str:
        found = NUMBER.search(page.text)
        if found is None:
            raise Unexpected(f"{page.path}: no number; {page.status} {page.title}")
        return found[0]


def main() -> int:
    """Send the applications that the command line names."""
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--hosts", required=True)
    options.add_argument("--ledger", type=Path, required=True)
    options.add_argument("--turns", required=True, help="first:end:step")
    options.add_argument("--seed", type=int, required=True)
    given = options.parse_args()
    ledger = Ledger(given.ledger)
    applicant = Applicant(given.port, given.hosts.split(","), ledger, given.seed)
    for turn in range(*map(int, given.turns.split(":"))):
        try:
            applicant.apply(turn)
        except Unexpected as error:
            ledger.write(event="unexpected", turn=turn, what=str(error)[:300])
    ledger.write(event="finished", broken=applicant.broken)
    return 0


if __name__ == "__main__":
    sys.exit(main())
