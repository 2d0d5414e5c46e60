"""Fields: names, ties between label, hint, error and input, and nothing unescaped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.design.fields import INPUT_TYPES, WIDGETS, render
from dienstweg.design.question import Choice, Question
from dienstweg.design.uploads import size
from html_tree import Tree

CHOICES = (Choice("a", "Auto"), Choice("b", "Boot", selected=True))
EVERY_WIDGET = sorted({*INPUT_TYPES, *WIDGETS, "file", "text"})


@pytest.mark.parametrize("widget", sorted(INPUT_TYPES))
def test_an_input_is_tied_to_its_label_hint_and_error(widget):
    html = render(Question("n", "Frage", widget, hint="Hilfe", error="Falsch", value="3"), "de")
    tree = Tree(html)
    (field,) = tree.all("input")
    assert tree.all("label")[0]["for"] == field["id"] == "feld-n"
    assert field["aria-describedby"] == "feld-n-hint feld-n-error"
    assert field["aria-invalid"] == "true"
    assert field["value"] == "3"
    assert {one.get("id") for _, one in tree.elements} >= {"feld-n-hint", "feld-n-error"}


def test_without_error_and_hint_nothing_is_announced():
    (field,) = Tree(render(Question("n", "Frage"), "de")).all("input")
    assert "aria-describedby" not in field
    assert "aria-invalid" not in field


def test_voluntary_answers_are_marked_and_needed_ones_required():
    needed = render(Question("n", "Frage"), "de")
    voluntary = render(Question("n", "Frage", required=False), "de")
    assert " required" in needed
    assert "freiwillig" not in needed
    assert " required" not in voluntary
    assert "(freiwillig)" in voluntary


def test_radio_buttons_stand_in_a_fieldset_and_the_first_has_the_id_of_the_field():
    tree = Tree(render(Question("art", "Welche?", "radio", options=CHOICES), "de"))
    first, second = tree.all("input")
    assert tree.all("fieldset")
    assert (first["id"], second["id"]) == ("feld-art", "feld-art-2")
    assert "checked" not in first
    assert "checked" in second
    assert [one["for"] for one in tree.all("label")] == ["feld-art", "feld-art-2"]


def test_a_select_offers_nothing_first():
    tree = Tree(render(Question("land", "Land", "select", options=CHOICES), "de"))
    values = [one["value"] for one in tree.all("option")]
    assert values == ["", "a", "b"]


def test_dates_explain_how_they_are_written():
    assert "24.12.1980" in render(Question("d", "Geburtsdatum", "date"), "de")


def test_sensitive_fields_are_not_remembered_by_the_browser():
    (field,) = Tree(render(Question("i", "IBAN", autocomplete="iban"), "de")).all("input")
    assert field["autocomplete"] == "off"
    assert field["spellcheck"] == "false"
    assert field["translate"] == "no"


def test_a_file_field_uploads_by_a_button_of_its_own():
    class File:
        id, name, size = "7", "nachweis.pdf", 1_234_567
        media_type, state = "application/pdf", "ready"

    html = render(
        Question("beleg", "Nachweis", "file", multiple=True),
        "de",
        files=[File()],
        upload_url="/anlage",
    )
    tree = Tree(html)
    buttons = tree.all("button")
    assert [one["name"] for one in buttons] == ["entfernen", "hochladen"]
    assert {one["formaction"] for one in buttons} == {"/anlage"}
    assert buttons[0]["value"] == "beleg/7"
    assert "1,2 MB" in tree.text


def test_a_single_file_leaves_no_room_for_a_second():
    class File:
        id, name, size = "7", "nachweis.pdf", 1
        media_type, state = "application/pdf", "waiting"

    html = render(Question("beleg", "Nachweis", "file"), "de", files=[File()], upload_url="/x")
    assert not Tree(html).all("input")


@pytest.mark.parametrize(
    ("number", "text"), [(0, "1 KB"), (340_000, "340 KB"), (2_500_000, "2,5 MB")]
)
def test_sizes_are_written_for_people(number, text):
    assert size(number, "de") == text


@pytest.mark.parametrize("widget", EVERY_WIDGET)
@given(text=st.text(alphabet="<>&\"'aä ", max_size=12))
def test_nothing_that_is_typed_becomes_markup(widget, text):
    mark = "<script>" + text
    question = Question(
        "n",
        mark,
        widget,
        value=mark,
        hint=mark,
        error=mark,
        purpose=mark,
        info=mark,
        options=(Choice(mark, mark),),
    )
    assert not Tree(render(question, "de")).all("script")
