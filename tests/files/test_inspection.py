"""What people may upload, judged by its content; hostile files cost nothing but themselves."""

import io
import subprocess
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dienstweg.files import errors
from dienstweg.files.actions import keeping
from dienstweg.files.inspection import _Refusal, inspect
from dienstweg.files.rules import name_of


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **extra: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **extra)
    return out.getvalue()


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda _pdf: None, **save: object) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    change(document)
    document.save(out, **save)
    return out.getvalue()


def script(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = document.make_indirect(action)


def launch(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("x.exe"))


def enclosed(document: pikepdf.Pdf) -> None:
    document.attachments["virus.exe"] = b"MZ..."


def page_script(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x"))
    document.pages[0].AA = pikepdf.Dictionary(O=action)


def xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.String("<x/>"), Fields=[])


def test_a_pdf_is_kept_to_the_byte() -> None:
    content = pdf()
    assert inspect(content) == ("application/pdf", content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_drawn_anew(kind: str) -> None:
    hidden = picture(kind) + b"<?php system('id') ?>"
    media_type, kept = inspect(hidden)
    assert media_type == f"image/{kind.lower()}"
    assert b"php" not in kept
    with Image.open(io.BytesIO(kept)) as drawn:
        assert drawn.size == (60, 40)


@pytest.mark.parametrize(("mode", "becomes"), [("RGB", "jpeg"), ("RGBA", "png")])
def test_a_webp_becomes_what_everybody_can_open(mode: str, becomes: str) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kamera von Erika"
    Image.new(mode, (60, 40), 128).save(out, "WEBP", exif=exif)
    media_type, kept = inspect(out.getvalue())
    assert media_type == f"image/{becomes}"
    with Image.open(io.BytesIO(kept)) as drawn:
        assert drawn.format == becomes.upper()
        assert drawn.size == (60, 40)
    assert b"Erika" not in kept


def test_a_photo_loses_where_it_was_taken_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Kamera von Erika"
    _, kept = inspect(picture(exif=exif))
    with Image.open(io.BytesIO(kept)) as drawn:
        assert dict(drawn.getexif()) == {}
        assert drawn.size == (40, 60)
    assert b"Erika" not in kept


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04" + b"0" * 100, "packed"),
        (b"PK\x03\x04" + b"0" * 26 + b"[Content_Types].xml" + b"0" * 50, "office"),
        (b"PK\x03\x04" + b"0" * 26 + b"mimetypeapplication/vnd.oasis", "office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 50, "office"),
        (b"Rar!\x1a\x07\x01\x00" + b"0" * 50, "packed"),
        (b"7z\xbc\xaf\x27\x1c" + b"0" * 50, "packed"),
        (b"\x1f\x8b\x08\x00" + b"0" * 50, "packed"),
        (b"a.txt" + b"\0" * 252 + b"ustar\x0000" + b"0" * 50, "packed"),
        (b"PK\x03\x04 %PDF-1.4 " + b"0" * 50, "packed"),
        (b"\x00\x00\x00\x18ftypheic" + b"0" * 50, "heic"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"0" * 50, "broken"),
        (b"MZ" + b"0" * 100, "wrong_type"),
        (b"<html><script>alert(1)</script>", "wrong_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "wrong_type"),
        (b"GIF89a" + b"0" * 100, "wrong_type"),
        (b"%PDF-1.7\n<script>alert(1)</script>", "broken"),
        (b"\xff\xd8\xff\xe0" + b"0" * 100, "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "broken"),
        (pdf(script), "active"),
        (pdf(launch), "active"),
        (pdf(enclosed), "active"),
        (pdf(page_script), "active"),
        (pdf(xfa), "active"),
        (
            pdf(encryption=pikepdf.Encryption(owner="secret", user="secret")),
            "protected",
        ),
        (pdf(encryption=pikepdf.Encryption(owner="secret", user="")), "protected"),
    ],
    ids=[
        "zip", "docx", "odt", "doc", "rar", "7z", "gzip", "tar", "zip that says pdf", "heic",
        "broken webp", "program", "html", "svg", "gif", "html as pdf", "broken jpeg", "broken png",
        "script", "launch", "attachment", "page script", "xfa", "password", "owner password",
    ],
)  # fmt: skip
def test_what_could_do_harm_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(_Refusal, match=f"^{code}$"):
        inspect(content)


def test_a_picture_of_billions_of_points_is_not_unpacked() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)

    head = (60000).to_bytes(4) * 2 + b"\x08\x00\x00\x00\x00"
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(_Refusal, match="too_large"):
        inspect(bomb)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([b"", b"%PDF-1.4\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]),
    st.binary(max_size=400),
)
def test_no_content_is_an_error_of_ours(head: bytes, content: bytes) -> None:
    try:
        inspect(head + content)
    except _Refusal as refusal:
        assert str(refusal) in errors.BY_CODE


def test_a_process_that_is_led_astray_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_args: object, **_options: object) -> None:
        raise subprocess.TimeoutExpired("inspection", 30)

    monkeypatch.setattr(subprocess, "run", endless)
    with pytest.raises(errors.Broken):
        keeping._inspected(b"%PDF-")


def test_the_child_process_answers_as_the_function_does() -> None:
    content = pdf()
    assert keeping._inspected(content) == ("application/pdf", content)
    with pytest.raises(errors.Active):
        keeping._inspected(pdf(script))


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Fahrzeugschein.PDF", "Fahrzeugschein.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Dokumente\\Ausweis.exe", "Ausweis.pdf"),
        ("foto\u202egpj.exe", "fotogpj.pdf"),
        ("", "Datei.pdf"),
        ("...", "Datei.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
    ],
)
def test_a_name_cannot_pose_as_another(given_name: str, kept: str) -> None:
    assert name_of(given_name, "application/pdf") == kept


@given(st.text(max_size=300))
def test_any_name_becomes_a_harmless_one(given_name: str) -> None:
    kept = name_of(given_name, "image/png")
    assert kept.endswith(".png")
    assert "/" not in kept
    assert len(kept) <= 124
