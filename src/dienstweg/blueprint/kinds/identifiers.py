"""Numbers with rules of their own: telephone, bank account, number plate, tax id, postcode."""

import re
from typing import TYPE_CHECKING, Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat
from phonenumbers import ValidationResult as Possible

from dienstweg.blueprint import figures
from dienstweg.blueprint.kinds.cleaning import tight
from dienstweg.blueprint.kinds.kind import Read, accepted
from dienstweg.blueprint.kinds.texts import Formatted

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field
    from dienstweg.blueprint.release import Release

HOME, HOME_CODE = "DE", 49
_LEAST = 10_000
"""The smallest German number: shorter ones are an area code without what follows it."""
_PHONE = re.compile(r"[+0-9 ()/.–-]{3,40}")
_E164 = re.compile(r"\+[1-9][0-9]{4,14}")
_TRUNK = re.compile(r"^\(?\+?[\d ]*\(0\)")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}")
_SEASON = r"(?:0?[1-9]|1[0-2])"
_PLATE = re.compile(
    r"([A-ZÄÖÜ]{1,3})(?:\s*[–-]\s*|\s+)([A-Z]{1,2})[\s–-]*([1-9][0-9]{0,3})\s*([EH]?)"
    rf"(?:\s*[\s(/]\s*({_SEASON})\s*[-–/]\s*({_SEASON})\)?)?"
)
_UNPARTED = re.compile(r"([A-ZÄÖÜ]+)\s*([1-9].*)")
_KEPT_PLATE = re.compile(
    r"([A-ZÄÖÜ]{1,3})-([A-Z]{1,2}) ([1-9][0-9]{0,3})([EH]?)"
    r"(?: (0[1-9]|1[0-2])-(0[1-9]|1[0-2]))?"
)
MOST_SIGNS = 8
"""A plate has at most eight letters and digits (section 10 and annex 4 FZV)."""
NEVER_GIVEN = frozenset({"HJ", "KZ", "NS", "SA", "SS"})
"""Letters that no office in Germany gives out: no plate may offend common decency (FZV).

Each Land and office refuses more; a plate that another office has given out is no mistake here.
"""


class Phone(Formatted):
    """A telephone number, kept as E.164: "+4943215678".

    Numbers without area code are refused: whose they are cannot be known. Whether a number is
    assigned is not checked; the plans of the world change faster than any list.
    """

    by_pattern = True

    def understand(self, text: str, field: "Field") -> Read:
        """German numbers as they are dialled here, others with + or 00."""
        if not _PHONE.fullmatch(text):
            return Read(code="phone")
        # "+49 (0) 4321": the zero in brackets is dialled inside the country only.
        plain = text.replace("(0)", "") if _TRUNK.match(text) and "+" in text else text
        digits = re.sub(r"[^0-9+]", "", plain)
        if not digits.startswith(("+", "0")):
            return Read(code="phone-area")
        try:
            number = phonenumbers.parse(digits, HOME)
        except NumberParseException as refused:
            return Read(code=_UNREADABLE.get(refused.error_type, "phone"))
        if number.country_code == HOME_CODE and (number.national_number or 0) < _LEAST:
            return Read(code="phone-short")
        reason = phonenumbers.is_possible_number_with_reason(number)
        if reason != Possible.IS_POSSIBLE:
            return Read(code=_IMPOSSIBLE.get(reason, "phone"))
        found = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        # A schema of old may want the number as it is dialled at home, or without a plus.
        return Read(accepted(field, found, digits, "0" + str(number.national_number), text))

    def sound(self, field: "Field", value: Any) -> str | None:
        """A number in E.164."""
        return None if isinstance(value, str) and _E164.fullmatch(value) else "phone"

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """German numbers as they are dialled here, others with the code of their country."""
        return _national(value) if isinstance(value, str) else figures.plain(value, lang)

    def typed(self, field: "Field", value: Any) -> list[str]:
        """As it is shown, where that reads back to the same number."""
        if not isinstance(value, str) or self.sound(field, value):
            return super().typed(field, value)  # type: ignore[return-value]  # one line of text: a list
        shown = _national(value)
        return [shown if self.understand(shown, field).value == value else value]


_UNREADABLE = {
    NumberParseException.TOO_LONG: "phone-long",
    NumberParseException.TOO_SHORT_AFTER_IDD: "phone-short",
    NumberParseException.TOO_SHORT_NSN: "phone-short",
}
_IMPOSSIBLE = {
    Possible.TOO_SHORT: "phone-short",
    Possible.TOO_LONG: "phone-long",
    Possible.IS_POSSIBLE_LOCAL_ONLY: "phone-area",
}


def _national(value: str) -> str:
    if not _E164.fullmatch(value):
        return value
    try:
        number = phonenumbers.parse(value)
    except NumberParseException:
        return value
    home = number.country_code == HOME_CODE
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


class Iban(Formatted):
    """A bank account by ISO 13616, kept without spaces; of any country that has IBANs."""

    def understand(self, text: str, field: "Field") -> Read:
        """The account, or whether length, country or check digits are wrong."""
        iban = re.sub(r"[\s./-]", "", text).upper().removeprefix("IBAN").lstrip(":")
        code = _iban_fault(iban)
        return Read(code=code) if code else Read(iban)

    def sound(self, field: "Field", value: Any) -> str | None:
        """An IBAN with the right check digits."""
        return _iban_fault(value) if isinstance(value, str) else "iban"

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """In groups of four."""
        return spaced(figures.plain(value, lang))

    def typed(self, field: "Field", value: Any) -> list[str]:
        """In groups of four."""
        return [spaced(str(value))]


