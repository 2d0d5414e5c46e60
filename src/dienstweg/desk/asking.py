"""Asking back, from what a caseworker ticks to the message that the applicant reads. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dienstweg.blueprint.correcting import Mark
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.views import Row, SummarySection
from dienstweg.design.words import say

DOCUMENTS = 4
"""Documents that can be named at once."""
NAME_LIMIT, REMARK_LIMIT, TEXT_LIMIT = 120, 500, 3_000
USUAL = timedelta(days=21)
LATEST = timedelta(days=366)
MARKED, REMARKED = "stelle", "hinweis:"
NAMED, NAMED_REMARK = "unterlage", "unterlage-hinweis"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the application that can be marked: a question, or a page as a whole."""

    value: str
    label: str
    text: str
    marked: bool
    remark: str


@dataclass(frozen=True, slots=True)
class Part:
    """One page of the application, or one entry of a list."""

    title: str
    whole: Place
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caseworker has ticked and written, as it was typed."""

    marks: tuple[Mark, ...]
    documents: tuple[tuple[str, str], ...]
    due_on: date | None
    text: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.marks or self.documents)


Posted = Mapping[str, Sequence[str]]


def parts(
    release: Release, sections: Sequence[SummarySection], posted: Posted, lang: str
) -> list[Part]:
    """Return the application as a list of places to mark, with what is marked already."""
    chosen = set(posted.get(MARKED, ()))
    return [
        Part(
            section.title,
            _place(_value(section, ""), say(lang, "desk.ask.whole"), "", chosen, posted),
            [
                _place(_value(section, row.field), row.label, row.text, chosen, posted)
                for row in _asked_of(release, section)
            ],
        )
        for section in sections
        if not section.rows or _asked_of(release, section)
    ]


def _place(value: str, label: str, text: str, chosen: set[str], posted: Posted) -> Place:
    return Place(value, label, text, value in chosen, _one(posted, REMARKED + value, REMARK_LIMIT))


def _asked_of(release: Release, section: SummarySection) -> list[Row]:
    """Return the lines of a section that somebody has answered, without what was worked out."""
    return [row for row in section.rows if release.assistant.field[row.field].is_input]


def _value(section: SummarySection, field: str) -> str:
    return "/".join([section.page, "-".join(map(str, section.entry)), field])


def asked(release: Release, sections: Sequence[SummarySection], posted: Posted) -> Asked:
    """Return what was ticked and written; what is no place of the application is left out."""
    chosen = set(posted.get(MARKED, ()))
    marks = []
    for section in sections:
        for field in ["", *(row.field for row in _asked_of(release, section))]:
            value = _value(section, field)
            if value in chosen:
                remark = _one(posted, REMARKED + value, REMARK_LIMIT)
                marks.append(Mark(section.page, field, section.entry, remark))
    return Asked(
        marks=tuple(marks),
        documents=tuple(_documents(posted)),
        due_on=_date(_one(posted, "frist", 20)),
        text=_one(posted, "text", TEXT_LIMIT),
    )


def _documents(posted: Posted) -> Iterator[tuple[str, str]]:
    for number in range(1, DOCUMENTS + 1):
        name = _one(posted, f"{NAMED}-{number}", NAME_LIMIT)
        if name:
            yield name, _one(posted, f"{NAMED_REMARK}-{number}", REMARK_LIMIT)


def _one(posted: Posted, name: str, limit: int) -> str:
    texts = posted.get(name) or [""]
    return texts[-1].strip()[:limit]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def problem(found: Asked, today: date) -> str:
    """Return what is wrong: "nothing", "date", or nothing at all."""
    if found.is_empty:
        return "nothing"
    if found.due_on is None or not today < found.due_on <= today + LATEST:
        return "date"
    return ""


def message(
    release: Release,
    sections: Sequence[SummarySection],
    found: Asked,
    *,
    number: str,
    lang: str,
) -> tuple[str, str]:
    """Return subject and body of what the applicant is told, in the language of the case."""
    blocks = [say(lang, "desk.ask.message.greeting")]
    if found.text:
        blocks.append(found.text)
    places = [_told(release, sections, mark, lang) for mark in found.marks]
    if places:
        blocks.append("\n".join([say(lang, "desk.ask.message.places"), *places]))
    wanted = [_listed(name, remark) for name, remark in found.documents]
    if wanted:
        blocks.append("\n".join([say(lang, "desk.ask.message.documents"), *wanted]))
    if found.due_on is not None:
        blocks.append(say(lang, "desk.ask.message.until", day=f"{found.due_on:%d.%m.%Y}"))
    blocks.append(say(lang, "desk.ask.message.how", number=number))
    return say(lang, "desk.ask.message.subject"), "\n\n".join(blocks)


def _told(release: Release, sections: Sequence[SummarySection], mark: Mark, lang: str) -> str:
    titles = {(one.page, one.entry): one.title for one in sections}
    title = titles.get((mark.page, mark.entry), mark.page)
    if not mark.field:
        return _listed(title, mark.remark)
    label = release.text(lang, f"fields.{mark.field}.label", mark.field)
    return _listed(f"{title}: {label}" if mark.entry else label, mark.remark)


def _listed(name: str, remark: str) -> str:
    """Return a line of a list; the colon stands between what is meant and what is to be done."""
    return f"– {name}: {remark}" if remark else f"– {name}"
