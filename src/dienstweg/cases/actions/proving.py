"""What somebody must hand in before they sign, where the blueprint wants that of their role."""

from dienstweg.blueprint import parties as declared
from dienstweg.cases.models import Party, Proof, Signature
from dienstweg.files import queries as files
from dienstweg.offers import queries as offers


def proof_missing(party: Party) -> bool:
    """Tell whether somebody must hand in a file before they can sign; for this room.

    A file counts unless the virus scan has refused it: who waits for the scan need not come back.
    """
    return _proves_first(party) and not _counting(party)


def keeps_signature(party: Party, proof: Proof) -> bool:
    """Tell whether a signature that was given rests on this file, so that it must stay."""
    if not _proves_first(party) or _counting(party) - {proof.file_id}:
        return False
    return bool(Signature.objects.filter(party_id=party.id, state="signed").exists())


def _proves_first(party: Party) -> bool:
    role = declared.role(offers.release(party.case.digest), party.role)
    return role is not None and role.proves_first


def _counting(party: Party) -> set[object]:
    """Return the files of a party that are there, or still wait for the virus scan."""
    states = files.states(party.case_id)
    handed = Proof.objects.filter(party_id=party.id).values_list("file_id", flat=True)
    return {one for one in handed if states.get(one, "refused") != "refused"}
