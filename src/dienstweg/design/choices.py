"""Questions with given answers: radio buttons, checkboxes, lists, and statements to agree to."""

from collections.abc import Callable

from django.utils.safestring import SafeString

from dienstweg.design.markup import Attribute, Child, classes, h, paragraphs
from dienstweg.design.parts import (
    described_by,
    error_of,
    group,
    hint_of,
    identifier,
    label_of,
    purpose_of,
    source_of,
)
from dienstweg.design.question import Field, Film
from dienstweg.design.words import say
from dienstweg.kernel.language import own_name

YES = frozenset({"true", "True", "on"})


def choices(kind: str) -> Callable[[Field, str], SafeString]:
    """Return the widget for a group of radio buttons or checkboxes."""

    def draw(field: Field, lang: str) -> SafeString:
        return group(field, lang, checks(field, kind))

    return draw


def checks(field: Field, kind: str, *, base: str = "") -> list[SafeString]:
    """Return the buttons of a group; the first has the id of the field, or ``base``."""
    base = base or identifier(field.name)
    drawn = []
    for number, one in enumerate(field.options, start=1):
        own = base if number == 1 else f"{base}-{number}"
        css = f"kern-form-check__{kind}"
        button = h(
            "input",
            {
                "type": kind,
                "class": classes(css, field.error and f"{css}--error"),
                "id": own,
                "name": field.name,
                "value": one.value,
                "checked": bool(one.selected),
            },
        )
        label = h("label", {"class": "kern-label", "for": own}, one.label)
        drawn.append(h("div", {"class": "kern-form-check"}, button, label))
    return drawn


def select(field: Field, lang: str, *, described: str | None = None, empty: str = "") -> SafeString:
    """Return the list alone, without label and hint; ``empty`` stands there before a choice."""
    offered = [h("option", {"value": ""}, empty or say(lang, "design.field.choose"))]
    offered += [
        h("option", {"value": one.value, "selected": bool(one.selected)}, one.label)
        for one in field.options
    ]
    css = "kern-form-input__select"
    attributes: dict[str, Attribute] = {
        "class": classes(css, field.error and f"{css}--error"),
        "id": identifier(field.name),
        "name": field.name,
        "required": bool(field.required),
        "aria-describedby": described,
        "aria-invalid": "true" if field.error else None,
        "autocomplete": field.autocomplete,
        "translate": "no",
    }
    return h("div", {"class": "kern-form-input__select-wrapper"}, h("select", attributes, *offered))


def confirm(field: Field, lang: str) -> SafeString:
    """Return a single checkbox: a statement to agree to, its own label beside it."""
    return _statement(field, lang, purpose_of(field, lang))


def consent(field: Field, lang: str) -> SafeString:
    """Return a consent: what for and how to withdraw it stand openly below the box.

    Art. 7(2) and (3) GDPR: a request for consent is told apart from other matters, and the right
    to withdraw it is told before it is given. The box is never ticked beforehand (recital 32).
    """
    words = [
        h("p", {"class": "kern-body"}, h("strong", {}, say(lang, key) + " "), text)
        for key, text in (
            ("design.consent.purpose", field.purpose),
            ("design.consent.withdraw", field.info),
        )
        if text
    ]
    below = h("div", {"class": "dw-consent__words"}, *words) if words else None
    return _statement(field, lang, below, css="dw-consent")


def box(field: Field, described: str | None) -> SafeString:
    """Return the checkbox of a statement alone."""
    css = "kern-form-check__checkbox"
    options = field.options
    value = field.value if isinstance(field.value, str) else ""
    return h(
        "input",
        {
            "type": "checkbox",
            "class": classes(css, field.error and f"{css}--error"),
            "id": identifier(field.name),
            "name": field.name,
            "value": options[0].value if options else "true",
            "checked": any(one.selected for one in options) or value in YES,
            "aria-describedby": described,
            "aria-invalid": "true" if field.error else None,
        },
    )


def _statement(field: Field, lang: str, below: Child, *, css: str = "") -> SafeString:
    error, hint = error_of(field, lang), hint_of(field, lang)
    text, optional = label_of(field, lang)
    label = h(
        "label",
        {"class": "kern-label", "for": identifier(field.name)},
        h("span", {}, text),
        optional if field.widget == "consent" else None,
    )
    return h(
        "div",
        {"class": classes("dw-confirm", css, error and "dw-confirm--error")},
        h("div", {"class": "kern-form-check"}, box(field, described_by(field, hint, error)), label),
        hint,
        source_of(field),
        error,
        below,
    )


def shown(field: Field, _lang: str) -> SafeString:
    """Return a calculated value: read, not entered."""
    value = field.value if isinstance(field.value, str) else ""
    return h(
        "div",
        {"class": "dw-shown"},
        h("span", {"class": "kern-label"}, field.label),
        h("output", {"class": "kern-title", "id": identifier(field.name)}, value or "–"),
        paragraphs(str(field.hint or "")),
    )


def film(field: Field, lang: str, shown: Film, url: str) -> SafeString:
    """Return a film with what it shows as text below it; nothing plays by itself.

    Who cannot see or play it reads the text instead (WCAG 2.2: 1.2.1, 1.2.2).
    """
    tracks = [
        h(
            "track",
            {
                "kind": "captions",
                "src": f"{url}{shown.name}.{each}.vtt",
                "srclang": each,
                "label": own_name(each),
                "default": each == lang,
            },
        )
        for each in shown.captions
    ]
    attributes: dict[str, Attribute] = {
        "class": "dw-film__picture",
        "src": f"{url}{shown.name}.mp4",
        "controls": True,
        "preload": "metadata",
        "playsinline": True,
        "aria-label": field.label or None,
    }
    return h(
        "div",
        {"class": "dw-film", "id": identifier(field.name)},
        h("h2", {"class": "kern-heading-small"}, field.label) if field.label else None,
        h("video", attributes, *tracks),
        h(
            "details",
            {"class": "dw-purpose"},
            h("summary", {}, say(lang, "design.film")),
            paragraphs(str(field.info or "")),
        ),
    )


def info(field: Field, _lang: str) -> SafeString:
    """Return words without a question."""
    text = field.info or field.hint or ""
    title = h("p", {"class": "kern-title kern-title--small"}, field.label) if field.label else None
    return h("div", {"class": "dw-note"}, title, paragraphs(str(text)))
