"""Online services go live, are upgraded and withdrawn; what a digest stands for never changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

import small_blueprint
from dienstweg.authorities import scope
from dienstweg.blueprint.problems import Invalid
from dienstweg.events.models import Event
from dienstweg.library.errors import NoSuchRelease
from dienstweg.offers import actions, queries, rules
from dienstweg.offers.errors import NoSuchOffer, NoSuchVersion, NothingToOffer
from dienstweg.offers.models import Pin

OVERLAY = {"texts": {"de": {"service.title": "Neu im Haus"}}}


@pytest.fixture
def inside(authority):
    queries.forget()
    with scope.enter(scope.of(authority)):
        yield authority
    queries.forget()


def go_live(version="1.0.0", **more):
    return actions.go_live(
        archive=small_blueprint.packed(version), settings={"connection": "akte"}, **more
    )


@pytest.mark.django_db
def test_what_went_live_is_offered(inside):
    offer_id = go_live()
    seen = queries.live("hausbewohner")
    assert seen == queries.offer(offer_id)
    assert (seen.title, seen.settings, seen.draft_days) == (
        "Hausbewohner anmelden", {"connection": "akte"}, 20,
    )  # fmt: skip
    assert [one.slug for one in queries.all_live()] == ["hausbewohner"]
    assert queries.release(seen.digest).version == "1.0.0"
    (event,) = Event.objects.all()
    assert event.name == "offer.went_live"


@pytest.mark.django_db
def test_the_same_again_is_nothing_new(inside):
    assert go_live() == go_live()
    assert Event.objects.count() == 1
    assert go_live(overlay=OVERLAY) == go_live(overlay=OVERLAY)
    assert Event.objects.count() == 2


@pytest.mark.django_db
def test_an_upgrade_keeps_what_was_pinned(inside):
    go_live()
    before = queries.live("hausbewohner").digest
    go_live("2.0.0")
    after = queries.live("hausbewohner").digest
    assert before != after
    versions = [queries.release(digest).version for digest in (before, after)]
    assert versions == ["1.0.0", "2.0.0"]


@pytest.mark.django_db
def test_an_overlay_has_a_digest_of_its_own(inside):
    go_live()
    plain = queries.live("hausbewohner")
    go_live(overlay=OVERLAY)
    changed = queries.live("hausbewohner")
    assert changed.digest != plain.digest
    assert changed.title == "Neu im Haus"
    assert queries.release(plain.digest).text("de", "service.title") == "Hausbewohner anmelden"
    assert queries.release(changed.digest).text("de", "service.title") == "Neu im Haus"


@pytest.mark.django_db
def test_what_cannot_be_offered_is_refused_and_changes_nothing(inside):
    with pytest.raises(NothingToOffer):
        actions.go_live(settings={})
    with pytest.raises(NoSuchRelease):
        actions.go_live(digest="0" * 64, settings={})
    with pytest.raises(Invalid):
        actions.go_live(archive=b"PK\x03\x04 no archive", settings={})
    with pytest.raises(Invalid):
        go_live(overlay={"texts": {"de": {"fields.name.label": "x"}}})
    assert queries.all_live() == []
    assert Pin.objects.count() == 0


@pytest.mark.django_db
def test_a_withdrawn_offer_is_no_longer_live_but_known(inside):
    offer_id = go_live()
    for _ in range(2):
        actions.withdraw(offer_id=offer_id)
    assert queries.live("hausbewohner") is None
    assert queries.offer(offer_id).state == "withdrawn"
    assert [event.name for event in Event.objects.order_by("id")] == [
        "offer.went_live", "offer.withdrawn",
    ]  # fmt: skip
    assert go_live() == offer_id
    assert queries.live("hausbewohner") is not None


@pytest.mark.django_db
def test_another_authority_offers_nothing_of_it(inside, other_authority):
    offer_id = go_live()
    queries.live("hausbewohner")
    with scope.enter(scope.of(other_authority)):
        assert queries.live("hausbewohner") is None
        with pytest.raises(NoSuchOffer):
            queries.offer(offer_id)
        with pytest.raises(NoSuchOffer):
            actions.withdraw(offer_id=offer_id)


@pytest.mark.django_db
def test_releases_are_found_in_the_scope_of_several_authorities(inside, other_authority):
    go_live()
    digest = queries.live("hausbewohner").digest
    queries.forget()
    with scope.enter(scope.of(inside, other_authority)):
        assert queries.release(digest).id == "hausbewohner"


@pytest.mark.django_db
def test_a_known_release_costs_no_statement(inside):
    go_live()
    digest = queries.live("hausbewohner").digest
    first = queries.release(digest)
    with CaptureQueriesContext(connection) as caught:
        assert queries.release(digest) is first
    assert len(caught) == 0


def test_the_digest_of_a_pin_depends_on_all_of_it():
    plain = rules.pinned_digest("a" * 64, None)
    assert plain == rules.pinned_digest("a" * 64, {}) == "a" * 64
    one = rules.pinned_digest("a" * 64, {"x": 1, "y": 2})
    assert one == rules.pinned_digest("a" * 64, {"y": 2, "x": 1})
    assert len({plain, one, rules.pinned_digest("b" * 64, {"x": 1, "y": 2}),
                rules.pinned_digest("a" * 64, {"x": 1})}) == 4  # fmt: skip


@given(st.dictionaries(st.text(), st.text() | st.integers(), min_size=1))
def test_every_overlay_has_a_digest(overlay):
    assert len(rules.pinned_digest("a" * 64, overlay)) == 64


@pytest.mark.django_db
def test_a_withdrawn_release_is_said_to_be_so_until_it_goes_live_again(inside, other_authority):
    go_live()
    old = queries.live("hausbewohner").digest
    go_live("2.0.0")
    new = queries.live("hausbewohner").digest
    found = actions.withdraw_release(slug="hausbewohner", version="1.0.0", reason=" Ein\nFehler. ")
    assert found == [old]
    assert queries.withdrawal(old).why == "Ein Fehler."
    assert queries.withdrawal(new) is None
    assert queries.live("hausbewohner").digest == new, "the present release is still offered"
    with scope.enter(scope.of(other_authority)):
        assert queries.withdrawal(old) is None
    actions.withdraw_release(slug="hausbewohner", reason="Noch einer.")
    assert queries.live("hausbewohner") is None
    assert [event.name for event in Event.objects.order_by("id")][-3:] == [
        "release.withdrawn", "release.withdrawn", "offer.withdrawn",
    ]  # fmt: skip
    go_live("2.0.0")
    assert queries.withdrawal(new) is None
    assert queries.live("hausbewohner").digest == new


@pytest.mark.django_db
def test_only_what_was_offered_can_be_withdrawn(inside):
    with pytest.raises(NoSuchOffer):
        actions.withdraw_release(slug="hausbewohner", reason="x")
    go_live()
    with pytest.raises(NoSuchVersion):
        actions.withdraw_release(slug="hausbewohner", version="9.9.9", reason="x")
    assert queries.live("hausbewohner") is not None
