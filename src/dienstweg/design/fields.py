"""Form fields as KERN draws them: one function per widget, each with label, hint and error.

A field may be any object with the attributes of `Field`; a blueprint's page view has them. The
input's ``id`` is ``feld-`` and its name, so that the error summary can link to it. Errors and
hints are tied to the input by ``aria-describedby`` (WCAG 2.2: 1.3.1, 3.3.1, 3.3.2).
"""

from collections.abc import Callable, Mapping, Sequence

from django.utils.safestring import SafeString

from dienstweg.design import choices, composed, searches, tables
from dienstweg.design.locked import locked
from dienstweg.design.markup import Attribute, classes, h
from dienstweg.design.parts import (
    described_by,
    error_of,
    hint_of,
    identifier,
    label_of,
    purpose_of,
    source_of,
)
from dienstweg.design.question import NO_MEANS, Attached, Field, Means
from dienstweg.design.uploads import file_field

SENSITIVE = frozenset({"iban", "password", "tax_id", "off"})
"""Autocomplete tokens under which a browser should remember nothing (TR-03172-3, A3.15.03)."""
UNREMEMBERED = frozenset({"iban", "taxid"})
"""Widgets whose answers a browser should not remember either, whatever the field says."""

INPUT_TYPES: Mapping[str, tuple[str, str | None]] = {
    "text": ("text", None),
    "email": ("email", "email"),
    "phone": ("tel", "tel"),
    "number": ("text", "decimal"),
    "integer": ("text", "numeric"),
    "money": ("text", "decimal"),
    "date": ("text", "numeric"),
    "partialdate": ("text", None),
    "time": ("text", None),
    "postcode": ("text", "numeric"),
    "iban": ("text", None),
    "plate": ("text", None),
    "taxid": ("text", "numeric"),
    "url": ("url", "url"),
    "password": ("password", None),
}
"""Widget -> type and inputmode; numbers and dates stay text, so that nothing typed gets lost."""

WIDTHS: Mapping[str, int] = {
    "date": 12,
    "partialdate": 12,
    "time": 7,
    "postcode": 7,
    "money": 12,
    "number": 10,
    "integer": 10,
    "plate": 12,
    "taxid": 20,
    "phone": 20,
    "iban": 30,
}
WIDTH_STEPS = (2, 4, 7, 10, 12, 20, 30)
CAPITALS = frozenset({"iban", "plate"})
"""Widgets in which a phone's keyboard should begin with capitals."""


def render(
    field: Field,
    lang: str,
    *,
    files: Sequence[Attached] = (),
    upload_url: str = "",
    means: Means = NO_MEANS,
) -> SafeString:
    """Return one field with everything that belongs to it.

    ``files`` and ``upload_url`` matter to file fields only: what is attached already, and where
    the buttons "upload" and "remove" send the page to. ``means`` is what the page offers beside.
    """
    if field.widget == "file":
        return file_field(field, lang, files, upload_url, means.halted.get(field.name, ()))
    if field.locked:
        return locked(field, lang)

    def part(one: Field) -> SafeString:
        return render(one, lang, means=means)

    if field.widget in composed.WIDGETS:
        return composed.WIDGETS[field.widget](field, lang, part, means)
    if field.widget in searches.WIDGETS:
        return searches.WIDGETS[field.widget](field, lang, means)
    if field.widget == "table":
        return tables.table_field(field, lang, cell)
    return _simple(field, lang, means)


def _simple(field: Field, lang: str, means: Means) -> SafeString:
    if field.film is not None:
        return choices.film(field, lang, field.film, means.films_url)
    return WIDGETS.get(field.widget, _input)(field, lang)


def cell(field: Field, lang: str, described: str | None) -> SafeString:
    """Return the bare input of a table's cell; its label is the head of its column."""
    if field.widget in ("select", "radio", "yesno", "country", "nationality"):
        # A cell has no room for "please choose".
        return choices.select(field, lang, described=described, empty="–")
    if field.widget == "checkbox":
        return h("div", {"class": "kern-form-check"}, choices.box(field, described))
    return _control(field, described)


def text_of(field: Field) -> str:
    """Return what stands in a field with one input."""
    value = field.value
    if isinstance(value, (list, tuple)):
        return str(value[0]) if value else ""
    return "" if value is None else str(value)


def _frame(field: Field, lang: str, control: Callable[[str | None], SafeString]) -> SafeString:
    """Return label, hint, control, error and purpose of a field with one input."""
    hint, error = hint_of(field, lang), error_of(field, lang)
    text, optional = label_of(field, lang)
    return h(
        "div",
        {"class": classes("kern-form-input", error and "kern-form-input--error")},
        h("label", {"class": "kern-label", "for": identifier(field.name)}, text, optional),
        hint,
        source_of(field),
        control(described_by(field, hint, error)),
        error,
        purpose_of(field, lang),
    )


def _shared(field: Field, described: str | None, css: str) -> dict[str, Attribute]:
    """Return the attributes that every text control has.

    Names and texts run as they are written, numbers and codes always from left to right.
    """
    error = field.error
    remembered = field.autocomplete not in SENSITIVE and field.widget not in UNREMEMBERED
    return {
        "class": classes(css, error and f"{css}--error"),
        "id": identifier(field.name),
        "name": field.name,
        "dir": "ltr" if field.widget in INPUT_TYPES and field.widget != "text" else "auto",
        "required": bool(field.required),
        "aria-describedby": described,
        "aria-invalid": "true" if error else None,
        "autocomplete": field.autocomplete if remembered else "off",
        "autocapitalize": "characters" if field.widget in CAPITALS else None,
        "spellcheck": "false",
        "translate": "no",
    }


def _input(field: Field, lang: str) -> SafeString:
    return _frame(field, lang, lambda described: _control(field, described))


def _control(field: Field, described: str | None) -> SafeString:
    kind, mode = INPUT_TYPES.get(field.widget, INPUT_TYPES["text"])
    width = field.width or WIDTHS.get(field.widget)
    attributes = _shared(field, described, "kern-form-input__input")
    step = next((one for one in WIDTH_STEPS if width and one >= width), None)
    attributes["class"] = classes(str(attributes["class"]), f"dw-width-{step}" if step else "")
    drawn = h(
        "input", {"type": kind, "inputmode": mode, **attributes, "value": text_of(field) or None}
    )
    if field.widget == "money":
        unit = h("span", {"class": "dw-affix__unit", "aria-hidden": "true"}, "€")
        return h("div", {"class": "dw-affix"}, drawn, unit)
    return drawn


def _textarea(field: Field, lang: str) -> SafeString:
    def control(described: str | None) -> SafeString:
        attributes = _shared(field, described, "kern-form-input__input")
        return h("textarea", {**attributes, "rows": 5}, "\n", text_of(field))

    return _frame(field, lang, control)


def _select(field: Field, lang: str) -> SafeString:
    return _frame(field, lang, lambda described: choices.select(field, lang, described=described))


WIDGETS: Mapping[str, Callable[[Field, str], SafeString]] = {
    "textarea": _textarea,
    "select": _select,
    "radio": choices.choices("radio"),
    "yesno": choices.choices("radio"),
    "checkboxes": choices.choices("checkbox"),
    "checkbox": choices.confirm,
    "confirm": choices.confirm,
    "consent": choices.consent,
    "output": choices.shown,
    "info": choices.info,
}
"""Widget -> the function that draws it; others are composed, searches or one-line inputs."""
