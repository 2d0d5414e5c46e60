"""What a field is to the design system: a Protocol for what others bring, and our own.

A blueprint's field view has all of these attributes; a surface that asks something itself (a case
number, a reason) makes a `Question`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class Option(Protocol):
    """One choice of a field: what is sent, what is read, whether it is chosen."""

    @property
    def value(self) -> Any: ...  # noqa: D102
    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def selected(self) -> bool: ...  # noqa: D102


class Field(Protocol):
    """What a field shows."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def widget(self) -> str: ...  # noqa: D102
    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def hint(self) -> str | None: ...  # noqa: D102
    @property
    def purpose(self) -> str | None: ...  # noqa: D102
    @property
    def required(self) -> bool: ...  # noqa: D102
    @property
    def value(self) -> Any: ...  # noqa: D102
    @property
    def options(self) -> Sequence[Option]: ...  # noqa: D102
    @property
    def error(self) -> str | None: ...  # noqa: D102
    @property
    def info(self) -> str | None: ...  # noqa: D102
    @property
    def autocomplete(self) -> str | None: ...  # noqa: D102
    @property
    def width(self) -> int | None: ...  # noqa: D102
    @property
    def multiple(self) -> bool: ...  # noqa: D102
    @property
    def accept(self) -> str | None: ...  # noqa: D102
    @property
    def max_bytes(self) -> int | None: ...  # noqa: D102
    @property
    def max(self) -> str | None: ...  # noqa: D102
    @property
    def parts(self) -> Sequence["Field"]: ...  # noqa: D102
    @property
    def source(self) -> str | None: ...  # noqa: D102
    @property
    def locked(self) -> bool: ...  # noqa: D102
    @property
    def film(self) -> "Film | None": ...  # noqa: D102


class Film(Protocol):
    """A film beside words: its name, and the languages in which its words can be read in it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def captions(self) -> Sequence[str]: ...  # noqa: D102


class Attached(Protocol):
    """A file that stands in a file field already."""

    @property
    def id(self) -> Any: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102
    @property
    def media_type(self) -> str: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a `Question`."""

    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A field that a surface asks for itself, outside any blueprint.

    ``parts`` are the questions of which it is made; of a table they are its rows.
    """

    name: str
    label: str
    widget: str = "text"
    value: Any = ""
    hint: str | None = None
    purpose: str | None = None
    required: bool = True
    options: Sequence[Choice] = ()
    error: str | None = None
    info: str | None = None
    autocomplete: str | None = None
    width: int | None = None
    multiple: bool = False
    accept: str | None = None
    max_bytes: int | None = None
    max: str | None = None
    parts: Sequence["Question"] = ()
    source: str | None = None
    locked: bool = False
    film: Film | None = None


@dataclass(frozen=True, slots=True)
class Tiles:
    """Where the pictures of a map come from, and whom they belong to.

    ``url`` holds the places ``{z}``, ``{x}`` and ``{y}``; ``centre`` is latitude, longitude.
    """

    url: str
    attribution: str
    centre: tuple[float, float] = (51.16, 10.45)
    zoom: int = 6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A street that may have been meant; ``value`` is what its radio button posts."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Halted:
    """An upload that broke off: its address, the file's name and bytes, and how many have come.

    ``lately``: only just, so that it may still be on its way in another window.
    """

    id: str
    url: str
    name: str
    length: int
    offset: int
    lately: bool = False

    @property
    def percent(self) -> int:
        """How much has come."""
        return self.offset * 100 // max(1, self.length)


@dataclass(frozen=True, slots=True)
class Means:
    """What a page offers to its fields beside their own data.

    ``choices_url`` (to which the field's name is added) and ``streets_url`` answer
    ``?suche=<text>`` with JSON ``{"options": [...]}``; without them there are no suggestions while
    typing. ``tiles`` are there where the operator has a map. ``doubts`` are streets that may have
    been meant, by the HTML name of the street's input. Films lie below ``films_url``. ``halted``
    are uploads that broke off, by the name of their field.
    """

    choices_url: str = ""
    streets_url: str = ""
    tiles: Tiles | None = None
    doubts: Mapping[str, Sequence[Suggestion]] = field(default_factory=dict)
    films_url: str = ""
    halted: Mapping[str, Sequence[Halted]] = field(default_factory=dict)


NO_MEANS = Means()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an answer: the message, and the HTML name of its field if it has one."""

    message: str
    name: str = ""
