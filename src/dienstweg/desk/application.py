"""An application as a caseworker reads it: in words, as data, its files, what was corrected."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from dienstweg.blueprint import differences
from dienstweg.blueprint.differences import Changed
from dienstweg.blueprint.pages import from_application, summary
from dienstweg.blueprint.release import Release
from dienstweg.blueprint.views import SummarySection
from dienstweg.cases import queries as cases
from dienstweg.cases.actions import HANDED_IN
from dienstweg.cases.queries import ApplicationView, AttachmentCard, CaseFile
from dienstweg.design.uploads import size
from dienstweg.desk.moments import moment
from dienstweg.files import queries as files
from dienstweg.kernel import clock

PREVIEWED = frozenset({"application/pdf", "image/jpeg", "image/png"})
"""Kinds of files that a browser shows by itself."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of the application: how big, whether it may be read, and what it answers."""

    card: AttachmentCard
    size: str
    state: str
    title: str
    is_new: bool
    is_shown: bool

    @property
    def can_be_seen(self) -> bool:
        """Tell whether a browser may show it here."""
        return self.is_shown and self.state == "ready"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that is another one in a new version: both of them, one where it came or went."""

    old: Attached | None
    new: Attached | None

    @property
    def title(self) -> str:
        """Return the question that they answer."""
        return next((one.title for one in (self.new, self.old) if one and one.title), "")

    @property
    def ids(self) -> tuple[UUID | None, UUID | None]:
        """Return which files they are."""
        old, new = (one.card.file_id if one else None for one in (self.old, self.new))
        return old, new

    @property
    def both_shown(self) -> bool:
        """Tell whether a browser shows the two side by side."""
        return all(one is not None and one.can_be_seen for one in (self.old, self.new))


@dataclass(frozen=True, slots=True)
class Revision:
    """A new version: when it came, what the applicant said, and what is different in it."""

    version: int
    when: str
    remark: str
    changes: Sequence[Changed]
    asked: bool
    files: Sequence[Replaced] = ()


def day_of(file: CaseFile) -> date:
    """Return the day by which the rules of an application judge: the one on which it came in."""
    return clock.local(file.case.submitted_at).date()


def sections(file: CaseFile, release: Release, lang: str) -> tuple[SummarySection, ...]:
    """Return the newest version of the application in words, page by page."""
    return summary(
        release,
        from_application(release, dict(file.application.data)),
        lang=lang,
        today=day_of(file),
        file_names={str(one.file_id): one.name for one in file.attachments},
    )


def as_data(file: CaseFile) -> str:
    """Return the newest version as JSON; files stand in it by their names."""
    names = {str(one.file_id): one.name for one in file.attachments}
    data = _named(file.application.data, names)
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)


def _named(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _named(inner, names) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_named(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def attached(file: CaseFile, release: Release, lang: str) -> list[Attached]:
    """Return each file of the application, with whether it may be read, and seen here."""
    if not file.attachments:
        return []
    states = files.states(file.case.id)
    before: set[object] = set()
    if file.application.version > 1:
        earlier = cases.attachments(
            file.case.id, key=file.key, version=file.application.version - 1
        )
        before = {one.file_id for one in earlier}
    fields = _fields(file, release, lang)
    wanted = {
        f"{HANDED_IN}{one.card.id}/{number}": name
        for one in cases.corrections(file.case.id, key=file.key)
        for number, (name, _) in enumerate(one.documents)
    }
    return [
        Attached(
            card=one,
            size=size(one.size, lang),
            state=states.get(one.file_id, "refused"),
            title=wanted.get(one.field) or fields.get(str(one.file_id), ""),
            is_new=file.application.version > 1 and one.file_id not in before,
            is_shown=one.media_type in PREVIEWED,
        )
        for one in file.attachments
    ]


def _fields(file: CaseFile, release: Release, lang: str) -> dict[str, str]:
    """Return the question that each file answers, by the file's id."""
    return {
        one: row.label for part in sections(file, release, lang) for row in part.rows
        for one in row.files
    }  # fmt: skip


