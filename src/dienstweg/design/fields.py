"""Form fields as KERN draws them: one function per widget, each with label, hint and error.

A field may be any object with the attributes of `Field`; a blueprint's page view has them. The
input's ``id`` is ``feld-`` and its name, so that the error summary can link to it. Errors and
hints are tied to the input by ``aria-describedby`` (WCAG 2.2: 1.3.1, 3.3.1, 3.3.2).
"""

from collections.abc import Callable, Mapping, Sequence

from django.utils.safestring import SafeString

from dienstweg.design.markup import Attribute, classes, h, paragraphs
from dienstweg.design.parts import described_by, error_of, hint_of, identifier, label_of, purpose_of
from dienstweg.design.question import Attached, Field
from dienstweg.design.uploads import file_field
from dienstweg.design.words import say

SENSITIVE = frozenset({"iban", "password", "tax_id", "off"})
"""Autocomplete tokens under which a browser should remember nothing (TR-03172-3, A3.15.03)."""

INPUT_TYPES: Mapping[str, tuple[str, str | None]] = {
    "text": ("text", None),
    "email": ("email", "email"),
    "phone": ("tel", "tel"),
    "number": ("text", "decimal"),
    "integer": ("text", "numeric"),
    "money": ("text", "decimal"),
    "date": ("text", "numeric"),
    "postcode": ("text", "numeric"),
    "iban": ("text", None),
    "url": ("url", "url"),
}
"""Widget -> type and inputmode; numbers and dates stay text, so that nothing typed gets lost."""

WIDTHS: Mapping[str, int] = {"date": 12, "postcode": 7, "money": 12, "number": 10, "integer": 10}
WIDTH_STEPS = (2, 4, 7, 10, 12, 20, 30)


def render(
    field: Field, lang: str, *, files: Sequence[Attached] = (), upload_url: str = ""
) -> SafeString:
    """Return one field with everything that belongs to it.

    ``files`` and ``upload_url`` matter to file fields only: what is attached already, and where
    the buttons "upload" and "remove" send the page to.
    """
    if field.widget == "file":
        return file_field(field, lang, files, upload_url)
    return WIDGETS.get(field.widget, _input)(field, lang)


def _text(field: Field) -> str:
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
        control(described_by(field, hint, error)),
        error,
        purpose_of(field, lang),
    )


def _shared(field: Field, described: str | None, css: str) -> dict[str, Attribute]:
    """Return the attributes that every text control has."""
    error = field.error
    autocomplete = field.autocomplete
    return {
        "class": classes(css, error and f"{css}--error"),
        "id": identifier(field.name),
        "name": field.name,
        "required": bool(field.required),
        "aria-describedby": described,
        "aria-invalid": "true" if error else None,
        "autocomplete": "off" if autocomplete in SENSITIVE else autocomplete,
        "spellcheck": "false",
        "translate": "no",
    }


def _input(field: Field, lang: str) -> SafeString:
    kind, mode = INPUT_TYPES.get(field.widget, INPUT_TYPES["text"])
    width = field.width or WIDTHS.get(field.widget)

    def control(described: str | None) -> SafeString:
        attributes = _shared(field, described, "kern-form-input__input")
        step = next((one for one in WIDTH_STEPS if width and one >= width), None)
        attributes["class"] = classes(str(attributes["class"]), f"dw-width-{step}" if step else "")
        drawn = h(
            "input", {"type": kind, "inputmode": mode, **attributes, "value": _text(field) or None}
        )
        if field.widget == "money":
            unit = h("span", {"class": "dw-affix__unit", "aria-hidden": "true"}, "€")
            return h("div", {"class": "dw-affix"}, drawn, unit)
        return drawn

    return _frame(field, lang, control)


def _textarea(field: Field, lang: str) -> SafeString:
    def control(described: str | None) -> SafeString:
        attributes = _shared(field, described, "kern-form-input__input")
        return h("textarea", {**attributes, "rows": 5}, "\n", _text(field))

    return _frame(field, lang, control)


