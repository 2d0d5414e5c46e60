"""What people type, read as leniently as a friendly clerk would: "1.234,50", "3.4.2026".

Nothing here raises, whatever is posted: a text that cannot be understood gives a code, and the
words for it stand in `messages`.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dienstweg.blueprint.assistant import Choice, Field

LONGEST_TEXT = 20_000
LONGEST_LINE = 2_000
LONGEST_KEPT = 4_000
_MOST_VALUES = 200
#: Characters that turn the reading direction around and can make a text look like another one.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff\u00ad"))
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_PLATE = re.compile(r"([A-ZÄÖÜ]{1,3})[\s–-]+([A-Z]{1,2})[\s–-]*([0-9]{1,4})\s*([EH]?)")
_YES = frozenset(["true", "1", "ja", "yes", "on", "j", "y"])
_NO = frozenset(["false", "0", "nein", "no", "off", "n"])
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan jänner january",
            "februar feb february",
            "märz mär maerz march mar",
            "april apr",
            "mai may",
            "juni jun june",
            "juli jul july",
            "august aug",
            "september sep sept",
            "oktober okt october oct",
            "november nov",
            "dezember dez december dec",
        ),
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood: a `value` (None: nothing entered), or a `code` saying why not."""

    value: Any = None
    code: str | None = None


def read(field: Field, texts: Sequence[str]) -> Read:
    """Read what was posted for a field; the result may still break the schema's rules."""
    cleaned: list[str] = []
    for text in texts[:_MOST_VALUES]:
        code = refused(text)
        if code:
            return Read(code=code)
        tidy = clean(text, lines=field.widget == "textarea")
        if tidy:
            cleaned.append(tidy)
    if field.multiple:
        return _read_choices(cleaned, field.choices)
    if len(set(cleaned)) > 1:
        return Read(code="repeated")
    if not cleaned:
        return Read()
    return _READERS.get(field.widget, _read_text)(cleaned[0], field)


def kept(texts: Sequence[str]) -> list[str]:
    """The typed texts in a form that can be stored and shown again, cut where they are absurd."""
    return [
        text[:LONGEST_KEPT].encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
        for text in texts[:_MOST_VALUES]
    ]


def refused(text: str) -> str | None:
    """Why a text cannot be taken at all: far too long, or characters nobody types."""
    if len(text) > LONGEST_TEXT:
        return "length"
    if text.isascii() and text.isprintable():
        return None
    for sign in text:
        if sign in _BIDI or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\r\n\t"):
            return "characters"
    return None


