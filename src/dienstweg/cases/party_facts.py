"""What happens to parties beside what `facts` tells: who is not meant, returns, is asked anew."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dienstweg.events.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyReturned(Fact):
    """A party that did not want to take part thought better of it."""

    name: ClassVar[str] = "party.returned"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyNotMeant(Fact):
    """Somebody opened an invitation and said that they are not the one who is meant."""

    name: ClassVar[str] = "party.not_meant"

    party_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyAskedAnew(Fact):
    """What a party had answered counts no more: what it sees changed with ``version``.

    ``task`` is what it is asked again (`dienstweg.blueprint.parties.ANSWERS`).
    """

    name: ClassVar[str] = "party.asked_anew"

    party_id: UUID
    role: str
    task: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRefused(Fact):
    """Malware was found in a file that a party had handed in; it is deleted."""

    name: ClassVar[str] = "party.proof_refused"

    party_id: UUID
    role: str
    file_id: UUID
