"""Documents as PDF: what they are, and what a hostile template cannot do."""

import errno
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dienstweg.blueprint import documents
from dienstweg.blueprint.documents import Source
from dienstweg.blueprint.pdftext import text_of
from dienstweg.blueprint.typesetter import DocumentFailed, DocumentTooCostly, Typesetter

CONTEXT: dict[str, Any] = {
    "case_number": "KRA-7F3K-9M2Q-X",
    "authority": {
        "name": "Landkreis Kranichsee",
        "address": ["Am Markt 1", "12345 Kranichsee"],
        "phone": "01234 5678",
        "email": "post@kranichsee.example",
        "accent": "#0055aa",
    },
    "application": {"name": "Ayşe Müller", "betrag": 3070},
    "rows": [{"title": "Person", "rows": [{"label": "Name", "text": "Ayşe Müller"}]}],
    "submitted_at": "2. März 2026, 10:00 Uhr",
    "date": "2026-03-02T10:00:00+01:00",
}


def release(**templates: str) -> Any:
    """What a document needs of a release."""
    files = {f"documents/{name}.typ": text.encode() for name, text in templates.items()}
    return SimpleNamespace(
        id="probe",
        files=files,
        documents=documents.parse(files),
        lists={},
        manifest={},
        text=lambda _lang, key, default=None: {"service.title": "Parkausweis"}.get(key, default),
        texts=lambda _lang: {},
    )


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    """One kept child for all documents of this file."""
    with Typesetter(deadline=20) as kept:
        yield kept


def receipt(**changes: Any) -> Source:
    """The source of the receipt."""
    return documents.source(release(), "receipt", {**CONTEXT, **changes})


def raw(code: str, deadline: float = 3.0, **inputs: str) -> bytes:
    """Set a bare piece of Typst in a child of its own."""
    source = Source(main=code, files={}, attach={}, inputs=inputs, timestamp=0)
    with Typesetter(deadline=deadline) as own:
        return own.pdf(source)


def test_a_receipt_is_an_accessible_archive_with_the_data_attached(typesetter: Typesetter) -> None:
    content = typesetter.pdf(receipt())
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.Lang == "de"
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Eingangsbestätigung: Parkausweis"
            assert metadata["xmp:CreateDate"].startswith("2026-03-02T09:00:00")
        attached = pdf.attachments["application.json"]
        assert json.loads(attached.get_file().read_bytes()) == CONTEXT["application"]
        assert attached.relationship == pikepdf.Name.Source
        assert "/OutputIntents" in pdf.Root


def test_a_document_for_others_carries_no_data(typesetter: Typesetter) -> None:
    own = release()
    own.documents["receipt"] = replace(own.documents["receipt"], data=False)
    with pikepdf.open(io.BytesIO(typesetter.pdf(documents.source(own, "receipt", CONTEXT)))) as pdf:
        assert len(pdf.attachments) == 0
        assert "/AF" not in pdf.Root


def test_its_text_says_what_arrived(typesetter: Typesetter) -> None:
    text = text_of(typesetter.pdf(receipt()))
    for part in ("KRA-7F3K-9M2Q-X", "2. März 2026, 10:00 Uhr", "Name Ayşe Müller", "Seite 1 von 1"):
        assert part in text
    english = text_of(typesetter.pdf(receipt(lang="en")))
    assert "Receipt: Parkausweis" in english
    assert "Page 1 of 1" in english


def test_the_same_data_gives_the_same_file(typesetter: Typesetter) -> None:
    assert typesetter.pdf(receipt()) == typesetter.pdf(receipt())


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60))
def test_whatever_people_write_can_be_set(typesetter: Typesetter, text: str) -> None:
    rows = [{"label": "Name", "text": text}]
    content = typesetter.pdf(receipt(rows=rows, application={"name": text}))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        attached = pdf.attachments["application.json"].get_file().read_bytes()
    assert json.loads(attached) == {"name": text}


@pytest.mark.parametrize("text", ['#panic("x")', "$a$ *b* _c_ `d`", '"]; #import "y"', "\\u{41}"])
def test_data_is_never_code(typesetter: Typesetter, text: str) -> None:
    rows = [{"label": "Name", "text": text}]
    assert text in text_of(typesetter.pdf(receipt(rows=rows)))


def test_signs_that_no_font_has_become_boxes(typesetter: Typesetter) -> None:
    rows = [{"label": "Name", "text": "李 😀 Omega Київ\x07"}]
    assert "Name □ □ Omega Київ□" in text_of(typesetter.pdf(receipt(rows=rows)))


def test_arabic_is_set_joined_from_right_to_left_and_can_be_read(typesetter: Typesetter) -> None:
    rows = [{"label": "الاسم الأول", "text": "ليلى پژگچ"}, {"label": "IBAN", "text": "DE02 1203"}]
    content = typesetter.pdf(receipt(rows=rows, lang="ar"))
    text = text_of(content)
    for part in (
        "الاسم الأول",
        "ليلى پژگچ",
        "DE02 1203",
        "12345 Kranichsee",
        "Ihr Antrag ist am 2.",
    ):
        assert part in text
    assert "□" not in text
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
        assert any("IBMPlexSansArabic" in name for name in fonts), fonts
        assert pdf.Root.Lang == "ar"
        tongues = {str(one.Lang) for one in pdf.objects if _has_language(one)}
        assert "de" in tongues, "the authority's own words stay German"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    assert "ليلى" in text_of(typesetter.pdf(receipt(rows=rows))), "also in a German document"


