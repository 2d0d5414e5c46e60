"""The work list, as caseworkers, who leads them and the data-protection officer use it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applications import EMAIL, PASSWORD, pay, submitted, unclear_zone
from browsing import DESKTOP, PHONE, Person

COLLEAGUE = ("verkehr2@muehlbrueck.example", "demo-muehlbrueck-verkehr2")
LEADER = ("leitung@muehlbrueck.example", "demo-muehlbrueck-leitung")
WATCHER = ("datenschutz@kranichsee.example", "demo-kranichsee-datenschutz")
VIEWS = {"desktop": DESKTOP, "phone": PHONE}


def signed_in(
    person: Callable[..., Person], email: str, password: str, **options: object
) -> Person:
    worker = person("", **options)
    worker.go("/arbeitsplatz/")
    worker.fill_in({"email": email, "passwort": password})
    worker.press("Anmelden")
    worker.at("/arbeitsplatz/")
    return worker


def pressed(worker: Person, label: str) -> None:
    with worker.page.expect_navigation():
        worker.page.locator("main").get_by_role("button", name=label, exact=True).first.click()


@pytest.mark.parametrize("view", VIEWS)
def test_a_day_with_the_work_list(person: Callable[..., Person], view: str) -> None:
    """Without script: find a case, take it, give it away, keep a view, be away."""
    name = {"desktop": "Ödegård-Lüdtke", "phone": "Jørgensen-Weiß"}[view]
    applicant = person("muehlbrueck")
    number, _ = submitted(applicant, unclear_zone() | {"nachname": name})
    applicant.follow("Zu meinem Vorgang")
    pay(applicant)
    worker = signed_in(person, EMAIL, PASSWORD, viewport=VIEWS[view], java_script_enabled=False)
    worker.page.set_default_timeout(20_000)
    _wait(worker, number)
    worker.fill_in({"suche": name.split("-")[0].lower()[:5]})
    pressed(worker, "Suchen")
    assert number in worker.text and "gefunden" in worker.text
    worker.go("/arbeitsplatz/?liste=frei")
    row = worker.page.locator("tr", has_text=number)
    row.get_by_role("checkbox").check()
    pressed(worker, "Übernehmen")
    assert "Diese Aufgabe übernehmen Sie:" in worker.text
    pressed(worker, "Übernehmen")
    assert number in worker.text and "Übernommen" in worker.text
    worker.go("/arbeitsplatz/?liste=meine")
    assert number in worker.text
    worker.follow(number)
    assert "Sie kümmern sich um diese Aufgabe." in worker.text
    worker.page.locator("summary", has_text="Jemand anderem geben").click()
    worker.page.locator('main select[name="an"]').select_option(label="Deniz Kurt")
    pressed(worker, "Zuteilen")
    assert "Deniz Kurt kümmert sich um diese Aufgabe." in worker.text
    pressed(worker, "Trotzdem übernehmen")
    assert "Sie kümmern sich um diese Aufgabe." in worker.text
    worker.go("/arbeitsplatz/?liste=meine&frist=ohne&ansicht=")
    worker.fill_in({"name": f"Ohne Frist {view}"})
    pressed(worker, "Ansicht speichern")
    assert f"Ohne Frist {view}" in worker.text


def _wait(worker: Person, number: str) -> None:
    for _ in range(160):
        if number in worker.page.content():
            return
        worker.page.wait_for_timeout(250)
        worker.page.reload()
    raise AssertionError(number)


def test_who_leads_looks_after_the_team(person: Callable[..., Person]) -> None:
    leader = signed_in(person, *LEADER)
    leader.page.get_by_role("link", name="Teams", exact=True).click()
    leader.at("/teams")
    leader.inspect()
    leader.picture("desk-teams-desktop")
    leader.follow("Straßenverkehr Mühlbrück")
    leader.page.get_by_role("heading", name="Mitglieder").wait_for()
    leader.inspect()
    leader.fill_in({"email": "niemand@muehlbrueck.example"})
    pressed(leader, "Ins Team aufnehmen")
    assert "arbeitet hier niemand" in leader.text
    leader.inspect()
    leader.fill_in({"email": "kasse@muehlbrueck.example"})
    pressed(leader, "Ins Team aufnehmen")
    assert "Ingrid Groß" in leader.text
    pressed(leader, "Ingrid Groß aus dem Team nehmen")
    assert "Ingrid Groß" not in leader.text
    leader.go("/arbeitsplatz/teams/neu")
    leader.inspect()
    leader.go("/arbeitsplatz/abwesenheit")
    leader.page.locator('select[name="wer"]').select_option(label="Deniz Kurt")
    pressed(leader, "Auswählen")
    leader.page.locator('select[name="vertretung"]').select_option(label="Svenja Öttinger")
    leader.inspect()
    pressed(leader, "Eintragen")
    assert "Vertretung: Svenja Öttinger" in leader.text
    leader.inspect()
    deputy = signed_in(person, EMAIL, PASSWORD, viewport=PHONE)
    assert "Deniz Kurt" in deputy.text
    deputy.inspect()
    deputy.picture("desk-tasks-phone")
    pressed(leader, "Deniz Kurt: Eintrag entfernen")
    assert "Vertretung: Svenja" not in leader.text


def test_the_officer_reads_who_has_read_what(person: Callable[..., Person]) -> None:
    applicant = person("muehlbrueck")
    number, _ = submitted(applicant, unclear_zone())
    worker = signed_in(person, *COLLEAGUE)
    worker.go(f"/arbeitsplatz/vorgaenge?suche={number}")
    officer = signed_in(person, *WATCHER)
    officer.page.get_by_role("link", name="Zugriffe", exact=True).click()
    officer.at("/zugriffe")
    officer.fill_in({"nummer": number})
    pressed(officer, "Anzeigen")
    assert "Deniz Kurt" in officer.text and "bearbeiten" in officer.text
    assert "Tomasz Grün · ein Vorgang" in officer.text, "the look itself is logged"
    officer.inspect()
    officer.inspect_narrow()
    officer.picture("desk-log-desktop")
    with officer.page.expect_download() as waiting:
        officer.page.get_by_role("link", name="Als Datei (CSV)").click()
    lines = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2 and "Deniz Kurt" in lines[1] and number in lines[1]
