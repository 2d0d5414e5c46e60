"""An assistant on paper: all its questions to fill in by hand, empty or with what is there.

Pure: release and answers in, the `Source` of a tagged PDF out. Everything is asked, also what a
condition hides on the screen, with the condition in words beside it; what answers already given
rule out is left away.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dienstweg.blueprint import documents, formats
from dienstweg.blueprint.assistant import Field, Page
from dienstweg.blueprint.expressions import Expression
from dienstweg.blueprint.kinds.words import label_of_part
from dienstweg.blueprint.paper_conditions import note
from dienstweg.blueprint.paper_words import say
from dienstweg.blueprint.standing import Standing, get, stand
from dienstweg.blueprint.views import Answers, Entry
from dienstweg.kernel.language import SOURCE, Said, base, direction, own_name

if TYPE_CHECKING:
    from dienstweg.blueprint.release import Release

COPIES = 2
"""How often an empty repeating group stands on paper."""
MOST_COPIES = 5
MOST_BOXES = 20
"""More choices than these are written by hand instead of ticked."""
MOST_ROWS = 6
_LONG = frozenset({"textarea", "line", "area", "point"})
_DATED = frozenset({"date", "partialdate"})
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARABIC")
"""Scripts that the fonts of our documents can show."""


def language(lang: str) -> str:
    """Return the language of a paper: German where our fonts cannot show another's script."""
    name = unicodedata.name(own_name(lang)[:1] or "?", "")
    return lang if name.startswith(_SCRIPTS) else SOURCE


@dataclass(frozen=True, slots=True)
class Setting:
    """What a paper is made of: whose it is, when, and the names of uploaded files by their ids."""

    authority: Mapping[str, Any]
    moment: datetime
    file_names: Mapping[str, str]


def source(
    release: "Release", answers: Answers | None, setting: Setting, *, lang: str
) -> documents.Source:
    """Return what the typesetter needs for the paper; ``answers`` are None for an empty one."""
    spoken = language(lang)
    standing = stand(release, answers or {}, setting.moment.date())
    drawn = _Paper(standing, spoken, setting.file_names, filled=answers is not None)
    day = formats.shown_date(setting.moment.date().isoformat(), spoken)
    context = {
        "lang": base(spoken),
        "rtl": direction(spoken) == "rtl",
        "authority": dict(setting.authority),
        "title": _words(release.text(spoken, "service.title", release.id)),
        "author": str(setting.authority.get("name", "")),
        "plain_title": str(release.text(spoken, "service.title", release.id)),
        "lead": _words(say(spoken, "filled", date=day) if answers else say(spoken, "lead")),
        "pages": list(drawn.pages()),
        "declaration": _words(release.text(spoken, "declaration.confirm", "")),
        "words": {
            key: _words(say(spoken, key)) for key in ("send", "place", "signature", "copies")
        },
    }
    return documents.Source(
        main=documents.built_in()["paper.typ"].decode(),
        files={},
        attach={},
        inputs={"context": json.dumps(documents.showable(context), ensure_ascii=False)},
        timestamp=int(setting.moment.timestamp()),
    )


