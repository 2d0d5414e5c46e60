"""The codes of parties: what somebody who was invited types, and what is stored instead."""

import hmac
from uuid import UUID

from dienstweg.cases.party_models import Party
from dienstweg.kernel import references

PREFIX = "B"
"""Before the number of an invitation, so that nobody takes it for that of a case."""


def new_number() -> str:
    """Return a random number for an invitation."""
    return references.case_number(PREFIX)


def digest(party_id: UUID, code: str) -> bytes:
    """Return what is stored instead of a code."""
    return references.digest(code, f"party:{party_id}")


def fits(row: Party, code: str) -> bool:
    """Tell whether ``code`` opens what the party may see."""
    return hmac.compare_digest(
        bytes(row.code_hash or b""), digest(row.code_of or row.id, code)
    ) and bool(row.code_hash)
