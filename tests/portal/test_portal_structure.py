"""Groups in groups, and endings, as applicants meet them without script."""

import pytest

import structured_blueprint
from dienstweg.blueprint.views import RESERVED

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(town, applicant):
    """An applicant who has begun to register dogs."""
    from dienstweg.authorities import scope
    from dienstweg.offers import actions as offers
    from working import work

    with scope.enter(scope.of(town)):
        offers.go_live(
            archive=structured_blueprint.packed(),
            settings={"payment": "kasse", "connection": "akte"},
        )
        work("catalogue")
    applicant.begin("hundehalter")
    return applicant


@pytest.fixture
def with_dog(keeper):
    """An applicant with a vaccinated dog, at the list of its vaccinations."""
    keeper.send(zweck="halten", weiter="weiter")
    keeper.send(hinzufuegen="1")
    keeper.send(hund_name="Rex", geimpft="true", weiter="weiter")
    assert keeper.page.url.endswith("/impfungen/0")
    return keeper


def vaccinate(applicant, **answers):
    applicant.send(hinzufuegen="1")
    return applicant.send(
        **{"stoff": "tollwut", "datum": "1.2.2026", "weiter": "weiter", **answers}
    )


def opened(applicant):
    """The draft as it is stored."""
    from uuid import UUID

    from dienstweg.assistants import queries
    from dienstweg.authorities import queries as authorities
    from dienstweg.authorities import scope
    from dienstweg.portal import keys

    draft_id = UUID(applicant.draft.split("/")[2])
    request = applicant.client.get(applicant.page.url).wsgi_request
    secret = keys.drafts(request)[draft_id]
    with scope.enter(scope.of(authorities.by_host("kranichsee.localhost").id)):
        return queries.opened(draft_id, secret)


def test_the_way_leads_into_an_entry_and_out_again(with_dog):
    page = with_dog.page
    assert page.heading == "Impfungen"
    assert [link for link in page.links if "/hunde" in link] == [
        f"{with_dog.draft}/hunde",
        f"{with_dog.draft}/hunde/0",
    ]
    with_dog.send(hinzufuegen="1")
    assert with_dog.page.url.endswith("/impfungen/0/0")
    assert f"{with_dog.draft}/impfungen/0" in with_dog.page.links
    wrong = with_dog.send(stoff="tollwut", datum="gestern", weiter="weiter")
    assert wrong.status == 422
    with_dog.send(stoff="tollwut", datum="1.2.2026", weiter="weiter")
    assert with_dog.page.url.endswith("/impfungen/0")
    with_dog.send(weiter="weiter")
    assert with_dog.page.url.endswith("/hunde")
    with_dog.send(weiter="weiter")
    assert with_dog.page.heading == "Wo leben die Hunde?"


def test_back_leads_out_step_by_step_and_keeps_what_was_typed(with_dog):
    with_dog.send(hinzufuegen="1")
    with_dog.send(stoff="staupe", datum="morgen", weiter="zurueck")
    assert with_dog.page.url.endswith("/impfungen/0")
    with_dog.send(weiter="zurueck")
    assert with_dog.page.url.endswith("/hunde/0")
    with_dog.send(weiter="zurueck")
    assert with_dog.page.url.endswith("/hunde")
    again = with_dog.open(f"{with_dog.draft}/impfungen/0/0")
    assert again.form()["fields"]["datum"] == ["morgen"]


def test_a_list_that_lacks_an_entry_is_not_left_forwards(with_dog):
    assert with_dog.send(weiter="weiter").status == 422
    with_dog.open(f"{with_dog.draft}/hunde")
    assert "Noch nicht vollständig" in with_dog.page.html
    assert with_dog.send(weiter="weiter").status == 422


def test_removing_a_dog_removes_its_vaccinations_and_their_files(with_dog, photo):
    with_dog.send(hinzufuegen="1")
    with_dog.upload("beleg", photo, "beleg.png")
    assert with_dog.page.url.endswith("/impfungen/0/0")
    assert "beleg.png" in with_dog.page.html
    with_dog.send(stoff="tollwut", datum="1.2.2026", weiter="weiter")
    with_dog.open(f"{with_dog.draft}/hunde")
    with_dog.send(hinzufuegen="1")
    with_dog.send(hund_name="Mia", geimpft="true", weiter="weiter")
    vaccinate(with_dog, datum="übermorgen")
    with_dog.open(f"{with_dog.draft}/hunde")
    assert with_dog.send(eintrag_entfernen="0").heading == "„Rex“ entfernen?"
    assert len(opened(with_dog).answers["data"]["hunde"]) == 2
    with_dog.send()
    answers = opened(with_dog).answers
    assert [dog["name"] for dog in answers["data"]["hunde"]] == ["Mia"]
    assert answers["raw"] == {"impfungen/0/0/datum": ["übermorgen"]}
    assert not stored(with_dog)


def stored(applicant):
    from dienstweg.authorities import queries as authorities
    from dienstweg.authorities import scope
    from dienstweg.files import queries as files

    draft = opened(applicant)
    with scope.enter(scope.of(authorities.by_host("kranichsee.localhost").id)):
        return files.cards(draft.id, key=draft.key)


def test_removing_one_vaccination_leaves_the_others(with_dog):
    vaccinate(with_dog)
    vaccinate(with_dog, stoff="staupe", anlass="Reise")
    with_dog.send(eintrag_entfernen="0")
    with_dog.send()
    assert with_dog.page.url.endswith("/impfungen/0")
    [dog] = opened(with_dog).answers["data"]["hunde"]
    assert [each["stoff"] for each in dog["impfungen"]] == ["staupe"]


