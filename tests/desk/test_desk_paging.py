"""Lists page by page: "more" leads to more, and never to an empty page."""

from datetime import timedelta

import pytest

from deskwork import Clerk, case, task
from dienstweg.authorities import scope
from dienstweg.cases import queries as cases
from dienstweg.desk.paging import page_of
from dienstweg.desk.views import deadlines
from dienstweg.kernel import clock
from dienstweg.processes.models import Deadline

pytestmark = pytest.mark.django_db

MORE = ">Weitere anzeigen<"


def with_task(place):
    task(place)


def with_case(place):
    case(place)


def with_period(place):
    own, now = case(place), clock.now()
    with scope.enter(scope.of(place)):
        Deadline.objects.create(
            authority_id=place, case_id=own, name="frist", starts_at=now,
            due_at=now + timedelta(days=2),
        )  # fmt: skip


def with_reading(place):
    own = case(place)
    Clerk("leser", kranichsee="sachbearbeitung").open(f"vorgaenge/{own}")


@pytest.mark.parametrize(
    ("path", "one_more"),
    [("", with_task), ("vorgaenge", with_case), ("fristen", with_period),
     ("zugriffe", with_reading)],
)  # fmt: skip
def test_a_page_that_is_just_full_is_the_last(authority, monkeypatch, path, one_more):
    monkeypatch.setattr(cases, "PAGE", 2)
    monkeypatch.setattr(cases, "LOG_PAGE", 2)
    monkeypatch.setattr(deadlines, "PAGE", 2)
    anna = Clerk("anna", kranichsee="sachbearbeitung")
    if path == "zugriffe":
        anna = Clerk("officer", kranichsee="datenschutz")
    for _ in range(2):
        one_more(authority)
    assert MORE not in anna.open(path).html
    one_more(authority)
    page = anna.open(path)
    assert MORE in page.html
    (more,) = [link for link in page.links if "nach=" in link or "vor=" in link]
    rest = anna.client.get(f"/arbeitsplatz/{path}{more}").content.decode()
    assert MORE not in rest
    assert rest.count('scope="row"') == 1


def test_a_page_knows_whether_another_follows():
    assert page_of([], 2) == ([], None)
    assert page_of([1, 2], 2) == ([1, 2], None)
    assert page_of([1, 2, 3], 2) == ([1, 2], 2)
