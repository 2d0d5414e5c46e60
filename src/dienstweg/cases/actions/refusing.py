"""What a case is told when the virus scan refuses one of its files."""

from uuid import UUID

from django.db import transaction

from dienstweg.cases.actions.leaving import GONE
from dienstweg.cases.actions.party_links import mail_news, post_again
from dienstweg.cases.actions.proving import proof_missing
from dienstweg.cases.facts import AttachmentRefused
from dienstweg.cases.models import Attachment, Case, Party, Proof
from dienstweg.cases.party_facts import ProofRefused
from dienstweg.events import actions as events
from dienstweg.events import queries as recorded

_TOLD = (AttachmentRefused.name, ProofRefused.name)


def note_refused_file(*, case_id: UUID, file_id: UUID) -> None:
    """Note on the timeline that malware was found in a file of the case; twice is once.

    A party whose file it was is told and asked to hand it in anew. Does nothing for what is still
    a draft, and for a file that neither the application nor a party has handed in.
    """
    with transaction.atomic():
        row = Case.objects.select_for_update(no_key=True).filter(id=case_id).first()
        if row is None or _is_told(case_id, file_id):
            return
        if Attachment.objects.filter(case_id=case_id, file_id=file_id).exists():
            events.record(
                AttachmentRefused(authority_id=row.authority_id, case_id=case_id, file_id=file_id)
            )
            return
        proof = (
            Proof.objects.select_related("party", "party__case")
            .filter(case_id=case_id, file_id=file_id)
            .first()
        )
        if proof is not None:
            _proof_refused(proof.party, file_id)


def _is_told(case_id: UUID, file_id: UUID) -> bool:
    """Tell whether the timeline says already that this file is refused."""
    told = (one for one in recorded.timeline(case_id) if one.name in _TOLD)
    return str(file_id) in {one.data.get("file_id") for one in told}


def _proof_refused(party: Party, file_id: UUID) -> None:
    """Write that what a party handed in is gone; what must be there before signing is open anew."""
    fact = ProofRefused(
        authority_id=party.authority_id,
        case_id=party.case_id,
        party_id=party.id,
        role=party.role,
        file_id=file_id,
    )
    events.record(fact)
    if party.case.state != "open" or party.state in GONE:
        return
    if proof_missing(party):
        Party.objects.filter(id=party.id, state="done").update(state="joined")
    if party.by_post:
        post_again(party)
    else:
        mail_news(party_id=party.id)
