"""Files in pieces (tus 1.0.0): what counts, what is refused, and that nothing gets lost."""

import base64
import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from PIL import Image

from applicant import Applicant
from dienstweg.authorities import scope
from dienstweg.files import actions as files
from dienstweg.files import errors, rules, store
from dienstweg.files.models import File, Upload
from dienstweg.kernel import clock
from tusing import TUS, Piecewise

pytestmark = pytest.mark.django_db

FIELD = "nachweis"


def noise(side: int = 120) -> bytes:
    """Return a picture that does not fit into one piece of a test."""
    stream = io.BytesIO()
    Image.effect_noise((side, side), 80).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def owner(applicant: Applicant) -> Piecewise:
    applicant.begin()
    applicant.send(name="Änne Ödegård", haustier="false", weiter="weiter")
    return Piecewise(applicant.client, f"{applicant.draft}/anlage?seite=belege")


@pytest.fixture
def inside(town: UUID) -> Iterator[UUID]:
    with scope.enter(scope.of(town)):
        yield town


def shown(applicant: Applicant) -> str:
    return applicant.open(f"{applicant.draft}/belege").html


def test_a_file_in_pieces_is_attached_like_any_other(
    owner: Piecewise, applicant: Applicant, inside: UUID
) -> None:
    content = noise()
    created = owner.create(len(content), "Beleg Größe.png", FIELD)
    assert created.status_code == 201
    assert created.headers["Upload-Expires"].endswith("GMT")
    half = len(content) // 2
    assert owner.patch(0, content[:half]).headers["Upload-Offset"] == str(half)
    assert owner.offset() == half
    assert "(PNG" not in shown(applicant), "it is no file yet"
    assert owner.patch(half, content[half:]).status_code == 204
    assert owner.offset() == len(content)
    html = shown(applicant)
    assert "Beleg Größe.png" in html
    assert "geprüft" in html
    stored = set(store.stored_before(inside, (clock.now() + timedelta(hours=1)).timestamp()))
    assert stored == set(File.objects.values_list("id", flat=True))
    assert len(stored) == 1


def test_it_says_what_it_can_do(owner: Piecewise) -> None:
    answer = owner.client.options(owner.address)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert set(answer.headers["Tus-Extension"].split(",")) == {
        "creation", "expiration", "termination", "checksum",
    }  # fmt: skip
    assert answer.headers["Tus-Max-Size"] == str(rules.MAX_BYTES)


def test_another_version_of_the_protocol_is_refused(owner: Piecewise) -> None:
    answer = owner.client.post(owner.address, headers={"Tus-Resumable": "0.2.1"})
    assert answer.status_code == 412
    assert answer.headers["Tus-Version"] == "1.0.0"


def test_a_piece_in_the_wrong_place_is_refused_and_changes_nothing(owner: Piecewise) -> None:
    content = noise()
    owner.create(len(content), "a.png", FIELD)
    owner.patch(0, content[:100])
    for offset in (0, 99, 101, len(content)):
        assert owner.patch(offset, content[:50]).status_code == 409
    assert owner.offset() == 100


