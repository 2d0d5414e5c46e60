"""Reading changes nothing, and what is withdrawn is public nowhere."""

from typing import Any

import pytest
from django.apps import apps

from dienstweg.authorities import scope
from dienstweg.authorities.scope import AuthorityOwned
from dienstweg.catalogue import queries as catalogue
from dienstweg.offers import actions as offer_actions
from dienstweg.offers import queries as offers
from portal.test_portal_hostile import addresses
from working import work

pytestmark = pytest.mark.django_db


def rows() -> dict[str, list[Any]]:
    """Return everything that stands in our tables."""
    return {
        model._meta.db_table: sorted(map(repr, model.objects.values_list()))
        for model in apps.get_models()
        if issubclass(model, AuthorityOwned) or model._meta.db_table == "events_due"
    }


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_get_changes_nothing(submitted, town, method):
    number = submitted.page.html.split('class="dw-code" translate="no">')[1].split("<")[0]
    submitted.begin()
    paths = addresses(submitted.draft.split("/")[2], number)
    with scope.enter(scope.of(town)):
        before = rows()
    assert before["assistants_draft"], "nothing stands in the tables"
    for path in paths:
        getattr(submitted.client, method)(path, headers={"purpose": "prefetch"})
    with scope.enter(scope.of(town)):
        assert rows() == before


def test_what_is_withdrawn_is_public_nowhere(applicant, town):
    page = applicant.open("/leistungen/hausbewohner")
    begin = page.form("/hausbewohner/beginnen")["fields"]
    public = ["/", "/suche?suche=hausbewohner", "/sitemap.xml"]
    assert all("/leistungen/hausbewohner" in applicant.open(one).html for one in public)
    with scope.enter(scope.of(town)):
        offer_actions.withdraw(offer_id=offers.live("hausbewohner").id)
        work("catalogue")
    offers.forget()
    catalogue.forget()
    for one in public:
        assert "/leistungen/hausbewohner" not in applicant.client.get(one).content.decode(), one
    assert applicant.client.get("/leistungen/hausbewohner").status_code == 404
    assert applicant.client.post("/leistungen/hausbewohner/beginnen", begin).status_code == 404
