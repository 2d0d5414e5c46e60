"""Clerks at the desk: signed in, with forms to send, and cases with tasks for them."""

import itertools
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

import small_blueprint
from applicant import Page
from dienstweg.accounts.models import Account
from dienstweg.authorities import scope
from dienstweg.cases import actions
from dienstweg.offers import actions as offers
from dienstweg.reception import acts
from seeding import given_draft, submit
from staffing import colleague

BASE = "/arbeitsplatz/"
_keys = itertools.count()


class Clerk:
    """Somebody of the staff with a browser, who has signed in."""

    def __init__(self, name: str, **roles: str) -> None:
        self.id = colleague(name, **roles)
        self.client = Client(headers={"host": settings.DIENSTWEG_NETWORK_HOST})
        self.client.force_login(Account.objects.get(id=self.id))

    def open(self, path: str = "", **query: str) -> Page:
        """Return a page of the desk, wherever its address leads."""
        return Page(self.client.get(BASE + path, query, follow=True))

    def send(self, path: str, **fields: Any) -> Page:
        """Send a form and return the page to which that leads."""
        given = {acts.FIELD: acts.new_key(), **fields}
        return Page(self.client.post(BASE + path, given, follow=True))


def case(place: UUID, name: str = "Änne", **application: Any) -> UUID:
    """Return a submitted case of the small blueprint at the authority."""
    with scope.enter(scope.of(place)):
        offer_id = offers.go_live(archive=small_blueprint.packed(), settings={})
        return submit(given_draft(offer_id), name=name, **application).case_id


def task(place: UUID, case_id: UUID | None = None, **values: Any) -> UUID:
    """Return a task at the authority, of a new case if none is named."""
    own = case_id or case(place)
    given = {
        "key": f"pruefen{next(_keys)}",
        "task": "pruefen",
        "role": "sachbearbeitung",
        "outcomes": ["granted", "refused"],
    }
    with scope.enter(scope.of(place)):
        return actions.ask(case_id=own, **{**given, **values})