def test_a_piece_that_lost_the_race_does_not_count(
    owner: Piecewise, inside: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = noise()
    owner.create(len(content), "a.png", FIELD)
    written = store.write

    def overtaken(authority_id: UUID, file_id: UUID, sealed: bytes) -> None:
        written(authority_id, file_id, sealed)
        Upload.objects.update(offset=7, pieces=[[str(uuid4()), 7]])

    with monkeypatch.context() as patch:
        patch.setattr(store, "write", overtaken)
        assert owner.patch(0, content[:50]).status_code == 409
    assert owner.offset() == 7
    late = (clock.now() + timedelta(hours=1)).timestamp()
    assert list(store.stored_before(inside, late)) == []


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_checksum_vouches_for_a_piece(owner: Piecewise, algorithm: str) -> None:
    content = noise()
    owner.create(len(content), "a.png", FIELD)
    digest = base64.b64encode(hashlib.new(algorithm, content[:50]).digest()).decode()
    wrong = owner.patch(0, content[:49] + b"?", checksum=f"{algorithm} {digest}")
    assert wrong.status_code == 460
    assert owner.offset() == 0
    assert owner.patch(0, content[:50], checksum=f"{algorithm} {digest}").status_code == 204


@pytest.mark.parametrize("said", ["md5 AAAA", "sha1", "sha1 ***", "", "sha256 ä"])
def test_a_checksum_that_is_none_is_refused(owner: Piecewise, said: str) -> None:
    owner.create(500, "a.png", FIELD)
    assert owner.patch(0, b"x" * 10, checksum=said).status_code in {400, 460}
    assert owner.offset() == 0


def test_a_line_that_breaks_costs_only_what_was_on_its_way(
    owner: Piecewise, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.handlers.wsgi import WSGIRequest

    content = noise()
    owner.create(len(content), "a.png", FIELD)
    pieces = [content[:100], content[100:150]]

    def read(self: WSGIRequest, *_size: int) -> bytes:
        if not pieces:
            raise OSError("connection reset by peer")
        return pieces.pop(0)

    with monkeypatch.context() as patch:
        patch.setattr(WSGIRequest, "read", read)
        owner.patch(0, content)
    assert owner.offset() == 150
    assert owner.patch(150, content[150:]).status_code == 204


def test_a_full_disk_is_no_broken_line(owner: Piecewise, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    content = noise()
    owner.create(len(content), "a.png", FIELD)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, "write", full)
        assert owner.patch(0, content[:50]).status_code == 503
    assert owner.offset() == 0


def test_the_last_piece_may_come_twice(
    owner: Piecewise, applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = noise()
    owner.create(len(content), "a.png", FIELD)
    owner.patch(0, content[:100])

    def dies(**_: object) -> None:
        raise RuntimeError("killed after the file was attached")

    applicant.client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("dienstweg.assistants.actions.uploading.files.finish_upload", dies)
        assert owner.patch(100, content[100:]).status_code == 500
    assert owner.offset() == 100, "complete only when the file is there"
    assert owner.patch(100, content[100:]).status_code == 204
    assert owner.offset() == len(content)
    assert shown(applicant).count("entfernen") == 1
    assert owner.patch(len(content), b"x").status_code == 409


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04" + b"0" * 200, "einzeln hoch"),
        (b"PK\x03\x04" + b"0" * 26 + b"[Content_Types].xml", "als PDF"),
        (b"MZ" + b"0" * 300, "Andere Dateien"),
        (b"%PDF-1.7 nothing", "beschädigt"),
    ],
)
def test_what_is_refused_is_said_and_forgotten(
    owner: Piecewise, applicant: Applicant, inside: UUID, content: bytes, words: str
) -> None:
    owner.create(len(content), "a.pdf", FIELD)
    answer = owner.patch(0, content)
    assert answer.status_code == 422
    assert words in answer.json()["message"]
    assert not Upload.objects.exists()
    assert not File.objects.exists()
    assert list(store.stored_before(inside, (clock.now() + timedelta(hours=1)).timestamp())) == []


def test_a_field_takes_only_its_kinds_and_its_number(
    owner: Piecewise, applicant: Applicant, inside: UUID
) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (9, 9)).save(stream, "JPEG")
    owner.create(len(stream.getvalue()), "a.jpg", FIELD)
    assert owner.patch(0, stream.getvalue()).status_code == 422, "the field takes PNG alone"
    content = noise(20)
    for expected in (204, 204, 422):
        owner.create(len(content), "a.png", FIELD)
        assert owner.patch(0, content).status_code == expected
    assert File.objects.count() == 2


@pytest.mark.parametrize("length", ["", "-1", "x", "1e3", "9" * 40, "१२", "0", "100001"])
def test_a_length_that_is_none_or_too_much_is_refused(owner: Piecewise, length: str) -> None:
    answer = owner.create(length, "a.png", FIELD)
    assert answer.status_code in {400, 413, 422}
    assert not answer.has_header("Location")


@pytest.mark.parametrize(
    "metadata",
    ["feld", "feld ***", "feld Zm9v,filename \x80", "x" * 3000, "feld " + "A" * 2500, "feld AA=="],
)
def test_metadata_that_is_none_is_refused(owner: Piecewise, metadata: str) -> None:
    answer = owner.client.post(
        owner.address, headers={**TUS, "Upload-Length": "10", "Upload-Metadata": metadata}
    )
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize("field", ["name", "gibtesnicht", "", "nachweis/0", "__class__"])
def test_only_fields_for_files_take_any(owner: Piecewise, field: str) -> None:
    assert owner.create(10, "a.png", field).status_code == 422


def test_more_than_was_said_is_refused(owner: Piecewise) -> None:
    owner.create(10, "a.png", FIELD)
    assert owner.patch(0, b"x" * 11).status_code == 413
    assert owner.offset() == 0


def test_a_body_that_is_too_long_is_not_read(owner: Piecewise) -> None:
    owner.create(90_000, "a.png", FIELD)
    assert owner.patch(0, b"x" * (1024 * 1024 + 1)).status_code == 413
    assert owner.offset() == 0