def _iban_fault(iban: str) -> str | None:
    """The code of what is wrong with an IBAN. The library is loaded when the first one comes."""
    from schwifty import IBAN, exceptions

    if not _IBAN.fullmatch(iban):
        return "iban"
    try:
        IBAN(iban)
    except exceptions.InvalidLength:
        return "iban-length" if iban.startswith(HOME) else "iban-abroad"
    except exceptions.InvalidChecksumDigits:
        return "iban-check"
    except (ValueError, KeyError):
        return "iban"
    return None


def spaced(iban: str) -> str:
    """In groups of four, as it stands on the card."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


class Plate(Formatted):
    """A German number plate, kept as "KS-AB 123", with E or H and a season: "KS-AB 12H 04-10".

    Which districts there are is not checked: the ministry's list changes, old plates outlive their
    district, and a list that is out of date refuses cars that are on the road. A blueprint that
    takes its own districts only says so by a `pattern`, which takes the place of our check.
    """

    by_pattern = True

    def understand(self, text: str, field: "Field") -> Read:
        """The plate; where the letters are not parted, only if they can be parted one way."""
        wanted = text.upper()
        found = _PLATE.fullmatch(wanted) or _PLATE.fullmatch(_parted(wanted))
        if not found:
            if "pattern" in field.schema and field.validator.is_valid(wanted):
                return Read(wanted)
            return Read(code="plate-parts" if _UNPARTED.fullmatch(wanted) else "plate")
        district, letters, number, sign, start, end = found.groups()
        plate = f"{district}-{letters} {number}{sign}"
        if start:
            plate += f" {int(start):02}-{int(end):02}"
        code = _plate_fault(plate)
        return Read(code=code) if code else Read(accepted(field, plate, wanted, text))

    def sound(self, field: "Field", value: Any) -> str | None:
        """A plate of at most eight signs, with a season of two to eleven months."""
        return _plate_fault(value) if isinstance(value, str) else "plate"


def _parted(text: str) -> str:
    """With a hyphen after the district, where two or five letters leave only one place for it."""
    found = _UNPARTED.fullmatch(text)
    if found is None or len(found[1]) not in (2, 5):
        return text
    at = 1 if len(found[1]) == 2 else 3
    return f"{found[1][:at]}-{found[1][at:]} {found[2]}"


def _plate_fault(plate: str) -> str | None:
    found = _KEPT_PLATE.fullmatch(plate)
    if not found:
        return "plate"
    if sum(len(part) for part in found.groups()[:4]) > MOST_SIGNS:
        return "plate-long"
    if found[2] in NEVER_GIVEN:
        return "plate-letters"
    # Section 10 (3) FZV: a season has at least two and at most eleven months.
    if found[5] and not 2 <= (int(found[6]) - int(found[5])) % 12 + 1 <= 11:
        return "plate-season"
    return None


class TaxId(Formatted):
    """The tax id of a person (section 139b AO): eleven digits with a check digit."""

    def understand(self, text: str, field: "Field") -> Read:
        """The id without what is typed between its digits."""
        digits = re.sub(r"[\s./,-]", "", text)
        code = _tax_fault(digits)
        return Read(code=code) if code else Read(digits)

    def sound(self, field: "Field", value: Any) -> str | None:
        """Eleven digits, the last of which is right."""
        return _tax_fault(value) if isinstance(value, str) else "taxid"

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """As tax offices write it: 36 574 261 809."""
        return _tax_groups(figures.plain(value, lang))

    def typed(self, field: "Field", value: Any) -> list[str]:
        """As tax offices write it."""
        return [_tax_groups(str(value))]


def _tax_fault(digits: str) -> str | None:
    from stdnum.de import idnr

    if not re.fullmatch("[0-9]+", digits):
        return "taxid"
    if len(digits) != 11:
        return "taxid-length"
    return None if idnr.is_valid(digits) else "taxid-check"


def _tax_groups(digits: str) -> str:
    return " ".join(filter(None, (digits[:2], digits[2:5], digits[5:8], digits[8:])))


class Postcode(Formatted):
    """A German postcode, five digits; another notation only where the schema's pattern has it."""

    by_pattern = True

    def understand(self, text: str, field: "Field") -> Read:
        """Five digits, also after "D-"."""
        digits = re.sub(r"^[dD][ -]*|\s", "", text)
        if _is_postcode(digits):
            return Read(digits)
        foreign = "pattern" in field.schema and field.validator.is_valid(text)
        return Read(text) if foreign else Read(code="postcode")

    def sound(self, field: "Field", value: Any) -> str | None:
        """Five digits."""
        return None if isinstance(value, str) and _is_postcode(value) else "postcode"


def _is_postcode(text: str) -> bool:
    """The lowest postcode of Germany begins with 01."""
    return bool(re.fullmatch("[0-9]{5}", tight(text))) and not text.startswith("00")
