"""A building permit with everything that a case can have: each of it is in the archive."""

import io
import json
import os
import tracemalloc
import zipfile
from typing import Any
from uuid import UUID

import pytest

import building_permit
from dienstweg.authorities import scope
from dienstweg.cases import actions as case_actions
from dienstweg.cases import queries as cases
from dienstweg.cases.actions import Paper
from dienstweg.cases.models import Proof
from dienstweg.files import actions as files
from dienstweg.kernel import clock
from dienstweg.offers import queries as offered
from dienstweg.records import actions, queries
from dienstweg.standards import xdomea
from working import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def case_id(authority: UUID, settings: Any, tmp_path: Any) -> Any:
    settings.DIENSTWEG_FILES = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    offered.forget()
    with scope.enter(scope.of(authority)):
        yield building_permit.given_case()
    offered.forget()


def archive_of(case_id: UUID) -> zipfile.ZipFile:
    export_id = actions.order(case_id=case_id, account_id=building_permit.CLERK, key="1")
    work("records")
    _, pieces = queries.content(export_id, case_id=case_id)
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def test_the_archive_of_a_building_permit_lacks_nothing(case_id: UUID) -> None:
    building_permit.grant(case_id)
    archive = archive_of(case_id)

    def sheet(name: str) -> Any:
        return json.loads(archive.read(name))

    told = sheet("beteiligte.json")
    people = {one["role"]: one for one in told["people"]}
    designer, neighbour = people["entwurfsverfasser"], people["nachbar"]
    assert (designer["title"], designer["name"]) == (
        "Entwurfsverfasserin oder Entwurfsverfasser",
        "Thi Mai Nguyễn",
    )
    (signature,) = designer["signatures"]
    assert (signature["state"], signature["name"]) == ("signed", "Thi Mai Nguyễn")
    assert signature["sha256"] == cases.versions(case_id, key=cases.key(case_id))[0].sha256
    (proof,) = designer["handed_in"]
    assert proof["name"] == "Kammerausweis.png"
    assert archive.read("nachweise/01-Kammerausweis.png").startswith(b"\x89PNG")
    (asked,) = neighbour["asked"]
    assert (asked["title"], asked["answer"]) == ("Zustimmung", "hat Einwände")
    assert asked["reason"] == "Der Carport steht zu nah an meinem Zaun."
    assert {one["purpose"] for one in designer["visits"]} >= {"upload", "sign"}
    assert [one["state"] for one in told["to_be_signed"]] == ["signed"]

    decided = {one["key"].partition("@")[0]: one for one in sheet("entscheidungen.json")}
    assert decided["entscheiden"]["outcome"] == "genehmigen"
    assert decided["entscheiden"]["reason"] == "Das Vorhaben hält die Vorschriften ein."
    assert decided["entscheiden"]["proposed_by"] == str(building_permit.CLERK)
    assert decided["entscheiden"]["decided_by"] == str(building_permit.HEAD)
    assert decided["entscheiden"]["decided_at"]
    assert decided["vollstaendigkeit-pruefen"]["answer"] == "Vollständig, Stellen beteiligen"
    assert decided["stellungnahme"]["about"]
    periods = {one["name"]: one for one in sheet("fristen.json")}
    assert periods["vollstaendigkeit"]["law"] == "§ 69 Absatz 1 Musterbauordnung"
    assert {one["state"] for one in periods.values()} >= {"met"}
    assert sheet("nachrichten.json")
    assert [one["state"] for one in sheet("zahlungen.json")["payments"]] == ["due"]
    events = [one["event"] for one in sheet("verlauf.json")]
    assert {"signature.given", "party.handed_in", "party.answered", "task.decided"} <= set(events)

    names = archive.namelist()
    assert sum(one.startswith("dokumente/") and one.endswith(".pdf") for one in names) >= 3
    assert sum(one.startswith("anlagen/") for one in names) == 4
    message = xdomea.read(archive.read("xdomea.xml"))
    listed = {one.file for one in message.case.documents}
    assert listed == set(names) - {"xdomea.xml", "LIESMICH.txt"}
    subjects = {one.subject for one in message.case.documents}
    assert "Nachweis (Entwurfsverfasserin oder Entwurfsverfasser): Kammerausweis.png" in subjects
    read_me = archive.read("LIESMICH.txt").decode()
    for name in names:
        assert name == "LIESMICH.txt" or name.partition("/")[0] in read_me


def test_what_came_on_paper_says_so_and_brings_its_scan(case_id: UUID) -> None:
    designer, key = building_permit.party(case_id, building_permit.DESIGNER), cases.key(case_id)

    def paper(name: str) -> Paper:
        scan = building_permit.picture()
        return Paper(clock.today(), building_permit.CLERK, name, [scan])

    case_actions.hand_in_on_paper(party_id=designer.id, paper=paper("Ausweis.png"))
    (asked,) = cases.signatures(case_id, key=key)
    case_actions.sign_on_paper(
        party_id=designer.id,
        signature_id=asked.id,
        version=asked.version,
        sha256=asked.sha256,
        name="Thi Mai Nguyễn",
        paper=paper("Unterschrift.png"),
    )
    archive = archive_of(case_id)
    (told,) = json.loads(archive.read("beteiligte.json"))["people"]
    (signature,), (proof,) = told["signatures"], told["handed_in"]
    for one in (signature, proof):
        assert one["on_paper"]["came_on"] == clock.today().isoformat()
        assert one["on_paper"]["noted_by"] == str(building_permit.CLERK)
    assert {"nachweise/01-Ausweis.png", "nachweise/02-Unterschrift.png"} <= set(archive.namelist())
    noted = [
        one["data"]["what"]
        for one in json.loads(archive.read("verlauf.json"))
        if one["event"] == "party.noted_on_paper"
    ]
    assert noted == ["file", "signature"]


def test_however_long_the_archive_is_making_and_reading_it_takes_little_memory(
    case_id: UUID,
) -> None:
    building_permit.hand_in_and_sign(case_id)
    designer, key = building_permit.party(case_id, building_permit.DESIGNER), cases.key(case_id)
    plan = os.urandom(2_000_000)
    for _ in range(12):
        card = files.keep(
            owner_id=case_id, key=key, name="Plan", media_type="image/png", content=plan
        )
        Proof.objects.create(
            authority_id=scope.one(),
            case_id=case_id,
            party_id=designer.id,
            file_id=card.id,
            handed_in_at=clock.now(),
        )
    export_id = actions.order(case_id=case_id, account_id=building_permit.CLERK, key="1")
    tracemalloc.start()
    try:
        actions.make(export_id=export_id)
        making = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        size, pieces = queries.content(export_id, case_id=case_id)
        read = sum(len(one) for one in pieces)
        reading = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == read > 24_000_000
    assert making < 14_000_000
    assert reading < 10_000_000
