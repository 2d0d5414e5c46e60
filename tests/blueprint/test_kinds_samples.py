"""What is true of every kind: reading, showing, judging, and back again."""

import json
from datetime import date

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.kinds_building import compiled, field, files
from dienstweg.blueprint import formats, pages, playing, reading, release, widgets
from dienstweg.blueprint.kinds.samples import SAMPLES
from dienstweg.blueprint.kinds.table import KINDS

TODAY = date(2026, 11, 22)
every_kind = pytest.mark.parametrize("name", sorted(SAMPLES))


def validator(name):
    return jsonschema_rs.Draft202012Validator(dict(SAMPLES[name].schema), validate_formats=True)


def test_every_widget_that_can_be_answered_has_a_sample():
    assert set(KINDS) - set(SAMPLES) == {"file", "output", "info"}
    assert set(SAMPLES) <= widgets.WIDGETS


@every_kind
def test_a_sample_is_asked_as_its_kind_without_naming_the_widget(name):
    assert field(name).widget == name
    assert field(name).kind is KINDS[name]
    assert widgets.fits(name, SAMPLES[name].schema)


@every_kind
def test_a_case_answers_with_the_sample_and_the_value_is_kept(name):
    sample = SAMPLES[name]
    posted = field(name).kind.sent(field(name), sample.case)
    read = reading.read(field(name), reading.collect(field(name), posted))
    assert read == reading.Read(sample.value)
    assert validator(name).is_valid(sample.value)
    assert field(name).kind.faults(field(name), sample.value) == []


@every_kind
def test_a_sample_stands_in_its_inputs_so_that_it_reads_back(name):
    sample = SAMPLES[name]
    typed = field(name).kind.typed(field(name), sample.value)
    assert reading.read(field(name), typed).value == sample.value


@every_kind
@pytest.mark.parametrize("lang", ["de", "en", "ar"])
def test_a_sample_is_shown_in_words(name, lang):
    shown = formats.shown(compiled(), field(name), SAMPLES[name].value, lang)
    assert shown.strip()
    assert "{" not in shown
    assert "None" not in shown


def test_all_samples_together_make_an_application_and_come_back_from_it():
    answers = {name: sample.case for name, sample in SAMPLES.items()}
    played = playing.play(compiled(), {"alles": answers}, today=TODAY)
    assert played.deviations == []
    assert played.problems == {}
    assert played.application == {name: sample.value for name, sample in SAMPLES.items()}
    again = pages.from_application(compiled(), played.application)
    assert pages.application(compiled(), again, today=TODAY) == played.application
    view = pages.view(compiled(), "alles", again, lang="de", today=TODAY)
    posted = {}
    for name, text in (pair for shown in view.fields for pair in stands(shown)):
        posted.setdefault(name, []).append(text)
    taken = pages.take(compiled(), "alles", again, posted, today=TODAY)
    assert taken.problems == []
    assert pages.application(compiled(), taken.answers, today=TODAY) == played.application


def stands(shown):
    """What a browser posts for a field that nobody touches."""
    if shown.widget in {"row"} or KINDS[shown.widget].composed:
        for part in shown.parts:
            yield from stands(part)
    elif shown.options:
        yield from ((shown.name, each.value) for each in shown.options if each.selected)
    elif isinstance(shown.value, str):
        yield shown.name, shown.value


def test_an_untouched_page_submits_nothing():
    played = playing.play(compiled(), {"alles": {"checkbox": True}}, today=TODAY)
    assert played.deviations == []
    assert played.application == {"checkbox": True, "consent": False}


def test_the_summary_shows_every_kind():
    answers = {name: sample.case for name, sample in SAMPLES.items()}
    played = playing.play(compiled(), {"alles": answers}, today=TODAY)
    for lang in ("de", "en"):
        sections = pages.summary(compiled(), played.answers, lang=lang, today=TODAY)
        rows = {row.field: row.text for section in sections for row in section.rows}
        assert set(rows) == set(SAMPLES)
        assert all(rows.values())
    assert rows["address"] == "Lindenweg 3 a\n24534 Neumünster"


texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.,-+/ :°EHNOäöüÄÖÜß\n", max_size=40),
    st.sampled_from(
        [
            "\x00",
            "\u202eabc",
            "9" * 30_000,
            "\ud800",
            "1/0",
            "DE",
            "0" * 60,
            "a@b",
            "٣٤",
            "²",
            "1e999",
            "-0",
            "nan",
            "inf",
            "00.00.0000",
            "31.2.",
            "+",
            "91 181",
            "[1]",
        ]
    ),
)


