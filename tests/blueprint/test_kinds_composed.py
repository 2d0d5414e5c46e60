"""Answers made of parts: addresses, persons, signatures, places, tables."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.kinds_building import compiled, field, files, one
from dienstweg.blueprint import documents, filling, formats, pages, playing, reading, release
from dienstweg.blueprint.kinds import planes
from dienstweg.blueprint.kinds.geometry import MOST_POINTS, position
from dienstweg.blueprint.kinds.samples import SAMPLES
from dienstweg.blueprint.pdftext import text_of
from dienstweg.blueprint.typesetter import Typesetter

TODAY = date(2026, 11, 22)
HOME = {"strasse": "Lindenweg", "hausnummer": "3", "plz": "24534", "ort": "Neumünster"}


def typed(kind, /, **parts):
    asked = field(kind)
    return reading.read(asked, {key: [text] for key, text in parts.items()})


def codes(faults):
    return {fault.part: fault.code for fault in faults}


@pytest.mark.parametrize(
    ("street", "parts"),
    [
        ("Lindenweg 3", ("Lindenweg", "3")),
        ("Lindenweg 3 a", ("Lindenweg", "3 a")),
        ("Straße des 17. Juni 135", ("Straße des 17. Juni", "135")),
        ("Am Markt 12-14", ("Am Markt", "12-14")),
        ("Q 7 24", ("Q 7", "24")),
    ],
)
def test_a_house_number_behind_the_street_is_put_where_it_belongs(street, parts):
    read = typed("address", strasse=street, hausnummer="", plz="24534", ort="Neumünster")
    assert (read.value["strasse"], read.value["hausnummer"]) == parts


def test_a_street_without_a_number_stays_and_the_number_is_missing():
    read = typed("address", strasse="Straße des 17. Juni", plz="10623", ort="Berlin")
    assert codes(field("address").kind.faults(field("address"), read.value)) == {
        "hausnummer": "required"
    }


def test_a_postcode_abroad_is_not_a_german_one():
    vienna = typed("address", **{**HOME, "plz": "1010", "ort": "Wien", "land": "AT"})
    assert vienna.value["plz"] == "1010"
    assert field("address").kind.faults(field("address"), vienna.value) == []
    assert formats.shown(compiled(), field("address"), vienna.value, "de") == (
        "Lindenweg 3\n1010 Wien\nÖsterreich"
    )
    assert codes(typed("address", **{**HOME, "plz": "1010", "land": "DE"}).faults) == {
        "plz": "postcode"
    }
    assert codes(typed("address", **{**HOME, "plz": "<b>", "land": "AT"}).faults) == {
        "plz": "postcode-abroad"
    }


def test_the_country_alone_is_no_address():
    assert typed("address", land="DE", ort="").value is None
    view = pages.view(compiled(), "alles", {}, lang="de", today=TODAY)
    country = next(
        part for each in view.fields if each.id == "address" for part in each.parts
        if part.id == "land"
    )  # fmt: skip
    assert country.value == "DE"
    assert [option.label for option in country.options if option.selected] == ["Deutschland"]


def test_a_person_is_shown_with_the_name_first():
    ada = {
        "titel": "Dr.",
        "vorname": "Ada",
        "nachname": "Lovelace",
        "geburtsname": "Byron",
        "geburtsdatum": "1815",
        "staatsangehoerigkeit": "GB",
    }
    assert formats.shown(compiled(), field("person"), ada, "de").split("\n") == [
        "Dr. Ada Lovelace",
        "Geburtsname: Byron",
        "Geburtsdatum: 1815",
        "Staatsangehörigkeit: Vereinigtes Königreich",
    ]
    assert "Name at birth: Byron" in formats.shown(compiled(), field("person"), ada, "en")


def test_parts_have_usual_names_tokens_and_help():
    view = pages.view(compiled(), "alles", {}, lang="de", today=TODAY)
    shown = {each.id: {part.id: part for part in each.parts} for each in view.fields}
    assert shown["person"]["nachname"].label == "Nachname"
    assert shown["person"]["nachname"].autocomplete == "family-name"
    assert shown["person"]["nachname"].name == "person-nachname"
    assert shown["address"]["plz"].widget == "postcode"
    assert shown["point"]["adresse"].label == "Adresse oder Beschreibung"
    assert shown["point"]["geometry"].label == "Koordinaten"
    assert shown["line"]["geometry"].widget == "textarea"
    assert "54,3215 10,1349" in shown["point"]["geometry"].hint
    english = pages.view(compiled(), "alles", {}, lang="en", today=TODAY)
    parts = {part.id: part for each in english.fields if each.id == "person" for part in each.parts}
    assert parts["nachname"].label == "Last name"


def test_other_peoples_data_is_not_filled_in_by_the_browser():
    made = release.compile(
        files(
            {"a": SAMPLES["person"].schema, "b": SAMPLES["person"].schema},
            fields={"a": {"autocomplete": "off"}, "b": {"autocomplete": "section-b"}},
        )
    )
    tokens = {name: made.assistant.field[name].part("nachname").autocomplete for name in ("a", "b")}
    assert tokens == {"a": "off", "b": "section-b family-name"}


def test_a_signature_needs_the_name_and_the_box():
    name_only = typed("signature", name="Ada Lovelace", erklaert="")
    assert codes(field("signature").kind.faults(field("signature"), name_only.value)) == {
        "erklaert": "required"
    }
    assert typed("signature", name="", erklaert="").value is None
    both = typed("signature", name="Ada Lovelace", erklaert="true")
    assert formats.shown(compiled(), field("signature"), both.value, "de") == (
        "Mit dem Namen erklärt von Ada Lovelace"
    )


def test_an_empty_required_field_says_what_is_missing_part_by_part():
    made = release.compile(
        files(
            {name: SAMPLES[name].schema for name in ("address", "point", "table")},
            required=["address", "point", "table"],
        )
    )
    found = pages.take(made, "alles", {}, {}, today=TODAY).problems
    assert {(each.field, each.part, each.code) for each in found} == {
        ("address", "strasse", "required"),
        ("address", "hausnummer", "required"),
        ("address", "plz", "required"),
        ("address", "ort", "required"),
        ("point", None, "required"),
        ("table", "0-was", "required"),
        ("table", "0-anzahl", "required"),
    }
    said = {(each.field, each.part): each.message for each in found}
    assert said["table", "0-was"] == "Zeile 1: Bitte füllen Sie dieses Feld aus: Was."
    assert "Koordinaten" in said["point", None]


def test_conditions_inside_an_address_are_told_at_the_part():
    schema = json.loads(json.dumps(SAMPLES["address"].schema))
    schema["required"] = ["ort"]
    schema["if"] = {"properties": {"land": {"const": "DE"}}, "required": ["land"]}
    schema["then"] = {"required": ["plz"]}
    asked = one(schema)
    assert codes(asked.kind.faults(asked, {"ort": "Kiel", "land": "DE"})) == {"plz": "required"}
    assert asked.kind.faults(asked, {"ort": "Wien", "land": "AT"}) == []


def test_conditions_around_an_address_require_its_parts():
    given = files({"firma": {"type": "boolean"}, "address": SAMPLES["address"].schema})
    data = json.loads(given["data.schema.json"])
    data["properties"]["address"] = {**SAMPLES["address"].schema, "required": ["ort"]}
    data["if"] = {"properties": {"firma": {"const": True}}, "required": ["firma"]}
    data["then"] = {"required": ["address"], "properties": {"address": {"required": ["plz"]}}}
    given["data.schema.json"] = json.dumps(data).encode()
    made = release.compile(given)
    found = pages.take(made, "alles", {}, {"firma": ["ja"]}, today=TODAY).problems
    assert {(each.field, each.part) for each in found} == {("address", "plz"), ("address", "ort")}
    assert pages.take(made, "alles", {}, {"firma": ["nein"]}, today=TODAY).problems == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("54,3215 10,1349", (10.1349, 54.3215)),
        ("54.3215, 10.1349", (10.1349, 54.3215)),
        ("54.3215,10.1349", (10.1349, 54.3215)),
        ("54,3215; 10,1349", (10.1349, 54.3215)),
        ("54,3215;10,1349", (10.1349, 54.3215)),
        ("54,3215, 10,1349", (10.1349, 54.3215)),
        ("54.321500, 10.134900", (10.1349, 54.3215)),
        ("54,3215° N, 10,1349° O", (10.1349, 54.3215)),
        ("33,8688 S 151,2093 O", (151.2093, -33.8688)),
        ("40.7128° N 74.006° w", (-74.006, 40.7128)),
        ("54 10", (10.0, 54.0)),
        ("-33.8688 151.2093", (151.2093, -33.8688)),
        ("54,32151234567 10,1349", (10.1349, 54.321512)),
        ("91 10", None),
        ("54 181", None),
        ("54", None),
        ("54,3,10,1", None),
        ("54 10 3", None),
        ("am Teich", None),
        ("", None),
        ("nan nan", None),
    ],
)
def test_coordinates_as_people_type_them(text, found):
    assert position(text) == found


def test_a_place_by_words_alone_is_a_place():
    read = typed("point", adresse="Hinter der Kirche", geometry="")
    assert read.value == {"adresse": "Hinter der Kirche"}
    assert field("point").kind.faults(field("point"), read.value) == []


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("point", "54 10\n54 11", "position"),
        ("line", "54 10", "line-few"),
        ("line", "54 10\n54 10", "line-few"),
        ("line", "54 10\nhier", "positions"),
        ("area", "54 10\n54 11", "area-few"),
        ("area", "54 10\n55 11\n54 11\n55 10", "area-crosses"),
        ("area", "54 10\n54 11\n54 12", "area-crosses"),
        ("line", "\n".join(f"54 {at / 100}" for at in range(MOST_POINTS + 1)), "points-many"),
    ],
)
def test_what_is_no_place(name, text, code):
    assert codes(typed(name, geometry=text).faults) == {"geometry": code}


def test_an_area_is_closed_and_goes_round_anticlockwise():
    clockwise = typed("area", geometry="54 10\n55 10\n55 11\n54 11\n54 10").value["geometry"]
    assert clockwise["coordinates"] == [
        [[10.0, 54.0], [11.0, 54.0], [11.0, 55.0], [10.0, 55.0], [10.0, 54.0]]
    ]


def test_an_interface_cannot_bring_in_a_place_off_the_earth():
    point, area = field("point"), field("area")
    off = {"geometry": {"type": "Point", "coordinates": [200.0, 54.0]}}
    assert codes(point.kind.faults(point, off)) == {"geometry": "position"}
    crossed = [[10.0, 54.0], [11.0, 55.0], [11.0, 54.0], [10.0, 55.0], [10.0, 54.0]]
    found = area.kind.faults(area, {"geometry": {"type": "Polygon", "coordinates": [crossed]}})
    assert codes(found) == {"geometry": "area-crosses"}


corners = st.lists(
    st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=3, max_size=7, unique=True
)


def slowly(ring):
    """Whether two sides of a ring meet, by sampling exact fractions along every side."""
    from fractions import Fraction

    count = len(ring)
    for one_ in range(count):
        a, b = ring[one_], ring[(one_ + 1) % count]
        for two in range(one_ + 1, count):
            c, d = ring[two], ring[(two + 1) % count]
            shared = {a, b} & {c, d}
            r, s = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])
            cross = r[0] * s[1] - r[1] * s[0]
            away = (c[0] - a[0], c[1] - a[1])
            if cross == 0:
                if away[0] * r[1] - away[1] * r[0] != 0:
                    continue
                length = r[0] ** 2 + r[1] ** 2
                t0 = Fraction(away[0] * r[0] + away[1] * r[1], length)
                t1 = t0 + Fraction(s[0] * r[0] + s[1] * r[1], length)
                low, high = max(Fraction(0), min(t0, t1)), min(Fraction(1), max(t0, t1))
                if low < high or (low == high and not shared):
                    return True
                continue
            t = Fraction(away[0] * s[1] - away[1] * s[0], cross)
            u = Fraction(away[0] * r[1] - away[1] * r[0], cross)
            if 0 <= t <= 1 and 0 <= u <= 1:
                meeting = (a[0] + t * r[0], a[1] + t * r[1])
                if meeting not in shared:
                    return True
    return False


@settings(max_examples=300)
@given(corners)
def test_whether_a_ring_touches_itself_is_found_as_by_exact_arithmetic(ring):
    assert planes.crosses([(float(x), float(y)) for x, y in ring]) == slowly(ring)


def test_rows_of_a_table_that_are_empty_are_left_out_and_the_others_move_up():
    cells = {"0-was": "", "1-was": "Zelt", "1-anzahl": "zwei", "4-was": "Bank", "4-anzahl": "1"}
    read = reading.read(field("table"), {name: [text] for name, text in cells.items()})
    assert read.value == [{"was": "Zelt"}, {"was": "Bank", "anzahl": 1}]
    assert codes(read.faults) == {"0-anzahl": "number"}
    assert read.unread == {"0-anzahl": ["zwei"]}


def test_a_table_has_no_more_rows_than_the_schema_says():
    rows = [{"was": "Zelt", "anzahl": 1}] * 21
    assert codes(field("table").kind.faults(field("table"), rows)) == {None: "rows-many"}
    posted = {f"table-{at}-was": ["x"] for at in range(5_000)}
    taken = pages.take(compiled(), "alles", {}, posted, today=TODAY)
    assert len(taken.answers["data"]["table"]) <= 100
    view = pages.view(compiled(), "alles", taken.answers, lang="de", today=TODAY)
    assert len(next(each for each in view.fields if each.id == "table").parts) <= 100


def test_an_optional_table_with_a_row_begun_asks_for_the_rest_of_the_row():
    taken = pages.take(compiled(), "alles", {}, {"table-0-was": ["Zelt"]}, today=TODAY)
    found = [each for each in taken.problems if each.field == "table"]
    assert [(each.part, each.code) for each in found] == [("0-anzahl", "required")]


def test_a_case_names_problems_by_part():
    answers = {"checkbox": True, "address": {**HOME, "plz": "1"}, "table": [{"was": "Zelt"}]}
    played = playing.play(compiled(), {"alles": answers}, today=TODAY)
    assert played.problems == {"alles": {"address-plz": "postcode", "table-0-anzahl": "required"}}


def test_messages_and_documents_can_name_a_part():
    place = {"address": HOME, "person": SAMPLES["person"].value, "point": SAMPLES["point"].value}
    text = filling.fill(
        compiled(),
        "{data.address} / {data.address.plz} / {data.person.geburtsdatum} / {data.point.adresse}",
        {"data": place},
    )
    assert text == ("Lindenweg 3\n24534 Neumünster / 24534 / 10.12.1815 / Spielplatz am Teich")


def test_the_receipt_shows_every_line_of_a_composed_answer():
    answers = {name: sample.case for name, sample in SAMPLES.items()}
    played = playing.play(compiled(), {"alles": answers}, today=TODAY)
    rows = [
        {"title": section.title, "rows": [{"label": r.label, "text": r.text} for r in section.rows]}
        for section in pages.summary(compiled(), played.answers, lang="de", today=TODAY)
    ]
    context = {
        "case_number": "KRA-7F3K-9M2Q-X",
        "authority": {"name": "Kreis"},
        "application": played.application,
        "rows": rows,
        "submitted_at": "heute",
        "date": "2026-11-22T10:00:00+01:00",
    }
    with Typesetter(deadline=20) as typesetter:
        shown = text_of(typesetter.pdf(documents.source(compiled(), "receipt", context)))
    flat = " ".join(shown.split())
    for line in ("Lindenweg 3 a", "24534 Neumünster", "1. Was: Zelt", "2. Was: Bank"):
        assert line in flat
    assert "Lindenweg 3 a 24534" in flat


def test_a_consent_is_voluntary_even_where_an_answer_is_needed():
    made = release.compile(
        files(
            {name: SAMPLES[name].schema for name in ("consent", "checkbox")}, required=["consent"]
        )
    )
    found = pages.take(made, "alles", {}, {}, today=TODAY)
    assert [each.field for each in found.problems] == ["checkbox"]
    assert found.answers["data"]["consent"] is False


def test_a_case_that_names_parts_which_do_not_exist_is_told():
    answers = {"checkbox": True, "person": {**SAMPLES["person"].case, "hut": "rot"}}
    answers |= {"table": [{"was": "Zelt", "anzahl": 1, "farbe": "rot"}]}
    played = playing.play(compiled(), {"alles": answers}, today=TODAY)
    assert played.deviations == [
        "Den Teil hut gibt es bei person nicht.",
        "Den Teil farbe gibt es bei table nicht.",
    ]


def test_a_letter_can_name_parts_and_days_of_which_not_all_is_known():
    given = files({"person": SAMPLES["person"].schema})
    given["documents/brief.typ"] = (
        b'#import "/letter.typ": c, date, letter\n#show: letter.with(title: "Brief")\n'
        b"#c.data.person.nachname, geboren #date(c.data.person.geburtsdatum).\n"
        b'#date("1961-05-12"), #date("1961-05").'
    )
    made = release.compile(given)
    context = {
        "authority": {"name": "Kreis"},
        "application": {"person": {**SAMPLES["person"].value, "geburtsdatum": "1815"}},
        "date": "2026-11-22T10:00:00+01:00",
    }
    with Typesetter(deadline=20) as typesetter:
        shown = text_of(typesetter.pdf(documents.source(made, "brief", context)))
    flat = " ".join(shown.split())
    assert "Lovelace, geboren 1815." in flat
    assert "12. Mai 1961, Mai 1961." in flat


@pytest.mark.parametrize(
    ("rule", "person", "holds"),
    [
        ("blank(data.person)", {}, True),
        ("blank(data.person)", {"person-vorname": ["Ada"]}, False),
        ("year(data.person.geburtsdatum) == 1961", {"person-geburtsdatum": ["00.00.1961"]}, True),
        ("month(data.person.geburtsdatum) == 5", {"person-geburtsdatum": ["5/1961"]}, True),
        ("month(data.person.geburtsdatum) == 5", {"person-geburtsdatum": ["1961"]}, False),
        ("sum(data.table.map(z, z.anzahl)) == 3", {"table-0-anzahl": ["3"]}, True),
        ("size(data.table) == 0", {}, True),
    ],
)
def test_rules_reckon_with_composed_answers(rule, person, holds):
    schemas = {"person": SAMPLES["person"].schema, "table": SAMPLES["table"].schema}
    made = release.compile(
        files({**schemas, "text": {"type": "string"}}, fields={"text": {"when": rule}})
    )
    answers = pages.take(made, "alles", {}, person, today=TODAY).answers
    view = pages.view(made, "alles", answers, lang="de", today=TODAY)
    assert ("text" in [each.id for each in view.fields]) is holds


def test_a_repeating_group_asks_for_composed_answers_too():
    items = {
        "type": "object",
        "additionalProperties": False,
        "required": ["address"],
        "properties": {name: SAMPLES[name].schema for name in ("address", "table", "point")},
    }
    given = files({"orte": {"type": "array", "maxItems": 5, "items": items}})
    labels = {"was": "Was", "anzahl": "Anzahl", "preis": "Preis", "neu": "Neu?"}
    given["assistant.yaml"] = json.dumps(
        {
            "pages": [
                {
                    "id": "orte",
                    "repeat": {"at": "/orte", "max": 5, "title": "item.address.ort"},
                    "fields": [{"id": name, "at": f"/{name}"} for name in items["properties"]],
                }
            ]
        }
    ).encode()
    german = json.loads(given["texts/de.yaml"])
    german["pages"] = {"orte": {"title": "Orte"}}
    german["fields"] = {name: {"label": name} for name in items["properties"]}
    german["fields"]["table"]["parts"] = {key: {"label": text} for key, text in labels.items()}
    given["texts/de.yaml"] = json.dumps(german).encode()
    made = release.compile(given)
    entries = [{name: SAMPLES[name].case for name in items["properties"]}, {"address": HOME}]
    played = playing.play(made, {"orte": entries}, today=TODAY)
    assert played.deviations == []
    assert played.application == {
        "orte": [
            {name: SAMPLES[name].value for name in items["properties"]},
            {"address": {**HOME, "land": "DE"}},
        ]
    }
    sections = pages.summary(made, played.answers, lang="de", today=TODAY)
    assert [section.title for section in sections] == ["Orte: Neumünster"] * 2
    wrong = playing.play(made, {"orte": [{"address": {**HOME, "plz": "1"}}]}, today=TODAY)
    assert wrong.problems == {"orte": {"address-plz": "postcode"}}
    tokens = {part.autocomplete for part in made.assistant.field["address"].parts}
    assert tokens == {"off"}
