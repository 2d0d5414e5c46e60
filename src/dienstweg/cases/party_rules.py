"""Decides about parties: pure; states, the order of signing, and whether two are one person."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

PARTY: Mapping[str, frozenset[str]] = {
    "invited": frozenset({"joined", "declined", "removed"}),
    "joined": frozenset({"done", "declined", "removed", "invited"}),
    "done": frozenset({"joined", "removed"}),
    "declined": frozenset({"joined", "removed"}),
    "removed": frozenset(),
}
"""Which state of a party may follow which. Who is done is joined again when more is asked, and
whoever has declined may think better of it for as long as something is open. Where somebody else
has come in who is not meant, the right person is still only invited. Whom a corrected
application does not name any more is removed, whatever they have done."""

SIGNATURE: Mapping[str, frozenset[str]] = {
    "waiting": frozenset({"asked", "void", "withdrawn"}),
    "asked": frozenset({"signed", "declined", "void", "withdrawn"}),
    "signed": frozenset({"void"}),
    "declined": frozenset({"void"}),
    "void": frozenset(),
    "withdrawn": frozenset(),
}
"""Which state of a signature may follow which."""

VALID_FOR = timedelta(days=60)
"""How long a link and its code open what a party may see; a new one can be asked for."""
RENEW_PAUSE = timedelta(minutes=10)
"""A new code for a party is sent at most once in this time."""
MOST_PARTIES = 200
"""Parties of one case."""

Order = Literal["parallel", "sequential"]
Clash = Literal["", "email", "account", "name"]

_FOLDED_HOSTS = {"googlemail.com": "gmail.com"}
_TITLES = frozenset(
    ["dr", "prof", "ing", "dipl", "herr", "frau", "med", "jur", "phil", "rer", "nat"]
)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, as far as the check of two signatures looks at it.

    ``proven``: a caseworker has seen that this is a person of their own.
    """

    party_id: UUID
    name: str
    email: str
    account_id: UUID | None = None
    proven: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """One signature of the present version: whose turn it is by ``position``, and how it stands."""

    position: int
    role: str
    state: str


def plain_email(address: str) -> str:
    """Return an address so that two ways to write one mailbox are equal.

    Capital letters, blanks, what follows a plus, and at Gmail the dots do not make another person.
    """
    text = unicodedata.normalize("NFKC", address).strip().casefold()
    local, at, host = text.rpartition("@")
    if not at:
        return text
    host = _FOLDED_HOSTS.get(host, host).rstrip(".")
    local = local.partition("+")[0]
    if host == "gmail.com":
        local = local.replace(".", "")
    return f"{local}@{host}"


def plain_name(name: str) -> frozenset[str]:
    """Return the words of a name whose order, accents and titles say nothing of the person."""
    text = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(one for one in text if not unicodedata.combining(one))
    for pair, one in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        letters = letters.replace(pair, one)
    words = re.split(r"[^\w]+", letters, flags=re.UNICODE)
    return frozenset(word for word in words if len(word) > 1 and word not in _TITLES)


def plain_address(lines: Sequence[str]) -> str:
    """Return an address so that ways to write one are equal: lines, commas, accents, "Str."."""
    text = unicodedata.normalize("NFKD", " ".join(lines)).casefold()
    letters = "".join(one for one in text if not unicodedata.combining(one))
    return re.sub(r"[\W_]+", "", letters.replace("strasse", "str"))


def clash(signer: Signer, others: Iterable[Signer]) -> Clash:
    """Tell by what ``signer`` seems to be one of those who have signed already; empty: nothing.

    The same mailbox or account is the same person, whatever the name. The same name may be two
    people (a father and his son): a caseworker can prove that, and then it is no clash.
    """
    for other in others:
        if other.party_id == signer.party_id:
            continue
        if signer.account_id is not None and signer.account_id == other.account_id:
            return "account"
        mailbox = plain_email(signer.email)
        if mailbox and mailbox == plain_email(other.email):
            return "email"
        words = plain_name(signer.name)
        if words and words == plain_name(other.name) and not (signer.proven or other.proven):
            return "name"
    return ""


def turns(order: str, stands: Sequence[Stand]) -> frozenset[int]:
    """Return the positions whose signatures are to be asked for now.

    At once: all of them. One after another: the first that is not signed by everybody of it, and
    nobody any more once somebody has declined.
    """
    open_now = {one.position for one in stands if one.state in ("waiting", "asked")}
    if any(one.state == "declined" for one in stands):
        return frozenset()
    if order == "parallel" or not open_now:
        return frozenset(open_now)
    return frozenset({min(open_now)})


def signing_state(roles: Collection[str], stands: Sequence[Stand]) -> str:
    """Return how a signing stands: declined as soon as one has, signed when all have.

    A role of which nobody is known yet keeps it open: a signature is missing.
    """
    if any(one.state == "declined" for one in stands):
        return "declined"
    signed = {one.role for one in stands if one.state == "signed"}
    missing = any(one.state in ("waiting", "asked") for one in stands)
    return "open" if missing or not set(roles) <= signed else "signed"


def standing(*, state: str, open_tasks: int, open_signatures: int, answered: int) -> str:
    """Return the state of a party after something was asked, answered or taken back.

    ``answered`` counts what it has done. Who has declined, is removed, or has not come yet stays.
    """
    if state not in ("joined", "done"):
        return state
    return "joined" if open_tasks or open_signatures or not answered else "done"
