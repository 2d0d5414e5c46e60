"""What we need from the link to a back office: send a parcel, get a receipt, understand news.

A connector is a plug-in of the entry point group ``dienstweg.connectors``: a factory
``make(options, secrets, client) -> Connector`` with ``OPTIONS_SCHEMA`` and ``SECRETS_SCHEMA``
(JSON Schema) beside it. ``capabilities`` are words such as ``acknowledges`` (its receipt proves
acceptance), ``deduplicates`` (a repeat under the same key is harmless), ``reports`` (it is also a
`Listener`), ``begins`` (it may begin drafts, and is a `Prover`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

Kind = Literal["application", "withdrawal", "correction"]


class Unavailable(Exception):
    """The back office cannot be reached or is busy; ``retry_after`` are seconds it asks for."""

    def __init__(self, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Refused(Exception):
    """The back office will not take this parcel, however often it is sent: a person must look."""


class Untrusted(Exception):
    """What came back is not what the back office would say: wrong key, wrong hash, a lie."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a parcel; ``open`` reads its bytes when they are needed."""

    id: str
    name: str
    media_type: str
    sha256: str
    open: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed over. ``key`` stays the same for every try, after a restore too."""

    key: str
    case_id: UUID
    case_number: str
    service: str
    schema_digest: str
    content: bytes
    media_type: str
    attachments: tuple[Enclosure, ...]
    submitted_at: datetime
    kind: Kind = "application"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The back office's proof that it has taken a parcel.

    ``reference`` is its own file number, ``proof`` what it signed, kept as it came. ``repeated``
    says that it had taken the parcel already.
    """

    reference: str
    at: datetime
    proof: bytes
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call that claims to come from a back office, with lower-case header names."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Notice:
    """News from a back office about the parcel ``key``; ``id`` tells a repeat.

    ``kind`` is a word such as ``decided`` or ``status``; ``data`` is JSON and may tell of people.
    """

    id: str
    key: str
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)


class Connector(Protocol):
    """One authority's link to one back office."""

    capabilities: frozenset[str]

    def send(self, parcel: Parcel) -> Receipt:
        """Hand ``parcel`` over. Raises `Unavailable`, `Refused`, `Untrusted`."""

    def check(self) -> list[str]:
        """Return what is wrong with the link, in plain German; nothing when it works."""


class Listener(Protocol):
    """A connector whose back office calls us with news."""

    def read_notice(self, call: Call) -> Notice:
        """Return the notice in ``call``, once it is proven who sent it. Raises `Untrusted`."""


class Prover(Protocol):
    """A connector that can tell whether a call is really from its back office."""

    def prove(self, call: Call) -> None:
        """Return if the back office has made ``call`` as it stands. Raises `Untrusted`."""
