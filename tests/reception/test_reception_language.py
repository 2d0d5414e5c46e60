"""The language: link before cookie before browser, German where nothing fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dienstweg.reception.language import LANGUAGES, choose


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "expected"),
    [
        (None, None, "", "de"),
        ("en", "de", "de", "en"),
        ("fr", "en", "de", "en"),
        (None, None, "en-GB,en;q=0.9,de;q=0.8", "en"),
        (None, None, "de;q=0.7,en;q=0.3", "de"),
        (None, None, "fr,en;q=0.5", "en"),
        (None, None, "en;q=0", "de"),
        (None, None, "en;q=x", "de"),
        (None, "kaputt", "tr", "de"),
    ],
)
def test_choice(query, cookie, accept, expected):
    assert choose(query, cookie, accept) == expected


@given(st.text(), st.text(), st.text())
def test_whatever_is_sent_gives_a_language(query, cookie, accept):
    assert choose(query, cookie, accept) in LANGUAGES
