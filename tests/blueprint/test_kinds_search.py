"""One of ten thousand, found by typing, with a script and without."""

import re
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.kinds_building import files
from dienstweg.blueprint import pages, playing, release
from dienstweg.blueprint.kinds.lookup import folded

TODAY = date(2026, 11, 22)
NAMES = [
    "Bäcker/in",
    "Bäckereifachverkäufer/in",
    "Tischler/in",
    "Straßenbauer/in",
    "Müller/in",
    "Gärtner/in – Zierpflanzenbau",
    "Informatiker/in",
    "Schornsteinfeger/in",
    "Résumé-Berater/in",
    "Resume-Berater/in",
]


@cache
def compiled():
    names = [*NAMES, *(f"Beruf {number}" for number in range(len(NAMES), 10_000))]
    rows = [
        {
            "kode": f"{at:05}" if name.startswith("Beruf ") else f"9{at:04}",
            "name": name,
            "name_en": f"{name} (en)",
        }
        for at, name in enumerate(names)
    ]
    given = files({"beruf": {"type": "string"}}, lists={"berufe": rows})
    options = b'"options": {"list": "berufe", "value": "kode", "label": "name"}'
    given["assistant.yaml"] = given["assistant.yaml"].replace(
        b'"at": "/beruf"', b'"at": "/beruf", ' + options
    )
    return release.compile(given)


def take(answers=None, **posted):
    texts = {name.replace("_", "-"): [text] for name, text in posted.items()}
    return pages.take(compiled(), "alles", answers or {}, texts, today=TODAY)


def asked(answers):
    view = pages.view(compiled(), "alles", answers, lang="de", today=TODAY)
    return view.fields[0]


def labels(text, **more):
    return [each.label for each in pages.matches(compiled(), "beruf", text, lang="de", **more)]


def test_more_than_a_hundred_choices_are_searched():
    assert compiled().assistant.field["beruf"].widget == "search"
    assert len(compiled().assistant.field["beruf"].choices) == 10_000


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Bäcker/in", "Bäcker/in"),
        ("backer", "Bäcker/in"),
        ("baecker", "Bäcker/in"),
        ("bäkcer", "Bäcker/in"),
        ("Bäckerei", "Bäckereifachverkäufer/in"),
        ("Tishler", "Tischler/in"),
        ("strassenbauer", "Straßenbauer/in"),
        ("Strasenbauer", "Straßenbauer/in"),
        ("zierpflanze", "Gärtner/in – Zierpflanzenbau"),
        ("Gärtner Zier", "Gärtner/in – Zierpflanzenbau"),
        ("mueler", "Müller/in"),
        ("schornsteinfger", "Schornsteinfeger/in"),
        ("90002", "Tischler/in"),
        ("Beruf 4711", "Beruf 4711"),
    ],
)
def test_what_people_type_finds_what_they_mean(text, first):
    assert labels(text)[0] == first


def test_no_more_than_asked_for_and_nothing_for_nothing():
    assert len(labels("Beruf")) == 20
    assert len(labels("Beruf", limit=5)) == 5
    assert len(labels("Beruf", limit=100_000)) == 100
    assert labels("") == labels("   ") == labels("???") == []
    assert pages.matches(compiled(), "gibt-es-nicht", "x", lang="de") == []


@given(st.text(max_size=300))
@settings(max_examples=30, deadline=None)
def test_any_text_can_be_searched(text):
    assert len(labels(text)) <= 20


@given(st.sampled_from(NAMES), st.integers(0, 30))
@settings(deadline=None)
def test_one_letter_left_out_still_finds_it(name, at):
    word = re.split("[/-]", name)[0]
    place = 1 + at % (len(word) - 1)
    assert name in labels(word[:place] + word[place + 1 :])


def test_both_german_habits_fold_to_the_same():
    assert folded("Bäckerstraße") == folded("BAECKERSTRASSE") == folded("Backerstrasse")
    assert folded("Řezník") == "reznik"


def test_a_chosen_entry_is_kept_and_stands_with_its_name():
    taken = take(beruf="90002", beruf_suche="Tischler/in")
    assert taken.problems == []
    assert taken.answers["data"] == {"beruf": "90002"}
    shown = asked(taken.answers)
    assert shown.value == "90002"
    assert [(each.label, each.selected) for each in shown.options] == [("Tischler/in", True)]
    assert shown.parts[0].name == "beruf-suche"
    assert shown.parts[0].value == "Tischler/in"


def test_without_a_script_the_text_alone_finds_its_entry_or_shows_what_may_be_meant():
    assert take(beruf_suche="tischler/in").answers["data"] == {"beruf": "90002"}
    taken = take(beruf_suche="backer")
    assert [each.code for each in taken.problems] == ["search"]
    assert "Liste" in taken.problems[0].message
    shown = asked(taken.answers)
    assert shown.parts[0].value == "backer"
    assert shown.options[0].label == "Bäcker/in"
    assert not any(each.selected for each in shown.options)
    chosen = take(taken.answers, beruf="90000", beruf_suche="backer")
    assert chosen.problems == []
    assert chosen.answers["data"] == {"beruf": "90000"}
    assert chosen.answers["raw"] == {}


def test_a_text_typed_anew_counts_more_than_the_entry_chosen_before():
    before = take(beruf="90000", beruf_suche="Bäcker/in").answers
    assert take(before, beruf="90000", beruf_suche="Müller/in").answers["data"] == {
        "beruf": "90004"
    }
    unclear = take(before, beruf="90000", beruf_suche="Informatik oder so")
    assert [each.code for each in unclear.problems] == ["search"]
    assert unclear.answers["data"] == {"beruf": None}
    assert take(before, beruf="90000", beruf_suche="").answers["data"] == {"beruf": None}


def test_names_that_differ_in_accents_alone_are_told_apart():
    assert take(beruf_suche="Résumé-Berater/in").answers["data"] == {"beruf": "90008"}
    assert take(beruf_suche="Resume-Berater/in").answers["data"] == {"beruf": "90009"}
    assert [each.code for each in take(beruf_suche="resume berater in").problems] == ["search"]


def test_what_is_not_in_the_list_is_refused_whoever_brings_it():
    assert [each.code for each in take(beruf="99999").problems] == ["enum"]
    field = compiled().assistant.field["beruf"]
    assert [each.code for each in field.kind.faults(field, "99999")] == ["enum"]
    assert [each.code for each in field.kind.faults(field, 90002)] == ["enum"]


def test_a_case_answers_with_the_value():
    played = playing.play(compiled(), {"alles": {"beruf": "90002"}}, today=TODAY)
    assert played.application == {"beruf": "90002"}
    english = pages.summary(compiled(), played.answers, lang="en", today=TODAY)
    assert english[0].rows[0].text == "Tischler/in (en)"