class _Paper:
    """One paper: what stands, in which language, filled in or empty."""

    def __init__(
        self, standing: Standing, lang: str, names: Mapping[str, str], *, filled: bool
    ) -> None:
        self.standing, self.lang, self.names, self.filled = standing, lang, names, filled
        self.release = standing.release

    def pages(self) -> Iterator[dict[str, Any]]:
        """Every page of the assistant, each entry of a repeating group by itself."""
        for page in self.release.pages:
            if page.outer is None and not self._ruled_out(
                page, page.when, page.id in self.standing.pages
            ):
                yield from self._sheets(page, ())

    def _sheets(self, page: Page, above: Entry) -> Iterator[dict[str, Any]]:
        """A page, or its entries with the nested groups of each after it."""
        if page.repeat is None:
            sheet = self._sheet(page, ())
            if sheet["fields"]:
                yield sheet
            return
        copies = self._copies(page, above)
        for index in range(copies):
            entry = (*above, index)
            yield self._sheet(page, entry, last=index == copies - 1)
            for nested in self.release.assistant.inner.get(page.id, ()):
                yield from self._sheets(nested, entry)

    def _copies(self, page: Page, above: Entry) -> int:
        """How many entries there is room for: those that are there, and some empty ones."""
        assert page.repeat is not None, "only repeating groups have copies"
        there = self.standing.count(page, above)
        spare = 1 if there or above else COPIES
        return min(max(there + spare, page.repeat.min), page.repeat.max, max(there, MOST_COPIES))

    def _sheet(self, page: Page, entry: Entry, *, last: bool = False) -> dict[str, Any]:
        title = self.release.text(self.lang, f"pages.{page.id}.title", page.id)
        if entry:
            title = say(self.lang, "entry", title=title, number=entry[-1] + 1)
        first = not entry or entry[-1] == 0
        intro = self.release.text(self.lang, f"pages.{page.id}.intro", "") if first else ""
        return {
            "title": _words(title),
            "level": max(len(entry), 1),
            "intro": _words(intro),
            "note": _words(note(self.release, page, page.when, self.lang)) if first else "",
            "copies": last,
            "fields": [
                self._field(page, field, entry)
                for field in page.fields
                if self._is_asked(page, field, entry)
            ],
        }

    def _is_asked(self, page: Page, field: Field, entry: Entry) -> bool:
        if field.widget == "output" and f"fields.{field.id}.label" not in self.release.flat[SOURCE]:
            return False
        if field.when is not None and "decision" in field.when.scanned.roots:
            return (field.id, entry) in self.standing.fields
        return not self._ruled_out(
            page, field.when, (field.id, entry) in self.standing.fields, entry
        )

    def _ruled_out(
        self, page: Page, when: Expression | None, shown: bool, entry: Entry = ()
    ) -> bool:
        """Tell whether the answers that a condition asks for are all there, and it is not so."""
        if when is None or shown or not self.filled:
            return False
        there = [self._answer(page, path, entry) is not None for path in when.paths]
        return bool(there) and all(there)

    def _answer(self, page: Page, path: Sequence[str], entry: Entry) -> Any:
        if path[0] == "item":
            return get(self.standing.item(page, entry), tuple(path[1:])) if entry else None
        return get({"data": self.standing.data}, tuple(path))

    def _field(self, page: Page, field: Field, entry: Entry) -> dict[str, Any]:
        """One question as it stands on paper."""
        release, start = self.release, f"fields.{field.id}."
        value = self.standing.value(page, field, entry) if self.filled else None
        label = release.text(self.lang, start + "label", "" if field.widget == "info" else field.id)
        found: dict[str, Any] = {
            "label": _words(label),
            "hint": _words(release.text(self.lang, start + "hint", "")),
            "note": _words(note(release, page, field.when, self.lang)),
            "value": "",
            **_EMPTY,
        }
        if field.widget == "info":
            return {
                **found,
                "kind": "info",
                "hint": _words(release.text(self.lang, start + "info", "")),
            }
        if field.widget == "output":
            text = formats.shown(release, field, value, self.lang) if value is not None else ""
            said = _words(text or say(self.lang, "calculated"))
            return {**found, "kind": "output", "value": said}
        if field.widget == "file":
            return {**found, **self._file(label, value)}
        return {**found, **self._control(field, value)}

    def _file(self, label: str, value: Any) -> dict[str, Any]:
        ids = value if isinstance(value, list) else [value] if value else []
        names = ", ".join(self.names.get(str(one), "") for one in ids)
        if names.strip(", "):
            return {"kind": "output", "value": _words(say(self.lang, "attached", what=names))}
        return {"kind": "file", "value": _words(say(self.lang, "attach", what=label))}

    def _control(self, field: Field, value: Any) -> dict[str, Any]:
        """Lines, boxes or a table for an answer, with the answer in it if there is one."""
        if field.widget == "table":
            return self._table(field, value)
        if field.parts:
            return {
                "kind": "parts",
                "parts": [self._part(field, part, value) for part in field.parts],
            }
        if field.choices and len(field.choices) <= MOST_BOXES:
            return self._boxes(field, value)
        text = formats.shown(self.release, field, value, self.lang) if value is not None else ""
        hint = {"hint": _words(say(self.lang, "many"))} if field.choices else {}
        if field.widget in _DATED:
            hint = {"hint": _words(say(self.lang, "date"))}
        return {
            "kind": "lines" if field.widget in _LONG else "line",
            "value": _words(text),
            **(hint if not text else {}),
        }

    def _boxes(self, field: Field, value: Any) -> dict[str, Any]:
        chosen = value if isinstance(value, list) else [value]
        single = field.widget in {"checkbox", "consent"}
        choices = [one for one in field.choices if not single or one.value is True]
        label = formats.label_of
        return {
            "kind": "tick" if single else "boxes",
            "options": [
                {
                    "label": ""
                    if single
                    else _words(label(self.release, field, one.value, self.lang)),
                    "marked": one.value in chosen,
                }
                for one in choices
            ],
            "how": "" if single else _words(say(self.lang, "several" if field.multiple else "one")),
        }

    def _part(self, field: Field, part: Field, value: Any) -> dict[str, Any]:
        own = value.get(part.key) if isinstance(value, dict) else None
        return {
            "label": _words(label_of_part(self.release, part, self.lang)),
            "hint": "",
            "note": "",
            "value": "",
            **_EMPTY,
            **self._control(part, own),
        }

    def _table(self, field: Field, value: Any) -> dict[str, Any]:
        rows = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        limit = int(field.schema.get("maxItems", MOST_ROWS))
        blank: list[dict[str, Any]] = [{}] * max(0, min(MOST_ROWS, limit) - len(rows))
        return {
            "kind": "table",
            "columns": [_words(label_of_part(self.release, one, self.lang)) for one in field.parts],
            "rows": [
                [self._cell(column, row.get(column.key)) for column in field.parts]
                for row in [*rows, *blank]
            ],
        }

    def _cell(self, column: Field, value: Any) -> Any:
        return (
            "" if value is None else _words(formats.shown(self.release, column, value, self.lang))
        )


_EMPTY: Mapping[str, Any] = {"options": [], "parts": [], "columns": [], "rows": [], "how": ""}


def _words(text: str) -> Any:
    """A text for the template; one in another language than the paper's comes with it."""
    if isinstance(text, Said) and text:
        rtl = direction(text.lang) == "rtl"
        return {"lang": base(text.lang), "rtl": rtl, "text": str.__str__(text)}
    return str(text)