def clean(text: str, *, lines: bool = False) -> str:
    """Without invisible characters and needless spaces, composed (NFC); in one line if wanted."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        return _SPACES.sub(" ", text.replace("\n", " ")).strip()
    return "\n".join(_SPACES.sub(" ", line).rstrip() for line in text.split("\n")).strip()


def _read_text(text: str, field: Field) -> Read:
    if len(text) > LONGEST_LINE and field.widget != "textarea":
        return Read(code="length")
    return Read(_first_that_fits(field, text, text.upper(), _tight(text), _tight(text).upper()))


def _first_that_fits(field: Field, *candidates: str) -> str:
    """The first way to write it that the schema accepts; else as it was typed."""
    if field.validator is not None and "pattern" in field.schema:
        for candidate in candidates:
            if field.validator.is_valid(candidate):
                return candidate
    return candidates[0]


def _tight(text: str) -> str:
    return text.replace(" ", "")


def _read_number(text: str, field: Field) -> Read:
    plain = german_number(text)
    if plain is None:
        return Read(code="number")
    if field.widget == "money" and field.schema.get("x-money") == "cents":
        cents = round(float(plain) * 100)
        return Read(cents) if abs(float(plain) * 100 - cents) < 1e-6 else Read(code="cents")
    if field.schema.get("type") == "integer":
        whole = float(plain)
        return Read(int(whole)) if whole.is_integer() else Read(code="integer")
    return Read(float(plain))


def german_number(text: str) -> str | None:
    """ "1.234,50 €" as "1234.50"; None where it is no number of at most 15 digits."""
    text = _tight(text).removesuffix("€").removesuffix("EUR").removesuffix("Euro").replace("'", "")
    text = text.replace("−", "-")
    if "," in text and "." in text:
        thousands = "," if text.rindex(",") < text.rindex(".") else "."
        text = text.replace(thousands, "")
    elif re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+", text):
        text = text.replace(".", "")
    text = text.replace(",", ".")
    return text if _NUMBER.fullmatch(text) else None


def _read_date(text: str, _field: Field) -> Read:
    found = german_date(text)
    return Read(found) if found else Read(code="date")


def german_date(text: str) -> str | None:
    """ "3.4.2026", "03/04/2026", "3. April 2026", "03042026" or ISO, as ISO text; else None."""
    if len(text) > 40:
        return None
    parts = [part for part in re.split(r"[\s./,-]+", text.casefold()) if part]
    if len(parts) == 1 and re.fullmatch(r"[0-9]{8}", parts[0]):
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) != 3:
        return None
    day, month, year = parts if len(parts[0]) != 4 else reversed(parts)
    month = str(_MONTHS.get(month, month))
    if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in (day, month, year)) or len(year) != 4:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _read_time(text: str, field: Field) -> Read:
    found = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.h ]([0-5][0-9])( uhr)?", text.lower())
    if not found:
        return Read(code="time")
    # JSON Schema's format "time" asks for seconds and an offset (RFC 3339).
    rest = ":00Z" if field.schema.get("format") == "time" else ""
    return Read(f"{int(found[1]):02}:{found[2]}{rest}")


def _read_yes_no(text: str, _field: Field) -> Read:
    word = text.casefold()
    if word in _YES:
        return Read(True)
    return Read(False) if word in _NO else Read(code="enum")


def _read_choice(text: str, field: Field) -> Read:
    for choice in field.choices:
        if choice.text == text:
            return Read(choice.value)
    return Read(code="enum")


def _read_choices(texts: list[str], choices: tuple[Choice, ...]) -> Read:
    if not {choice.text for choice in choices}.issuperset(texts):
        return Read(code="enum")
    return Read([choice.value for choice in choices if choice.text in texts] or None)


def _read_email(text: str, _field: Field) -> Read:
    text = _tight(text).removeprefix("mailto:")
    name, at, host = text.rpartition("@")
    if not at or not name or "." not in host or len(text) > 254:
        return Read(code="email")
    return Read(f"{name}@{host.lower()}")


def _read_phone(text: str, field: Field) -> Read:
    digits = re.sub(r"[^0-9]", "", text)
    if not re.fullmatch(r"[+0-9 ()/.–-]{3,40}", text) or not 3 <= len(digits) <= 18:
        return Read(code="phone")
    compact = ("+" if text.lstrip("( ").startswith("+") else "") + digits
    return Read(_first_that_fits(field, text, compact))


def _read_postcode(text: str, field: Field) -> Read:
    digits = re.sub(r"^[dD][ -]*|\s", "", text)
    return Read(digits) if re.fullmatch(r"[0-9]{5}", digits) else _read_foreign(text, field)


def _read_foreign(text: str, field: Field) -> Read:
    accepted = "pattern" in field.schema and field.validator.is_valid(text)
    return Read(text) if accepted else Read(code="postcode")


def _read_iban(text: str, _field: Field) -> Read:
    iban = re.sub(r"[\s.-]", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", iban):
        return Read(code="iban")
    # ISO 13616: the check digits make the rearranged number 1 modulo 97.
    number = "".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])
    return Read(iban) if int(number) % 97 == 1 else Read(code="iban")


def _read_plate(text: str, field: Field) -> Read:
    found = _PLATE.fullmatch(text.upper())
    if not found:
        return Read(code="plate") if "pattern" not in field.schema else _read_text(text, field)
    plate = f"{found[1]}-{found[2]} {found[3]}{found[4]}"
    return Read(_first_that_fits(field, plate, text.upper(), text))


def _read_url(text: str, _field: Field) -> Read:
    text = _tight(text)
    full = text if "://" in text else f"https://{text}"
    return Read(full) if re.match(r"https?://[^/.]+\.[^/]+", full) else Read(code="format")


_READERS: dict[str, Callable[[str, Field], Read]] = {
    "number": _read_number,
    "money": _read_number,
    "date": _read_date,
    "time": _read_time,
    "yesno": _read_yes_no,
    "checkbox": _read_yes_no,
    "radio": _read_choice,
    "select": _read_choice,
    "email": _read_email,
    "phone": _read_phone,
    "postcode": _read_postcode,
    "iban": _read_iban,
    "plate": _read_plate,
    "url": _read_url,
}
