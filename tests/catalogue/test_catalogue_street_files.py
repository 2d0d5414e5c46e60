"""Streets are compared folded, and files of them are read leniently, boundedly, line by line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.catalogue.streets import (
    LONGEST_KEY,
    MOST_REFUSED,
    FileRead,
    StreetLine,
    Unreadable,
    folded,
    nearest,
    read_file,
    without_number,
)

ROOT = Path(__file__).resolve().parents[2]
HEAD = "strasse;von;bis;plz;ort;ortsteil;lat;lon\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Brückengasse", "bruckengasse"),
        ("Brückengasse", "BRUECKENGASSE"),
        ("Bahnhofstraße", "Bahnhofstr."),
        ("Bahnhofstraße", "Bahnhof Strasse"),
        ("Bahnhofstraße", "bahnhofstras"),
        ("St.-Georg-Straße", "St. Georg Str"),
        ("Neue Straße", "neue str."),
        ("Mühlgraben", "Mu\u0308hlgraben"),
    ],
)
def test_a_street_is_the_same_however_it_is_spelled(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Lindenweg", "Lindenallee"), ("Am Markt", "Markt"), ("A-Weg 1", "A-Weg 2")]
)
def test_other_streets_stay_others(one, other):
    assert folded(one) != folded(other)


@given(st.text(max_size=400))
def test_folding_gives_a_short_key_that_folds_to_itself_in_length(text):
    key = folded(text)
    assert len(key) <= LONGEST_KEY
    assert key.isascii()
    assert key == key.lower()


@pytest.mark.parametrize(
    ("typed", "street"),
    [
        ("Lindenweg 12", "Lindenweg"),
        ("Lindenweg 3 a", "Lindenweg"),
        ("Straße des 17. Juni", "Straße des 17. Juni"),
        ("Q 7", "Q"),
        ("12", "12"),
    ],
)
def test_a_house_number_behind_the_street_is_no_part_of_it(typed, street):
    assert without_number(typed) == street


def test_a_typing_error_is_forgiven_at_the_start_of_a_name_too():
    keys = [folded(one) for one in ("Brückengasse", "Brunnenweg", "Lindenallee", "Birkenweg")]
    assert nearest(folded("Brukengasse"), keys, 5) == [folded("Brückengasse")]
    assert nearest(folded("Lidnen"), keys, 5) == [folded("Lindenallee")]
    assert nearest(folded("Lin"), keys, 5) == [], "too short to be forgiven"
    assert nearest(folded("Kirchplatz"), keys, 5) == []


def test_a_file_gives_its_streets():
    found = read_file(
        (
            HEAD
            + "Am  Markt;1;99;05171;Mühlbrück;Altstadt;54.1;12,5\nSeeweg;;;05171;Mühlbrück;;;\n"
        ).encode("utf-8-sig")
    )
    assert found == FileRead(
        (
            StreetLine("Am Markt", "05171", "Mühlbrück", "Altstadt", 1, 99, 54.1, 12.5),
            StreetLine("Seeweg", "05171", "Mühlbrück"),
        ),
        (),
        0,
    )


def test_columns_may_stand_in_any_order_and_be_separated_by_commas():
    found = read_file(b"PLZ,Ort,Strasse,Bemerkung\n05171,M,Seeweg,schoen\n\n")
    assert found.lines == (StreetLine("Seeweg", "05171", "M"),)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (";;;05171;M;;;", "Straße oder Ort"),
        ("!!;;;05171;M;;;", "Straße oder Ort"),
        ("Weg;;;5171;M;;;", "fünf Ziffern"),
        ("Weg;;;05171;;;;", "Straße oder Ort"),
        ("Weg;9;1;05171;M;;;", "größer als"),
        ("Weg;1a;2;05171;M;;;", "ohne Buchstaben"),
        ("Weg;;;05171;M;;99;12", "nicht auf der Erde"),
        ("Weg;;;05171;M;;54;", "gehören lat und lon"),
        ("Weg;;;05171;M;;nord;12", "Gradzahlen"),
        ("W" * 121 + ";;;05171;M;;;", "länger als"),
        ("Seeweg;;;05171;M;;;", "weiter oben"),
        ("Weg", "Straße oder Ort"),
    ],
)
def test_a_refused_line_is_told_with_its_number_and_costs_no_other(line, reason):
    found = read_file(f"{HEAD}Seeweg;;;05171;M;;;\n{line}\nSüdweg;;;05171;M;;;\n".encode())
    assert [one.name for one in found.lines] == ["Seeweg", "Südweg"]
    ((refused),) = found.refused
    assert refused.line == 3
    assert reason in refused.reason


def test_of_many_refused_lines_the_first_are_told_and_all_are_counted():
    found = read_file((HEAD + "x\n" * 150).encode())
    assert len(found.refused) == MOST_REFUSED
    assert found.refused_count == 150


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "mindestens die Spalten"),
        (b"strasse;ort\nWeg;M\n", "mindestens die Spalten"),
        ("strasse;plz;ort\nStraße;05171;M".encode("latin-1"), "UTF-8"),
        (b"x" * (20 * 1024 * 1024 + 1), "größer als 20 MB"),
        (b"strasse;plz;ort\n" + b"a;05171;M\n" * 200_001, "mehr als 200000 Zeilen"),
    ],
)
def test_a_file_that_is_no_register_is_refused_as_a_whole(content, reason):
    with pytest.raises(Unreadable, match=reason):
        read_file(content)


@given(st.binary(max_size=300))
def test_whatever_a_file_holds_it_is_read_or_refused(content):
    try:
        found = read_file(HEAD.encode() + content)
    except Unreadable:
        return
    assert all(len(one.postcode) == 5 for one in found.lines)


@pytest.mark.parametrize("path", sorted((ROOT / "demo" / "strassen").glob("*.csv")), ids=str)
def test_the_streets_of_the_demo_are_all_usable(path):
    found = read_file(path.read_bytes())
    assert found.refused_count == 0
    assert len(found.lines) > 10
