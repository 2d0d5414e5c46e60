"""What becomes of parties, answers and signatures when the application was corrected."""

from uuid import UUID

from django.db import transaction

from dienstweg.cases import queries
from dienstweg.cases.actions.asking_anew import ask_answers_anew
from dienstweg.cases.actions.inviting import BY_STAFF, those_of
from dienstweg.cases.actions.signing import ask_signatures_anew
from dienstweg.cases.models import Party, Task


def follow_correction(*, case_id: UUID) -> None:
    """Let parties be those whom the newest version names; ask for answers and signatures anew.

    Of roles that the process has invited or asked: whom the version names first is invited, whom it
    names no longer is told. Safe to do twice; nothing happens where the case is not open. Raises
    `NoSuchCase`, `Erased`.
    """
    with transaction.atomic():
        opened = queries.opened_of(queries.held(case_id)[0])
        if opened.case.state != "open":
            return
        for role in sorted(_wanted(case_id)):
            those_of(opened, role)
        ask_answers_anew(opened)
        ask_signatures_anew(case_id=case_id)


def _wanted(case_id: UUID) -> set[str]:
    """Return the roles that the process has invited or asked, whether or not anybody had them."""
    invited = Party.objects.filter(case_id=case_id).exclude(key__startswith=BY_STAFF)
    asked = Task.objects.filter(case_id=case_id, role__startswith=queries.TASKS_OF)
    return {
        *invited.values_list("role", flat=True),
        *(one.removeprefix(queries.TASKS_OF) for one in asked.values_list("role", flat=True)),
        *(queries.row_of(case_id).invited_roles or ()),
    }
