"""A whole parcel, nothing replaced: a shipped blueprint, its mapping, a file, the simulator."""

import io
import json
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from dienstweg.authorities import scope
from dienstweg.blueprint.archive import pack
from dienstweg.blueprint.folder import read_folder
from dienstweg.cases import queries as cases
from dienstweg.deliveries import actions, queries
from dienstweg.files import actions as files
from dienstweg.files import queries as kept
from dienstweg.offers import actions as offers
from seeding import given_draft, submit
from simulated import OUR_KEY, backoffice_options, running
from working import work

pytestmark = pytest.mark.django_db

BLUEPRINT = Path(__file__).parents[2] / "leistungen" / "hundesteuer-anmeldung"


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(content, "PNG")
    return content.getvalue()


def test_application_and_attachment_arrive_as_they_were_submitted(
    authority: UUID, tmp_path: Path
) -> None:
    with scope.enter(scope.of(authority)), running("backoffice", tmp_path) as office:
        options = backoffice_options(office)
        actions.add_connection(
            slug="fach", kind="http", options=options, secrets={"private_key": OUR_KEY}
        )
        offer_id = offers.go_live(
            archive=pack(read_folder(BLUEPRINT)), settings={"connection": "fach"}
        )
        draft = given_draft(offer_id)
        file = files.take(
            owner_id=draft.id,
            key=draft.key,
            name="Nachweis Jürgen.png",
            chunks=[picture()],
            limit=100_000,
        )
        application = {
            "halter": {"nachname": "Łęcka-Öztürk"},
            "hunde": [{"name": "Bello", "gelistet": True}],
            "nachweis": str(file.id),
        }
        case_id = submit(draft, **application).case_id
        delivery_id = actions.hand_over(
            case_id=case_id, key="uebergabe", connection_slug="fach", mapping="standard"
        )
        work("deliveries")

        assert queries.of_case(case_id)[0].state == "accepted"
        taken = office.lines("accepted")[0]
        content = json.loads(taken["content"])
        assert taken["key"] == str(delivery_id)
        assert taken["service"] == "hundesteuer-anmeldung"
        assert taken["answer_to"].endswith("/api/v1/rueckmeldungen/fach")
        assert content["vorgang"] == cases.case(case_id).number
        assert content["halter"] == {"nachname": "Łęcka-Öztürk"}
        assert content["anzahl_gelistet"] == 1
        stored = kept.content(file.id, key=cases.key(case_id))
        assert taken["attachments"] == [sha256(stored).hexdigest()] == [file.sha256]


def test_an_unknown_mapping_is_shown_to_a_person(authority: UUID, tmp_path: Path) -> None:
    with scope.enter(scope.of(authority)), running("backoffice", tmp_path) as office:
        actions.add_connection(
            slug="fach",
            kind="http",
            options=backoffice_options(office),
            secrets={"private_key": OUR_KEY},
        )
        offer_id = offers.go_live(archive=pack(read_folder(BLUEPRINT)), settings={})
        case_id = submit(given_draft(offer_id)).case_id
        actions.hand_over(case_id=case_id, key="k", connection_slug="fach", mapping="nirgends")
        work("deliveries")
        assert [one.trouble for one in queries.troubled()] == ["not_packed"]
        assert office.lines("accepted") == []
