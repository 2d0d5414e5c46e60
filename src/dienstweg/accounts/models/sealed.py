"""A column of e-mail addresses that is encrypted, and found by the address all the same.

Addresses of accounts are unique, so that equal bytes for equal addresses give nothing away; who
reads the table without the master key sees neither an address nor whether a known one is in it.
"""

from functools import lru_cache
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from dienstweg.authorities.queries import master_key
from dienstweg.kernel import encryption

PURPOSE = "accounts/email"


class SealedAddress(models.BinaryField):  # type: ignore[type-arg]  # only our stubs make it generic
    """An e-mail address in small letters as text in Python, as AES-SIV in the database.

    Only ``exact`` and ``in`` can be asked: the database sees nothing to compare otherwise.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Return the bytes that stand for an address."""
        return seal_address(value) if isinstance(value, str) else value

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        """Return the bytes as the driver wants them."""
        ready = value if prepared else self.get_prep_value(value)
        return super().get_db_prep_value(ready, connection, True)

    def from_db_value(self, value: Any, *_given: Any) -> str | None:
        """Return the address that the bytes stand for."""
        return None if value is None else unseal_address(bytes(value))

    def value_to_string(self, obj: models.Model) -> str:
        """Return the address: serialised, it is read by people."""
        return str(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        """Leave an address as it is."""
        return value


def seal_address(address: str) -> bytes:
    """Return the bytes under which an address stands in the table, however it is written."""
    return encryption.seal_findable(_key(master_key()), address.strip().lower())


def unseal_address(sealed: bytes) -> str:
    """Return the address that the bytes stand for."""
    return encryption.unseal_findable(_key(master_key()), sealed)


@lru_cache(maxsize=2)
def _key(master: bytes) -> bytes:
    return encryption.findable_key(master, PURPOSE)