def revisions(file: CaseFile, release: Release, lang: str) -> list[Revision]:
    """Return what each later version has changed, the newest first; none for the first version."""
    if file.application.version == 1:
        return []
    versions = cases.versions(file.case.id, key=file.key)
    made = {one.card.made: one for one in cases.corrections(file.case.id, key=file.key)}
    cards = {
        one.version: cases.attachments(file.case.id, key=file.key, version=one.version)
        for one in versions
    }
    names = {str(one.file_id): one.name for every in cards.values() for one in every}
    look = _Look(release, lang, day_of(file), files.states(file.case.id), names)
    found = []
    for old, new in pairwise(versions):
        known = made.get(new.version)
        found.append(
            Revision(
                version=new.version,
                when=moment(new.made_at),
                remark=known.remark if known else "",
                changes=_changes(release, (old, new), lang, day_of(file), names),
                files=_replaced(look, (old, cards[old.version]), (new, cards[new.version])),
                asked=known is not None and known.card.asked_by is not None,
            )
        )
    return list(reversed(found))


def earlier(file: CaseFile, release: Release, lang: str) -> list[Attached]:
    """Return the files of earlier versions that the newest one does not have any more."""
    gone = [
        pair.old
        for revision in revisions(file, release, lang)
        for pair in revision.files
        if pair.old is not None
    ]
    now = {one.file_id for one in file.attachments}
    found = {one.card.file_id: one for one in gone if one.card.file_id not in now}
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Look:
    """What is needed to show a file of any version."""

    release: Release
    lang: str
    day: date
    states: Mapping[UUID, str]
    names: dict[str, str]

    def at(self, card: AttachmentCard, titles: Mapping[str, str], *, new: bool) -> Attached:
        """Return a file as it is shown."""
        return Attached(
            card=card,
            size=size(card.size, self.lang),
            state=self.states.get(card.file_id, "refused"),
            title=titles.get(str(card.file_id), ""),
            is_new=new,
            is_shown=card.media_type in PREVIEWED,
        )

    def titles(self, version: ApplicationView) -> dict[str, str]:
        """Return the question that each file of a version answers."""
        answers = from_application(self.release, dict(version.data))
        parts = summary(
            self.release, answers, lang=self.lang, today=self.day, file_names=self.names
        )
        return {one: row.label for part in parts for row in part.rows for one in row.files}


Filed = tuple[ApplicationView, Sequence[AttachmentCard]]
"""A version with its files."""


def _replaced(look: _Look, old: Filed, new: Filed) -> list[Replaced]:
    """Return which files are others in the new version, paired by their place in the data.

    Of an asked document several files have one place: those that have no other half stand alone.
    """
    had, has = ({one.file_id for one in cards} for _, cards in (old, new))
    gone = _by_place(one for one in old[1] if one.file_id not in has)
    came = _by_place(one for one in new[1] if one.file_id not in had)
    if not gone and not came:
        return []
    before, after = look.titles(old[0]), look.titles(new[0])
    return [
        Replaced(
            old=look.at(gone[place], before, new=False) if place in gone else None,
            new=look.at(came[place], after, new=True) if place in came else None,
        )
        for place in dict.fromkeys((*gone, *came))
    ]


def _by_place(cards: Iterable[AttachmentCard]) -> dict[tuple[str, int], AttachmentCard]:
    """Return files by their place in the data, and which of those with that place they are."""
    counts: Counter[str] = Counter()
    found = {}
    for one in cards:
        found[one.field, counts[one.field]] = one
        counts[one.field] += 1
    return found


def _changes(
    release: Release,
    versions: tuple[ApplicationView, ApplicationView],
    lang: str,
    day: date,
    names: dict[str, str],
) -> list[Changed]:
    old, new = (from_application(release, dict(one.data)) for one in versions)
    return differences.between(release, old, new, lang=lang, day=day, file_names=names)
