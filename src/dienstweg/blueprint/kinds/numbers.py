"""Numbers and amounts of money as they are typed in Germany: "1.234,50"."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import figures
from dienstweg.blueprint.kinds.cleaning import tight
from dienstweg.blueprint.kinds.kind import Read, Simple

if TYPE_CHECKING:
    from dienstweg.blueprint.fields import Field
    from dienstweg.blueprint.release import Release

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+")


def german_number(text: str) -> str | None:
    """ "1.234,50 €" as "1234.50"; None where it is no number of at most 15 digits."""
    text = tight(text).removesuffix("€").removesuffix("EUR").removesuffix("Euro").replace("'", "")
    text = text.replace("−", "-")
    if "," in text and "." in text:
        thousands = "," if text.rindex(",") < text.rindex(".") else "."
        text = text.replace(thousands, "")
    elif _THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    text = text.replace(",", ".")
    return text if _NUMBER.fullmatch(text) else None


class Number(Simple):
    """A whole or a decimal number, as its schema says."""

    types = frozenset(["integer", "number"])

    def understand(self, text: str, field: "Field") -> Read:
        """A number in German or English notation."""
        plain = german_number(text)
        if plain is None:
            return Read(code="number")
        exact = Decimal(plain)
        if field.schema.get("type") != "integer":
            return Read(float(exact))
        whole = exact == exact.to_integral_value()
        return Read(int(exact)) if whole else Read(code="integer")

    def typed(self, field: "Field", value: Any) -> list[str]:
        """German notation without thousands: 1234,5."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return super().typed(field, value)  # type: ignore[return-value]  # one line of text: a list
        text = str(value) if isinstance(value, int) else f"{value:.6f}".rstrip("0").rstrip(".")
        return [text.replace(".", ",")]


class Money(Number):
    """Euros: whole cents where the schema says `x-money: cents`, else a decimal number."""

    def understand(self, text: str, field: "Field") -> Read:
        """An amount with at most two decimal places."""
        plain = german_number(text)
        if plain is None:
            return Read(code="number")
        cents = Decimal(plain) * 100
        if cents != cents.to_integral_value():
            return Read(code="cents")
        if field.schema.get("x-money") == "cents":
            return Read(int(cents))
        if field.schema.get("type") == "integer":
            return Read(int(cents) // 100) if cents % 100 == 0 else Read(code="integer")
        return Read(float(cents / 100))

    def shown(self, release: "Release", field: "Field", value: Any, lang: str) -> str:
        """The amount with its currency. What is only calculated (a fee) is in cents."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return super().shown(release, field, value, lang)
        in_cents = field.schema.get("x-money") == "cents" or field.at is None
        return figures.shown_money(value / 100 if in_cents else value, lang)

    def typed(self, field: "Field", value: Any) -> list[str]:
        """Euros with two places: 1234,50."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return super().typed(field, value)
        in_cents = field.schema.get("x-money") == "cents"
        euros = Decimal(int(value)).scaleb(-2) if in_cents else Decimal(repr(value))
        return [f"{euros:.2f}".replace(".", ",")]
