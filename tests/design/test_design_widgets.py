"""Composed questions, tables, look-ups, consents and maps: laid out, labelled, linked, escaped."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.blueprint import widgets
from dienstweg.design import maps
from dienstweg.design.components import error_summary
from dienstweg.design.fields import INPUT_TYPES, WIDGETS, render
from dienstweg.design.question import Choice, Fault, Means, Question, Suggestion, Tiles
from html_tree import Tree

TILES = Tiles("https://karten.example/{z}/{x}/{y}.png", "© Landkreis Kranichsee")
COUNTRIES = (Choice("DE", "Deutschland", selected=True), Choice("FR", "Frankreich"))


def q(name, label, widget="text", **more):
    return Question(name, label, widget, **more)


def address(**more):
    parts = (
        q("wohnung-strasse", "Straße", value="Brückengasse"),
        q("wohnung-hausnummer", "Hausnummer", width=7),
        q("wohnung-adresszusatz", "Zusatz", required=False),
        q("wohnung-plz", "Postleitzahl", "postcode", error="Bitte fünf Ziffern."),
        q("wohnung-ort", "Ort"),
        q("wohnung-land", "Land", "country", options=COUNTRIES),
    )
    return q("wohnung", "Wo wohnen Sie?", "address", parts=parts, **more)


def place(widget="point", **more):
    parts = (
        q("stelle-adresse", "Adresse oder Beschreibung", required=False),
        q("stelle-geometry", "Koordinaten", required=False, **more),
    )
    return q("stelle", "Wo ist das Schlagloch?", widget, parts=parts)


def table(rows=2, **more):
    made = tuple(
        q(
            f"posten-{at}",
            f"Zeile {at + 1}",
            "row",
            parts=(
                q(f"posten-{at}-was", "Gegenstand", value="Zelt" if at == 0 else ""),
                q(f"posten-{at}-art", "Art", "select", options=COUNTRIES),
                q(f"posten-{at}-preis", "Preis", "money", error="Zahl fehlt" if at == 1 else None),
                q(f"posten-{at}-neu", "Neu", "checkbox"),
            ),
        )
        for at in range(rows)
    )
    return q("posten", "Was bringen Sie mit?", "table", parts=made, **more)


def search(**more):
    return q(
        "beruf",
        "Ihr Beruf",
        "search",
        parts=(q("beruf-suche", "Ihr Beruf", value="Tisch"),),
        **more,
    )


def signature(**more):
    parts = (
        q("unterschrift-name", "Ihr Name"),
        q("unterschrift-erklaert", "Das erkläre ich.", "checkbox"),
    )
    return q("unterschrift", "Unterschrift", "signature", parts=parts, info="Alles stimmt.", **more)


EVERY = {
    "address": address(),
    "point": place(),
    "line": place("line"),
    "area": place("area"),
    "table": table(),
    "search": search(options=COUNTRIES),
    "signature": signature(),
    "country": q("land", "Land", "country", options=COUNTRIES),
    "nationality": q("staat", "Staatsangehörigkeit", "nationality", options=COUNTRIES),
    "consent": q("newsletter", "Ja, gern.", "consent", purpose="Für Briefe.", info="Widerruf."),
    "person": q("wer", "Wer?", "person", parts=(q("wer-vorname", "Vorname"),)),
    "organisation": q("firma", "Firma?", "organisation", parts=(q("firma-firma", "Firma"),)),
}


def test_every_widget_of_a_blueprint_is_drawn_here():
    ours = {*INPUT_TYPES, *WIDGETS, *EVERY, "file"}
    assert getattr(widgets, "WIDGETS", ours) <= ours | {"row"}


@pytest.mark.parametrize("widget", sorted(EVERY))
def test_every_input_has_one_label_and_ids_are_unique(widget):
    tree = Tree(render(EVERY[widget], "de", means=Means("/auswahl/", "/strassen", TILES)))
    ids = [one["id"] for _, one in tree.elements if one.get("id")]
    assert len(ids) == len(set(ids))
    labelled = [one["for"] for one in tree.all("label")]
    assert len(labelled) == len(set(labelled))
    for tag in ("input", "select", "textarea"):
        for one in tree.all(tag):
            assert one["id"] in labelled, one
    for _, one in tree.elements:
        for named in (one.get("aria-describedby") or "").split():
            assert named in ids, named


def test_a_composed_question_is_a_fieldset_that_can_be_linked_to():
    html = render(address(error="Die Adresse fehlt."), "de")
    (fieldset,) = Tree(html).all("fieldset")
    assert fieldset["id"] == "feld-wohnung"
    assert "feld-wohnung-error" in fieldset["aria-describedby"]


def test_street_and_number_share_a_row_as_do_postcode_and_town():
    html = render(address(), "de")
    rows = re.split(r'<div class="dw-(?=pair|single)', html)[1:]
    names = [re.findall(r' name="wohnung-([a-z]+)"', row) for row in rows]
    assert names == [["strasse", "hausnummer"], ["adresszusatz"], ["plz", "ort"], ["land"]]


def test_the_error_summary_links_to_the_part_that_is_wrong():
    html = error_summary([Fault("Bitte fünf Ziffern.", "wohnung-plz")], "de")
    (link,) = Tree(html).all("a")
    target = link["href"].removeprefix("#")
    assert f'id="{target}"' in render(address(), "de")


def test_streets_are_suggested_only_where_there_is_a_register():
    with_register = Tree(render(address(), "de", means=Means(streets_url="/strassen")))
    (listening,) = [one for one in with_register.all("div") if "data-streets" in one]
    assert listening["data-strasse"] == "feld-wohnung-strasse"
    assert (listening["data-plz"], listening["data-ort"]) == (
        "feld-wohnung-plz",
        "feld-wohnung-ort",
    )
    assert "data-streets" not in render(address(), "de")


def test_a_street_in_doubt_is_asked_about_and_what_was_typed_is_the_default():
    doubts = {"wohnung-strasse": [Suggestion("Brückenstraße|05171|Ort", "Brückenstraße, 05171")]}
    tree = Tree(render(address(), "de", means=Means(doubts=doubts)))
    radios = [one for one in tree.all("input") if one["type"] == "radio"]
    assert {one["name"] for one in radios} == {"wohnung-strasse-vorschlag"}
    assert [(one["value"], "checked" in one) for one in radios] == [
        ("Brückenstraße|05171|Ort", False),
        ("-", True),
    ]
    assert "Meinten Sie" in tree.text


def test_without_tiles_there_is_no_map_at_all():
    assert "data-map" not in render(place(), "de")
    assert "Leaflet" not in render(place(), "de")


@pytest.mark.parametrize("widget", ["point", "line", "area"])
def test_a_map_is_hidden_until_a_script_shows_it_and_says_how_it_is_used(widget):
    html = render(place(widget), "de", means=Means(tiles=TILES))
    (box,) = [one for one in Tree(html).all("div") if "data-map" in one]
    assert "hidden" in box
    assert box["data-map"] == widget
    assert box["data-input"] == "feld-stelle-geometry"
    assert box["data-attribution"] == "© Landkreis Kranichsee"
    assert "Pfeiltasten" in html


def test_coordinates_are_folded_away_until_there_are_some():
    def is_open(**more):
        return "open" in Tree(render(place(**more), "de")).all("details")[0]

    assert not is_open()
    assert is_open(value="54.321500, 10.134900")
    assert is_open(error="Das verstehen wir nicht.")


def test_a_table_names_row_and_column_at_every_input():
    html = render(table(max="20"), "de")
    tree = Tree(html)
    heads = [one for one in tree.all("th") if one.get("scope") == "col"]
    assert len(heads) == 6, "number, four columns, remove"
    assert 'Gegenstand<span class="kern-sr-only"> (Zeile 2)</span>' in html
    assert [one["value"] for one in tree.all("button") if one["name"] == "zeile_entfernen"] == [
        "posten/0",
        "posten/1",
    ]
    assert [one["value"] for one in tree.all("button") if one["name"] == "zeile"] == ["posten"]
    (wrong,) = [one for one in tree.all("input") if one.get("aria-invalid")]
    assert wrong["aria-describedby"] == "feld-posten-1-preis-error"


def test_a_full_table_offers_no_further_row():
    assert 'name="zeile"' not in render(table(max="2"), "de")


def test_a_search_works_by_button_and_choices_without_a_script():
    tree = Tree(render(search(options=COUNTRIES), "de", means=Means("/antrag/7/auswahl/")))
    text, *radios = tree.all("input")
    assert (text["name"], text["value"]) == ("beruf-suche", "Tisch")
    assert {one["name"] for one in radios} == {"beruf"}
    (button,) = tree.all("button")
    assert (button["name"], button["value"]) == ("suchen", "beruf")
    (field,) = [one for one in tree.all("div") if "data-search" in one]
    assert field["data-search"] == "/antrag/7/auswahl/beruf"


def test_a_consent_says_what_for_and_how_to_withdraw_and_is_never_ticked_beforehand():
    html = render(EVERY["consent"], "de")
    assert "Für Briefe." in html
    assert "Widerruf." in html
    assert "<details" not in html, "nothing is folded away"
    assert " checked" not in html
    assert "(freiwillig)" in render(replace(EVERY["consent"], required=False), "de")


def test_a_signature_shows_what_is_declared():
    html = render(signature(), "de")
    assert "Alles stimmt." in html
    assert [one["type"] for one in Tree(html).all("input")] == ["text", "checkbox"]


@pytest.mark.parametrize("widget", ["text", "date", "radio", "checkbox", "consent", "search"])
def test_a_prefilled_answer_says_where_it_comes_from(widget):
    field = q("n", "Frage", widget, source="Aus Ihrem Nutzerkonto übernommen", options=COUNTRIES)
    html = render(field, "de")
    assert "Aus Ihrem Nutzerkonto übernommen" in html
    assert 'aria-describedby="feld-n-source"' in html or "feld-n-source" in str(
        [one.get("aria-describedby") for _, one in Tree(html).elements]
    )


@pytest.mark.parametrize("widget", sorted(EVERY))
def test_a_verified_answer_is_read_and_not_entered(widget):
    html = render(replace(EVERY[widget], locked=True, source="Aus Ihrem Konto"), "de")
    tree = Tree(html)
    assert not tree.all("input") + tree.all("select") + tree.all("textarea") + tree.all("button")
    assert "Diese Angabe ist geprüft" in tree.text
    assert "Aus Ihrem Konto" in tree.text


def test_a_verified_address_is_read_line_by_line():
    text = Tree(render(replace(address(), locked=True), "de")).text
    assert "Straße: Brückengasse" in text
    assert "Land: Deutschland" in text


def test_a_tax_id_is_not_remembered_by_the_browser():
    (field,) = Tree(render(q("id", "Steuer-ID", "taxid", autocomplete="on"), "de")).all("input")
    assert field["autocomplete"] == "off"


@pytest.mark.parametrize("widget", sorted(EVERY))
@given(text=st.text(alphabet="<>&\"'aä ", max_size=12))
def test_nothing_that_is_typed_becomes_markup_in_parts(widget, text):
    mark = "<script>" + text
    field = EVERY[widget]
    parts = tuple(
        replace(one, label=mark, value=mark, error=mark, parts=_marked(one.parts, mark))
        for one in field.parts
    )
    changed = replace(
        field, label=mark, info=mark, purpose=mark, parts=parts, options=(Choice(mark, mark),)
    )
    means = Means(
        "/a/",
        "/s",
        replace(TILES, attribution=mark),
        {f"{field.name}-strasse": [Suggestion(mark, mark)]},
    )
    for one in (changed, replace(changed, locked=True)):
        assert not Tree(render(one, "de", means=means)).all("script")


def _marked(parts, mark):
    return tuple(replace(one, label=mark, value=mark) for one in parts)


def test_the_operators_map_comes_from_the_settings(settings):
    settings.DIENSTWEG_TILES_URL = ""
    assert maps.tiles() is None
    settings.DIENSTWEG_TILES_URL = "https://karten.example:8443/k/{z}/{x}/{y}.png"
    settings.DIENSTWEG_TILES_ATTRIBUTION = "© Kreis"
    found = maps.tiles((54.3, 10.1))
    assert found is not None
    assert (found.centre, found.zoom, found.attribution) == ((54.3, 10.1), 14, "© Kreis")
    assert maps.origin(found) == "https://karten.example:8443"
