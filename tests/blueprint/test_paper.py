"""An assistant on paper: everything is asked, conditions are said, the PDF is tagged."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

import small_blueprint
from dienstweg.blueprint import paper
from dienstweg.blueprint import release as releases
from dienstweg.blueprint.paper import Setting
from dienstweg.blueprint.pdftext import text_of
from dienstweg.blueprint.typesetter import Typesetter

SHIPPED = sorted((Path(__file__).parents[2] / "leistungen").iterdir())
SETTING = Setting(
    {
        "name": "Gemeinde Kranichsee",
        "address": ["Seeweg 1", "05172 Kranichsee"],
        "accent": "#1a3da5",
    },
    datetime(2026, 11, 22, 12, tzinfo=UTC),
    {},
)


def files_of(path: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(path)): one.read_bytes() for one in path.rglob("*") if one.is_file()
    }


@pytest.fixture(scope="module")
def dogs():
    return releases.compile(files_of(next(p for p in SHIPPED if p.name.startswith("hundesteuer"))))


@pytest.fixture(scope="module")
def typesetter():
    with Typesetter() as kept:
        yield kept


def context(release, answers=None, lang="de"):
    source = paper.source(release, answers, SETTING, lang=lang)
    return json.loads(source.inputs["context"])


def fields_of(found):
    return [field for page in found["pages"] for field in page["fields"]]


def by_label(found, label):
    return next(one for one in fields_of(found) if one["label"] == label)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_shipped_assistant_asks_all_its_questions(path, lang):
    release = releases.compile(files_of(path))
    found = context(release, lang=lang)
    asked = {json.dumps(one["label"]) for one in fields_of(found)}
    asked |= {json.dumps(one["value"]) for one in fields_of(found)}
    for _, field in release.assistant.fields():
        if field.is_input and field.widget != "file":
            label = release.text(lang, f"fields.{field.id}.label")
            assert json.dumps(paper._words(label)) in asked, field.id


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_pdf_is_tagged_and_says_what_it_is(path, typesetter):
    release = releases.compile(files_of(path))
    content = typesetter.pdf(paper.source(release, None, SETTING, lang="de"))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.StructTreeRoot.K
        assert str(pdf.Root.Lang) == "de"
        assert pdf.docinfo["/Title"] == release.text("de", "service.title")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["pdfaid:part"] == "3"
        assert len(pdf.pages) > 1


def test_conditions_are_said_in_words(dogs):
    found = context(dogs)
    assert by_label(found, "Zweite Rasse")["note"] == (
        "Nur ausfüllen, wenn Sie bei „Ist der Hund ein Mischling?“ diese Antwort gegeben haben: "
        "„Ja“."
    )
    assert (
        "“ oder „"
        in by_label(found, "Name und Anschrift der Person oder Stelle, von der Sie den Hund haben")[
            "note"
        ]
    )
    assert by_label(found, "Name der Haftpflichtversicherung")["note"] == (
        "Nur ausfüllen, wenn es auf Sie zutrifft."
    )


def test_an_empty_group_has_spare_copies_and_a_filled_one_more(dogs):
    titles = [page["title"] for page in context(dogs)["pages"]]
    assert [one for one in titles if one.startswith("Ihre Hunde")] == [
        "Ihre Hunde, Nummer 1",
        "Ihre Hunde, Nummer 2",
    ]
    answers = {"data": {"hunde": [{"name": one} for one in ("Bello", "Resi", "Rex")]}}
    titles = [page["title"] for page in context(dogs, answers)["pages"]]
    assert len([one for one in titles if one.startswith("Ihre Hunde")]) == 4


def test_what_was_entered_stands_on_it_and_what_it_rules_out_does_not(dogs):
    answers = {
        "data": {"halter": {"anzahl": "eine", "vorname": "Änne"}, "zuzug": {"zugezogen": False}}
    }
    found = context(dogs, answers)
    assert by_label(found, "Vorname")["value"] == "Änne"
    alone = by_label(found, "Wer hält den Hund?")["options"]
    assert [one["marked"] for one in alone] == [True, False]
    titles = [page["title"] for page in found["pages"]]
    assert not any(one.startswith("Weitere Halterinnen") for one in titles)
    assert "Seit wann wohnen Sie hier?" not in [one["label"] for one in fields_of(found)]
    assert "Seit wann wohnen Sie hier?" in [one["label"] for one in fields_of(context(dogs, {}))]


def test_hostile_answers_are_only_text(dogs, typesetter):
    answers = {"data": {"halter": {"vorname": '#panic("x") \x00\u202e ᚠ 漢 </script> ' * 20}}}
    content = typesetter.pdf(paper.source(dogs, answers, SETTING, lang="de"))
    assert content.startswith(b"%PDF")


def test_a_language_that_our_fonts_cannot_show_becomes_german(dogs):
    assert paper.language("zh") == "de"
    assert paper.language("uk") == "uk"
    assert paper.language("de-x-leicht") == "de-x-leicht"
    assert context(dogs, lang="zh")["lang"] == "de"


def test_arabic_runs_from_right_to_left_on_paper_too(typesetter):
    title = "service: {title: تصريح وقوف}\n".encode()
    release = releases.compile({**small_blueprint.files(), "texts/ar.yaml": title})
    source = paper.source(release, None, SETTING, lang="ar")
    found = json.loads(source.inputs["context"])
    assert (found["lang"], found["rtl"], found["title"]) == ("ar", True, "تصريح وقوف")
    text = text_of(typesetter.pdf(source))
    assert "تصريح وقوف" in text
    assert "05172 Kranichsee" in text, "the number stays before the town"


def test_words_that_are_not_translated_keep_their_language(typesetter):
    release = releases.compile(
        {**small_blueprint.files(), "texts/tr.yaml": b"service: {title: Merhaba}\n"}
    )
    source = paper.source(release, None, SETTING, lang="tr")
    found = json.loads(source.inputs["context"])
    assert found["title"] == "Merhaba"
    assert found["words"]["signature"] == {"lang": "de", "rtl": False, "text": "Unterschrift"}
    with pikepdf.open(io.BytesIO(typesetter.pdf(source))) as pdf:
        assert str(pdf.Root.Lang) == "tr"
