"""The review: everything that is submitted, as applicants, caseworkers and receipts read it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from dienstweg.blueprint import formats, judging
from dienstweg.blueprint.asking import files_of
from dienstweg.blueprint.assistant import Page
from dienstweg.blueprint.standing import Standing, stand
from dienstweg.blueprint.viewing import labelled
from dienstweg.blueprint.views import Answers, Entry, Row, SummarySection

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release


def summary(
    release: "Release",
    answers: Answers,
    *,
    lang: str,
    today: date,
    file_names: Mapping[str, str] | None = None,
) -> tuple[SummarySection, ...]:
    """Everything that will be submitted, page by page, each line with where to change it.

    Each entry of a repeating group is a section, with those of its nested groups after it.
    `file_names` are what people called the uploaded files, by id.
    """
    standing = stand(release, answers, today)
    said = _Review(standing, lang, file_names or {})
    return tuple(section for page in judging.visible(standing) for section in said.of(page))


class _Review:
    """One application, one language."""

    def __init__(self, standing: Standing, lang: str, names: Mapping[str, str]) -> None:
        self.standing, self.lang, self.names = standing, lang, names

    def of(self, page: Page) -> Iterator[SummarySection]:
        """The sections of a page: one, or one for each entry of a group."""
        title = self._title(page)
        if page.repeat is not None:
            yield from self._entries(page, (), title)
            return
        rows = self._rows(page, ())
        if rows:
            yield SummarySection(page.id, title, rows)

    def _entries(self, page: Page, above: Entry, title: str) -> Iterator[SummarySection]:
        count = self.standing.count(page, above)
        for index in range(count):
            entry = (*above, index)
            name = judging.item_title(self.standing, page, entry, self.lang)
            yield SummarySection(page.id, f"{title}: {name}", self._rows(page, entry), entry)
            for nested in judging.nested_lists(self.standing, page, entry):
                yield from self._entries(nested, entry, f"{name} – {self._title(nested)}")
        if not count:
            yield SummarySection(page.id, title, (), above)

    def _title(self, page: Page) -> str:
        return self.standing.release.text(self.lang, f"pages.{page.id}.title", page.id)

    def _rows(self, page: Page, entry: Entry) -> tuple[Row, ...]:
        standing, release = self.standing, self.standing.release
        rows = []
        for field in page.fields:
            if field.widget == "info" or (field.id, entry) not in standing.fields:
                continue
            value = standing.value(page, field, entry)
            if field.widget == "output" and (value is None or not labelled(release, field)):
                continue
            files = files_of(value) if field.widget == "file" else ()
            named = "\n".join(self.names[one] for one in files if one in self.names)
            rows.append(
                Row(
                    field=field.id,
                    label=release.text(self.lang, f"fields.{field.id}.label", field.id),
                    text=named if files else formats.shown(release, field, value, self.lang),
                    page=page.id,
                    entry=entry,
                    files=files,
                )
            )
        return tuple(rows)