def wrong_values():
    """Values of any shape, as an interface may bring them."""
    simple = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["plz", "geometry", "type", "coordinates", "was", "land", "x"]),
                inner,
                max_size=3,
            ),
        ),
        max_leaves=6,
    )


@every_kind
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_is_posted_nothing_raises_and_what_is_accepted_fits_the_schema(name, data):
    asked = field(name)
    inputs = [f"{name}-{part.key}" for part in asked.parts]
    inputs += [f"{name}-{row}-{part.key}" for row in (0, 1, 7) for part in asked.parts]
    inputs += [name, f"{name}-suche", f"{name}-day", f"{name}-year"]
    posted = data.draw(
        st.dictionaries(st.sampled_from(inputs), st.lists(texts, max_size=3), max_size=6)
    )
    taken = pages.take(compiled(), "alles", {}, posted, today=TODAY)
    json.dumps(taken.answers).encode()
    value = taken.answers["data"].get(name)
    if value is None or any(problem.field == name for problem in taken.problems):
        return
    assert validator(name).is_valid(value)
    read = reading.read(asked, asked.kind.typed(asked, value))
    assert read.value == value
    for lang in ("de", "en"):
        assert isinstance(formats.shown(compiled(), asked, value, lang), str)


@every_kind
@settings(max_examples=40, deadline=None)
@given(value=wrong_values())
def test_values_of_any_shape_are_judged_and_shown_without_raising(name, value):
    asked = field(name)
    faults = asked.kind.faults(asked, value)
    assert all(isinstance(fault.code, str) for fault in faults)
    if not faults and value is not None and value not in ("", [], {}) and name != "signature":
        assert validator(name).is_valid(value) or asked.kind.composed
    for lang in ("de", "en"):
        assert isinstance(formats.shown(compiled(), asked, value, lang), str)
    answers = {"data": {name: value}, "raw": {}, "seen": []}
    pages.view(compiled(), "alles", answers, lang="de", today=TODAY)
    pages.first_problem(compiled(), answers, TODAY)


def test_a_draft_with_what_could_not_be_read_is_shown_again_as_it_was_typed():
    posted = {"address-plz": ["123"], "address-ort": ["Kiel"], "table-0-anzahl": ["viele"]}
    posted |= {"iban": ["DE00"], "point-geometry": ["hier"]}
    taken = pages.take(compiled(), "alles", {}, posted, today=TODAY)
    view = pages.view(
        compiled(), "alles", taken.answers, lang="de", today=TODAY, problems=taken.problems
    )
    shown = {each.id: each for each in view.fields}
    address = {part.id: part for part in shown["address"].parts}
    assert address["plz"].value == "123"
    assert "fünf Ziffern" in address["plz"].error
    assert address["ort"].value == "Kiel"
    assert address["strasse"].error == "Bitte füllen Sie dieses Feld aus: Straße."
    cell = shown["table"].parts[0].parts[1]
    assert (cell.name, cell.value) == ("table-0-anzahl", "viele")
    assert "Zahl" in cell.error
    assert shown["point"].parts[1].value == "hier"
    assert taken.answers["data"]["address"] == {"ort": "Kiel"}
    assert {(each.field, each.part) for each in taken.problems} >= {
        ("address", "plz"),
        ("address", "strasse"),
        ("table", "0-anzahl"),
        ("point", "geometry"),
        ("iban", None),
    }
    repaired = pages.take(
        compiled(), "alles", taken.answers, {"address-plz": ["24103"]}, today=TODAY
    )
    assert repaired.answers["data"]["address"] == {"ort": "Kiel", "plz": "24103"}
    assert "address" not in repaired.answers["raw"]


def test_rules_see_parts_as_data_also_of_a_half_filled_address():
    given = files({"anschrift": SAMPLES["address"].schema, "ort": {"type": "string"}})
    assistant = json.loads(given["assistant.yaml"])
    assistant["pages"][0]["fields"][1]["when"] = 'data.anschrift.plz == "24534"'
    given["assistant.yaml"] = json.dumps(assistant).encode()
    made = release.compile(given)

    def shown(posted):
        answers = pages.take(made, "alles", {}, posted, today=TODAY).answers
        return [
            each.id for each in pages.view(made, "alles", answers, lang="de", today=TODAY).fields
        ]

    assert shown({}) == ["anschrift"]
    assert shown({"anschrift-plz": ["24103"]}) == ["anschrift"]
    assert shown({"anschrift-plz": ["24534"]}) == ["anschrift", "ort"]
