"""An applicant answers what a caseworker asked back: there is a new version of the application."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dienstweg.assistants import actions as assistants
from dienstweg.assistants import queries as drafts
from dienstweg.blueprint.correcting import Mark
from dienstweg.cases import actions, queries
from dienstweg.kernel.references import new_id


def corrected(case_id: UUID, *, remark: str = "", **data: Any) -> int:
    """Return the number of a new version, in which ``data`` is different."""
    asked = _asked(case_id, [Mark("person", "name")])
    draft = drafts.opened(asked, drafts.correction_secret(asked))
    new = {**queries.application(case_id, key=draft.key).data, **data}
    return actions.answer_correction(draft=draft, application=new, declaration={}, remark=remark)


def replaced(case_id: UUID, content: bytes, *, name: str = "neu.png") -> int:
    """Return the number of a new version, in which a file stands instead of those at /belege."""
    asked = _asked(case_id, [Mark("belege", "nachweis")])
    secret = drafts.correction_secret(asked)
    draft = drafts.opened(asked, secret)
    for one in draft.answers["data"].get("belege", []):
        assistants.detach(draft_id=asked, secret=secret, file_id=UUID(one))
    assistants.attach(draft_id=asked, secret=secret, field="nachweis", name=name, chunks=[content])
    draft = drafts.opened(asked, secret)
    new = {**queries.application(case_id, key=draft.key).data}
    new["belege"] = draft.answers["data"]["belege"]
    return actions.answer_correction(draft=draft, application=new, declaration={})


def _asked(case_id: UUID, marks: Sequence[Mark]) -> UUID:
    return actions.ask_correction(
        case_id=case_id, account_id=new_id(), key=str(new_id()), marks=marks, subject="x", body="y"
    )
