"""Which passwords applicants may choose: long enough, and not easy to guess; no other rules.

No wanted kinds of characters and no expiry (NIST SP 800-63B, section 5.1.1.2; BSI ORP.4.A22): they
annoy people and make passwords worse.
"""

from functools import cache
from typing import Any, Protocol

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
)
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

from dienstweg.accounts.errors import WeakPassword

LENGTH = 10
LONGEST = 128
SCORE = 3
"""Of zxcvbn's 0 to 4: "safely unguessable", more than 10^8 guesses."""
_LOOKED_AT = 72
"""Characters that zxcvbn looks at: more take it seconds."""


class Validator(Protocol):
    """Something of Django's that refuses a password by `ValidationError`."""

    def validate(self, password: str, user: Any = None) -> None: ...  # noqa: D102


class Guessing:
    """Refuses what a program guesses, knowing words, names, dates, keyboards and the address."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` if the password is easy to guess."""
        known = [part for part in (getattr(user, "email", "") or "").split("@") if part]
        if int(zxcvbn(password[:_LOOKED_AT], user_inputs=known)["score"]) < SCORE:
            raise ValidationError("guessable", code="guessable")


@cache
def _validators() -> tuple[Validator, ...]:
    """Return what looks at a password; the list of common ones is read once."""
    return MinimumLengthValidator(LENGTH), CommonPasswordValidator(), Guessing()


def check(password: str, account: Any) -> None:
    """Raise `WeakPassword` (``short``, ``long`` or ``guessable``) unless the password may stand."""
    if len(password) > LONGEST:
        raise WeakPassword("long")
    for validator in _validators():
        try:
            validator.validate(password, account)
        except ValidationError as error:
            short = isinstance(validator, MinimumLengthValidator)
            raise WeakPassword("short" if short else "guessable") from error
