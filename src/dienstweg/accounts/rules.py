"""Decides about applicants' accounts: pure, the time is an argument."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

import phonenumbers

PROOF_LASTS = timedelta(minutes=30)
GUESSES = 5
"""Wrong codes after which a new one must be asked for."""
PASSAGE_LASTS = timedelta(minutes=1)
IDLE = timedelta(hours=1)
TOTAL = timedelta(hours=12)
"""How long somebody stays signed in (TR-03160-1, level "niedrig"; TR-03172-3, A3.11.09)."""
NOTED = timedelta(minutes=5)
"""The use of a stay is written down this often, so that reading a page seldom writes."""

PURPOSES: Mapping[str, str] = {
    "given-name": "given",
    "family-name": "family",
    "bday": "born",
    "address-line1": "street",
    "house-number": "number",
    "postal-code": "postcode",
    "address-level2": "town",
    "tel": "phone",
}
"""Autocomplete tokens (WCAG 2.2, section 7) that one entry of the profile answers.

HTML has none for a house number: that one is ours.
"""
ENTRIES: Mapping[str, int] = {
    "given": 80,
    "family": 80,
    "born": 10,
    "street": 100,
    "number": 20,
    "postcode": 10,
    "town": 80,
    "phone": 30,
}
"""What applicants may say of themselves, and how many characters of it."""

Staying = Literal["here", "idle", "gone"]


def staying(*, now: datetime, began_at: datetime, used_at: datetime) -> Staying:
    """Say whether somebody is still signed in, was idle for too long, or must sign in anew."""
    if now - began_at >= TOTAL:
        return "gone"
    return "idle" if now - used_at >= IDLE else "here"


def ends_in(*, now: datetime, began_at: datetime, used_at: datetime) -> timedelta:
    """Return how long somebody who does nothing more stays signed in, at least.

    A use is written down only after `NOTED`: what was not counts from the one that was.
    """
    used_at = now if now - used_at >= NOTED else used_at
    return min(used_at + IDLE - now, began_at + TOTAL - now)


def is_final(*, now: datetime, began_at: datetime, used_at: datetime) -> bool:
    """Tell whether they are signed out at that time whatever they do: twelve hours are over."""
    return began_at + TOTAL - now <= ends_in(now=now, began_at=began_at, used_at=used_at)


def cleaned(given: Mapping[str, str]) -> dict[str, str]:
    """Return what may stand in a profile: known entries, without blanks around them, not empty."""
    texts = {name: " ".join(given.get(name, "").split()) for name in ENTRIES}
    return {name: text for name, text in texts.items() if text}


def faults(profile: Mapping[str, str], today: date) -> dict[str, str]:
    """Return what is wrong with a cleaned profile: by entry ``long date phone postcode``."""
    found = {name: "long" for name, text in profile.items() if len(text) > ENTRIES[name]}
    if "born" in profile and not _is_birthday(profile["born"], today):
        found["born"] = "date"
    if "phone" in profile and not re.fullmatch(r"\+[1-9][0-9]{4,14}", profile["phone"]):
        found["phone"] = "phone"
    if "postcode" in profile and not re.fullmatch(r"[0-9]{5}", profile["postcode"]):
        found["postcode"] = "postcode"
    return found


def read_date(text: str) -> str:
    """Return a date typed as ``27.3.1984`` as ISO 8601 (``1984-03-27``), others as they are."""
    found = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", "".join(text.split()))
    if found is None:
        return text
    return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"


def read_phone(text: str) -> str:
    """Return a telephone number as E.164 (``+4943215678``), what is none as it is."""
    try:
        number = phonenumbers.parse(text[:40], "DE")
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_possible_number(number) or not text.strip().startswith(("+", "0", "(")):
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(text: str) -> str:
    """Return a telephone number as people read it."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def shown_date(text: str) -> str:
    """Return an ISO date as people in Germany write it, others as they are."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    return f"{int(found[3])}.{int(found[2])}.{found[1]}" if found else text


def by_purpose(profile: Mapping[str, Any], email: str) -> dict[str, str]:
    """Return what a profile and the confirmed address answer, by autocomplete token."""
    found = {token: str(profile[name]) for token, name in PURPOSES.items() if profile.get(name)}
    if profile.get("street") and profile.get("number"):
        found["street-address"] = f"{profile['street']} {profile['number']}"
    if profile.get("given") and profile.get("family"):
        found["name"] = f"{profile['given']} {profile['family']}"
    if email:
        found["email"] = email
    return found


def _is_birthday(text: str, today: date) -> bool:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return False
    return date(1900, 1, 1) <= born <= today
