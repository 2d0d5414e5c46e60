"""The command `tour`: plays the whole journey by HTTP and ends at the first deviation.

A fresh instance of its own, with all simulators: an applicant finds a service, fills in its
assistant, pays and gets the permit at once; another one's case needs a caseworker, who decides,
takes it back, and decides again; a third pays only at the second attempt.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from dienstweg.config.applicant import Applicant
from dienstweg.config.caseworker import Caseworker
from dienstweg.config.children import Stopped, heed_signals
from dienstweg.config.demo import Stage
from dienstweg.config.visitor import Page, Unexpected

PORT = 18750
PATIENCE = 60.0
"""Seconds that a step of the tour may take, on a slow machine."""
UNDO_SECONDS = 3
TOWN = "muehlbrueck.localhost"
STAFF = ("verkehr@muehlbrueck.example", "demo-muehlbrueck-verkehr")


def run() -> int:
    """Play the tour; return 0 when everything was as it should be."""
    heed_signals()
    with tempfile.TemporaryDirectory(prefix="dienstweg-tour-") as folder:
        os.environ["DIENSTWEG_VAR"] = folder
        os.environ["DIENSTWEG_UNDO_SECONDS"] = str(UNDO_SECONDS)
        try:
            with Stage(port=PORT, simulators=PORT + 1) as stage:
                _say("Eine eigene Installation startet ...")
                stage.open()
                return _play()
        except Stopped:
            return 130


def _play() -> int:
    acts: tuple[Callable[[], None], ...] = (granted_at_once, decided_by_a_person, paid_at_last)
    for act in acts:
        try:
            act()
        except (Unexpected, OSError) as error:
            print(f"\nAbweichung: {error}", file=sys.stderr)
            return 1
    _say("\nDer ganze Weg ist gegangen: Alles war, wie es sein soll.")
    return 0


def granted_at_once() -> None:
    """The zone fits, so that the permit comes as soon as the fee is paid."""
    _say("\n1. Ein Ausweis, der sofort kommt")
    applicant = Applicant(TOWN, PORT)
    # A new installation can be searched as soon as its worker has read the services.
    _wait("die Suche", lambda: applicant.finds("bewoner parken", "Bewohnerparkausweis"))
    applicant.begin("bewohnerparkausweis")
    applicant.fill_in(street="Brückengasse", number="12")
    _say(f"   abgeschickt: {applicant.submit()}")
    again = applicant.submit_again()
    _expect(again == applicant.number, "Zweimal absenden ergibt denselben Vorgang")
    follow = Follow(applicant)
    follow.until("die Bezahlung", applicant.can_pay)
    applicant.pay("Bezahlen")
    follow.until("den Bescheid", lambda page: "abgeschlossen" in page.text)
    _expect("Bewilligt" in applicant.case().text, "Der Antrag ist bewilligt")
    for name, content in applicant.documents():
        _expect(content.startswith(b"%PDF-"), f"{name} ist ein PDF")
        _say(f"   Dokument: {name}, {len(content) // 1024} kB")


def decided_by_a_person() -> None:
    """The house number lies in no zone, so that a caseworker looks."""
    _say("\n2. Ein Antrag, den ein Mensch prüft")
    applicant = Applicant(TOWN, PORT)
    applicant.begin("bewohnerparkausweis")
    applicant.fill_in(street="Lindenallee", number="160", zone="C")
    _say(f"   abgeschickt: {applicant.submit()}")
    follow = Follow(applicant)
    follow.until("die Bezahlung", applicant.can_pay)
    applicant.pay("Bezahlen")
    worker = Caseworker("localhost", PORT)
    worker.sign_in(*STAFF)
    _wait("die Aufgabe am Arbeitsplatz", lambda: worker.has_task(applicant.number))
    worker.decide(applicant.number, "refused", "Die Hausnummer liegt in keiner Zone.")
    worker.undo(applicant.number)
    _say("   abgelehnt und zurückgenommen")
    worker.decide(applicant.number, "granted", "Das Haus gehört seit Oktober zur Zone C.")
    _say("   bewilligt")
    follow.until("den Bescheid", lambda page: "abgeschlossen" in page.text)
    _expect("Bewilligt" in applicant.case().text, "Der Antrag ist bewilligt")
    _expect(worker.has_post(applicant.number), "Der Bescheid steht auf der Postliste")


def paid_at_last() -> None:
    """A payment that fails is repeated from the case page; the number opens the case elsewhere."""
    _say("\n3. Eine Zahlung, die erst beim zweiten Mal klappt")
    applicant = Applicant(TOWN, PORT)
    applicant.begin("bewohnerparkausweis")
    applicant.fill_in(street="Brückengasse", number="14")
    _say(f"   abgeschickt: {applicant.submit()}")
    elsewhere = applicant.on_another_device()
    follow = Follow(elsewhere)
    follow.until("die Bezahlung", elsewhere.can_pay)
    elsewhere.pay("Fehlschlag")
    follow.until("einen neuen Versuch", elsewhere.can_pay_again)
    elsewhere.repeat_payment()
    follow.until("die Bezahlung", elsewhere.can_pay)
    elsewhere.pay("Bezahlen")
    follow.until("den Bescheid", lambda page: "abgeschlossen" in page.text)
    _expect("Bewilligt" in elsewhere.case().text, "Der Antrag ist bewilligt")


class Follow:
    """Prints the timeline of a case as it grows."""

    def __init__(self, applicant: Applicant) -> None:
        self._applicant = applicant
        self._seen = 0

    def until(self, what: str, seen: Callable[[Page], bool]) -> None:
        """Look at the case page until it shows ``what``."""

        def look() -> bool:
            page = self._applicant.case()
            entries = self._applicant.timeline(page)
            for when, title in entries[self._seen :]:
                _say(f"   {when}  {title}")
            self._seen = len(entries)
            return seen(page)

        _wait(what, look)


def _wait(what: str, seen: Callable[[], Any]) -> None:
    until = time.monotonic() + PATIENCE
    while not seen():
        if time.monotonic() > until:
            raise Unexpected(f"Auf {what} wurde {PATIENCE:.0f} Sekunden vergeblich gewartet")
        time.sleep(0.2)


def _expect(fact: bool, what: str) -> None:
    if not fact:
        raise Unexpected(f"Nicht so: {what}")
    _say(f"   ✓ {what}")


def _say(text: str) -> None:
    print(text, flush=True)
