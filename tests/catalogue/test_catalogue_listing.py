"""What an authority lists: learnt from facts, by subject and language, never another's."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

import small_blueprint
from dienstweg.authorities import scope
from dienstweg.catalogue import actions, queries, reactions
from dienstweg.catalogue.queries import ServiceCard
from dienstweg.kernel.references import new_id
from dienstweg.offers import actions as offers
from dienstweg.offers import queries as offered

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(authority):
    offered.forget()
    queries.forget()
    with scope.enter(scope.of(authority)):
        yield authority
    queries.forget()


def listed(authority_id, slug, title, *, subject="verkehr", offer_id=None, **more):
    words = {
        "subject": subject, "keywords": [], "titles": {"de": title}, "summaries": {"de": ""},
        **more,
    }  # fmt: skip
    actions.list_offer(
        authority_id=authority_id, offer_id=offer_id or new_id(), slug=slug,
        listing=json.dumps(words),
    )  # fmt: skip


def react():
    """Do the jobs that the facts of this test have asked for."""
    for row in ProcrastinateJob.objects.filter(task_name__startswith="catalogue.").order_by("id"):
        args = {k: v for k, v in row.args.items() if k != "authority_id"}
        reaction = getattr(reactions, row.task_name.partition(".")[2])
        reaction(authority_id=scope.one(), **args)


def test_an_offer_that_goes_live_is_listed_and_found_in_both_languages(inside):
    offer_id = offers.go_live(archive=small_blueprint.packed(), settings={})
    react()
    german = ServiceCard("hausbewohner", "Hausbewohner anmelden", "Für alle, die neu einziehen.")
    (subject,) = queries.subjects()
    assert (subject.key, subject.title, subject.services) == (
        "bauen", "Bauen und Wohnen", (german,),
    )  # fmt: skip
    assert queries.search("umzg") == [german], "a keyword with a typing error"
    assert queries.search("einziehen") == [german]
    (english,) = queries.search("register", "en")
    assert english.title == "Register residents"
    assert queries.subjects("en")[0].title == "Building and housing"
    assert queries.search("hundesteuer") == []
    offers.withdraw(offer_id=offer_id)
    ProcrastinateJob.objects.filter(task_name="catalogue.list_offer").delete()
    react()
    assert queries.subjects() == []
    assert queries.search("hausbewohner") == []


def test_an_upgrade_lists_it_once(inside):
    for version in ("1.0.0", "1.1.0"):
        offers.go_live(archive=small_blueprint.packed(version), settings={})
    react()
    assert len(queries.subjects()[0].services) == 1


def test_subjects_and_services_stand_in_german_order(inside):
    for slug, title in (("z", "Zelten"), ("o", "Öffnung"), ("p", "Parken"), ("a", "Ämter")):
        listed(inside, slug, title)
    listed(inside, "hund", "Hund anmelden", subject="steuern")
    listed(inside, "fremd", "Aus einem fremden Bereich", subject="gibt-es-nicht")
    found = queries.subjects()
    assert [one.key for one in found] == ["querschnitt", "verkehr", "steuern"]
    assert [card.title for card in found[1].services] == ["Ämter", "Öffnung", "Parken", "Zelten"]


def test_a_title_fits_better_than_a_summary(inside):
    listed(inside, "zweit", "Anderes", summaries={"de": "Auch ein Ausweis"})
    listed(inside, "erst", "Ausweis")
    assert [card.slug for card in queries.search("ausweis")] == ["erst", "zweit"]


def test_another_authority_lists_nothing_of_it(inside, other_authority):
    listed(inside, "hund", "Hund anmelden")
    assert queries.search("hund")
    with scope.enter(scope.of(other_authority)):
        assert queries.search("hund") == []
        assert queries.subjects() == []


@pytest.mark.usefixtures("remembering")
def test_what_is_known_is_not_read_again(inside):
    listed(inside, "hund", "Hund anmelden")
    queries.subjects()
    with CaptureQueriesContext(connection) as caught:
        queries.subjects()
        queries.search("hund")
    assert len(caught) == 0
