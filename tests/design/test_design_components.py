"""Components: what assistive technology needs of them."""

from dataclasses import dataclass

import pytest

from dienstweg.design import components, markup
from dienstweg.design.frame import Look, coat
from dienstweg.design.question import Fault


@dataclass
class Row:
    label: str
    text: str


@dataclass
class Entry:
    title: str
    when: str
    text: str


def test_the_error_summary_links_to_the_fields_and_takes_the_focus():
    html = components.error_summary([Fault("Fehlt", "name"), Fault("Allgemein")], "de")
    assert 'href="#feld-name"' in html
    assert "Bitte prüfen Sie 2 Angaben" in html
    assert "autofocus" in html
    assert html.count("<a ") == 1


def test_without_faults_there_is_no_error_summary():
    assert components.error_summary([], "de") == ""


def test_progress_is_said_in_words_and_as_a_bar():
    html = components.progress(2, 5, "de")
    assert "Schritt 2 von 5" in html
    assert 'value="2"' in html
    assert 'max="5"' in html
    assert 'for="fortschritt"' in html


def test_a_summary_names_its_section_for_the_change_link():
    html = components.summary("Person", 1, [Row("Name", "Ada\nLovelace")], "/antrag/1/person", "de")
    assert 'aria-describedby="abschnitt-1"' in html
    assert "Ada<br>Lovelace" in html
    assert "Ändern" in html


def test_a_summary_without_link_has_none():
    assert "<a" not in components.summary("Person", 1, [Row("Name", "x")], None, "de")


def test_pagination_only_shows_where_there_are_pages():
    assert components.pagination(1, 1, "de") == ""
    html = components.pagination(2, 3, "de", "suche=a&")
    assert "?suche=a&amp;seite=1" in html
    assert "?suche=a&amp;seite=3" in html


def test_a_table_names_row_and_column_heads():
    html = components.table("Vorgänge", ["Nummer", "Stand"], [["K-1", "offen"]])
    assert 'scope="col"' in html
    assert 'scope="row"' in html
    assert "<caption" in html


def test_breadcrumb_marks_where_one_is():
    html = components.breadcrumb([("Start", "/"), ("Hier", None)], "de")
    assert 'aria-current="page"' in html


def test_timeline_escapes():
    html = components.timeline([Entry("<b>", "heute", "<i>")])
    assert "<b>" not in html
    assert "<i>" not in html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\nb", '<p class="kern-body">a</p><p class="kern-body">b</p>'),
        ("- a\n- b", '<ul class="kern-list kern-list--bullet"><li>a</li><li>b</li></ul>'),
        ("a\nb", '<p class="kern-body">a b</p>'),
        ("## T\na", '<h2 class="kern-heading-medium">T</h2><p class="kern-body">a</p>'),
        ("", ""),
    ],
)
def test_plain_text_becomes_paragraphs_and_lists(text, expected):
    assert markup.paragraphs(text) == expected


def test_attributes_are_escaped_and_empty_ones_left_out():
    html = markup.h("a", {"href": '"><script>', "title": None, "hidden": True})
    assert html == '<a href="&quot;&gt;&lt;script&gt;" hidden></a>'


def test_the_coat_needs_no_inline_style():
    assert "style" not in coat(Look("Stadt", "S", "#123456"))


def test_a_letter_keeps_its_lines():
    assert markup.letter("Grüße\nIhre Stadt") == '<p class="kern-body">Grüße<br>Ihre Stadt</p>'


def test_one_line_is_no_list():
    assert "<ul" not in markup.bullets("eins")
    assert markup.bullets("eins\nzwei").count("<li>") == 2
