"""Access codes of cases: what an applicant types, and what is stored instead."""

import hmac
from uuid import UUID

from dienstweg.cases.models import Case
from dienstweg.kernel import references


def of(secret: str) -> str:
    """Return the access code of the case that a draft with this ``secret`` becomes."""
    return references.derived_code(references.normalise(secret), "case")


def digest(case_id: UUID, code: str) -> bytes:
    """Return what is stored instead of an access code."""
    return references.digest(code, f"case:{case_id}")


def fits(row: Case, code: str) -> bool:
    """Tell whether ``code`` opens the case."""
    return hmac.compare_digest(bytes(row.code_hash or b""), digest(row.code_of or row.id, code))