def _select(field: Field, lang: str) -> SafeString:
    def control(described: str | None) -> SafeString:
        choices = [h("option", {"value": ""}, say(lang, "design.field.choose"))]
        choices += [
            h("option", {"value": one.value, "selected": bool(one.selected)}, one.label)
            for one in field.options
        ]
        attributes = _shared(field, described, "kern-form-input__select")
        attributes["spellcheck"] = None
        return h(
            "div",
            {"class": "kern-form-input__select-wrapper"},
            h("select", attributes, *choices),
        )

    return _frame(field, lang, control)


def _choices(kind: str) -> Callable[[Field, str], SafeString]:
    """Return the widget for a group of radio buttons or checkboxes."""

    def draw(field: Field, lang: str) -> SafeString:
        hint, error = hint_of(field, lang), error_of(field, lang)
        text, optional = label_of(field, lang)
        return h(
            "fieldset",
            {
                "class": classes("kern-fieldset", error and "kern-fieldset--error"),
                "aria-describedby": described_by(field, hint, error),
            },
            h("legend", {"class": "kern-label"}, text, optional),
            hint,
            h("div", {"class": "kern-fieldset__body"}, *_checks(field, kind, bool(error))),
            error,
            purpose_of(field, lang),
        )

    return draw


def _checks(field: Field, kind: str, wrong: bool) -> list[SafeString]:
    base = identifier(field.name)
    drawn = []
    for number, one in enumerate(field.options, start=1):
        own = base if number == 1 else f"{base}-{number}"
        css = f"kern-form-check__{kind}"
        button = h(
            "input",
            {
                "type": kind,
                "class": classes(css, wrong and f"{css}--error"),
                "id": own,
                "name": field.name,
                "value": one.value,
                "checked": bool(one.selected),
            },
        )
        label = h("label", {"class": "kern-label", "for": own}, one.label)
        drawn.append(h("div", {"class": "kern-form-check"}, button, label))
    return drawn


def _confirm(field: Field, lang: str) -> SafeString:
    """Return a single checkbox: a statement to agree to, its own label beside it."""
    error = error_of(field, lang)
    hint = hint_of(field, lang)
    chosen = any(one.selected for one in field.options) or _text(field) in {"true", "True", "on"}
    options = field.options
    button = h(
        "input",
        {
            "type": "checkbox",
            "class": classes(
                "kern-form-check__checkbox", error and "kern-form-check__checkbox--error"
            ),
            "id": identifier(field.name),
            "name": field.name,
            "value": options[0].value if options else "true",
            "checked": chosen,
            "aria-describedby": described_by(field, hint, error),
            "aria-invalid": "true" if error else None,
        },
    )
    label = h("label", {"class": "kern-label", "for": identifier(field.name)}, field.label)
    return h(
        "div",
        {"class": classes("dw-confirm", error and "dw-confirm--error")},
        h("div", {"class": "kern-form-check"}, button, label),
        hint,
        error,
        purpose_of(field, lang),
    )


def _shown(field: Field, _lang: str) -> SafeString:
    """Return a calculated value: read, not entered."""
    return h(
        "div",
        {"class": "dw-shown"},
        h("span", {"class": "kern-label"}, field.label),
        h("output", {"class": "kern-title", "id": identifier(field.name)}, _text(field) or "–"),
        paragraphs(str(field.hint or "")),
    )


def _info(field: Field, _lang: str) -> SafeString:
    """Return words without a question."""
    text = field.info or field.hint or ""
    title = h("p", {"class": "kern-title kern-title--small"}, field.label) if field.label else None
    return h("div", {"class": "dw-note"}, title, paragraphs(str(text)))


WIDGETS: Mapping[str, Callable[[Field, str], SafeString]] = {
    "textarea": _textarea,
    "select": _select,
    "radio": _choices("radio"),
    "yesno": _choices("radio"),
    "checkboxes": _choices("checkbox"),
    "checkbox": _confirm,
    "confirm": _confirm,
    "output": _shown,
    "info": _info,
}
"""Widget -> the function that draws it; all others are one-line inputs."""
