"""Decides whom an application means among those who take part already: pure.

A correction may remove, add or reorder the people whom an application names. Their place in it
says nothing of who they are: the mailbox does, and for whoever has none the name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dienstweg.blueprint.parties import Person
from dienstweg.cases.party_rules import plain_address, plain_email, plain_name


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who takes part, by their key, as the application once named them."""

    key: str
    name: str
    email: str
    address: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """Who stays (key -> what the application says of them now), who is new, whose keys are gone."""

    stay: Mapping[str, Person]
    new: tuple[Person, ...]
    gone: tuple[str, ...]


def match(people: Sequence[Person], known: Sequence[Named]) -> Matching:
    """Tell who of the ``people`` is whom of the ``known``; each is at most one other.

    Two mailboxes are two people, whatever their names: what one has answered or signed is never
    shown as the other's. With one mailbox it is one person, with a corrected name too. Somebody
    without a mailbox, then or now, is known by the name, and first where the address is the same:
    the same name at another address is somebody else.
    """
    stay: dict[str, Person] = {}
    left = list(people)
    for same in (_mailbox_and_name, _mailbox, _name_and_address, _name):
        for one in known:
            if one.key in stay:
                continue
            found = next((person for person in left if same(person, one)), None)
            if found is not None:
                stay[one.key] = found
                left = [person for person in left if person is not found]
    gone = tuple(one.key for one in known if one.key not in stay)
    return Matching(stay, tuple(left), gone)


def free_key(wanted: str, role: str, taken: frozenset[str]) -> str:
    """Return the key for somebody new: the wanted one, or the next of the role that is free."""
    if wanted not in taken:
        return wanted
    number = 0
    while f"{role}@{number}" in taken:
        number += 1
    return f"{role}@{number}"


def _mailbox(person: Person, one: Named) -> bool:
    return bool(one.email) and plain_email(person.email) == plain_email(one.email)


def _mailbox_and_name(person: Person, one: Named) -> bool:
    return _mailbox(person, one) and plain_name(person.name) == plain_name(one.name)


def _name(person: Person, one: Named) -> bool:
    """The same name, unless two mailboxes or two addresses say that these are two people."""
    words = plain_name(person.name)
    if not words or words != plain_name(one.name) or (person.email and one.email):
        return False
    now, before = plain_address(person.address), plain_address(one.address)
    return not (now and before) or now == before


def _name_and_address(person: Person, one: Named) -> bool:
    return _name(person, one) and plain_address(person.address) == plain_address(one.address)
