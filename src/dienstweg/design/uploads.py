"""The file field: what is attached, and an upload of its own."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from dienstweg.design.markup import classes, h, icon, join
from dienstweg.design.parts import described_by, error_of, hint_of, identifier, label_of, purpose_of
from dienstweg.design.question import Attached, Field
from dienstweg.design.words import say


def file_field(field: Field, lang: str, files: Sequence[Attached], url: str) -> SafeString:
    """Return what is attached, and an upload with a button of its own.

    The button sends the page to ``url``, so that a file that is too large or broken never costs
    what was typed beside it.
    """
    hint, error = hint_of(field, lang), error_of(field, lang)
    text, optional = label_of(field, lang)
    described = described_by(field, hint, error)
    room = not files or bool(field.multiple)
    pieces = [
        h("label", {"class": "kern-label", "for": identifier(field.name)}, text, optional)
        if room
        else h("p", {"class": "kern-label"}, text, optional),
        hint,
        _attached(field, lang, files, url),
    ]
    if room:
        pieces += [_chooser(field, described), _upload_button(field, lang, url)]
    return h(
        "div",
        {"class": classes("kern-form-input dw-file", error and "kern-form-input--error")},
        *pieces,
        error,
        purpose_of(field, lang),
    )


def _chooser(field: Field, described: str | None) -> SafeString:
    return h(
        "input",
        {
            "type": "file",
            "class": "kern-form-input__input",
            "id": identifier(field.name),
            "name": f"datei-{field.name}",
            "accept": field.accept,
            "multiple": bool(field.multiple),
            "aria-describedby": described,
            "aria-invalid": "true" if field.error else None,
            "data-upload": f"{identifier(field.name)}-upload",
            "data-limit": field.max_bytes,
        },
    )


def _upload_button(field: Field, lang: str, url: str) -> SafeString:
    return h(
        "button",
        {
            "type": "submit",
            "class": "kern-btn kern-btn--secondary dw-file__button",
            "id": f"{identifier(field.name)}-upload",
            "name": "hochladen",
            "value": field.name,
            "formaction": url,
            "formenctype": "multipart/form-data",
        },
        icon("drive-folder-upload"),
        h("span", {"class": "kern-label"}, say(lang, "design.file.upload")),
    )


def _attached(field: Field, lang: str, files: Sequence[Attached], url: str) -> SafeString | None:
    if not files:
        return None
    rows = []
    for one in files:
        words = say(lang, "design.file.remove")
        remove = h(
            "button",
            {
                "type": "submit",
                "class": "kern-btn kern-btn--tertiary",
                "name": "entfernen",
                "value": f"{field.name}/{one.id}",
                "formaction": url,
                # Not by a hidden span: KERN takes a button with one for a mere icon.
                "aria-label": f"{words}: {one.name}",
            },
            icon("delete"),
            h("span", {"class": "kern-label"}, words),
        )
        label = h("span", {"class": "dw-file__name"}, one.name, f" ({size(one.size, lang)})")
        rows.append(h("li", {"class": "dw-file__item"}, icon("draft"), label, remove))
    return h("ul", {"class": "dw-file__list"}, join(rows))


def size(number: int, lang: str) -> str:
    """Return a number of bytes as people write it: ``"340 KB"``, ``"1,2 MB"``."""
    if number < 1_000_000:
        return f"{max(1, round(number / 1000))} KB"
    text = f"{number / 1_000_000:.1f} MB"
    return text.replace(".", ",") if lang == "de" else text
