"""What applicants say of themselves in their accounts, as a source of values (`port`)."""

from collections.abc import Mapping
from uuid import UUID

from dienstweg.accounts import queries as accounts
from dienstweg.assistants.port import Known, Unavailable, Wanted


class OwnAccount:
    """The account of whoever is signed in; nobody has verified what stands in it.

    The ticket is the account's id. ``words`` say where the values come from.
    """

    def __init__(self, words: str) -> None:
        self._words = words

    def label(self, lang: str) -> str:
        """Return the words, which are in the language of the page."""
        del lang
        return self._words

    def find(self, wanted: Wanted) -> Mapping[str, Known]:
        """Return what was asked for and is known. Raises `Unavailable`."""
        found = accounts.known(UUID(wanted.ticket))
        if not found:
            raise Unavailable
        return {token: Known(text) for token, text in found.items() if token in wanted.purposes}