def _has_language(one: Any) -> bool:
    return isinstance(one, pikepdf.Dictionary) and "/Lang" in one


def test_a_wrong_template_says_where(typesetter: Typesetter) -> None:
    rel = release(bescheid='#import "/letter.typ": letter\n#show: letter\n#nichts')
    with pytest.raises(DocumentFailed, match="unknown variable: nichts") as caught:
        typesetter.pdf(documents.source(rel, "bescheid", CONTEXT))
    assert not isinstance(caught.value, DocumentTooCostly)
    assert "%PDF" in typesetter.pdf(receipt())[:8].decode()


LONG = "#let n = 0\n#for i in range(10000) { for j in range(10000) { n += 1 } }"


def test_a_template_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(DocumentTooCostly):
        raw(LONG, deadline=0.8)


def test_a_template_that_does_not_end_is_refused() -> None:
    with pytest.raises(DocumentFailed, match="infinite"):
        raw("#let n = 0\n#while n < 100000000 { n += 1 }", deadline=10)


def test_a_template_that_eats_memory_is_stopped() -> None:
    with pytest.raises(DocumentFailed):
        raw('#let s = "x" * 1000000\n#let a = range(100000).map(i => s + str(i))\n#a.len()', 8)


def test_after_a_stop_the_next_document_is_set() -> None:
    loop = Source(LONG, {}, {})
    with Typesetter(deadline=0.8) as own:
        with pytest.raises(DocumentTooCostly):
            own.pdf(loop)
        own._deadline = 20.0
        assert own.pdf(receipt()).startswith(b"%PDF")


@pytest.mark.parametrize(
    "code",
    [
        '#read("/etc/passwd")',
        '#read("../../../../../../etc/passwd")',
        '#include "/proc/self/environ"',
        '#import "@preview/cetz:0.3.4"',
        '#import "@local/x:1.0.0"',
        '#image("https://example.org/x.png")',
    ],
)
def test_nothing_outside_the_folder_is_read_and_nothing_downloaded(code: str) -> None:
    with pytest.raises(DocumentFailed) as caught:
        raw(code, deadline=10)
    assert "root:" not in str(caught.value)
    assert not isinstance(caught.value, DocumentTooCostly)


def test_the_child_has_no_sockets_and_no_environment() -> None:
    code = (
        "from dienstweg.blueprint import typist; typist.fence()\nimport os, socket\n"
        "print(sorted(set(os.environ) - {'LANG', 'http_proxy', 'https_proxy', 'HTTP_PROXY',"
        " 'HTTPS_PROXY'}))\ntry:\n socket.socket()\nexcept PermissionError:\n print('refused')\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "SECRET": "x"},
        check=True,
    )
    assert told.stdout.split("\n")[:2] == ["[]", "refused"]


def test_the_child_can_write_no_file(tmp_path: Path) -> None:
    code = (
        "import os, sys; from dienstweg.blueprint import typist; typist.fence()\n"
        "file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)\n"
        "try:\n os.write(file, b'x')\nexcept OSError as error:\n print(error.errno)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "x"], capture_output=True, text=True, check=True
    )
    assert int(told.stdout) == errno.EFBIG


def test_a_killed_child_is_replaced_and_leaves_nothing_behind() -> None:
    before = set(Path(tempfile.gettempdir()).glob("*typist*"))
    with Typesetter(deadline=20) as own:
        own.pdf(receipt())
        child = own._child
        assert child is not None
        assert not set(_written_by(child.pid))
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert own.pdf(receipt()).startswith(b"%PDF")
    assert set(Path(tempfile.gettempdir()).glob("*typist*")) <= before


def _written_by(pid: int) -> Iterator[str]:
    """Which files a process has open, other than its pipes and what it only reads."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        target = str(link.readlink())
        if target.startswith("/") and not target.startswith("/dev/"):
            yield target


def test_a_template_is_sent_with_what_it_names_and_nothing_else() -> None:
    rel = release(
        bescheid='#import "/own.typ": x\n#x',
        own='#import "deep.typ": x',
        deep="#let x = [Tief]",
        other="Anderes",
    )
    source = documents.source(rel, "bescheid", CONTEXT)
    assert set(source.files) == {"own.typ", "deep.typ"}


@pytest.mark.parametrize("place", ["bescheid", "letter"])
def test_a_template_that_still_asks_for_inputs_gets_them(
    typesetter: Typesetter, place: str
) -> None:
    asks = "#let number = json(bytes(sys.inputs.context)).case_number"
    texts = {"bescheid": f"#set document(title: [x])\n{asks}\n#number"}
    if place == "letter":
        texts = {
            "letter": asks,
            "bescheid": '#import "/letter.typ": number\n#set document(title: [x])\n#number',
        }
    source = documents.source(release(**texts), "bescheid", CONTEXT)
    assert "KRA-7F3K" in text_of(typesetter.pdf(source))


def test_a_closed_typesetter_starts_again() -> None:
    own = Typesetter(deadline=20)
    own.close()
    assert own.pdf(receipt()).startswith(b"%PDF")
    own.close()
    own.close()
    assert own.pdf(receipt()).startswith(b"%PDF")
    own.close()
