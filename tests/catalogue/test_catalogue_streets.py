"""An authority's register of streets: loaded as a whole, found while typing, its own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dienstweg.authorities import scope
from dienstweg.catalogue import actions, queries
from dienstweg.catalogue.errors import UnusableStreets
from dienstweg.catalogue.models import Street

pytestmark = pytest.mark.django_db

HEAD = "strasse;von;bis;plz;ort;ortsteil;lat;lon\n"
TOWN = """Am Markt;1;99;05171;Mühlbrück;;54.10;12.50
Brückengasse;;;05171;Mühlbrück;;54.12;12.52
Brunnenweg;;;05171;Mühlbrück;Neudorf;;
Alte Brücke;;;05171;Mühlbrück;;;
Lindenallee;1;50;05171;Mühlbrück;;;
Lindenallee;51;140;05172;Oberlohe;;;
"""


@pytest.fixture
def inside(authority):
    with scope.enter(scope.of(authority)):
        yield authority


def load(lines):
    return actions.load_streets(content=(HEAD + lines).encode())


def names(text, **more):
    return [one.name for one in queries.streets(text, **more)]


def test_streets_are_found_as_somebody_types(inside):
    assert load(TOWN).streets == 6
    assert names("brü") == ["Brückengasse", "Brunnenweg", "Alte Brücke"], "first beginnings"
    assert names("BRUECKENG") == ["Brückengasse"]
    assert names("Brukengasse") == ["Brückengasse"], "a typing error"
    assert names("Brückengasse 12") == ["Brückengasse"], "with its number"
    assert names("b") == []
    assert names("Kirchplatz") == []
    assert names("%") == names("_a") == []


def test_a_street_in_two_towns_is_offered_for_both_and_the_postcode_comes_first(inside):
    load(TOWN)
    assert [one.postcode for one in queries.streets("lindenallee")] == ["05171", "05172"]
    assert [one.postcode for one in queries.streets("lindenallee", postcode="05172")] == [
        "05172",
        "05171",
    ]


def test_a_street_in_several_parts_of_a_town_is_offered_once(inside):
    load("Ring;1;9;05171;M;;;\nRing;10;20;05171;M;;;\nRing;;;05171;M;Nord;;\n")
    assert [one.label for one in queries.streets("ring")] == [
        "Ring, 05171 M",
        "Ring, 05171 M (Nord)",
    ]


def test_the_number_of_streets_is_bounded(inside):
    load("".join(f"Weg {at};;;05171;M;;;\n" for at in range(50)))
    assert len(names("weg")) == 10
    assert len(names("weg", limit=3)) == 3


def test_a_new_file_replaces_all_and_is_seen_at_once(inside):
    load(TOWN)
    assert names("Brukengasse") == ["Brückengasse"]
    load("Hafenweg;;;05171;Mühlbrück;;;\n")
    assert names("Brukengasse") == []
    assert names("Hafnweg") == ["Hafenweg"]
    assert Street.objects.count() == 1


def test_refused_lines_are_told_and_an_unusable_file_changes_nothing(inside):
    load(TOWN)
    loaded = load("Hafenweg;;;05171;M;;;\nohne Ort;;;05171;;;;\n")
    assert (loaded.streets, loaded.refused_count, loaded.refused[0].line) == (1, 1, 3)
    with pytest.raises(UnusableStreets) as refused:
        load("ohne Ort;;;05171;;;;\n")
    assert refused.value.refused[0].line == 2
    with pytest.raises(UnusableStreets, match="UTF-8"):
        actions.load_streets(content=b"\xff")
    assert names("hafen") == ["Hafenweg"]


def test_the_middle_of_the_streets_is_where_a_map_begins(inside):
    assert queries.street_area() is None
    load(TOWN)
    area = queries.street_area()
    assert area is not None
    assert area.centre == pytest.approx((54.11, 12.51))
    load("Weg;;;05171;M;;;\n")
    assert queries.street_area() == queries.StreetArea(None)


def test_a_street_that_may_be_meant_is_offered_only_inside_the_area(inside):
    assert queries.close_streets("Brukengasse", postcode="05171") == [], "no register yet"
    load(TOWN)
    (meant,) = queries.close_streets("Brukengasse", postcode="05171")
    assert meant.name == "Brückengasse"
    assert queries.close_streets("Brueckengasse", postcode="05171") == [], "it is right"
    assert queries.close_streets("Brückengasse 4", postcode="05171") == []
    assert queries.close_streets("Brukengasse", postcode="20095") == [], "another town"
    assert queries.close_streets("Xylophonring", postcode="05171") == []
    assert queries.close_streets("  ", postcode="05171") == []


def test_another_authority_has_streets_of_its_own(authority, other_authority):
    with scope.enter(scope.of(authority)):
        load(TOWN)
    with scope.enter(scope.of(other_authority)):
        assert names("markt") == []
        load("Marktplatz;;;05172;Oberlohe;;;\n")
        assert names("markt") == ["Marktplatz"]
    with scope.enter(scope.of(authority)):
        assert names("markt") == ["Am Markt"]


def test_ten_thousand_streets_take_four_statements_at_most_and_the_index(inside):
    load("".join(f"Birkenweg {at:05};;;05171;M;;;\n" for at in range(10_000)) + TOWN)
    with CaptureQueriesContext(connection) as statements:
        assert names("Brukengase") == ["Brückengasse"]
    assert len(statements) <= 6, "four of ours, and those of the scope"
    with CaptureQueriesContext(connection) as again:
        names("Brukengase")
    assert len(again) < len(statements), "the names are remembered"
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT * FROM catalogue_street WHERE authority_id = %s AND key LIKE %s",
            [inside, "bruk%"],
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "street_key" in plan
