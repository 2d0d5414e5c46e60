"""What becomes of parties and signatures when the application was corrected."""

from uuid import UUID

from django.db import transaction

from dienstweg.cases import queries
from dienstweg.cases.actions.inviting import BY_STAFF, those_of
from dienstweg.cases.actions.signing import ask_signatures_anew
from dienstweg.cases.models import Party


def follow_correction(*, case_id: UUID) -> None:
    """Let parties be those whom the newest version names, and ask for signatures anew.

    Of roles that were invited already: whom the version names first is invited, whom it names no
    longer is told. Safe to do twice; nothing happens where the case is not open. Raises
    `NoSuchCase`, `Erased`.
    """
    with transaction.atomic():
        opened = queries.opened_of(queries.newest(case_id, lock=True))
        if opened.case.state != "open":
            return
        invited = Party.objects.filter(case_id=case_id).exclude(key__startswith=BY_STAFF)
        for role in sorted(set(invited.values_list("role", flat=True))):
            those_of(opened, role)
        ask_signatures_anew(case_id=case_id)
