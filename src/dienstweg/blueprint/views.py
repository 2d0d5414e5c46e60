"""What a surface shows of an assistant: frozen data without rules, ready for a template."""

from dataclasses import dataclass, field
from typing import Any

from dienstweg.blueprint.films import Film
from dienstweg.blueprint.problems import Problem

#: The answers of a draft: {"data": ..., "raw": ..., "seen": ...}; opaque to other rooms.
Answers = dict[str, Any]
#: Which entry of a repeating group: () none, (0,) the first, (0, 1) the second inside the first.
Entry = tuple[int, ...]

SUMMARY = "summary"
ENDING = "ending"
#: Names that no page may have: the goals above, and words that stand in the portal's addresses.
RESERVED = frozenset(
    {SUMMARY, ENDING, "abgeschickt", "absenden", "anlage", "auswahl", "drucken", "ende", "entwurf"}
    | {"hochladen", "kontakt", "papier", "pause", "verwerfen", "zusammenfassung"}
)


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page in the order of the assistant; `complete` when it was seen and nothing is missing.

    `ends`: after it the assistant ends without an application, as the answers stand.
    """

    id: str
    title: str
    repeat: bool
    complete: bool
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """The assistant ends after `page` without an application: why, and what to do instead."""

    id: str
    page: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field; `value` is what the browser posts."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as a template needs it.

    `name` is the HTML name, `value` the text to show (for several choices or files: a list), what
    could not be understood included. `widget` is one of `widgets.WIDGETS`. `parts` are the
    questions of which a composed field is made (an address, a person), each a field of its own
    whose name is "<name>-<part>"; of a table they are its rows (widget "row"), whose parts are the
    cells "<name>-<row>-<column>". `files` are the ids of what was uploaded; `accept` is for the
    input ("application/pdf,image/jpeg"), `max_bytes` per file; `min`/`max` are the bounds of
    numbers (in the unit that is typed) and ISO dates. `source` says in words where a value came
    from that the applicant has not entered; `locked` that it is verified and cannot be changed.
    """

    id: str
    name: str
    widget: str
    label: str
    value: str | list[str] = ""
    hint: str | None = None
    purpose: str | None = None
    required: bool = False
    options: tuple[Option, ...] = ()
    error: str | None = None
    info: str | None = None
    autocomplete: str | None = None
    width: int | None = None
    multiple: bool = False
    accept: str | None = None
    max_bytes: int | None = None
    max_files: int | None = None
    min: str | None = None
    max: str | None = None
    max_length: int | None = None
    pattern: str | None = None
    parts: tuple["FieldView", ...] = ()
    files: tuple[str, ...] = ()
    source: str | None = None
    locked: bool = False
    entry: Entry = ()
    film: Film | None = None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One entry of a repeating group on its list page; `index` counts within that list.

    `locked`: it holds a verified value and cannot be removed.
    """

    index: int
    title: str
    complete: bool
    entry: Entry = ()
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way from a group's list to an entry inside of an entry."""

    title: str
    page: str
    entry: Entry = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A screen of a long entry: its `number`, and the `step` of how many `steps` that it is now.

    `before` and `after` are the numbers of its neighbours, 0 where there is none.
    """

    number: int
    step: int
    steps: int
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class PageView:
    """One page as a template needs it.

    `items` is None on an ordinary page and on an entry's own page; on the list page of a repeating
    group it holds the entries, and `can_add` says whether another may follow. `entry` says which
    entry is shown, or whose list; `trail` leads there from the outermost list.
    `step` counts from 1 among `steps` visible pages; `previous` is the page before, if any.
    `ends_after` is the step after which the assistant ends without an application, if it does.
    `problems` are those of the whole page that belong to no field. `leaf` says which screen of a
    long entry this is; None where the entry is shown as a whole.
    """

    id: str
    title: str
    intro: str | None
    fields: tuple[FieldView, ...]
    step: int
    steps: int
    previous: str | None
    entry: Entry = ()
    trail: tuple[Crumb, ...] = ()
    items: tuple[ItemView, ...] | None = None
    can_add: bool = False
    add_label: str | None = None
    ends_after: int | None = None
    problems: tuple[Problem, ...] = ()
    leaf: Leaf | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The answers after a page was posted, and what is wrong with that page (empty: nothing).

    `onward` is where the applicant goes from it: page ("summary", "ending") and entry. `ended`: the
    assistant ends after this page without an application, whatever else is wrong on it. `standing`
    is how the answers stand (a `Standing`), for who goes on with them at once. `leaf` is the screen
    of a long entry that was taken: what comes `after` it comes before `onward`.
    """

    answers: Answers
    problems: list[Problem] = field(default_factory=list)
    onward: tuple[str, Entry] = (SUMMARY, ())
    ended: bool = False
    standing: Any = field(default=None, repr=False, compare=False)
    leaf: Leaf | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the summary: `page` and `entry` are where it can be changed."""

    field: str
    label: str
    text: str
    page: str
    entry: Entry = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SummarySection:
    """The lines of one page, or of one entry of a repeating group (`entry`)."""

    page: str
    title: str
    rows: tuple[Row, ...]
    entry: Entry = ()
