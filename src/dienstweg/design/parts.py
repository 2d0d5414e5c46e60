"""What all fields share: their id, label, hint, error and the reason why we ask."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from dienstweg.design.markup import Child, classes, h, icon, paragraphs
from dienstweg.design.question import Field
from dienstweg.design.words import say

HINTED = frozenset({"date", "partialdate", "time"})
"""Widgets that explain themselves where the field has no hint of its own."""


def identifier(name: str) -> str:
    """Return the id of the input called ``name``."""
    return f"feld-{name}"


def label_of(field: Field, lang: str) -> tuple[str, SafeString | None]:
    """Return the question, and the mark of a voluntary answer (most answers are needed)."""
    optional = None
    if not field.required:
        optional = h("span", {"class": "kern-label__optional"}, say(lang, "design.field.optional"))
    return field.label, optional


def hint_of(field: Field, lang: str) -> SafeString | None:
    """Return the help under the question, if there is any."""
    text = field.hint
    if not text and field.widget in HINTED:
        text = say(lang, f"design.field.hint.{field.widget}")
    if not text:
        return None
    return h("div", {"class": "kern-hint", "id": f"{identifier(field.name)}-hint"}, text)


def error_of(field: Field, lang: str) -> SafeString | None:
    """Return what is wrong with the answer, if anything is."""
    message = field.error
    if not message:
        return None
    return h(
        "p",
        {"class": "kern-error", "id": f"{identifier(field.name)}-error"},
        icon("danger"),
        h(
            "span",
            {"class": "kern-body"},
            h("span", {"class": "kern-sr-only"}, say(lang, "design.field.error") + " "),
            str(message),
        ),
    )


def source_of(field: Field) -> SafeString | None:
    """Return where a value comes from that the applicant has not entered."""
    if not field.source:
        return None
    own = f"{identifier(field.name)}-source"
    return h("p", {"class": "dw-source", "id": own}, icon("info"), h("span", {}, field.source))


def group(
    field: Field, lang: str, body: Sequence[Child], *, css: str = "", named: bool = False
) -> SafeString:
    """Return a question made of several inputs: a fieldset with legend, hint and error.

    With ``named`` the fieldset itself has the id of the field: none of its inputs has.
    """
    hint, wrong = hint_of(field, lang), error_of(field, lang)
    text, optional = label_of(field, lang)
    return h(
        "fieldset",
        {
            "class": classes("kern-fieldset dw-group", css, wrong and "kern-fieldset--error"),
            "id": identifier(field.name) if named else None,
            "tabindex": "-1" if named else None,
            "aria-describedby": described_by(field, hint, wrong),
        },
        h("legend", {"class": "kern-label"}, text, optional),
        hint,
        source_of(field),
        h("div", {"class": "kern-fieldset__body"}, *body),
        wrong,
        purpose_of(field, lang),
    )


def purpose_of(field: Field, lang: str) -> SafeString | None:
    """Return why this is asked: Art. 5(1)(b) and 13 GDPR, told where the question stands."""
    text = field.purpose
    if not text:
        return None
    return h(
        "details",
        {"class": "dw-purpose"},
        h("summary", {}, say(lang, "design.field.purpose")),
        paragraphs(str(text)),
    )


def described_by(field: Field, hint: object, error: object) -> str | None:
    """Return the ids that ``aria-describedby`` names."""
    base = identifier(field.name)
    source = f"{base}-source" if field.source else None
    return (
        classes(f"{base}-hint" if hint else None, source, f"{base}-error" if error else None)
        or None
    )
