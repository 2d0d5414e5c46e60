"""Acts that are sent twice and done once."""

from datetime import timedelta

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from dienstweg.authorities import scope
from dienstweg.kernel import clock
from dienstweg.reception import acts

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(authority):
    with scope.enter(scope.of(authority)):
        yield authority


def send(view, key="k1", path="/vorgang/1/zurueckziehen", **fields):
    body = {"handlung": key, "csrfmiddlewaretoken": acts.new_key(), **fields}
    return view(RequestFactory().post(path, body))


@pytest.fixture
def done():
    return []


@pytest.fixture
def view(done):
    @acts.once("withdraw")
    def act(request):
        if request.POST.get("grund") == "falsch":
            return HttpResponse(status=422)
        done.append(request.POST.get("grund"))
        return HttpResponseRedirect(f"/fertig/{len(done)}")

    return act


def test_a_repeat_gets_the_same_answer_and_does_nothing(inside, view, done):
    first = send(view, grund="x")
    again = send(view, grund="x")
    assert done == ["x"]
    assert (first.status_code, first.headers["Location"]) == (302, "/fertig/1")
    assert (again.status_code, again.headers["Location"]) == (302, "/fertig/1")


def test_another_body_under_the_same_key_is_refused(inside, view, done):
    send(view, grund="x")
    assert send(view, grund="y").status_code == 409
    assert send(view, grund="x", path="/vorgang/2/zurueckziehen").status_code == 409
    assert done == ["x"]


def test_another_key_is_another_act(inside, view, done):
    send(view, grund="x")
    send(view, key="k2", grund="x")
    assert done == ["x", "x"]


def test_a_refusal_is_not_kept(inside, view, done):
    assert send(view, grund="falsch").status_code == 422
    assert send(view, grund="richtig").status_code == 302
    assert done == ["richtig"]


@pytest.mark.parametrize("key", ["", "x" * 65])
def test_without_a_usable_key_nothing_is_done(inside, view, done, key):
    assert send(view, key=key, grund="x").status_code == 400
    assert done == []


def test_authorities_do_not_share_keys(view, done, authority, other_authority):
    for own in (authority, other_authority):
        with scope.enter(scope.of(own)):
            send(view, grund="x")
    assert done == ["x", "x"]


def test_old_acts_are_swept(inside, view):
    send(view, grund="x")
    assert acts.sweep() == 0
    with clock.shifted(timedelta(days=3)):
        assert acts.sweep() == 1
