"""Hostile files at the upload address: refused at the field, and what was typed stays."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applicant import Applicant
from hostile.ground import Ground, picture, send, tables

TYPED = "Wölkchen <b>&</b> 🐕"
MB = 1024 * 1024


def pdf(change: Callable[[pikepdf.Pdf], Any] | None = None, **save: Any) -> bytes:
    """Return a PDF of one page."""
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    stream = io.BytesIO()
    document.save(stream, **save)
    return stream.getvalue()


def _action(kind: str, **more: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        values = {f"/{key}": value for key, value in more.items()}
        document.Root.OpenAction = pikepdf.Dictionary({"/S": pikepdf.Name(f"/{kind}"), **values})

    return change


def _attach(document: pikepdf.Pdf) -> None:
    document.attachments["x.exe"] = pikepdf.AttachedFileSpec(document, b"MZ")


def _xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary({"/XFA": pikepdf.String("<xdp/>")})


def _page_action(document: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary({"/S": pikepdf.Name.JavaScript, "/JS": pikepdf.String("x")})
    document.pages[0].obj.AA = pikepdf.Dictionary({"/O": script})


def zipped() -> bytes:
    """Return a small archive that unpacks to much."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../x", b"\0" * MB)
    return stream.getvalue()


def pixel_bomb(side: int = 60_000) -> bytes:
    """Return a PNG that says it is huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    row = zlib.compress(b"\0" * (side // 8 + 1) * 200)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def jpeg(tail: bytes = b"") -> bytes:
    """Return a small photo with something behind it."""
    stream = io.BytesIO()
    Image.new("RGB", (9, 9)).save(stream, "JPEG")
    return stream.getvalue() + tail


BAD = {
    "zip": ("a.zip", zipped()),
    "zip named pdf": ("a.pdf", zipped()),
    "exe": ("a.exe", b"MZ\x90\x00" + b"\0" * 500),
    "elf named png": ("a.png", b"\x7fELF" + b"\0" * 500),
    "svg": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "html named pdf": ("a.pdf", b"<html><script>alert(1)</script>"),
    "html after a pdf's first words": ("a.pdf", b"%PDF-1.4\n<script>alert(1)</script>"),
    "script": ("a.sh", b"#!/bin/sh\nrm -rf /"),
    "text": ("a.txt", b"hello"),
    "xml entities": ("a.xml", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
    "gif": ("a.gif", b"GIF89a" + b"\0" * 100),
    "tiff": ("a.tif", b"II*\0" + b"\0" * 100),
    "webp": ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 30),
    "eps": ("a.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (w) file"),
    "mvg": ("a.png", b"push graphic-context\nimage over 0,0 0,0 'https://x/'"),
    "empty": ("a.png", b""),
    "one byte": ("a.png", b"\x89"),
    "png cut off": ("a.png", picture()[:40]),
    "png with a wrong length": ("a.png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 100),
    "jpeg cut off": ("a.jpg", jpeg()[:30]),
    "pixel bomb": ("a.png", pixel_bomb()),
    "smaller pixel bomb": ("a.png", pixel_bomb(9_000)),
    "pdf with JavaScript": ("a.pdf", pdf(_action("JavaScript", JS=pikepdf.String("x")))),
    "pdf that starts a program": ("a.pdf", pdf(_action("Launch", F=pikepdf.String("cmd")))),
    "pdf that sends itself": ("a.pdf", pdf(_action("SubmitForm", F=pikepdf.String("http://x")))),
    "pdf with an attachment": ("a.pdf", pdf(_attach)),
    "pdf with XFA": ("a.pdf", pdf(_xfa)),
    "pdf whose page acts": ("a.pdf", pdf(_page_action)),
    "encrypted pdf": ("a.pdf", pdf(encryption=pikepdf.Encryption(owner="a", user="b"))),
    "pdf with an owner's password": ("a.pdf", pdf(encryption=pikepdf.Encryption(owner="a"))),
    "pdf without end": ("a.pdf", pdf()[:120]),
    "pdf that turns in circles": (
        "a.pdf",
        b"%PDF-1.5\ntrailer<</Root 1 0 R/Prev 9>>\nstartxref\n9\n",
    ),
    "11 MB": ("a.pdf", b"%PDF-1.4\n" + b"x" * (11 * MB)),
    "17 MB": ("a.pdf", b"%PDF-1.4\n" + b"x" * (17 * MB)),
}
NAMES = (
    "n" * 300 + ".png",
    "../../../etc/passwd",
    "..\\..\\x.png",
    "/etc/passwd",
    "C:\\x.png",
    "a\x00b.png",
    "\u202egnp.exe",
    "x.png\r\nX: y",
    '"; filename="b.png',
    "<script>alert(1)</script>.png",
    ".",
    "..",
    " ",
    "con.png",
    "a.php",
    "ä" * 200,
    "👻.png",
    "\ud800".encode("utf-8", "replace").decode(),
    "%2e%2e%2fx.png",
)


@pytest.fixture
def dog(ground: Ground) -> Applicant:
    """Give an applicant on the page of a listed dog, which has texts and files."""
    browser = ground.anna.browser
    browser.begin("hundesteuer-anmeldung")
    send(browser, anzahl="eine", vorname="A", nachname="B", geburtsdatum="1.2.1980")
    send(browser, strasse="See", hausnummer="1", plz="05173", ort="Ort")
    send(browser, zugezogen="false")
    browser.send(hinzufuegen="1")
    browser.send(rasse="alano", mischling="false", weiter="merken")
    if "hochladen" not in browser.page.html:
        browser.open(f"{browser.draft}/hunde/0")
    assert "datei-erlaubnis" in browser.page.html, browser.page.html
    return browser


def upload(browser: Applicant, field: str, files: Any, **typed: str) -> Any:
    """Press the upload button of ``field`` with ``files`` chosen."""
    form = browser.page.form()
    address = next(
        url for key, value, url in form["buttons"] if (key, value) == ("hochladen", "erlaubnis")
    )
    body = {**form["fields"], **typed, "hochladen": field}
    return browser.client.post(address, {**body, **files})


def chosen(name: str, content: bytes) -> SimpleUploadedFile:
    """Return a file as the test client sends it, under exactly this name."""
    file = SimpleUploadedFile("x", content, "image/png")
    file._name = name  # type: ignore[attr-defined]  # its setter would make a polite name of it
    return file


@pytest.mark.parametrize("kind", BAD)
def test_bad_files_are_refused_at_the_field(dog, kind):
    name, content = BAD[kind]
    before = tables()["files_file"]
    response = upload(dog, "erlaubnis", {"datei-erlaubnis": chosen(name, content)}, hund_name=TYPED)
    html = response.content.decode()
    assert response.status_code == 422, response.status_code
    assert 'href="#feld-erlaubnis"' in html
    assert "Wölkchen &lt;b&gt;&amp;&lt;/b&gt; 🐕" in html
    assert tables()["files_file"] == before
    again = dog.open(f"{dog.draft}/hunde/0")
    assert again.form()["fields"]["hund_name"] == [TYPED]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_odd_names_are_made_harmless(dog, name):
    files = {"datei-erlaubnis": chosen(name, picture())}
    response = upload(dog, "erlaubnis", files, hund_name=TYPED)
    assert response.status_code in {303, 400, 422}, response.status_code
    page = dog.open(f"{dog.draft}/hunde/0")
    assert page.status == 200
    for bad in ("<script>alert", "../", "..\\", "\x00", "\u202e", "/etc/", "n" * 201):
        assert bad not in page.html.split("<main")[1], bad


def test_a_picture_with_a_program_behind_it_is_drawn_anew(dog, ground):
    php = jpeg(b"<?php system($_GET[0]); ?>")
    assert upload(dog, "erlaubnis", {"datei-erlaubnis": chosen("a.php", php)}).status_code == 303
    draft = _draft(dog, ground)
    from dienstweg.files import queries as files

    with _scope(ground):
        (card,) = files.cards(draft.id, key=draft.key)
        content = files.content(card.id, key=draft.key)
    assert content.startswith(b"\xff\xd8\xff")
    assert b"<?php" not in content
    assert card.name.endswith((".jpg", ".jpeg"))


@pytest.mark.parametrize("count", [21, 51])
def test_many_files_at_once(dog, count):
    files = {"datei-erlaubnis": [chosen(f"{one}.png", picture()) for one in range(count)]}
    response = upload(dog, "erlaubnis", files, hund_name=TYPED)
    assert response.status_code in {422, 413}
    assert tables()["files_file"][0] < 40
    if response.status_code == 422:
        assert 'href="#feld-erlaubnis"' in response.content.decode()
        assert dog.open(f"{dog.draft}/hunde/0").form()["fields"]["hund_name"] == [TYPED]


def test_more_than_we_ever_read_is_refused_with_a_page(dog):
    content = b"%PDF-1.4\n" + b"x" * (65 * MB)
    response = upload(dog, "erlaubnis", {"datei-erlaubnis": chosen("a.pdf", content)})
    assert response.status_code == 413
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize(
    "field", ["", "x", "hund_name", "rasse", "erlaubnis/x", "__class__", "fahrzeugschein"]
)
def test_files_are_taken_only_by_fields_for_files(dog, field):
    before = tables()["files_file"]
    files = {f"datei-{field}": chosen("a.png", picture())}
    response = upload(dog, field, files, hund_name=TYPED)
    assert response.status_code in {303, 422}
    assert tables()["files_file"] == before
    assert dog.open(f"{dog.draft}/hunde/0").form()["fields"]["hund_name"] == [TYPED]


def test_files_do_not_get_into_another_draft(dog, ground):
    before = tables()
    for other in (ground.bert, ground.clara):
        for host in ("muehlbrueck.localhost", "weissenfaehr.localhost"):
            response = dog.client.post(
                f"/antrag/{other.draft_id}/anlage?seite=nachweise",
                {"hochladen": "fahrzeugschein", "datei-fahrzeugschein": chosen("a.png", picture())},
                headers={"host": host},
            )
            assert response.status_code == 404
        remove = f"fahrzeugschein/{other.ids['files_file']}"
        address = f"/antrag/{ground.anna.draft_id}/anlage?seite=nachweise"
        dog.client.post(address, {"entfernen": remove})
    after = tables()
    assert after["files_file"] == before["files_file"]


def _draft(browser: Applicant, ground: Ground) -> Any:
    from uuid import UUID

    ground.anna.draft_id = UUID(browser.draft.split("/")[2])
    from hostile import ground as grounds

    grounds.remember_secret(ground.anna)
    return grounds.draft_of(ground.anna)


def _scope(ground: Ground) -> Any:
    from dienstweg.authorities import scope

    return scope.enter(scope.of(ground.ids["muehlbrueck"]))
