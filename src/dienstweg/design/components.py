"""Everything on a page that is not a field: alerts, progress, summary, timeline, tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from django.utils.safestring import SafeString

from dienstweg.design.markup import h, icon, join, paragraphs
from dienstweg.design.parts import identifier
from dienstweg.design.question import Fault
from dienstweg.design.words import say


class SummaryRow(Protocol):
    """One answer of the summary, and where it can be changed."""

    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102


class TimelineEntry(Protocol):
    """One thing that has happened."""

    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def when(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102


def button(
    label: str,
    *,
    kind: str = "primary",
    name: str | None = None,
    value: str | None = None,
    symbol: str | None = None,
    **attributes: str,
) -> SafeString:
    """Return a button that sends its form; ``kind`` is primary, secondary or tertiary.

    Further attributes are given with underscores (``formaction=...``, ``aria_describedby=...``).
    """
    extra = {key.replace("_", "-"): text for key, text in attributes.items()}
    return h(
        "button",
        {
            "type": "submit",
            "class": f"kern-btn kern-btn--{kind}",
            "name": name,
            "value": value,
            **extra,
        },
        icon(symbol) if symbol else None,
        h("span", {"class": "kern-label"}, label),
    )


def link_button(
    label: str, href: str, *, kind: str = "secondary", symbol: str | None = None
) -> SafeString:
    """Return a link that looks like a button: it leads somewhere and changes nothing."""
    return h(
        "a",
        {"class": f"kern-btn kern-btn--{kind}", "href": href},
        icon(symbol) if symbol else None,
        h("span", {"class": "kern-label"}, label),
    )


def alert(
    title: str,
    body: SafeString | str = "",
    *,
    kind: str = "info",
    level: int = 2,
    role: str | None = None,
) -> SafeString:
    """Return a box that stands out; ``kind`` is info, success, warning or danger."""
    inner = body if isinstance(body, SafeString) else paragraphs(body)
    return h(
        "div",
        {"class": f"kern-alert kern-alert--{kind}", "role": role},
        h(
            "div",
            {"class": "kern-alert__header"},
            icon(kind),
            h(f"h{level}", {"class": "kern-title"}, title),
        ),
        h("div", {"class": "kern-alert__body"}, inner) if inner else None,
    )


def error_summary(faults: Sequence[Fault], lang: str) -> SafeString:
    """Return all that is wrong with a page, each with a link to its field; it takes the focus."""
    if not faults:
        return SafeString("")
    items = []
    for one in faults:
        text: SafeString | str = one.message
        if one.name:
            text = h("a", {"class": "kern-link", "href": f"#{identifier(one.name)}"}, one.message)
        items.append(h("li", {}, text))
    return h(
        "div",
        {
            "class": "kern-alert kern-alert--danger dw-errors",
            "id": "fehler",
            "role": "alert",
            "tabindex": "-1",
            "autofocus": True,
        },
        h(
            "div",
            {"class": "kern-alert__header"},
            icon("danger"),
            h(
                "h2",
                {"class": "kern-title"},
                say(lang, "design.errors", count=len(faults)),
            ),
        ),
        h("div", {"class": "kern-alert__body"}, h("ul", {"class": "dw-errors__list"}, *items)),
    )


def badge(label: str, kind: str = "info", symbol: str | None = None) -> SafeString:
    """Return a short state in words; ``kind`` is info, success, warning or danger."""
    return h(
        "span",
        {"class": f"kern-badge kern-badge--{kind}"},
        icon(symbol or kind),
        h("span", {"class": "kern-label kern-label--small"}, label),
    )


def progress(step: int, steps: int, lang: str) -> SafeString:
    """Return "Step 2 of 5", in words and as a bar."""
    return h(
        "div",
        {"class": "kern-progress dw-progress"},
        h(
            "label",
            {"class": "kern-label", "for": "fortschritt"},
            say(lang, "design.progress", step=step, steps=steps),
        ),
        h("progress", {"id": "fortschritt", "value": step, "max": steps}),
    )


def description_list(rows: Iterable[tuple[str, SafeString | str]]) -> SafeString:
    """Return terms and what they are."""
    items = [
        h(
            "div",
            {"class": "kern-description-list-item"},
            h("dt", {"class": "kern-description-list-item__key"}, term),
            h("dd", {"class": "kern-description-list-item__value", "dir": "auto"}, value or "–"),
        )
        for term, value in rows
    ]
    return h("dl", {"class": "kern-description-list"}, *items)


def summary(
    title: str, number: int, rows: Sequence[SummaryRow], href: str | None, lang: str
) -> SafeString:
    """Return one section of the summary with its answers and the link to change them."""
    own = f"abschnitt-{number}"
    change = None
    if href:
        change = h(
            "div",
            {"class": "kern-summary__actions"},
            h(
                "a",
                {"class": "kern-link", "href": href, "aria-describedby": own},
                icon("edit"),
                say(lang, "design.summary.change"),
            ),
        )
    return h(
        "section",
        {"class": "kern-summary", "aria-labelledby": own},
        h(
            "div",
            {"class": "kern-summary__header"},
            h("span", {"class": "kern-number", "aria-hidden": "true"}, str(number)),
            h("h2", {"class": "kern-title kern-title--small", "id": own}, title),
        ),
        h(
            "div",
            {"class": "kern-summary__body"},
            description_list((one.label, with_breaks(one.text)) for one in rows),
            change,
        ),
    )


def with_breaks(text: str) -> SafeString:
    """Return ``text`` with its line ends kept."""
    if "\n" not in text:
        return join([text])
    lines = text.split("\n")
    pieces: list[SafeString | str] = [lines[0]]
    for line in lines[1:]:
        pieces += [h("br"), line]
    return join(pieces)


def task_list(rows: Sequence[tuple[str, str | None, SafeString]]) -> SafeString:
    """Return things to do: title, link (or None) and a badge for the state of each."""
    items = []
    for number, (title, href, state) in enumerate(rows, start=1):
        text = (
            h("a", {"class": "kern-link kern-link--stretched", "href": href}, title)
            if href
            else h("span", {"class": "kern-body"}, title)
        )
        items.append(
            h(
                "li",
                {"class": "kern-task-list__item"},
                h("span", {"class": "kern-number"}, str(number)),
                h(
                    "div",
                    {"class": "kern-task-list__title"},
                    text,
                    h("div", {"class": "kern-task-list__status"}, state),
                ),
            )
        )
    return h("div", {"class": "kern-task-list"}, h("ul", {"class": "kern-task-list__list"}, *items))


def timeline(entries: Sequence[TimelineEntry]) -> SafeString:
    """Return what has happened, in the order given, each with its time in words."""
    items = [
        h(
            "li",
            {"class": "dw-timeline__item"},
            h("p", {"class": "dw-timeline__when kern-body kern-body--small"}, one.when),
            h("p", {"class": "kern-title kern-title--small"}, one.title),
            paragraphs(one.text) if one.text else None,
        )
        for one in entries
    ]
    return h("ol", {"class": "dw-timeline"}, *items)


def card(title: str, href: str, text: str = "", *, preline: str = "", level: int = 3) -> SafeString:
    """Return a card that leads to ``href`` as a whole."""
    return h(
        "article",
        {"class": "kern-card kern-card--active dw-card"},
        h(
            "div",
            {"class": "kern-card__container"},
            h(
                "header",
                {"class": "kern-card__header"},
                h("p", {"class": "kern-preline"}, preline) if preline else None,
                h(
                    f"h{level}",
                    {"class": "kern-title"},
                    h("a", {"class": "kern-link--stretched", "href": href}, title),
                ),
            ),
            h("div", {"class": "kern-card__body"}, h("p", {"class": "kern-body"}, text))
            if text
            else None,
        ),
    )


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[SafeString | str]]
) -> SafeString:
    """Return a table; the first cell of each row is its heading; on a phone rows become blocks."""
    head = [h("th", {"class": "kern-table__header", "scope": "col"}, one) for one in heads]
    body = []
    for row in rows:
        cells = [
            h(
                "th" if number == 0 else "td",
                {
                    "class": "kern-table__header" if number == 0 else "kern-table__cell",
                    "scope": "row" if number == 0 else None,
                    "data-head": heads[number],
                },
                one,
            )
            for number, one in enumerate(row)
        ]
        body.append(h("tr", {"class": "kern-table__row"}, *cells))
    return h(
        "div",
        {
            "class": "kern-table-responsive",
            "tabindex": "0",
            "role": "region",
            "aria-label": caption,
        },
        h(
            "table",
            {"class": "kern-table dw-table"},
            h("caption", {"class": "kern-sr-only"}, caption),
            h("thead", {"class": "kern-table__head"}, h("tr", {"class": "kern-table__row"}, *head)),
            h("tbody", {"class": "kern-table__body"}, *body),
        ),
    )


def pagination(page: int, pages: int, lang: str, query: str = "") -> SafeString:
    """Return links to the page before and after; ``query`` is kept (``"suche=x&"``)."""
    if pages <= 1:
        return SafeString("")
    before = after = None
    if page > 1:
        before = link_button(
            say(lang, "design.pagination.before"), f"?{query}seite={page - 1}", kind="tertiary"
        )
    if page < pages:
        after = link_button(
            say(lang, "design.pagination.after"), f"?{query}seite={page + 1}", kind="tertiary"
        )
    here = h(
        "span", {"class": "kern-body"}, say(lang, "design.pagination.here", page=page, pages=pages)
    )
    return h(
        "nav",
        {"class": "dw-pagination", "aria-label": say(lang, "design.pagination.label")},
        before,
        here,
        after,
    )


def breadcrumb(steps: Sequence[tuple[str, str | None]], lang: str) -> SafeString:
    """Return the way from the home page to here; the last step has no link."""
    items = [
        h(
            "li",
            {"class": "dw-breadcrumb__item"},
            h("a", {"class": "kern-link kern-link--small", "href": href}, title)
            if href
            else h("span", {"aria-current": "page"}, title),
        )
        for title, href in steps
    ]
    return h(
        "nav",
        {"class": "dw-breadcrumb", "aria-label": say(lang, "design.breadcrumb")},
        h("ol", {"class": "dw-breadcrumb__list"}, *items),
    )


def details(title: str, body: SafeString | str, *, is_open: bool = False) -> SafeString:
    """Return words that are folded away until somebody asks for them."""
    return h(
        "details",
        {"class": "kern-accordion", "open": is_open},
        h(
            "summary",
            {"class": "kern-accordion__header"},
            h("span", {"class": "kern-title kern-title--small"}, title),
        ),
        h(
            "div",
            {"class": "kern-accordion__body"},
            body if isinstance(body, SafeString) else paragraphs(body),
        ),
    )


def hidden(fields: Mapping[str, str]) -> SafeString:
    """Return hidden inputs."""
    return join(
        h("input", {"type": "hidden", "name": name, "value": value})
        for name, value in fields.items()
    )
