"""The library keeps each release once, under its own digest, and takes nothing that is none."""

import hashlib

import pytest

import small_blueprint
from dienstweg.authorities import scope
from dienstweg.blueprint.problems import Invalid
from dienstweg.library import actions, queries
from dienstweg.library.errors import NoSuchRelease, TooLarge
from dienstweg.library.models import Release

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(db):
    with scope.enter(scope.network("test")):
        yield


def test_a_release_is_kept_once_under_its_digest():
    archive = small_blueprint.packed()
    card = actions.add(archive=archive)
    assert card.digest == hashlib.sha256(archive).hexdigest()
    assert (card.blueprint_id, card.version) == ("hausbewohner", "1.0.0")
    assert actions.add(archive=archive) == card
    assert Release.objects.count() == 1
    assert queries.archive(card.digest) == archive


def test_the_newest_release_stands_first():
    for version in ("1.0.0", "1.1.0", "2.0.0"):
        actions.add(archive=small_blueprint.packed(version))
    found = [card.version for card in queries.releases("hausbewohner")]
    assert found == ["2.0.0", "1.1.0", "1.0.0"]
    assert queries.releases("andere") == []


@pytest.mark.parametrize("archive", [b"", b"PK", b"\x00" * 1000])
def test_what_is_no_blueprint_is_refused(archive):
    with pytest.raises(Invalid):
        actions.add(archive=archive)
    assert Release.objects.count() == 0


def test_what_is_too_large_is_refused_unread():
    with pytest.raises(TooLarge):
        actions.add(archive=bytes(12 * 1024 * 1024))


def test_an_unknown_digest_is_told():
    with pytest.raises(NoSuchRelease):
        queries.archive("0" * 64)
