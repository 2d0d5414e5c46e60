"""A long entry on several screens, as applicants meet it without script."""

import pytest

import structured_blueprint
from dienstweg.blueprint import archive

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(town, applicant):
    """An applicant who has begun to enter a dog whose entry is asked on several screens."""
    from dienstweg.authorities import scope
    from dienstweg.offers import actions as offers
    from working import work

    files = structured_blueprint.files(assistant=structured_blueprint.in_leaves())
    with scope.enter(scope.of(town)):
        offers.go_live(
            archive=archive.pack(dict(files)),
            settings={"payment": "kasse", "connection": "akte"},
        )
        work("catalogue")
    applicant.begin("hundehalter")
    applicant.send(zweck="halten", weiter="weiter")
    applicant.send(hinzufuegen="1")
    return applicant


def place(page):
    """The entry and the query in the address of a page."""
    return page.url.replace("/impfungen", "/hunde").partition("/hunde")[2], page.query


def test_the_way_leads_through_the_screens_into_the_nested_list_and_back(keeper):
    assert "Teil 1 von 2" in keeper.page.html
    assert "Teil 1 von 2" in keeper.page.title
    assert "datei-bild" not in keeper.page.html
    keeper.send(hund_name="Rex", geimpft="true", weiter="weiter")
    assert place(keeper.page) == ("/0", "teil=2")
    assert "Teil 2 von 2" in keeper.page.html
    keeper.send(weiter="weiter")
    assert place(keeper.page) == ("/0", ""), "the list of vaccinations"
    assert keeper.page.heading == "Impfungen"
    keeper.send(weiter="zurueck")
    assert place(keeper.page) == ("/0", "teil=2"), "back into the entry: to its last screen"
    keeper.send(weiter="zurueck")
    assert place(keeper.page) == ("/0", "")
    assert keeper.page.form()["fields"]["hund_name"] == ["Rex"]
    keeper.send(weiter="zurueck")
    assert place(keeper.page) == ("", "")
    assert "Noch nicht vollständig" in keeper.page.html


def test_errors_stay_on_their_screen_and_what_was_typed_is_kept(keeper, photo):
    wrong = keeper.send(hund_name="", geimpft="true", weiter="weiter")
    assert wrong.status == 422
    assert "Teil 1 von 2" in wrong.html
    keeper.send(hund_name="Rex", weiter="weiter")
    keeper.upload("bild", photo, "rex.png")
    assert place(keeper.page) == ("/0", "teil=2")
    assert "rex.png" in keeper.page.html
    keeper.send(weiter="weiter")
    keeper.send(hinzufuegen="1")
    assert keeper.send(stoff="staupe", datum="gestern", weiter="weiter").status == 422
    keeper.send(datum="1.2.2026", weiter="weiter")
    assert place(keeper.page) == ("/0/0", "teil=2")
    keeper.send(anlass="Reise", weiter="zurueck")
    assert place(keeper.page) == ("/0/0", "")
    keeper.send(stoff="tollwut", weiter="weiter")
    assert place(keeper.page) == ("/0/0", "teil=3"), "the reason is asked of no other vaccination"
    keeper.send(weiter="weiter")
    keeper.send(weiter="weiter")
    assert "Noch nicht vollständig" not in keeper.page.html
    keeper.send(weiter="weiter")
    assert keeper.page.heading == "Wo leben die Hunde?"


def test_a_screen_saved_elsewhere_is_told_and_shown_again(keeper):
    keeper.send(hund_name="Rex", geimpft="false", weiter="weiter")
    keeper.send(weiter="zurueck")
    form = keeper.page
    keeper.send(hund_name="Mia", weiter="weiter")
    keeper.page = form
    assert keeper.send(hund_name="Bello", weiter="weiter").status == 409
    assert "Mia" in keeper.page.html
    assert "Teil 1 von 2" in keeper.page.html


def test_a_change_from_the_summary_leads_through_the_screens_and_back(keeper):
    keeper.send(hund_name="Rex", geimpft="false", weiter="weiter")
    keeper.send(weiter="weiter")
    keeper.send(weiter="weiter")
    keeper.send(ort="haus", platz="2", weiter="weiter")
    keeper.send(weg="post", weiter="weiter")
    [change] = [link for link in keeper.page.links if "/hunde/0?von=" in link]
    keeper.open(change)
    keeper.send(hund_name="Mia", weiter="weiter")
    assert place(keeper.page) == ("/0", "teil=2&von=zusammenfassung")
    keeper.send(weiter="zurueck")
    assert place(keeper.page) == ("/0", "von=zusammenfassung")
    keeper.send(weiter="weiter")
    keeper.send(weiter="weiter")
    keeper.send(weiter="weiter")
    assert keeper.page.url.endswith("/zusammenfassung")
    assert "Mia" in keeper.page.html
