"""How an application named somebody, whatever a caseworker has noted since."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dienstweg.blueprint import parties as roles
from dienstweg.blueprint.parties import Person
from dienstweg.cases import queries
from dienstweg.cases.models import Application, Party
from dienstweg.cases.party_rules import plain_name
from dienstweg.kernel import clock
from dienstweg.offers import queries as offers


def as_named(row: Party, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sealed of a party with ``named`` in it; for this room.

    Releases before 2026-11 did not write it: there the versions of the application tell it, by the
    key and the name, the newest but one first. Whom none of them names is named by what is noted.
    """
    if "named" in said:
        return dict(said)
    found = next(
        (
            one
            for version in _versions(row.case_id)
            for one in _people(row, version)
            if one.key == row.key and plain_name(one.name) == plain_name(said.get("name", ""))
        ),
        None,
    )
    named = queries.named_of(said) if found is None else named_by(found)
    return {**said, "named": named}


def named_by(person: Person) -> dict[str, Any]:
    """Return what is kept of how the application names somebody; for this room."""
    return {"name": person.name, "email": person.email, "address": list(person.address)}


def _versions(case_id: UUID) -> list[int]:
    rows = Application.objects.filter(case_id=case_id).order_by("-version")
    newest, *before = rows.values_list("version", flat=True)
    return [*before, newest]


def _people(row: Party, version: int) -> tuple[Person, ...]:
    opened = queries.opened_version(row.case_id, version)
    today = clock.local(opened.case.submitted_at).date()
    release = offers.release(opened.case.digest)
    return roles.people(release, row.role, opened.application.data, today)
