"""A table to fill in: columns with heads, one row for each entry, buttons to add and remove rows.

On a phone each row becomes a card. Every input has a label of its own, which names the row as
well; the heads of the columns are for the eye.
"""

from collections.abc import Callable, Sequence

from django.utils.safestring import SafeString

from dienstweg.design.markup import classes, h, icon
from dienstweg.design.parts import described_by, error_of, group, hint_of, identifier
from dienstweg.design.question import Field
from dienstweg.design.words import say

Cell = Callable[[Field, str, str | None], SafeString]

ADD = "zeile"
"""Name of the button that adds a row; its value is the field's name."""
REMOVE = "zeile_entfernen"
"""Name of the buttons that remove one; their value is ``<field>/<row>``."""


def table_field(field: Field, lang: str, cell: Cell) -> SafeString:
    """Return the table; ``field.parts`` are its rows, whose parts are its cells.

    ``cell`` draws one input without its label.
    """
    rows = field.parts
    columns = rows[0].parts if rows else ()
    most = int(field.max) if field.max and field.max.isdigit() else 0
    body = [
        h(
            "table",
            {"class": "dw-rows", "data-rows": field.name, "data-most": most or None},
            h("caption", {"class": "kern-sr-only"}, field.label),
            _head(columns, lang),
            h("tbody", {}, *(_row(field, row, at, lang, cell) for at, row in enumerate(rows))),
        ),
        _add(field, lang) if not most or len(rows) < most else None,
    ]
    if most:
        body.append(
            h(
                "p",
                {"class": "dw-rows__most kern-hint"},
                say(lang, "design.table.most", number=most),
            )
        )
    return group(field, lang, body, css="dw-composed", named=True)


def _head(columns: Sequence[Field], lang: str) -> SafeString:
    number = h("span", {"class": "kern-sr-only"}, say(lang, "design.table.row_head"))
    action = h("span", {"class": "kern-sr-only"}, say(lang, "design.table.action"))
    return h(
        "thead",
        {},
        h(
            "tr",
            {},
            h("th", {"scope": "col"}, number),
            *(h("th", {"scope": "col"}, one.label) for one in columns),
            h("th", {"scope": "col"}, action),
        ),
    )


def _row(field: Field, row: Field, at: int, lang: str, cell: Cell) -> SafeString:
    words = say(lang, "design.table.row", number=at + 1)
    head = h(
        "th",
        {"scope": "row", "class": "dw-rows__number", "aria-label": words},
        h("span", {"class": "dw-rows__word"}, say(lang, "design.table.row", number="").strip()),
        " ",
        h("span", {"data-row-number": True}, str(at + 1)),
    )
    wrong = error_of(row, lang)
    cells = [_cell(one, words, lang, cell) for one in row.parts]
    return h(
        "tr",
        {"class": classes(wrong and "dw-rows__wrong")},
        head,
        *cells,
        h("td", {"class": "dw-rows__action"}, _remove(field, at, words, lang), wrong),
    )


def _cell(field: Field, words: str, lang: str, cell: Cell) -> SafeString:
    hint, error = hint_of(field, lang) if field.hint else None, error_of(field, lang)
    label = h(
        "label",
        {"class": "kern-label dw-rows__label", "for": identifier(field.name)},
        field.label,
        h("span", {"class": "kern-sr-only"}, f" ({words})"),
    )
    drawn = cell(field, lang, described_by(field, hint, error))
    return h("td", {"class": classes(error and "dw-rows__cell--error")}, label, drawn, hint, error)


def _remove(field: Field, at: int, words: str, lang: str) -> SafeString:
    title = say(lang, "design.table.remove")
    return h(
        "button",
        {
            "type": "submit",
            "class": "kern-btn kern-btn--tertiary",
            "name": REMOVE,
            "value": f"{field.name}/{at}",
            # Not by a hidden span: KERN takes a button with one for a mere icon.
            "aria-label": f"{title}: {words}",
        },
        icon("delete"),
        h("span", {"class": "kern-label"}, title),
    )


def _add(field: Field, lang: str) -> SafeString:
    return h(
        "div",
        {},
        h(
            "button",
            {
                "type": "submit",
                "class": "kern-btn kern-btn--secondary",
                "name": ADD,
                "value": field.name,
                "data-add-row": field.name,
            },
            icon("add"),
            h("span", {"class": "kern-label"}, say(lang, "design.table.add")),
        ),
    )