def test_another_type_of_body_is_refused(owner: Piecewise) -> None:
    owner.create(10, "a.png", FIELD)
    answer = owner.client.generic(
        "PATCH", owner.location, b"x", "application/json", headers={**TUS, "Upload-Offset": "0"}
    )
    assert answer.status_code == 415


def test_endless_crumbs_come_to_an_end(owner: Piecewise, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_PIECES", 3)
    owner.create(500, "a.png", FIELD)
    for number in range(3):
        assert owner.patch(number, b"x").status_code == 204
    assert owner.patch(3, b"x").status_code == 400


def test_an_upload_of_another_draft_is_not_there(owner: Piecewise, town: UUID) -> None:
    owner.create(500, "a.png", FIELD)
    stranger = Applicant()
    stranger.begin()
    own = f"{stranger.draft}/anlage/{owner.location.rpartition('/')[2]}"
    for client, address in (
        (stranger.client, owner.location),
        (stranger.client, own),
        (Client(headers={"host": "kranichsee.localhost"}), owner.location),
        (owner.client, owner.location.rpartition("/")[0] + f"/{uuid4()}"),
    ):
        for method in ("HEAD", "PATCH", "DELETE"):
            answer = client.generic(
                method, address, b"x", "application/offset+octet-stream",
                headers={**TUS, "Upload-Offset": "0"},
            )  # fmt: skip
            assert answer.status_code == 404, (method, address)
    assert owner.offset() == 0


def test_an_upload_can_be_ended(owner: Piecewise, inside: UUID) -> None:
    owner.create(500, "a.png", FIELD)
    owner.patch(0, b"x" * 50)
    assert owner.client.delete(owner.location, headers=TUS).status_code == 204
    assert owner.client.head(owner.location, headers=TUS).status_code == 404
    assert list(store.stored_before(inside, (clock.now() + timedelta(hours=1)).timestamp())) == []


def test_nothing_comes_to_a_draft_that_is_sent(owner: Piecewise, applicant: Applicant) -> None:
    owner.create(500, "a.png", FIELD)
    applicant.open(f"{applicant.draft}/belege")
    applicant.send(weiter="weiter")
    applicant.send(weg="post")
    applicant.send(action="/absenden", bestaetigt="ja")
    assert applicant.page.heading == "Ihr Antrag ist abgeschickt"
    answer = owner.patch(0, b"x" * 50)
    assert answer.status_code == 403
    assert "keine Dateien mehr" in answer.json()["message"]
    assert owner.create(10, "b.png", FIELD).status_code == 403


def test_a_file_of_an_entry_goes_to_that_entry(applicant: Applicant) -> None:
    applicant.begin()
    applicant.send(name="Änne Ödegård", haustier="true", weiter="weiter")
    for name in ("Bello", "Minka"):
        if "hinzufuegen" in applicant.page.html and "rufname" not in applicant.page.html:
            applicant.send(hinzufuegen="1")
        applicant.send(rufname=name, weiter="weiter")
    owner = Piecewise(applicant.client, f"{applicant.draft}/anlage?seite=tiere&eintrag=0")
    content = noise(20)
    owner.create(len(content), "bello.png", "bild")
    assert owner.patch(0, content).status_code == 204
    assert "bello.png" in applicant.open(f"{applicant.draft}/tiere/0").html
    assert "bello.png" not in applicant.open(f"{applicant.draft}/tiere/1").html


def test_so_many_files_and_so_many_bytes_and_no_more(
    owner: Piecewise, settings: Any, inside: UUID
) -> None:
    settings.DIENSTWEG_CASE_FILES, settings.DIENSTWEG_CASE_BYTES = 3, 1_000
    assert owner.create(400, "a.png", FIELD).status_code == 201
    first = owner.location
    assert owner.create(600, "b.png", FIELD).status_code == 201
    full = owner.create(1, "c.png", FIELD)
    assert full.status_code == 422
    assert "zusammen" in full.json()["message"]
    settings.DIENSTWEG_CASE_BYTES = 100_000
    assert owner.create(1, "c.png", FIELD).status_code == 201
    many = owner.create(1, "d.png", FIELD)
    assert many.status_code == 422
    assert "so viele Dateien" in many.json()["message"]
    owner.client.delete(first, headers=TUS)
    assert owner.create(1, "d.png", FIELD).status_code == 201


def test_the_usual_bounds_are_fifty_files_and_a_hundred_megabytes(settings: Any) -> None:
    assert settings.DIENSTWEG_CASE_FILES == 50
    assert settings.DIENSTWEG_CASE_BYTES == 100 * 1024 * 1024


def test_what_nobody_completes_is_swept(owner: Piecewise, inside: UUID) -> None:
    owner.create(500, "a.png", FIELD)
    owner.patch(0, b"x" * 50)
    files.sweep(authority_id=inside)
    assert owner.offset() == 50
    with clock.shifted(rules.UPLOAD_KEPT + timedelta(minutes=1)):
        assert owner.client.head(owner.location, headers=TUS).status_code == 404
        files.sweep(authority_id=inside)
        assert not Upload.objects.exists()
        late = (clock.now() + timedelta(hours=1)).timestamp()
        assert list(store.stored_before(inside, late)) == []


def test_a_discarded_draft_takes_its_uploads_with_it(owner: Piecewise, inside: UUID) -> None:
    owner.create(500, "a.png", FIELD)
    owner.patch(0, b"x" * 50)
    files.discard(owner_id=Upload.objects.get().owner_id)
    assert not Upload.objects.exists()


def test_pieces_lie_unreadable(owner: Piecewise, inside: UUID, settings: Any) -> None:
    owner.create(500, "Geheimnis.png", FIELD)
    owner.patch(0, b"Mein Geheimnis steht hier. " * 5)
    stored = [one for one in Path(settings.DIENSTWEG_FILES).rglob("*") if one.is_file()]
    assert len(stored) == 1
    assert b"Geheimnis" not in stored[0].read_bytes()
    assert b"Geheimnis" not in bytes(Upload.objects.get().name)


def test_pieces_cannot_change_places(owner: Piecewise, inside: UUID) -> None:
    content = noise()
    owner.create(len(content), "a.png", FIELD)
    owner.patch(0, content[:50])
    owner.patch(50, content[50:100])
    row = Upload.objects.get()
    row.pieces = row.pieces[::-1]
    row.save()
    owner.client.raise_request_exception = False
    assert owner.patch(100, content[100:]).status_code == 500
    assert not File.objects.exists()


def test_every_refusal_of_an_upload_is_told_in_words() -> None:
    from dienstweg.portal.views.tus import _STATUS

    for kind in (
        errors.NoSuchUpload, errors.WrongOffset, errors.WrongChecksum, errors.TooManyPieces,
    ):  # fmt: skip
        assert kind in _STATUS


def test_another_site_can_upload_nothing(owner: Piecewise) -> None:
    owner.create(500, "a.png", FIELD)
    elsewhere = Client(enforce_csrf_checks=True, headers={"host": "kranichsee.localhost"})
    elsewhere.cookies = owner.client.cookies
    headers = {**TUS, "Upload-Offset": "0"}
    for method, address in (("POST", owner.address), ("PATCH", owner.location)):
        answer = elsewhere.generic(
            method, address, b"x", "application/offset+octet-stream", headers=headers
        )
        assert answer.status_code == 403
    assert elsewhere.delete(owner.location, headers=TUS).status_code == 403
    assert owner.offset() == 0


def test_what_broke_off_is_named_on_the_page_and_vouched_for(
    owner: Piecewise, applicant: Applicant
) -> None:
    content = noise()
    owner.create(len(content), "foto.png", FIELD)
    assert "data-halted" not in shown(applicant), "nothing has come yet"
    owner.patch(0, content[:200])
    lately = shown(applicant)
    assert f'data-halted="{owner.location}"' in lately
    assert "in einem anderen Fenster" in lately, "nobody knows yet whether it broke off"
    assert 'name="verwerfen"' not in lately
    with clock.shifted(timedelta(minutes=2)):
        broken_off = shown(applicant)
    assert "Prozent abgebrochen" in broken_off
    assert 'name="verwerfen"' in broken_off
    for beginning, status in ((content[:200], 200), (content[:199], 460), (b"x" * 200, 460)):
        digest = base64.b64encode(hashlib.sha256(beginning).digest()).decode()
        headers = {**TUS, "Upload-Checksum": f"sha256 {digest}"}
        assert owner.client.head(owner.location, headers=headers).status_code == status
    own = owner.location.rpartition("/")[2]
    page = applicant.send(to=f"{applicant.draft}/anlage?seite=belege", verwerfen=own)
    assert page.status == 200
    assert "data-halted" not in page.html
    assert owner.client.head(owner.location, headers=TUS).status_code == 404


def test_what_is_complete_has_not_broken_off(owner: Piecewise, applicant: Applicant) -> None:
    content = noise()
    owner.create(len(content), "foto.png", FIELD)
    owner.patch(0, content)
    assert "data-halted" not in shown(applicant)
    assert "foto.png" in shown(applicant)
