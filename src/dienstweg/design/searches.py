"""Questions whose answer is looked up: long code lists, countries, nationalities.

With script they are comboboxes (ARIA Authoring Practices Guide, "editable combobox with list
autocomplete"; `design/combobox.js`). Without, a search is a text, a button and radio buttons; a
country is a list.
"""

from collections.abc import Callable, Mapping

from django.utils.safestring import SafeString

from dienstweg.design import choices
from dienstweg.design.markup import classes, h, icon
from dienstweg.design.parts import (
    described_by,
    error_of,
    hint_of,
    identifier,
    label_of,
    purpose_of,
    source_of,
)
from dienstweg.design.question import Field, Means
from dienstweg.design.words import say

TYPED = "-suche"
"""Added to a field's name: what was typed to find its value."""
BUTTON = "suchen"
"""Name of the button that searches without a script; its value is the field's name."""


def told(lang: str) -> dict[str, str]:
    """Return what the combobox says, for its script."""
    return {
        f"data-{name}": say(lang, f"design.search.{name}")
        for name in ("one", "many", "none", "choose")
    }


def _search(field: Field, lang: str, means: Means) -> SafeString:
    """Return a text to search by; what was found, or chosen before, stands below as choices."""
    hint, error = hint_of(field, lang), error_of(field, lang)
    text, optional = label_of(field, lang)
    typed = field.parts[0].value if field.parts else _text(field)
    css = "kern-form-input__input"
    entry = h(
        "input",
        {
            "type": "text",
            "class": classes(css, error and f"{css}--error"),
            "id": identifier(field.name),
            "name": f"{field.name}{TYPED}",
            "dir": "auto",
            "value": typed or None,
            "required": bool(field.required),
            "aria-describedby": described_by(field, hint, error),
            "aria-invalid": "true" if error else None,
            "autocomplete": "off",
            "spellcheck": "false",
        },
    )
    button = h(
        "button",
        {
            "type": "submit",
            "class": "kern-btn kern-btn--secondary",
            "name": BUTTON,
            "value": field.name,
            "data-search-button": True,
        },
        icon("search"),
        h("span", {"class": "kern-label"}, say(lang, "design.search.button")),
    )
    return h(
        "div",
        {
            "class": classes("kern-form-input dw-find", error and "kern-form-input--error"),
            "data-search": f"{means.choices_url}{field.name}" if means.choices_url else None,
            "data-name": field.name,
            **told(lang),
        },
        h("label", {"class": "kern-label", "for": identifier(field.name)}, text, optional),
        hint,
        source_of(field),
        h("div", {"class": "dw-find__row"}, entry, button),
        _found(field, lang),
        error,
        purpose_of(field, lang),
    )


def _text(field: Field) -> str:
    return field.value if isinstance(field.value, str) else ""


def _found(field: Field, lang: str) -> SafeString | None:
    """Return what may be chosen: the matches of a search, or what was chosen before."""
    if not field.options:
        return None
    only = len(field.options) == 1 and field.options[0].selected
    title = say(lang, "design.search.chosen" if only else "design.search.matches")
    return h(
        "fieldset",
        {"class": "kern-fieldset dw-find__matches", "data-search-matches": True},
        h("legend", {"class": "kern-label"}, title),
        h(
            "div",
            {"class": "kern-fieldset__body"},
            *choices.checks(field, "radio", base=f"{identifier(field.name)}-treffer"),
        ),
    )


def _listed(field: Field, lang: str, _means: Means) -> SafeString:
    """Return a list of some hundred choices; a script makes a combobox of it."""
    hint, error = hint_of(field, lang), error_of(field, lang)
    text, optional = label_of(field, lang)
    return h(
        "div",
        {
            "class": classes("kern-form-input dw-find", error and "kern-form-input--error"),
            "data-listed": True,
            **told(lang),
        },
        h("label", {"class": "kern-label", "for": identifier(field.name)}, text, optional),
        hint,
        source_of(field),
        choices.select(field, lang, described=described_by(field, hint, error)),
        error,
        purpose_of(field, lang),
    )


WIDGETS: Mapping[str, Callable[[Field, str, Means], SafeString]] = {
    "search": _search,
    "country": _listed,
    "nationality": _listed,
}
"""Widget -> the function that draws it, given what the page offers."""
