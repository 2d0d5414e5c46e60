"""A film is played in parts: what a player asks for, and what it cannot have."""

import pytest
from django.test import RequestFactory

from dienstweg.reception.downloads import played

CONTENT = bytes(range(100))


def _ask(wanted: str):
    headers = {"Range": wanted} if wanted else {}
    return played(RequestFactory().get("/", headers=headers), CONTENT, "video/mp4")


@pytest.mark.parametrize("wanted", ["", "bytes=-", "bytes=0-1,5-6", "seconds=1-2", "bytes=a-b"])
def test_what_is_no_single_range_is_answered_whole(wanted: str) -> None:
    answer = _ask(wanted)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=90-", 90, 99),
        ("bytes=-5", 95, 99),
        ("bytes=50-5000", 50, 99),
        ("bytes=-5000", 0, 99),
    ],
)
def test_a_part_is_the_part_asked_for(wanted: str, first: int, last: int) -> None:
    answer = _ask(wanted)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/100"
    assert answer.content == CONTENT[first : last + 1]


@pytest.mark.parametrize("wanted", ["bytes=100-", "bytes=20-10", "bytes=-0"])
def test_a_part_that_cannot_be_is_refused_with_the_size(wanted: str) -> None:
    answer = _ask(wanted)
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["Content-Range"] == "bytes */100"