def test_an_empty_entry_goes_at_once_and_a_list_that_has_changed_loses_nothing(with_dog):
    with_dog.send(hinzufuegen="1")
    with_dog.open(f"{with_dog.draft}/impfungen/0")
    with_dog.send(eintrag_entfernen="0")
    assert opened(with_dog).answers["data"]["hunde"][0]["impfungen"] == []
    vaccinate(with_dog)
    vaccinate(with_dog, stoff="staupe", anlass="Reise")
    asked = with_dog.send(eintrag_entfernen="0")
    with_dog.open(f"{with_dog.draft}/impfungen/0")
    with_dog.send(eintrag_entfernen="0")
    with_dog.send()
    with_dog.page = asked
    with_dog.send()
    [dog] = opened(with_dog).answers["data"]["hunde"]
    assert [each["stoff"] for each in dog["impfungen"]] == ["staupe"], "asked about another"


def test_two_windows_on_one_vaccination_show_both(with_dog):
    vaccinate(with_dog)
    with_dog.open(f"{with_dog.draft}/impfungen/0/0")
    shown = with_dog.page.form()["fields"]["version"]
    with_dog.send(datum="2.2.2026", weiter="weiter")
    with_dog.open(f"{with_dog.draft}/impfungen/0/0")
    late = with_dog.send(datum="3.2.2026", version=shown, weiter="weiter")
    assert late.status == 409
    assert "2.2.2026" in late.html or "02.02.2026" in late.html
    assert late.form()["fields"]["datum"] == ["3.2.2026"]


@pytest.mark.parametrize("place", ["impfungen", "impfungen/7", "impfungen/0/9", "hunde/0/0"])
def test_places_that_are_not_there_lead_to_where_it_goes_on(with_dog, place):
    page = with_dog.open(f"{with_dog.draft}/{place}")
    assert page.status == 200
    assert not page.url.endswith(place)


def test_the_case_shows_nested_entries_under_their_dog(with_dog):
    vaccinate(with_dog)
    with_dog.send(weiter="weiter")
    with_dog.send(weiter="weiter")
    with_dog.send(ort="haus", platz="1", weiter="weiter")
    with_dog.send(weg="post")
    review = with_dog.page.html
    assert review.index("Ihre Hunde: Rex") < review.index("Rex – Impfungen: tollwut")
    assert f"{with_dog.draft}/impfungen/0/0?von=zusammenfassung" in with_dog.page.links
    with_dog.open(f"{with_dog.draft}/impfungen/0/0?von=zusammenfassung")
    with_dog.send(datum="5.2.2026", weiter="weiter")
    assert with_dog.page.url.endswith("/impfungen/0")
    with_dog.send(weiter="weiter")
    assert with_dog.page.heading == "Prüfen Sie Ihren Antrag"
    with_dog.send(action="/absenden", bestaetigt="ja")
    assert with_dog.page.heading == "Ihr Antrag ist abgeschickt"
    assert "Rex – Impfungen: tollwut" in with_dog.page.html


def test_who_need_not_apply_reads_why_and_can_go_back_keep_or_delete(keeper):
    page = keeper.send(zweck="keiner", weiter="weiter")
    assert page.url.endswith("/ende")
    assert page.heading == "Sie müssen nichts anmelden"
    assert "Kommt ein Hund zu Ihnen" in page.html
    for way in ("/zweck", "/pause", "/verwerfen"):
        assert f"{keeper.draft}{way}" in page.links
    assert keeper.open(f"{keeper.draft}/").url.endswith("/ende"), "who comes back is told again"
    keeper.open(f"{keeper.draft}/zweck")
    assert "endet der Antrag nach Schritt 1" in keeper.page.html
    keeper.send(zweck="halten", weiter="weiter")
    assert keeper.page.heading == "Ihre Hunde"
    assert not keeper.open(f"{keeper.draft}/ende").url.endswith("/ende")


def test_nothing_can_be_sent_while_an_ending_holds(with_dog):
    vaccinate(with_dog)
    with_dog.send(weiter="weiter")
    with_dog.send(weiter="weiter")
    with_dog.send(ort="haus", platz="1", weiter="weiter")
    with_dog.send(weg="post")
    form = with_dog.page.form("/absenden")
    review = with_dog.page
    with_dog.open(f"{with_dog.draft}/zweck?von=zusammenfassung")
    assert with_dog.send(zweck="keiner", weiter="weiter").url.endswith("/ende")
    with_dog.page = review
    late = with_dog.send(action="/absenden", bestaetigt="ja")
    assert form
    assert late.url.endswith("/ende")
    assert with_dog.open(f"{with_dog.draft}/zusammenfassung").url.endswith("/ende")
    assert opened(with_dog).state == "open"


def test_no_page_can_have_the_name_of_a_fixed_address():
    from django.urls import get_resolver

    patterns = [str(one.pattern) for one in get_resolver("dienstweg.portal.urls").url_patterns]
    start = "antrag/<uuid:draft_id>/"
    own = {one.removeprefix(start).split("/")[0] for one in patterns if one.startswith(start)}
    fixed = {one for one in own if one and not set("<.") & set(one)}
    assert len(fixed) > 8
    assert fixed <= RESERVED
