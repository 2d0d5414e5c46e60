"""The two walls around an account: it sees its own drafts and cases, reads only, and nothing else.

Each wall holds with the other one off; with both off the leak must show.
"""

from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, models, transaction

from architecture.test_walls import database_wall_off, raw_count
from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.assistants.models import Draft
from dienstweg.authorities import scope
from dienstweg.authorities.errors import Unscoped
from dienstweg.cases import queries as cases
from dienstweg.cases.models import Application, Case, Task
from dienstweg.kernel.references import new_id
from dienstweg.mail.models import Mail
from seeding import given_draft, given_offer, submit

OWNED = (Draft, Case)


@dataclass(frozen=True)
class Two:
    """Two accounts with a draft and a case each, at two authorities each."""

    anna: UUID
    berta: UUID
    places: tuple[UUID, UUID]


@pytest.fixture
def two(authority, other_authority):
    anna, berta = new_id(), new_id()
    for place in (authority, other_authority):
        with scope.enter(scope.of(place)):
            given_draft()
            for account_id in (anna, berta):
                offer_id = given_offer()
                assistants.begin(offer_id=offer_id, lang="de", account_id=account_id)
                begun = assistants.begin(offer_id=offer_id, lang="de", account_id=account_id)
                submit(drafts.opened(begun.draft_id, begun.secret))
    return Two(anna, berta, (authority, other_authority))


def loose(model):
    """Return a queryset that the first wall knows nothing of."""
    rows: models.QuerySet = models.QuerySet(model=model)
    return rows


@pytest.mark.django_db(transaction=True)
def test_an_account_sees_its_own_at_every_authority(two):
    with scope.enter(scope.of_account(two.anna)):
        assert {one.authority_id for one in drafts.own()} == set(two.places)
        assert {one.authority_id for one in cases.own()} == set(two.places)
        assert drafts.own_places() == cases.own_places() == set(two.places)
    with scope.enter(scope.of_account(new_id())):
        assert drafts.own() == cases.own() == []


@pytest.mark.django_db(transaction=True)
def test_the_database_holds_when_the_querysets_do_not_filter(two):
    with scope.enter(scope.of_account(two.anna)):
        for model in OWNED:
            seen = set(loose(model).values_list("account_id", flat=True))
            assert seen == {two.anna}, model
            assert raw_count(model._meta.db_table) == loose(model).count()
        for model in (Application, Task, Mail):
            assert loose(model).count() == 0, model


@pytest.mark.django_db(transaction=True)
def test_the_querysets_hold_when_the_database_does_not_filter(two, database_addresses):
    with database_wall_off(database_addresses.owner), scope.enter(scope.of_account(two.anna)):
        for model in OWNED:
            assert set(model.objects.values_list("account_id", flat=True)) == {two.anna}
            assert raw_count(model._meta.db_table) > model.objects.count(), "the wall is not off"
        for model in (Application, Task, Mail):
            with pytest.raises(Unscoped):
                model.objects.count()


@pytest.mark.django_db(transaction=True)
def test_with_both_walls_off_the_leak_shows(two, database_addresses):
    with database_wall_off(database_addresses.owner), scope.enter(scope.of_account(two.anna)):
        for model in OWNED:
            assert two.berta in set(loose(model).values_list("account_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_the_scope_of_an_account_reads_and_changes_nothing(two):
    with scope.enter(scope.of_account(two.anna)):
        for model in OWNED:
            table = model._meta.db_table
            for statement in (f"UPDATE \"{table}\" SET lang = 'xx'", f'DELETE FROM "{table}"'):
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
                    assert cursor.rowcount == 0, statement
        row = loose(Draft).first()
        row.pk, row._state.adding = new_id(), True
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_the_secret_of_a_draft_is_for_its_own_account_at_its_own_authority(two):
    with scope.enter(scope.of_account(two.anna)):
        mine = {one.authority_id: one.id for one in drafts.own()}
    here, there = two.places
    with scope.enter(scope.of(here)):
        secret = drafts.secret_of(mine[here], account_id=two.anna)
        assert drafts.opened(mine[here], secret).account_id == two.anna
        for draft_id, account_id in ((mine[here], two.berta), (mine[there], two.anna)):
            with pytest.raises(drafts.NoSuchDraft):
                drafts.secret_of(draft_id, account_id=account_id)
