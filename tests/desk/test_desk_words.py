"""The desk has words for everything that can stand on it."""

import pytest

from dienstweg import journey
from dienstweg.cases import rules as cases
from dienstweg.deliveries import rules as deliveries
from dienstweg.design import words
from dienstweg.events.facts import Fact
from dienstweg.payments import rules as payments

WITHOUT_CASE = {
    "offer.went_live",
    "offer.withdrawn",
    "release.withdrawn",
    "connection.failing",
    "connection.recovered",
    "file.released",
    "file.refused",
    "staff.roles_changed",
}
"""Facts about an authority's own affairs, or about a draft: they stand on no case's timeline."""


assert journey.AFTER  # imports the facts of every room that sets something off


def kinds(base: type[Fact] = Fact) -> list[type[Fact]]:
    found = []
    for one in base.__subclasses__():
        found += [one, *kinds(one)]
    return [one for one in found if one.__module__.startswith("dienstweg.")]


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_event_of_a_timeline_has_words(lang: str) -> None:
    names = {one.name for one in kinds()} - WITHOUT_CASE
    assert len(names) > 15
    missing = {f"desk.event.{name.replace('.', '_')}" for name in names} - words.keys(lang)
    assert missing == set()


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_state_has_words(lang: str) -> None:
    wanted = {f"desk.state.{state}" for state in cases.CASE}
    wanted |= {f"desk.payment.{state}" for state in payments.PAYMENT}
    wanted |= {f"desk.delivery.{state}" for state in deliveries.DELIVERY}
    assert wanted - words.keys(lang) == set()


def test_both_languages_say_the_same_things() -> None:
    german, english = words.keys("de"), words.keys("en")
    assert {key for key in german ^ english if key.startswith("desk.")} == set()
